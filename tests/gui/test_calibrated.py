"""The user's own calibration in the window: offered where there is one for these weights."""

import numpy as np
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.core.calibration import OwnCalibration, calibration_file, calibration_of
from workbench.gui.main_window import MainWindow


def calibrate(sha256: str) -> OwnCalibration:
    spots = np.linspace(0.4, 0.8, 30)
    pictures = tuple((f"{number:064x}", float(spot)) for number, spot in enumerate(spots))
    made = OwnCalibration(sha256, "Canon", "2026-11-20T12:00:00+00:00", calibration_of(spots), pictures)
    made.write()
    return made


def test_without_a_calibration_nothing_is_offered(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots())
    assert opened.parts.response.calibrated.isHidden()


def test_the_calibrated_threshold_is_set_with_its_source(
    opened: MainWindow, put_map: PutMap, qtbot: QtBot
) -> None:
    own = calibrate(put_map(opened, two_spots()).weights.sha256)
    opened.session.layer_changed.emit()
    button = opened.parts.response.calibrated
    assert not button.isHidden()
    assert "calibrated on 30 genuine pictures (Canon)" in button.toolTip()
    button.click()
    assert opened.session.analysis is not None
    assert opened.session.analysis.threshold == own.threshold
    assert opened.threshold_number.value() == round(own.threshold.value, 3)
    assert "Canon" in opened.parts.response.source.text()
    opened.session.document.undo()
    assert opened.session.analysis.threshold != own.threshold


def test_a_damaged_calibration_is_told_and_not_offered(opened: MainWindow, put_map: PutMap) -> None:
    path = calibration_file(put_map(opened, two_spots()).weights.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}", "utf-8")
    opened.session.layer_changed.emit()
    assert opened.parts.response.calibrated.isHidden()
    assert "can't be read" in opened.message_bar.text
