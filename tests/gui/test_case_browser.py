"""Several pictures in a case: thumbnails, states, tags, notes, filter; quick and frugal with many."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.casefile.store import CaseStore
from workbench.core.analysis import new_id
from workbench.core.case import Case, Item
from workbench.core.evidence import open_evidence
from workbench.core.maps import MemoryMaps
from workbench.gui import pictures
from workbench.gui.evidence_panel import tags_of
from workbench.gui.main_window import MainWindow
from workbench.gui.picture_list import Entry, Order, chosen

MANY = 500


def listed(window: MainWindow) -> list[str]:
    model = window.parts.evidence.model
    return [model.index(row, 0).data().split("\n")[0] for row in range(model.rowCount())]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A case of 500 pictures, of which one is missing and one has changed."""
    items = []
    for number in range(MANY):
        path = tmp_path / "pictures" / f"{number:03d}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.full((40, 60, 3), [number % 250, number // 250, 0], np.uint8)).save(path)
        item = Item.of(open_evidence(path))
        items.append(replace(item, tags=("even",) if number % 2 == 0 else ("odd", "night")))
    (tmp_path / "pictures" / "001.png").unlink()
    (tmp_path / "pictures" / "002.png").write_bytes(b"something else")
    folder = tmp_path / "many.case"
    CaseStore.save_as(folder, Case(new_id(), items=tuple(items)), MemoryMaps(), "A").close()
    return folder


def test_words_and_tags_filter_and_orders_sort(photo: Path) -> None:
    one = Item.of(open_evidence(photo))
    entries = [
        Entry(replace(one, id="a", name="Zebra.jpg", tags=("car", "night")), "not analysed"),
        Entry(replace(one, id="b", name="apple.jpg", note="the number plate"), "1 run"),
        Entry(replace(one, id="c", name="Plate.jpg"), "file changed", trouble=True),
    ]

    def ids(query: str, order: Order = Order.OPENED) -> str:
        return "".join(entry.item.id for entry in chosen(entries, query, order))

    assert ids("") == "abc"
    assert ids("plate") == "bc"
    assert ids("plate 1 run") == "b"
    assert ids("#ni") == "a"
    assert ids("#car apple") == ""
    assert ids("", Order.NAME) == "bca"
    assert ids("", Order.TROUBLE) == "cab"


def test_tags_as_they_are_typed() -> None:
    assert tags_of(" car, #night,, car ,two words") == ("car", "night", "two words")


def test_only_what_is_in_sight_is_read(window: MainWindow, many: Path, qtbot: QtBot) -> None:
    window.open_case(many)
    panel = window.parts.evidence
    qtbot.waitUntil(lambda: window.session.picture is not None)
    qtbot.waitUntil(lambda: panel.model.index(1, 0).data().endswith("file not found\n#odd #night"))
    qtbot.waitUntil(lambda: "file changed" in panel.model.index(2, 0).data())
    assert len(window.session.pictures._held) == 1
    assert window.message_bar.text == ""
    made = len(panel.model._icons)
    assert 0 < made < 60
    panel.list.scrollToBottom()
    last = panel.model.index(MANY - 1, 0)
    qtbot.waitUntil(lambda: not last.data(Qt.ItemDataRole.DecorationRole).isNull())
    assert len(panel.model._icons) < 120
    panel.list.setCurrentIndex(last)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert window.session.item is not None
    assert window.session.item.name == "499.png"


def test_a_missing_picture_that_is_chosen_says_why(window: MainWindow, many: Path, qtbot: QtBot) -> None:
    window.open_case(many)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    panel = window.parts.evidence
    with qtbot.waitSignal(window.session.item_chosen):
        panel.list.setCurrentIndex(panel.model.index(2, 0))
    qtbot.waitUntil(lambda: window.session.pictures.opening == 0)
    assert window.session.picture is None
    qtbot.waitUntil(lambda: "has changed since it was opened" in window.stage.overlay.hint)


def test_filter_and_count(window: MainWindow, many: Path, qtbot: QtBot) -> None:
    window.open_case(many)
    panel = window.parts.evidence
    qtbot.waitUntil(lambda: len(listed(window)) == MANY)
    assert panel.count.text() == "500"
    panel.filter.setText("#night 49")
    assert listed(window) == ["049.png", "149.png", "249.png", "349.png", "449.png", *nineties()]
    assert panel.count.text() == "10 / 500"
    assert window.session.item is not None
    assert window.session.item.name == "000.png"  # what is in sight stays, listed or not
    panel.filter.clear()
    assert panel.list.currentIndex().row() == 0


def nineties() -> list[str]:
    return [f"{number}.png" for number in range(491, 500, 2)]


def test_tags_and_notes_are_kept_and_undone(
    opened: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot
) -> None:
    run = put_map(opened, two_spots())
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    panel = opened.parts.evidence
    panel.tags.setFocus()
    qtbot.keyClicks(panel.tags, "car, night")
    qtbot.keyClick(panel.tags, Qt.Key.Key_Return)
    panel.note.setFocus()
    qtbot.keyClicks(panel.note, "Handed over on Monday")
    opened.stage.focus()
    opened.runs_table.selectRow(0)
    qtbot.keyClicks(opened.parts.runs.note, "The first look")
    opened.parts.runs.note.settle()
    (item,) = opened.session.document.case.items
    assert (item.tags, item.note) == (("car", "night"), "Handed over on Monday")
    assert item.analyses[0].note == "The first look"
    assert "#car #night" in panel.model.index(0, 0).data()
    opened.session.document.undo()
    assert opened.session.document.case.items[0].analyses[0].note == ""
    opened.session.document.redo()
    kept = opened.session.document.case
    opened.session.cases.start_new()
    assert panel.note.toPlainText() == ""
    opened.open_case(tmp_path / "a.case")
    qtbot.waitUntil(lambda: opened.session.picture is not None)
    assert opened.session.document.case == kept
    assert panel.note.toPlainText() == "Handed over on Monday"
    opened.session.show_run(item.id, run.id)
    actions = [line.action for line in opened.session.document._store.log()]  # type: ignore[union-attr]
    assert "picture described" in actions
    assert "run described" in actions


def test_a_note_half_typed_is_kept_when_another_picture_is_chosen(
    opened: MainWindow, turned: Path, qtbot: QtBot
) -> None:
    first = opened.session.item
    assert first is not None
    qtbot.keyClicks(opened.parts.evidence.note, "half a")
    open_and_wait(qtbot, opened, turned)
    assert opened.session.document.case.item(first.id).note == "half a"
    assert opened.parts.evidence.note.toPlainText() == ""


def test_a_note_half_typed_is_kept_when_the_window_is_closed(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    qtbot.keyClicks(opened.parts.evidence.note, "the last word")
    opened.close()
    with CaseStore.open(tmp_path / "a.case") as store:
        assert store.case.items[0].note == "the last word"


def test_a_note_is_kept_by_itself_when_the_hand_rests(opened: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(opened.parts.evidence.note, "resting")
    qtbot.waitUntil(lambda: opened.session.document.case.items[0].note == "resting", timeout=5000)
    assert opened.parts.evidence.note.textCursor().position() == len("resting")


def test_memory_is_bounded(
    opened: MainWindow, turned: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(pictures, "BUDGET", 1_000_000)
    first = opened.session.item_id
    open_and_wait(qtbot, opened, turned)
    assert opened.session.pictures.get(first) is None
    opened.session.choose_item(first)
    qtbot.waitUntil(lambda: opened.session.picture is not None)


def test_read_only_cases_can_not_be_described(opened: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    opened.session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case"):
        opened.open_case(tmp_path / "a.case")
        qtbot.waitUntil(lambda: opened.session.document.read_only)
        assert opened.parts.evidence.note.isReadOnly()
        assert opened.parts.evidence.tags.isReadOnly()
        opened.session.cases.start_new()


def test_a_new_case_is_a_folder_at_once(
    opened: MainWindow, tmp_path: Path, turned: Path, photo: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(opened.session.saved):
        opened.session.cases.create(tmp_path / "new.case")
    assert opened.session.document.case.items == ()
    assert opened.session.document.case.details.examiner == "A. Examiner"
    opened.open_paths([photo, turned, photo])
    qtbot.waitUntil(lambda: listed(opened) == ["chelsea.png", "turned.jpg"])
    qtbot.waitUntil(lambda: opened.session.item is not None and opened.session.item.name == "chelsea.png")
    assert len(list((tmp_path / "new.case" / "evidence").iterdir())) == 2
    opened.actions_by_name["close_case"].trigger()
    assert listed(opened) == []
    with CaseStore.open(tmp_path / "new.case") as store:
        assert [item.name for item in store.case.items] == ["chelsea.png", "turned.jpg"]


def test_the_seal_is_told_on_opening(opened: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    assert opened.status_label.text().endswith("saved in a.case")
    opened.actions_by_name["close_case"].trigger()
    opened.open_case(tmp_path / "a.case")
    qtbot.waitUntil(lambda: opened.session.picture is not None)
    assert "a.case, sealed 20" in opened.status_label.text()
    assert re.search(r", sealed \d{4}-\d\d-\d\d \d\d:\d\d$", opened.status_label.text())
    opened.session.add_region(10, 10, 60, 60)
    assert opened.status_label.text().endswith("saved in a.case")
    opened.actions_by_name["close_case"].trigger()
    with (tmp_path / "a.case" / "case.sqlite").open("ab") as file:
        file.write(b"\0")
    opened.open_case(tmp_path / "a.case")
    qtbot.waitUntil(lambda: opened.session.picture is not None)
    assert "changed by something else since it was sealed" in opened.message_bar.text
    assert "unchanged" not in opened.status_label.text()
    opened.actions_by_name["close_case"].trigger()


def test_an_original_that_is_gone_or_changed_is_told_though_the_copy_is_shown(
    opened: MainWindow, turned: Path, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_and_wait(qtbot, opened, turned)
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    opened.session.cases.start_new()
    photo.unlink()
    turned.write_bytes(turned.read_bytes() + b"x")
    opened.open_case(tmp_path / "a.case")
    model = opened.parts.evidence.model
    qtbot.waitUntil(lambda: model.rowCount() == 2 and "original moved or gone" in model.index(0, 0).data())
    assert "original changed" in model.index(1, 0).data()
    qtbot.waitUntil(lambda: opened.session.picture is not None)
    opened.session.cases.start_new()
