"""The case from the window: save, reopen with maps, a file that changed, settings, report."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.core import settings as settings_file
from workbench.core.case import CaseDetails
from workbench.core.region import Region
from workbench.core.settings import Settings, Theme
from workbench.gui.case_dialog import CaseDialog
from workbench.gui.main_window import MainWindow


def listed(window: MainWindow) -> list[str]:
    model = window.parts.evidence.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def save(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    with qtbot.waitSignal(window.session.saved):
        window.save_case(folder)


def test_save_and_reopen_with_maps(opened: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    opened.session.add_region(100, 50, 80, 60)
    save(qtbot, opened, tmp_path / "wombat.case")
    opened.threshold_number.setValue(0.7)
    kept = opened.session.document.case
    assert "wombat.case" in opened.windowTitle()
    assert "saved in wombat.case" in opened.status_label.text()
    opened.session.cases.start_new()
    assert opened.session.document.case.items == ()
    opened.open_case(tmp_path / "wombat.case")
    qtbot.waitUntil(lambda: opened.findings_table.model().rowCount() == 1)
    assert opened.session.document.case == kept
    assert opened.threshold_number.value() == 0.7
    assert "response 0.900" in opened.stage.numbers_at(210, 110)


@pytest.mark.parametrize("content", [None, b"another"])
def test_a_picture_is_shown_from_its_copy_whatever_became_of_its_file(
    opened: MainWindow, put_map: PutMap, photo: Path, tmp_path: Path, qtbot: QtBot, content: bytes | None
) -> None:
    put_map(opened, two_spots())
    save(qtbot, opened, tmp_path / "a.case")
    opened.session.cases.start_new()
    photo.unlink()
    if content is not None:
        photo.write_bytes(content)
    opened.open_case(tmp_path / "a.case")
    qtbot.waitUntil(lambda: opened.session.picture is not None)
    assert opened.session.picture is not None
    assert opened.session.picture.evidence.name == "chelsea.png"
    assert opened.session.item is not None
    assert opened.session.item.path == photo
    assert opened.actions_by_name["analyse"].isEnabled()
    assert opened.message_bar.text == ""


def test_a_changed_file_of_which_there_is_no_copy_is_not_shown(
    opened: MainWindow, put_map: PutMap, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    put_map(opened, two_spots())
    save(qtbot, opened, tmp_path / "a.case")
    opened.session.cases.start_new()
    shutil.rmtree(tmp_path / "a.case" / "evidence")
    photo.write_bytes(photo.read_bytes() + b"x")
    with qtbot.waitSignal(opened.session.failed):
        opened.open_case(tmp_path / "a.case")
    qtbot.waitUntil(lambda: opened.session.pictures.opening == 0)
    assert "changed" in opened.message_bar.text
    assert opened.session.picture is None
    assert not opened.actions_by_name["analyse"].isEnabled()
    assert "file changed" in listed(opened)[0]


def test_no_case_is_overwritten(opened: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "old.case").mkdir()
    with qtbot.waitSignal(opened.session.failed):
        opened.save_case(tmp_path / "old.case")
    assert "not overwritten" in opened.message_bar.text
    assert opened.session.document.untitled


def test_a_failed_open_leaves_the_case(opened: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    before = opened.session.document.case
    with qtbot.waitSignal(opened.session.failed):
        opened.open_case(tmp_path / "none.case")
    assert opened.session.document.case is before


def test_details_can_be_undone(window: MainWindow) -> None:
    window.session.document.set_details(CaseDetails(examiner="B", interpretation="Mine."))
    window.actions_by_name["undo"].trigger()
    assert window.session.document.case.details == CaseDetails(examiner="A. Examiner")


def test_a_case_without_a_name_is_left_without_a_word(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots())
    opened.actions_by_name["close_case"].trigger()
    assert opened.session.document.case.items == ()
    opened.actions_by_name["quit"].trigger()
    assert not opened.isVisible()
    assert opened.message_bar.text == ""


def test_closing_by_program_does_not_ask(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots())
    event = QCloseEvent()
    opened.closeEvent(event)
    assert event.isAccepted()


def test_settings_are_kept(window: MainWindow) -> None:
    preferences = window.session.preferences
    preferences.change(replace(preferences.settings, examiner="Ö. Prüfer", theme=Theme.DARK))
    assert settings_file.load() == (preferences.settings, "")
    assert window.session.document.by == "Ö. Prüfer"
    assert window.palette().window().color().lightness() < 100


def test_damaged_settings_become_defaults_with_a_sentence(home: Path) -> None:
    settings_file.settings_file().write_text('{"theme": "pink"', "utf-8")
    settings, sentence = settings_file.load()
    assert settings == Settings()
    assert "defaults" in sentence


def test_settings_of_another_version() -> None:
    newer = '{"examiner": "A", "wings": 2}'
    assert Settings.from_json(newer) == Settings(examiner="A")


def test_runs_table_tells_all_runs_newest_first(opened: MainWindow, put_map: PutMap) -> None:
    whole = put_map(opened, two_spots())
    put_map(opened, two_spots(60, 80), Region("r", "R1", 100, 50, 80, 60))
    model = opened.runs_table.model()
    assert model.rowCount() == 2
    whats = [model.index(row, 2).data() for row in range(2)]
    opened.runs_table.activated.emit(model.index(whats.index("Whole picture"), 0))
    assert opened.session.layer_id == whole.id


def test_report(opened: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    with qtbot.waitSignal(opened.report_written, timeout=20_000):
        opened.export_report(tmp_path / "out")
    assert (tmp_path / "out" / "record.json").is_file()
    assert str(tmp_path / "out") in opened.message_bar.text


def test_two_pictures_keep_their_own_layers(
    opened: MainWindow, put_map: PutMap, turned: Path, qtbot: QtBot
) -> None:
    run = put_map(opened, two_spots())
    open_and_wait(qtbot, opened, turned)
    assert opened.session.layer is None
    texts = [opened.layers_list.item(row).text() for row in range(opened.layers_list.count())]
    assert not any(text.startswith("Whole picture") for text in texts)
    opened.session.choose_item(opened.session.document.case.items[0].id)
    assert opened.session.layer_id == run.id


def interpret(window: MainWindow, text: str) -> None:
    window.actions_by_name["case_details"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CaseDialog)
    dialog.interpretation.setPlainText(text)
    dialog.accept()


def test_words_that_promise_too_much_are_named_and_kept(window: MainWindow) -> None:
    interpret(window, "This proves that the car is fake.")
    assert "evidence can't carry: proves, fake. It is kept as written." in window.message_bar.text
    assert window.session.document.case.details.interpretation == "This proves that the car is fake."


def test_sober_words_raise_no_warning(window: MainWindow) -> None:
    interpret(window, "The car differs from its surroundings.")
    assert window.message_bar.text == ""
