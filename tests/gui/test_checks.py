"""Checking a case or a report from the window, and running everything again."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.casefile.log import LogLine
from workbench.casefile.store import CaseStore
from workbench.gui.main_window import MainWindow
from workbench.gui.repeat_dialog import RepeatDialog
from workbench.gui.verify_dialog import VerifyDialog

MINUTE = 60_000


@pytest.fixture
def saved(opened: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    put_map(opened, two_spots())
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    return opened


def check(qtbot: QtBot, window: MainWindow) -> VerifyDialog:
    window.actions_by_name["verify"].trigger()
    dialog = window.check_commands.verify_dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.progress.isHidden, timeout=MINUTE)
    return dialog


def repeat(qtbot: QtBot, window: MainWindow) -> RepeatDialog:
    window.actions_by_name["repeat"].trigger()
    dialog = window.check_commands.repeat_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog.repeat.running, timeout=MINUTE)
    return dialog


def cells(dialog: RepeatDialog) -> list[list[str]]:
    model = dialog.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_an_unsaved_case_has_nothing_to_check(window: MainWindow, qtbot: QtBot) -> None:
    dialog = check(qtbot, window)
    assert "not saved" in dialog.summary.text()
    assert not dialog.case_button.isEnabled()
    dialog.reject()


def test_an_open_case_agrees_and_goes_on(saved: MainWindow, qtbot: QtBot) -> None:
    dialog = check(qtbot, saved)
    assert dialog.summary.text() == "a.case: nothing differs."
    assert "is not sealed" in dialog.list.toPlainText()
    saved.session.add_region(10, 10, 60, 60)
    assert saved.message_bar.text == ""
    dialog.reject()


def test_a_changed_map_and_a_changed_original_are_listed(
    saved: MainWindow, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    photo.write_bytes(photo.read_bytes() + b"x")
    (file,) = (tmp_path / "a.case" / "maps").glob("*.npy")
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    dialog = check(qtbot, saved)
    assert "SOMETHING DIFFERS" in dialog.summary.text()
    text = dialog.list.toPlainText()
    assert f"{file.name} was changed since it was stored" in text
    assert "no longer the file that was added" in text
    dialog.reject()


def test_a_report_is_checked(saved: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(saved.report_written, timeout=MINUTE):
        saved.export_report(tmp_path / "out")
    dialog = check(qtbot, saved)
    dialog.check_report(tmp_path / "out")
    qtbot.waitUntil(lambda: dialog.summary.text() == "out: nothing differs.", timeout=MINUTE)
    (tmp_path / "out" / "findings.csv").write_text("other")
    dialog.check_report(tmp_path / "out")
    qtbot.waitUntil(lambda: "SOMETHING DIFFERS" in dialog.summary.text(), timeout=MINUTE)
    assert "findings.csv" in dialog.list.toPlainText()
    dialog.reject()


def test_every_run_is_repeated_and_agrees(saved: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(saved.session.analysis_finished, timeout=MINUTE):
        saved.analyse()
    saved.session.add_region(100, 50, 120, 90)
    region = saved.session.region
    assert region is not None
    with qtbot.waitSignal(saved.session.analysis_finished, timeout=MINUTE):
        saved.analyse_region(region.id)
    dialog = repeat(qtbot, saved)
    invented, whole, part = cells(dialog)
    assert invented[-1] == "DIFFERENT"  # no network made that map
    assert invented[4:6] == ["same SHA-256", "same SHA-256"]
    for row in (whole, part):
        assert row[-1] == "agrees"
        assert float(row[1]) <= 2e-4
        assert row[3] == "0.0002"
    assert dialog.summary.text() == "1 of 3 runs did not come out the same."
    assert len(saved.session.document.case.items[0].analyses) == 3
    dialog.reject()
    saved.session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case") as store:
        line = next(line for line in store.log() if line.action == "runs repeated")
        assert [run["agrees"] for run in line.detail["runs"]] == [False, True, True]


def stopped_line(window: MainWindow, dialog: RepeatDialog, case: Path, qtbot: QtBot) -> LogLine:
    """Close the dialog early; the line that the log got of it."""
    dialog.reject()
    qtbot.waitUntil(lambda: not dialog.repeat.running, timeout=MINUTE)
    window.session.cases.start_new()
    with CaseStore.open(case) as store:
        actions = [line.action for line in store.log()]
        assert "runs repeated" not in actions
        return next(line for line in store.log() if line.action.startswith("repetition stopped"))


def test_closing_it_before_the_request_is_made_submits_nothing_and_says_stopped(
    saved: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    saved.actions_by_name["repeat"].trigger()
    dialog = saved.check_commands.repeat_dialog
    assert dialog is not None
    assert dialog.repeat._at is None  # still in its thread
    line = stopped_line(saved, dialog, tmp_path / "a.case", qtbot)
    assert dialog.repeat._at is None
    assert line.action == "repetition stopped, 0 of 1"
    assert line.detail["runs"] == []
    assert dialog.summary.text().startswith("It was stopped: 0 of 1 runs were repeated, 0 did not")


def test_closing_it_while_the_worker_runs_counts_the_run_neither_way(
    saved: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot
) -> None:
    put_map(saved, two_spots())
    saved.actions_by_name["repeat"].trigger()
    dialog = saved.check_commands.repeat_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.repeat._at is not None, timeout=MINUTE)
    line = stopped_line(saved, dialog, tmp_path / "a.case", qtbot)
    assert line.action == "repetition stopped, 0 of 2"
    assert line.detail["runs"] == []
    (row,) = cells(dialog)
    assert row[-1] == "It was stopped."


def test_weights_that_are_gone_are_a_sentence_and_a_run_that_was_not_made(
    saved: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    item = saved.session.item
    assert item is not None
    run = item.analyses[0]
    gone = replace(run, weights=replace(run.weights, name="lost", sha256="0" * 64))
    saved.session.document._put(
        saved.session.document.case.with_item(item.with_analysis(gone)), "run changed", {}
    )
    dialog = repeat(qtbot, saved)
    assert cells(dialog)[0][-1].startswith("The weights lost are not installed here")
    assert dialog.summary.text() == "No run could be run again; the table says why."
    dialog.reject()
    saved.session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case") as store:
        (line,) = (line for line in store.log() if line.action.startswith("runs repeated"))
    assert line.action == "runs repeated, 0 of 1"
    assert line.detail["runs"] == []  # nothing that did not agree
    (told,) = line.detail["not run"]
    assert told["run"] == run.id
    assert told["reason"].startswith("The weights lost are not installed here")


def test_without_runs_there_is_nothing_to_repeat(opened: MainWindow, qtbot: QtBot) -> None:
    dialog = repeat(qtbot, opened)
    assert "No run was made" in dialog.summary.text()
    dialog.reject()


def test_leaving_the_case_ends_the_repetition_and_writes_into_no_other_log(
    saved: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    saved.actions_by_name["repeat"].trigger()
    dialog = saved.check_commands.repeat_dialog
    assert dialog is not None
    with qtbot.waitSignal(saved.session.saved):
        saved.session.cases.create(tmp_path / "b.case")
    qtbot.waitUntil(lambda: not dialog.repeat.running, timeout=MINUTE)
    dialog.reject()
    saved.session.cases.start_new()
    with CaseStore.open(tmp_path / "b.case") as store:
        assert "runs repeated" not in [line.action for line in store.log()]
