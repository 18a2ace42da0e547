"""An examiner moves the threshold, draws a region, runs it again and takes steps back."""

from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest

from workbench.core.analysis import Kind
from workbench.core.weights import card_named
from workbench.gui.main_window import MainWindow

Play = Callable[..., int]


def test_threshold_changes_findings_and_is_recorded(play: Play, photo: Path) -> None:
    def story(window: MainWindow) -> Generator[Callable[[], object], None, None]:
        session = window.session
        yield lambda: session.picture
        window.analyse()
        yield lambda: session.analysis and session.findings
        assert session.analysis.threshold == card_named().threshold
        response = session.document.maps.get_map(session.analysis.map_sha256).response
        low = float(np.median(response))
        window.threshold_number.setValue(low)
        yield lambda: session.findings and session.findings.threshold == pytest.approx(low, abs=1e-3)
        assert 0.4 < session.findings.share < 0.6
        assert window.findings_table.model().rowCount() == len(session.findings.listed) > 0
        assert session.analysis.threshold.source == "set by the examiner"
        window.threshold_number.setValue(1.0)
        yield lambda: session.findings and session.findings.share == 0
        assert window.findings_table.model().rowCount() == 0

    assert play(story, photo) == 0


def test_region_is_a_layer_of_its_own_and_can_be_undone(play: Play, photo: Path) -> None:
    def story(window: MainWindow) -> Generator[Callable[[], object], None, None]:
        session = window.session
        yield lambda: session.picture
        window.analyse()
        yield lambda: session.analysis
        whole = session.analysis
        session.add_region(120, 60, 160, 128)
        region = session.region
        assert region.name == "R1"
        window.actions_by_name["analyse_region"].trigger()
        yield lambda: len(session.item.analyses) == 2
        run = session.item.analyses[1]
        assert (run.kind, run.region.box, run.map_shape) == (Kind.REGION, (120, 60, 160, 128), (128, 160))
        assert session.item.analyses[0].map_sha256 == whole.map_sha256
        maps = session.document.maps
        part = maps.get_map(whole.map_sha256).response[region.slices]
        assert np.abs(maps.get_map(run.map_sha256).response - part).max() > 1e-4  # statistics of the crop
        yield lambda: window.layers_list.count() == 4  # picture alone, whole picture, R1, families
        session.remove_region()
        assert session.item.regions == ()
        assert len(session.item.analyses) == 2  # what was run stays
        window.actions_by_name["undo"].trigger()
        assert [r.box for r in session.item.regions] == [region.box]
        window.actions_by_name["redo"].trigger()
        assert session.item.regions == ()

    assert play(story, photo) == 0
