"""One story with the real worker: tiles come, the map stays, cancel leaves nothing, a death is told."""

import os
import signal
import subprocess
import sys

import psutil
import pytest
from pytestqt.qtbot import QtBot

from workbench.gui.courtesy import let_window_go_first
from workbench.gui.main_window import MainWindow


@pytest.mark.skipif(os.name != "posix", reason="kills the worker by a signal")
def test_analyse_cancel_and_a_worker_that_dies(opened: MainWindow, qtbot: QtBot) -> None:
    session = opened.session
    tiles: list[bool] = []
    session.runs.tile_shown.connect(lambda: tiles.append(bool(session.layer and session.layer.provisional)))
    with qtbot.waitSignal(session.analysis_finished, timeout=60_000):
        opened.analyse()
        assert opened.progress_bar.isVisible()
        assert opened.actions_by_name["cancel"].isEnabled()
        assert not opened.actions_by_name["analyse"].isEnabled()
    assert tiles
    assert all(tiles)
    assert session.analysis is not None
    assert session.analysis.by == "A. Examiner"
    assert not opened.progress_bar.isVisible()
    kept = session.document.case

    with qtbot.waitSignal(session.analysis_stopped, timeout=10_000):
        opened.analyse()
        opened.actions_by_name["cancel"].trigger()
    assert session.document.case is kept
    assert session.layer_id == session.document.case.items[0].analyses[-1].id

    with qtbot.waitSignals([session.analysis_stopped, session.failed], timeout=10_000):
        opened.analyse()
        worker = session.engine.client.process_id
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
    assert session.document.case is kept
    assert "case is untouched" in opened.message_bar.text


def test_a_worker_gives_way_to_the_window() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as worker:
        let_window_go_first(worker.pid)
        assert psutil.Process(worker.pid).nice() != psutil.Process().nice()
        worker.communicate(b"\n")
    let_window_go_first(worker.pid)  # it is gone, and that is told elsewhere
