"""Cases without a name: on the disk from the first picture on, named, left, found again, discarded."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QCloseEvent
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.casefile import untitled
from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core import paths
from workbench.core.case import Case
from workbench.core.settings import Settings
from workbench.gui.main_window import MainWindow
from workbench.gui.settings_dialog import SettingsDialog
from workbench.gui.untitled_dialog import UntitledDialog

ROOT = Path(__file__).resolve().parents[2]


def make_another(name: str, tmp_path: Path, qtbot: QtBot) -> Path:
    """A window that is opened, shown one picture, and closed; the case it left."""
    path = tmp_path / name
    Image.fromarray(np.random.default_rng(len(name)).integers(0, 255, (40, 60, 3), np.uint8)).save(path)
    before = folders()
    window = MainWindow(Settings(examiner="A. Examiner"))
    qtbot.addWidget(window)
    open_and_wait(qtbot, window, path)
    window.close()
    (made,) = folders() - before
    return made


def folders() -> set[Path]:
    return set(paths.untitled_folder().glob("*"))


def actions(folder: Path) -> list[str]:
    with CaseStore.open(folder, to_read=True) as store:
        return [line.action for line in store.log()]


@pytest.fixture
def kept(opened: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window whose case is on the disk without a name."""
    qtbot.waitUntil(lambda: opened.session.document.untitled)
    return opened


def test_a_window_without_a_picture_leaves_nothing(window: MainWindow) -> None:
    window.close()
    assert folders() == set()


def test_a_case_is_on_the_disk_from_the_first_picture_on(
    kept: MainWindow, put_map: PutMap, photo: Path
) -> None:
    run = put_map(kept, two_spots())
    kept.session.add_region(100, 50, 80, 60)
    assert "saved without a name" in kept.status_label.text()
    assert "untitled case" in kept.windowTitle()
    case, folder = kept.session.document.case, kept.session.document.folder
    assert folder is not None
    photo.unlink()
    event = QCloseEvent()
    kept.closeEvent(event)
    assert event.isAccepted()
    assert kept.message_bar.text == ""
    assert examine(folder).sealed
    assert examine(folder).agrees
    assert actions(folder) == [
        "case created",
        "picture opened",
        "analysis finished",
        "region drawn",
        "case sealed",
    ]
    with CaseStore.open(folder) as store:
        assert store.case == case
        assert store.get_map(run.map_sha256).shape == (300, 451)


def test_what_was_done_before_the_case_was_made_has_a_line_for_each(opened: MainWindow) -> None:
    """The window closes before the thread has made the case."""
    assert opened.session.document.folder is None
    opened.session.add_region(100, 50, 80, 60)
    opened.session.add_region(10, 10, 40, 40)
    opened.close()
    (folder,) = folders()
    assert actions(folder) == [
        "case created",
        "picture opened",
        "region drawn",
        "region drawn",
        "case sealed",
    ]
    assert examine(folder).agrees


def test_naming_moves_the_case_with_its_log_and_undo(
    kept: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot
) -> None:
    kept.session.add_region(100, 50, 80, 60)
    document = kept.session.document
    before = document.case
    with qtbot.waitSignal(kept.session.saved):
        kept.save_case(tmp_path / "named.case")
    assert folders() == set()
    assert "saved in named.case" in kept.status_label.text()
    assert document.case is before
    run = put_map(kept, two_spots())
    kept.actions_by_name["undo"].trigger()
    kept.close()
    told = ["case created", "picture opened", "region drawn", "case sealed", "case opened", "case named"]
    assert actions(tmp_path / "named.case")[:6] == told
    assert actions(tmp_path / "named.case")[6:] == ["analysis finished", "undo: Draw R1", "case sealed"]
    assert examine(tmp_path / "named.case").sealed
    assert examine(tmp_path / "named.case").agrees
    with CaseStore.open(tmp_path / "named.case") as store:
        assert store.case.items[0].analyses == (run,)


def test_a_name_that_is_taken_leaves_the_case_where_it_is(
    kept: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "old.case").mkdir()
    with qtbot.waitSignal(kept.session.failed):
        kept.save_case(tmp_path / "old.case")
    assert "not overwritten" in kept.message_bar.text
    kept.session.add_region(100, 50, 80, 60)
    assert kept.session.document.untitled
    assert len(kept.session.document.case.items[0].regions) == 1


def test_a_new_case_leaves_the_one_without_a_name(kept: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(kept.session.saved):
        kept.session.cases.create(tmp_path / "new.case")
    assert kept.session.document.case.items == ()
    (left,) = untitled.left_over()
    assert left.names == ("chelsea.png",)


# What is left


def test_what_is_left_is_offered_opened_and_named(tmp_path: Path, qtbot: QtBot, window: MainWindow) -> None:
    make_another("one.png", tmp_path, qtbot)
    make_another("second.png", tmp_path, qtbot)
    with qtbot.waitSignal(window.session.untitled.found):
        window.untitled_commands.offer()
    bar = window.parts.untitled
    assert bar.isVisible()
    assert "2 cases without a name are left" in bar.label.text()
    assert "second.png · no runs" in bar.label.text()
    with qtbot.waitSignal(window.session.saved):
        bar.open_button.click()
    assert not bar.isVisible()
    assert window.session.document.untitled
    with qtbot.waitSignal(window.session.saved):
        window.save_case(tmp_path / "named.case")
    (left,) = untitled.left_over()
    assert left.names == ("one.png",)


def test_a_case_that_another_window_has_open_is_not_offered(kept: MainWindow) -> None:
    assert kept.session.document.untitled
    assert untitled.left_over() == []


def test_nothing_is_offered_where_nothing_is_left(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.session.untitled.found):
        window.untitled_commands.offer()
    assert not window.parts.untitled.isVisible()


@pytest.fixture
def listing(tmp_path: Path, qtbot: QtBot, window: MainWindow) -> UntitledDialog:
    make_another("one.png", tmp_path, qtbot)
    make_another("second.png", tmp_path, qtbot)
    with qtbot.waitSignal(window.session.untitled.found):
        window.actions_by_name["untitled"].trigger()
    dialog = window.untitled_commands.dialog
    assert dialog is not None
    assert dialog.model.rowCount() == 2
    return dialog


def test_discarding_asks_and_removes(listing: UntitledDialog, qtbot: QtBot) -> None:
    listing.view.selectAll()
    listing.discard_button.click()
    assert "second.png" in listing.question.informativeText()
    (sure,) = [b for b in listing.question.buttons() if b is not listing.question.defaultButton()]
    sure.click()
    qtbot.waitUntil(lambda: listing.model.rowCount() == 0)
    assert folders() == set()


def test_keeping_keeps(listing: UntitledDialog) -> None:
    listing.discard_button.click()
    listing.question.defaultButton().click()
    assert len(folders()) == 2


def test_beyond_the_number_what_was_only_looked_at_goes(
    kept: MainWindow, put_map: PutMap, photo: Path, turned: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    put_map(kept, two_spots())
    kept.session.cases.start_new()
    make_another("looked at.png", tmp_path, qtbot)
    dialog = SettingsDialog(kept.session.preferences.settings)
    qtbot.addWidget(dialog)
    dialog.untitled.setValue(2)
    kept.session.preferences.change(dialog.settings())
    open_and_wait(qtbot, kept, turned)
    qtbot.waitUntil(lambda: "Beyond 2 untitled cases" in kept.message_bar.text)
    assert "looked at.png" in kept.message_bar.text
    (left,) = untitled.left_over()
    assert (left.names, left.runs) == ((photo.name,), 1)


# Trouble

KILLED = """
import sys, json, os
from pathlib import Path
from workbench.core.settings import Settings
from workbench.gui import app
from workbench.gui.main_window import MainWindow
running = app.application()
window = MainWindow(Settings(examiner="A"))
window.show()
document = window.session.document
def tell():
    if document.untitled:
        regions = sum(len(item.regions) for item in document.case.items)
        sys.stdout.write(f"{len(document.case.items)} {regions}\\n")
        sys.stdout.flush()
        window.session.add_region(5, 5, 24, 20)
document.changed.connect(tell)
window.open_paths([Path(sys.argv[1])])
running.exec()
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
@pytest.mark.parametrize("changes", [1, 7])
def test_a_killed_window_leaves_a_case_with_all_it_had_shown(photo: Path, changes: int) -> None:
    command = [sys.executable, "-c", KILLED, str(photo)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        lines = [window.stdout.readline() for _ in range(changes)]
        os.kill(window.pid, signal.SIGKILL)
        lines += [line for line in window.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    pictures, regions = map(int, lines[-1].split())
    (left,) = untitled.left_over()
    assert not left.damage
    assert examine(left.folder).agrees
    with CaseStore.open(left.folder) as store:
        assert store.read_only is False
        assert len(store.case.items) == pictures == 1
        assert len(store.case.items[0].regions) >= regions


def test_without_a_folder_of_its_own_a_case_is_in_memory_and_the_window_says_so(
    window: MainWindow, home: Path, photo: Path, turned: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (home / "untitled").write_text("in the way")
    with qtbot.waitSignal(window.session.failed):
        window.open_paths([photo, turned])
    qtbot.waitUntil(lambda: len(window.session.document.case.items) == 2)
    assert "save it with Ctrl+S" in window.message_bar.text
    assert len(window.message_bar.messages) == 1
    assert "case not saved" in window.status_label.text()
    window.session.add_region(10, 10, 40, 40)
    window.actions_by_name["quit"].trigger()
    assert window.isVisible()
    with qtbot.waitSignal(window.session.saved):
        window.save_case(tmp_path / "a.case")
    assert len(window.session.document.case.items) == 2


@pytest.fixture
def small_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user folder on a disk of three megabytes."""
    with tempfile.TemporaryDirectory() as name:
        command = ["mount", "-t", "tmpfs", "-o", "size=3000000", "tmpfs", name]
        if sys.platform != "linux" or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("only root may make a small disk")
        monkeypatch.setenv("WORKBENCH_HOME", name)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def fill(disk: Path) -> None:
    with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
        while filler.write(bytes(1000)):
            pass


def test_a_case_on_a_full_disk_is_named_on_another_with_all_that_was_done(
    small_home: Path, window: MainWindow, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    session = window.session
    open_and_wait(qtbot, window, photo)
    qtbot.waitUntil(lambda: session.document.untitled)
    fill(small_home)
    for number in range(60):
        session.add_region(10 + number, 10, 40, 40)
    done = session.document.case
    assert "room" in window.message_bar.text or "full" in window.message_bar.text
    with qtbot.waitSignal(session.saved):
        window.save_case(tmp_path / "named.case")
    session.add_region(200, 100, 40, 40)
    assert len(session.document.case.items[0].regions) == len(done.items[0].regions) + 1
    window.close()
    assert untitled.left_over() == []
    found = examine(tmp_path / "named.case")
    assert found.sealed
    assert found.agrees
    assert "case named" in actions(tmp_path / "named.case")


def test_a_picture_for_which_there_is_no_room_is_shown_all_the_same(
    small_home: Path, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "large.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (900, 1200, 3), np.uint8)).save(path)
    with qtbot.waitSignal(window.session.failed):
        window.open_paths([path])
    assert window.session.picture is not None
    assert window.session.document.folder is None
    assert "save it with Ctrl+S" in window.message_bar.text
    assert list((small_home / "untitled").iterdir()) == []


def test_only_what_lies_there_can_be_discarded(tmp_path: Path) -> None:
    CaseStore.save_as(tmp_path / "named.case", Case("a"), None, "x").close()
    with pytest.raises(untitled.CaseError, match="name of its own"):
        untitled.discard(tmp_path / "named.case")
    assert (tmp_path / "named.case").is_dir()
