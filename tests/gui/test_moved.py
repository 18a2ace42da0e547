"""Pictures that were moved, changed, slow to read, or asked for in another case."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.casefile.store import CaseStore
from workbench.gui.main_window import MainWindow


@pytest.fixture
def moved(opened: MainWindow, put_map: PutMap, photo: Path, tmp_path: Path, qtbot: QtBot) -> Path:
    """A case with a run but without copies is open again; its picture now lies at the place that is told."""
    put_map(opened, two_spots())
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    opened.session.cases.start_new()
    shutil.rmtree(tmp_path / "a.case" / "evidence")
    (tmp_path / "elsewhere").mkdir()
    place = Path(shutil.move(photo, tmp_path / "elsewhere" / "renamed.png"))
    opened.open_case(tmp_path / "a.case")
    qtbot.waitUntil(lambda: bool(opened.session.pictures.missing))
    return place


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (2500, 3000, 3), np.uint8)).save(path)
    return path


def names(window: MainWindow) -> list[str]:
    return [item.name for item in window.session.document.case.items]


def test_a_moved_picture_is_told_and_gives_no_report(opened: MainWindow, moved: Path, tmp_path: Path) -> None:
    assert not opened.actions_by_name["export_report"].isEnabled()
    opened.export_report(tmp_path / "out")
    assert "no report without the picture" in opened.message_bar.text
    assert not (tmp_path / "out").exists()


def test_a_moved_picture_is_taken_back_from_its_new_place(
    opened: MainWindow, moved: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_and_wait(qtbot, opened, moved)
    (item,) = opened.session.document.case.items
    assert (item.path, item.name, len(item.analyses)) == (moved, "chelsea.png", 1)
    assert opened.session.picture is not None
    assert "1 run" in opened.parts.evidence.model.index(0, 0).data()
    with qtbot.waitSignal(opened.report_written, timeout=20_000):
        assert opened.actions_by_name["export_report"].isEnabled()
        opened.export_report(tmp_path / "out")
    opened.session.document.close()
    with CaseStore.open(tmp_path / "a.case") as store:
        assert store.case.items == (item,)
        assert "picture found" in [line.action for line in store.log()]


def test_a_picture_that_is_back_can_be_opened_again(
    opened: MainWindow, moved: Path, photo: Path, qtbot: QtBot
) -> None:
    shutil.copy(moved, photo)
    open_and_wait(qtbot, opened, photo)
    assert names(opened) == ["chelsea.png"]
    assert opened.session.picture is not None


def test_a_changed_picture_becomes_a_new_item(
    opened: MainWindow, moved: Path, photo: Path, qtbot: QtBot
) -> None:
    photo.write_bytes(moved.read_bytes() + b"x")
    open_and_wait(qtbot, opened, photo)
    old, new = opened.session.document.case.items
    assert (old.path, old.sha256 != new.sha256) == (new.path, True)
    assert opened.session.item is new


def test_a_picture_asked_for_in_a_case_that_was_left_stays_out(
    window: MainWindow, large: Path, qtbot: QtBot
) -> None:
    window.open_paths([large])
    window.session.cases.start_new()
    qtbot.waitUntil(lambda: window.session.tasks.waiting == 0)
    assert names(window) == []
    assert window.session.pictures.opening == 0


def test_the_case_asked_for_last_is_the_one_that_is_open(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    opened.session.cases.start_new()
    opened.open_case(tmp_path / "a.case")
    opened.session.cases.start_new()
    qtbot.waitUntil(lambda: opened.session.tasks.waiting == 0)
    assert names(opened) == []
    with CaseStore.open(tmp_path / "a.case") as store:
        assert not store.read_only


def test_several_pictures_stand_in_the_order_asked_for(
    window: MainWindow, large: Path, photo: Path, turned: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_paths([large, tmp_path / "none.png", photo, turned, photo])
    qtbot.waitUntil(lambda: names(window) == ["large.png", "chelsea.png", "turned.jpg"])
    qtbot.waitUntil(lambda: window.session.item.name == "chelsea.png")  # the last one asked for


def test_pictures_named_beside_a_case_are_opened_in_it(
    opened: MainWindow, turned: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    opened.session.cases.start_new()
    opened.open_paths([turned, tmp_path / "a.case"])
    qtbot.waitUntil(lambda: names(opened) == ["chelsea.png", "turned.jpg"])
    assert opened.session.document.folder == tmp_path / "a.case"


def test_an_unforeseen_error_leaves_nobody_waiting(window: MainWindow, qtbot: QtBot) -> None:
    answers: list[object] = []
    with qtbot.capture_exceptions() as errors:
        window.session.tasks.run(lambda: 1 // 0, answers.append, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
    assert answers == [""]
    assert [kind for kind, *_ in errors] == [ZeroDivisionError]


def test_a_moved_picture_of_a_read_only_case_can_be_looked_at(
    opened: MainWindow, moved: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    opened.session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case") as store:
        opened.open_case(tmp_path / "a.case")
        qtbot.waitUntil(lambda: bool(opened.session.pictures.missing))
        open_and_wait(qtbot, opened, moved)
        assert opened.session.picture is not None
        assert opened.session.document.case == store.case
    assert "reading only" in opened.message_bar.text
