from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workbench.core.calibration import (
    CalibrationError,
    OwnCalibration,
    brightest_spot,
    calibration_file,
    calibration_of,
    own_calibration,
    spot_share,
)

SHA = "ab" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    return tmp_path


def made() -> OwnCalibration:
    spots = np.linspace(0.2, 0.6, 40)
    pictures = tuple((f"{number:064x}", float(spot)) for number, spot in enumerate(spots))
    return OwnCalibration(SHA, "Canon", "2026-11-20T12:00:00+00:00", calibration_of(spots), pictures)


def test_spot_is_the_largest_connected_part() -> None:
    response = np.zeros((20, 20), np.float32)
    response[2:6, 2:6] = 0.9
    response[6, 6] = 0.9  # touches at a corner: 8-connected
    response[15:17, 15:17] = 0.9
    assert spot_share(response, 0.5) == pytest.approx(17 / 400)
    assert spot_share(response, 0.95) == 0


def test_brightest_spot_ignores_small_ones() -> None:
    response = np.zeros((40, 50), np.float32)
    response[10:15, 10:15] = 0.6  # 1.25 % of the picture
    response[30:32, 30:32] = 0.9  # 0.2 %
    assert brightest_spot(response) == pytest.approx(0.6, abs=1e-3)


def test_one_in_twenty_is_over_the_threshold() -> None:
    spots = np.random.default_rng(0).uniform(0.1, 0.9, 400)
    found = calibration_of(spots)
    assert np.mean(spots > found.threshold) == pytest.approx(0.05)
    assert found.interval[0] < found.threshold < found.interval[1]
    assert found.pictures == 400


def test_more_pictures_give_a_narrower_interval() -> None:
    rng = np.random.default_rng(1)
    few, many = (calibration_of(rng.uniform(0, 1, count)).interval for count in (20, 1000))
    assert many[1] - many[0] < (few[1] - few[0]) / 3


def test_too_few_pictures_are_a_sentence() -> None:
    with pytest.raises(CalibrationError, match="at least 20"):
        calibration_of([0.5] * 19)


def test_what_is_written_is_found_again_for_these_weights_only() -> None:
    assert own_calibration(SHA) is None
    made().write()
    found = own_calibration(SHA)
    assert found == made()
    assert found.threshold.source.startswith("calibrated on 40 genuine pictures (Canon): 1 in 20")
    assert own_calibration("cd" * 32) is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"weights_sha256": "x"}'])
def test_a_damaged_file_is_told_not_used(text: str) -> None:
    path = calibration_file(SHA)
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    with pytest.raises(CalibrationError, match="remove the file"):
        own_calibration(SHA)


def test_a_file_of_other_weights_is_told() -> None:
    path = made().write()
    path.rename(calibration_file("cd" * 32))
    with pytest.raises(CalibrationError):
        own_calibration("cd" * 32)
