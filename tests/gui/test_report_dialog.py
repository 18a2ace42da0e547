"""The report from the window: what it holds, its signature, its outcome, and stopping it."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.casefile.store import CaseStore
from workbench.core.case import Status
from workbench.gui.main_window import MainWindow
from workbench.gui.report_dialog import ReportDialog

MINUTE = 60_000


@pytest.fixture
def analysed(opened: MainWindow, put_map: PutMap) -> MainWindow:
    put_map(opened, two_spots())
    return opened


def ask(window: MainWindow, folder: Path) -> ReportDialog:
    window.actions_by_name["export_report"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReportDialog)
    dialog.opens.setChecked(False)
    dialog.folder.setText(str(folder))
    return dialog


def write(qtbot: QtBot, dialog: ReportDialog) -> str:
    with qtbot.waitSignals([dialog.exporter.written], timeout=MINUTE):
        dialog.ok.click()
    assert not dialog.outcome.isHidden()
    return dialog.outcome.text()


def test_html_and_pdf_are_written_and_the_check_is_told(
    analysed: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = ask(analysed, tmp_path / "out")
    assert "DRAFT" in dialog.status.text()
    text = write(qtbot, dialog)
    assert "Every file still has the SHA-256" in text
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "out" / "report.html").is_file()
    assert dialog.isVisible()
    assert not dialog.open_button.isHidden()
    dialog.reject()
    assert not dialog.isVisible()


def test_a_changed_file_is_told_in_the_window(
    analysed: MainWindow, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    photo.write_bytes(photo.read_bytes() + b"x")
    dialog = ask(analysed, tmp_path / "out")
    dialog.pdf.setChecked(False)
    assert write(qtbot, dialog).splitlines()[1].startswith("ATTENTION: the integrity check failed")
    assert not (tmp_path / "out" / "report.pdf").exists()
    dialog.reject()


def test_the_whole_case_and_a_line_in_its_log(
    analysed: MainWindow, turned: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_and_wait(qtbot, analysed, turned)
    with qtbot.waitSignal(analysed.session.saved):
        analysed.save_case(tmp_path / "a.case")
    analysed.session.document.set_status(Status.FINAL)
    dialog = ask(analysed, tmp_path / "out")
    assert "FINAL" in dialog.status.text()
    dialog.scope.setCurrentIndex(1)
    assert dialog.scope.currentText() == "All 2 pictures of the case"
    dialog.pdf.setChecked(False)
    write(qtbot, dialog)
    dialog.reject()
    records = sorted((tmp_path / "out").rglob("record.json"))
    assert [json.loads(r.read_text())["item"]["name"] for r in records] == ["chelsea.png", "turned.jpg"]
    assert json.loads(records[0].read_text())["report"]["status"] == "final"
    analysed.session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case") as store:
        lines = store.log()
        exported = [line for line in lines if line.action == "report exported"]
        assert exported[0].detail["folder"] == str(tmp_path / "out")
        assert store.case.details.status is Status.FINAL


def test_a_wrong_key_file_is_a_sentence_in_the_dialog(
    analysed: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = ask(analysed, tmp_path / "out")
    dialog.sign.setChecked(True)
    assert not dialog.ok.isEnabled()
    dialog.key_file.setText(str(tmp_path / "none.p12"))
    dialog.passphrase.setText("secret")
    assert "secret" not in repr(dialog.wish())
    with qtbot.waitSignal(dialog.exporter.refused, timeout=MINUTE):
        dialog.ok.click()
    assert "can't be read" in dialog.outcome.text()
    assert dialog.passphrase.text() == ""
    assert not (tmp_path / "out").exists()
    dialog.reject()


def test_stopping_leaves_nothing(analysed: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "reports").mkdir()
    dialog = ask(analysed, tmp_path / "reports" / "out")
    with qtbot.waitSignal(dialog.exporter.refused, timeout=MINUTE):
        dialog.ok.click()
        dialog.reject()
    assert dialog.isVisible()
    assert "nothing is left of it" in dialog.outcome.text()
    assert list((tmp_path / "reports").iterdir()) == []
    dialog.reject()


def test_something_must_be_asked_for(analysed: MainWindow, tmp_path: Path) -> None:
    dialog = ask(analysed, tmp_path / "out")
    dialog.html.setChecked(False)
    dialog.pdf.setChecked(False)
    assert not dialog.ok.isEnabled()
    dialog.reject()
