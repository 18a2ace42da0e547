"""Where the limits of the method bite: the window says so where the report does, and nowhere else."""

from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait

from workbench.core.findings import find
from workbench.core.limits import Limit, of_file, of_run, of_size
from workbench.gui import wording
from workbench.gui.main_window import MainWindow
from workbench.report.sentences import run_limits

WIDE = (10, 10, 200, 150)
SMALL = (10, 10, 60, 40)


@pytest.mark.parametrize(
    ("quality", "box", "share"),
    [(70, None, 0.9), (80, None, 0.5), (95, WIDE, 0.3), (96, SMALL, 0.0), (79, SMALL, 0.3), (90, WIDE, 0.9)],
)
def test_window_and_report_know_the_same_limits(
    window: MainWindow,
    put_map: PutMap,
    tmp_path: Path,
    qtbot: QtBot,
    quality: int,
    box: tuple[int, int, int, int] | None,
    share: float,
) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(skimage.data.chelsea()).save(path, quality=quality)
    open_and_wait(qtbot, window, path)
    if box:
        window.session.add_region(*box)
    region, item = window.session.region, window.session.item
    assert item is not None
    response = np.full((region.height, region.width) if region else (300, 451), 0.1, np.float32)
    response[: round(share * len(response))] = 0.9
    run = put_map(window, response, region)
    findings = find(response, 0.5)
    said = wording.limits_of_run(findings, run, item)
    assert len(said) == len(run_limits(run, findings, item.decode))
    assert len(said) == len(of_run(run, findings, item.decode))


def test_a_small_region_of_a_large_picture_is_called_small(
    opened: MainWindow, put_map: PutMap, qtbot: QtBot
) -> None:
    opened.session.add_region(10, 10, 60, 40)
    put_map(opened, np.full((40, 60), 0.1, np.float32), opened.session.region)
    assert "this region is very small" in opened.parts.findings.warning.text()


def test_what_is_small_depends_on_the_network() -> None:
    assert of_size((300, 62), "compact-1") == ()
    assert of_size((300, 61), "compact-1") == (Limit.FEW_WINDOWS,)
    assert of_size((300, 62), "mantranet-0") == (Limit.FEW_WINDOWS,)


def test_a_picture_that_is_no_jpeg_has_no_quality(opened: MainWindow) -> None:
    assert opened.session.item is not None
    assert of_file(opened.session.item.decode) == ()
