"""The self-test in the window, by the real worker: passed, failed, and out of the way of a run."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.core import paths
from workbench.core.selftest import last_result
from workbench.gui.main_window import MainWindow, open_when_shown


def run_selftest(qtbot: QtBot, window: MainWindow) -> None:
    window.check_commands.start_selftest()
    qtbot.waitUntil(lambda: not window.session.selftest.running, timeout=60_000)


def test_it_runs_by_itself_after_the_window_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    button = window.parts.status.selftest
    assert not button.isVisible()
    open_when_shown(window, [])
    qtbot.waitUntil(lambda: "passed" in button.text(), timeout=60_000)
    result = last_result()
    assert result is not None
    assert result.passed
    assert result.runtime
    assert [check.difference for check in result.checks] == ["", "", ""]
    assert window.message_bar.text == ""


def test_details_are_one_click_away(window: MainWindow, qtbot: QtBot) -> None:
    run_selftest(qtbot, window)
    window.parts.status.selftest.click()
    dialog = window.check_commands.selftest_dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.summary.text().startswith("Passed on 20")
    assert dialog.model.rowCount() == 3
    dialog.button.click()
    assert "running" in dialog.summary.text()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 3, timeout=60_000)
    dialog.reject()


def test_a_failure_is_a_sentence_that_stays(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    copy = tmp_path / "resources"
    shutil.copytree(paths.resources_folder(), copy)
    (file,) = (copy / "selftest").iterdir()
    file.write_text(file.read_text().replace('"responses": [[0.', '"responses": [[1.', 1))
    monkeypatch.setattr(paths, "resources_folder", lambda: copy)
    run_selftest(qtbot, window)
    assert "The self-test failed" in window.message_bar.text
    assert "largest difference" in window.message_bar.text
    window.message_bar.dismiss()
    assert "failed" in window.parts.status.selftest.text()
    assert last_result() is not None
    assert not last_result().passed  # type: ignore[union-attr]


def test_a_runtime_that_is_not_there_fails_it_with_its_sentence(window: MainWindow, qtbot: QtBot) -> None:
    preferences = window.session.preferences
    preferences.change(replace(preferences.settings, runtime="jax"))
    run_selftest(qtbot, window)
    assert "jax is not installed" in window.message_bar.text


def test_it_leaves_no_file_behind(window: MainWindow, qtbot: QtBot) -> None:
    window.check_commands.start_selftest()
    folder = window.session.selftest._folder
    assert folder is not None
    assert folder.is_dir()
    window.close()
    assert not folder.exists()
