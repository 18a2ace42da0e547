"""What several tests of the window need."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from workbench.core.analysis import Analysis
from workbench.core.heatmap import Response
from workbench.gui.main_window import MainWindow

PutMap = Callable[..., Analysis]


def open_and_wait(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignal(window.session.picture_opened):
        window.open_paths([path])


def two_spots(height: int = 300, width: int = 451) -> Response:
    """A quiet map with a spot of 0.9 over 40 x 20 pixels and one of 0.6 over 12 x 12."""
    response = np.full((height, width), 0.1, np.float32)
    response[100:120, 200:240] = 0.9
    response[200:212, 50:62] = 0.6
    return response
