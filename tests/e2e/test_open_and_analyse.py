"""An examiner opens a photograph, sees it at once, analyses it and reads the map."""

import hashlib
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np

from workbench.gui.main_window import MainWindow

Play = Callable[..., int]


def test_open_analyse_and_read_the_map(play: Play, photo: Path) -> None:
    before = (hashlib.sha256(photo.read_bytes()).hexdigest(), photo.stat().st_mtime_ns)

    def story(window: MainWindow) -> Generator[Callable[[], object], None, None]:
        session = window.session
        yield lambda: session.picture
        assert session.picture.evidence.pixels.shape == (300, 451, 3)
        assert not session.item.analyses  # the picture is there before anything was computed
        window.actions_by_name["analyse"].trigger()
        yield lambda: session.runs.busy
        assert window.actions_by_name["cancel"].isEnabled()
        yield lambda: session.analysis and session.findings
        heatmap = session.document.maps.get_map(session.analysis.map_sha256)
        assert heatmap.shape == (300, 451)
        assert np.ptp(heatmap.response) > 0.01
        assert window.runs_table.model().rowCount() == 1
        x, y = 100, 50
        numbers = window.stage.numbers_at(x, y)
        assert f"{heatmap.response[y, x]:.3f}" in numbers
        assert all(str(v) in numbers for v in session.picture.evidence.pixels[y, x])
        assert window.message_bar.messages == []

    assert play(story, photo) == 0
    assert (hashlib.sha256(photo.read_bytes()).hexdigest(), photo.stat().st_mtime_ns) == before


def test_two_pictures_are_opened_and_analysed_one_after_the_other(
    play: Play, two_photos: tuple[Path, Path]
) -> None:
    def story(window: MainWindow) -> Generator[Callable[[], object], None, None]:
        session = window.session
        yield lambda: len(session.document.case.items) == 2 and session.picture
        for item in session.document.case.items:
            session.choose_item(item.id)
            yield lambda: session.picture
            window.analyse()
            yield lambda: session.item.analyses
        names = {item.name: len(item.analyses) for item in session.document.case.items}
        assert names == {"chelsea.png": 1, "coffee.jpg": 1}

    assert play(story, *two_photos) == 0
