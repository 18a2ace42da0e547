from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.core.calibration import CalibrationError
from workbench.evaluation import command_line
from workbench.evaluation.calibration import calibrate, for_calibration
from workbench.evaluation.datasets import EvaluationError, open_dataset
from workbench.evaluation.evaluate import difference, evaluate, run_method
from workbench.evaluation.methods import centre_prior


def save(folder: Path, name: str, pixels: np.ndarray) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(folder / name)


def texture(seed: int, height: int = 48, width: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3)).astype(np.uint8)


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """Seven noisy pictures with a flat part in the middle, which is the truth."""
    folder = tmp_path / "edited"
    for number in range(7):
        picture, mask = texture(number), np.zeros((48, 64), np.uint8)
        mask[16:32, 20:44] = 255
        picture[mask > 0] = 128
        save(folder / "images", f"{number}.png", picture)
        save(folder / "masks", f"{number}.png", mask)
    return folder


@pytest.fixture
def genuine(tmp_path: Path) -> Path:
    folder = tmp_path / "genuine"
    for number in range(5):
        save(folder / "images", f"{number}.png", texture(100 + number))
    return folder


def flatness(picture: np.ndarray) -> np.ndarray:
    """A method that is right about these pictures."""
    grey = picture.mean(axis=-1)
    return (0.9 * (np.abs(grey - 128) < 0.5)).astype(np.float32)


def test_a_folder_is_read_in_order_with_its_masks(edited: Path) -> None:
    dataset = open_dataset(edited)
    samples = list(dataset.samples())
    assert dataset.name == "edited"
    assert not dataset.genuine
    assert [sample.name for sample in samples] == [f"{number}.png" for number in range(7)]
    assert all(sample.truth is not None and sample.truth.sum() == 16 * 24 for sample in samples)


@pytest.mark.parametrize(
    ("limit", "expected"), [(3, [0, 3, 6]), (4, [0, 2, 4, 6]), (7, list(range(7))), (99, list(range(7)))]
)
def test_limit_takes_every_kth(edited: Path, limit: int, expected: list[int]) -> None:
    assert [path.stem for path in open_dataset(edited, limit).images] == [str(number) for number in expected]


def test_folders_that_can_not_be_measured_are_sentences(edited: Path, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no folder images"):
        open_dataset(tmp_path / "nowhere")
    (edited / "masks" / "3.png").unlink()
    with pytest.raises(EvaluationError, match="no mask"):
        list(open_dataset(edited).samples())
    save(edited / "masks", "3.png", np.zeros((9, 9), np.uint8))
    with pytest.raises(EvaluationError, match="size"):
        list(open_dataset(edited).samples())


def test_report_has_the_agreed_keys(edited: Path, genuine: Path) -> None:
    report, _ = evaluate(flatness, "flat", [open_dataset(edited), open_dataset(genuine)], 0.5)
    first, second = json.loads(json.dumps(report))["datasets"]
    agreed = {
        "name", "images", "pixel_auc_mean", "pixel_auc_interval", "pixel_auc_pooled", "f1_best_mean",
        "f1_fixed", "iou_fixed", "threshold", "image_auc", "genuine", "seconds_per_megapixel",
    }  # fmt: skip
    assert set(first) == set(second) == agreed
    assert first["pixel_auc_mean"] > 0.98
    assert first["f1_fixed"] > 0.9
    assert first["image_auc"] == 1.0
    assert second["genuine"]["share_with_spot"] == 0
    assert second["genuine"]["share_with_spot_interval"] == pytest.approx([0, 1 - 0.025 ** (1 / 5)])
    assert second["pixel_auc_mean"] is None


def test_differences_are_paired(edited: Path) -> None:
    dataset = open_dataset(edited)
    right, control = (run_method(method, dataset, 0.5) for method in (flatness, centre_prior))
    found = difference(right, control)
    assert found["mean"] == pytest.approx(float((right.aucs() - control.aucs()).mean()))
    assert found["interval"][0] <= found["mean"] <= found["interval"][1]


def test_control_looks_at_no_pixel() -> None:
    first, second = centre_prior(texture(0)), centre_prior(texture(1))
    assert np.array_equal(first, second)
    assert first.shape == (48, 64)
    assert first[24, 32] > first[0, 0]


def test_calibration_lets_one_in_twenty_through() -> None:
    levels = np.linspace(0.1, 0.9, 200)

    def method(picture: np.ndarray) -> np.ndarray:
        return np.full((20, 20), levels[int(picture[0, 0, 0])], np.float32)

    pictures = (("ab"[number > 150], np.full((20, 20, 3), number, np.uint8)) for number in range(200))
    found, sources = calibrate(method, pictures)
    assert found.pictures == 200
    counts = [(source.source, source.pictures, source.with_spot) for source in sources]
    assert counts == [("a", 151, 0), ("b", 49, 10)], "the one source has all of them"
    assert (levels > found.threshold).mean() == pytest.approx(0.05, abs=0.006)
    assert found.interval[0] < found.threshold < found.interval[1]


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(CalibrationError, match="too few"):
        calibrate(centre_prior, (("one", texture(i)) for i in range(3)))


def test_half_of_the_genuine_set_is_kept_for_checking() -> None:
    chosen = [for_calibration(f"Au_{number}.jpg") for number in range(1000)]
    assert 430 < sum(chosen) < 570


def test_command_measures_and_compares(
    edited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "figures.json"
    code = command_line.main(
        ["evaluate", str(edited), "--method", "centre", "--compare", "--json", str(target)]
    )
    assert code == 0
    entry = json.loads(target.read_text("utf-8"))["datasets"][0]
    assert entry["beside_centre"]["difference"]["mean"] == 0
    assert entry["beside_ela"]["pixel_auc_mean"] < 0.35, "flat parts change least"
    assert capsys.readouterr().out.startswith("edited: 7 pictures, pixel AUC")


def test_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["evaluate", str(tmp_path), "--method", "ela"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
