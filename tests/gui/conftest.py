"""A real window, offscreen, with a user folder of its own; and real pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import skimage.data
from PIL import Image
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait

from workbench.core.analysis import Analysis, Outcome, Provenance, analysis_of, request_for
from workbench.core.heatmap import Heatmap, Response
from workbench.core.region import Region
from workbench.core.settings import Settings, Theme
from workbench.gui import layers
from workbench.gui.main_window import MainWindow
from workbench.gui.runs import Result

ORIENTATION = 0x0112


def pytest_configure(config: pytest.Config) -> None:
    # Qt's own plugin for no screen says so of every window that is shown; it says nothing of this program.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(Settings(theme=Theme.LIGHT, examiner="A. Examiner"))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def turned(tmp_path: Path) -> Path:
    """A photograph stored as 640 x 427 and to be shown turned by 90° to the right."""
    path = tmp_path / "turned.jpg"
    image = Image.fromarray(skimage.data.coffee()).resize((640, 427))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    image.save(path, quality=71, exif=exif)
    return path


@pytest.fixture
def opened(window: MainWindow, photo: Path, qtbot: QtBot) -> MainWindow:
    """The window with one photograph of 451 x 300."""
    open_and_wait(qtbot, window, photo)
    return window


@pytest.fixture
def put_map(qtbot: QtBot) -> PutMap:
    """Hand the window a finished run, as the engine's reader would; tests of the engine run the network."""

    def put(window: MainWindow, response: Response, region: Region | None = None) -> Analysis:
        session = window.session
        item, card = session.item, session.preferences.card
        assert item is not None
        assert card is not None
        request = request_for(item.path, item.sha256, region, card)
        made = Provenance(
            "none", "float32", 512, 0.1, "2026-01-01T12:00:00+00:00", item.decode.decoded_sha256
        )
        outcome = Outcome(Heatmap.of(response), made)
        analysis = analysis_of(request, outcome, card, "A. Examiner")
        layer = layers.finished(analysis.id, analysis.title, outcome.heatmap.response, analysis.origin)
        with qtbot.waitSignal(session.analysis_finished):
            session.runs.finished.emit(Result(item.id, analysis, outcome, layer))
        with qtbot.waitSignal(session.findings_changed):
            session.choose_layer(analysis.id)
        return analysis

    return put
