"""`workbench calibrate` with the real worker and the shipped weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.cli import DONE, FAILED, main
from workbench.core.calibration import calibration_file, own_calibration
from workbench.core.weights import card_named


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def genuine(tmp_path: Path) -> Path:
    folder = tmp_path / "my camera"
    folder.mkdir()
    for number in range(21):
        rng = np.random.default_rng(number)
        pixels = np.linspace(40, 200, 64)[None, :, None] + rng.normal(0, 3 + number / 4, (48, 64, 3))
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / f"{number:02}.png")
    (folder / "notes.txt").write_text("not a picture")
    return folder


def test_own_pictures_give_a_threshold_that_analyze_uses(
    genuine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = genuine / "damaged.jpg"
    damaged.write_bytes(b"no picture")
    assert main(["calibrate", str(genuine)]) == DONE
    out, err = capsys.readouterr()
    assert "calibrated on 21 genuine pictures (my camera)" in out
    assert err.count("Left out") == 1
    found = own_calibration(card_named().sha256)
    assert found is not None
    assert found.calibration.pictures == len(found.pictures) == 21
    target = tmp_path / "out"
    words = ["analyze", str(genuine / "03.png"), "--threshold", "calibrated", "--out", str(target)]
    assert main(words) == DONE
    run = json.loads((target / "record.json").read_bytes())["runs"][0]
    assert run["threshold"] == {"value": found.threshold.value, "source": found.threshold.source}


def test_what_was_measured_is_not_run_again(genuine: Path) -> None:
    assert main(["calibrate", str(genuine)]) == DONE
    kept = calibration_file(card_named().sha256).with_suffix(".measured.json")
    spots = dict.fromkeys(json.loads(kept.read_text()), 0.25)
    kept.write_text(json.dumps(spots))
    assert main(["calibrate", str(genuine)]) == DONE
    found = own_calibration(card_named().sha256)
    assert found is not None
    assert found.calibration.threshold == 0.25


def test_too_few_pictures_are_told_before_anything_runs(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", str(tmp_path)]) == FAILED
    assert "at least 20" in capsys.readouterr().err
    assert not (home / "worker.log").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(tmp_path / "no such folder")]) == FAILED
    told = capsys.readouterr().err
    assert told.startswith(f"There is no folder {tmp_path / 'no such folder'}")
    assert "pictures, too few" not in told


def test_calibrated_without_a_calibration_is_a_sentence(
    genuine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["analyze", str(genuine / "03.png"), "--threshold", "calibrated", "--out", str(tmp_path / "out")]
    assert main(words) == FAILED
    assert "workbench calibrate FOLDER" in capsys.readouterr().err
