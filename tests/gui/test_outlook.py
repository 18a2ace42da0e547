"""What a run will take, said before it; time left that does not jump; settings that reach the engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot
from window_helpers import open_and_wait

from workbench.core.method import Plan
from workbench.engine.messages import Planned, Progress
from workbench.gui.main_window import MainWindow
from workbench.gui.outlook import SteadyEnd, clock_words, plan_words
from workbench.methods.mantranet.runtimes.openvino import openvino  # from there: it silences telemetry


def test_a_plan_in_words() -> None:
    plan = Plan(tile=512, memory=1_400_000_000, disk=2_100_000_000, seconds=41.6)
    assert plan_words(plan) == "about 0:42, 1.4 GB of memory, 2.1 GB on disk"
    assert plan_words(replace(plan, disk=0, memory=320_000_000)) == "about 0:42, 320 MB of memory"


def test_long_and_short_times() -> None:
    assert clock_words(0.2) == "0:01"
    assert clock_words(61) == "1:01"
    assert clock_words(3727) == "1:02:07"


def test_time_left_falls_by_a_second_each_second_and_follows_slowly() -> None:
    end = SteadyEnd(40.0)
    assert end.left(10.0) == 30.0
    end.hear(10.0, 70.0)  # one slow tile
    first = end.left(10.0)
    assert first == 40.0
    for second in range(11, 40):
        end.hear(float(second), 80.0 - second)
    assert end.left(40.0) == pytest.approx(40.0, abs=0.1)
    assert end.left(200.0) == 0.0


def test_nothing_is_promised_before_there_is_an_estimate() -> None:
    end = SteadyEnd()
    end.hear(1.0, None)
    assert end.left(2.0) is None


def test_the_plan_stands_in_the_status_bar_until_the_first_tile(opened: MainWindow) -> None:
    opened.analyse()
    run = opened.session.runs.current
    assert run is not None
    plan = Plan(tile=512, memory=1_400_000_000, disk=0, seconds=42.0)
    opened.session.runs.receive(Planned(run.request.id, plan))
    assert opened.tiles_label.text() == "about 0:42, 1.4 GB of memory"
    opened.session.runs.receive(Progress(run.request.id, 1, 40, 41.0))
    assert opened.tiles_label.text().startswith("tile 1 of 40, 0:4")
    opened.cancel()


def test_the_real_worker_plans_and_the_plan_is_shown(opened: MainWindow, qtbot: QtBot) -> None:
    told = []
    opened.session.runs.planned.connect(lambda plan: told.append((plan, opened.tiles_label.text())))
    opened.session.runs.planned.connect(lambda _: told.append(opened.tiles_label.text()))
    with qtbot.waitSignal(opened.session.analysis_finished, timeout=60_000):
        opened.analyse()
    (plan, _), words = told
    assert plan.memory > 1e8
    assert words == plan_words(plan)
    assert opened.tiles_label.text() == ""


def test_too_little_memory_is_a_sentence(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "large.png"
    Image.fromarray(np.zeros((600, 800, 3), np.uint8)).save(path)
    open_and_wait(qtbot, window, path)
    preferences = window.session.preferences
    preferences.change(replace(preferences.settings, memory=1_000_000))
    with qtbot.waitSignal(window.session.analysis_stopped, timeout=60_000):
        window.analyse()
    assert "of memory" in window.message_bar.text
    assert window.session.document.case.items[0].analyses == ()


def test_runtime_and_precision_of_the_settings_reach_the_record(opened: MainWindow, qtbot: QtBot) -> None:
    preferences = opened.session.preferences
    preferences.change(replace(preferences.settings, runtime="openvino", precision="bfloat16"))
    with qtbot.waitSignal(opened.session.analysis_finished, timeout=60_000) as finished:
        opened.analyse()
    made = finished.args[0].provenance
    capabilities = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    assert made.precision == ("bfloat16" if "BF16" in capabilities else "float32")  # what it computed in
    assert "OpenVINO" in made.runtime
    assert "chosen as the fastest" not in opened.status_label.text()
