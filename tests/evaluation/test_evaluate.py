from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench import cli
from workbench.core.calibration import CalibrationError
from workbench.core.weights import card_named
from workbench.evaluation import command_line
from workbench.evaluation.calibration import calibrate, for_calibration
from workbench.evaluation.datasets import EvaluationError, open_dataset
from workbench.evaluation.evaluate import difference, evaluate, evaluate_beside, run_method
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
    save(tmp_path / "unread" / "images", "0.png", np.zeros((9, 9, 3), np.uint8))
    (tmp_path / "unread" / "masks").mkdir()
    (tmp_path / "unread" / "masks" / "0.gif").touch()
    with pytest.raises(EvaluationError, match="holds no masks"):
        open_dataset(tmp_path / "unread")
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
        "f1_fixed", "iou_fixed", "threshold", "image_auc", "image_auc_against", "scored", "genuine",
        "seconds_per_megapixel",
    }  # fmt: skip
    assert set(first) == set(second) == agreed
    assert first["pixel_auc_mean"] > 0.98
    assert first["f1_fixed"] > 0.9
    assert first["image_auc"] == 1.0
    assert first["image_auc_against"] == ["genuine"]
    assert first["scored"] == first["images"] == 7
    assert second["scored"] is second["image_auc_against"] is None
    assert second["genuine"]["share_with_spot"] == 0
    assert second["genuine"]["share_with_spot_interval"] == pytest.approx([0, 1 - 0.025 ** (1 / 5)])
    assert second["pixel_auc_mean"] is None


def test_pictures_without_a_score_are_counted_apart(
    edited: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    save(edited / "masks", "3.png", np.full((48, 64), 255, np.uint8))
    target = tmp_path / "figures.json"
    assert (
        command_line.main(["evaluate", str(edited), "--method", "centre", "--json", str(target)]) == cli.DONE
    )
    report = json.loads(target.read_text("utf-8"))
    (entry,) = report["datasets"]
    assert (entry["images"], entry["scored"]) == (7, 6)
    assert entry["image_auc"] is entry["image_auc_against"] is None, "there is no genuine set"
    assert report["weights_sha256"] is None
    assert "7 pictures (6 scored)" in capsys.readouterr().out


def test_published_image_aucs_are_within_one_source(edited: Path, genuine: Path) -> None:
    sets = [open_dataset(edited), open_dataset(genuine)]
    first, _ = evaluate_beside(flatness, "flat", sets, 0.5)["datasets"]
    assert first["image_auc"] is first["image_auc_against"] is None
    assert first["beside_ela"]["difference"]["mean"] > 0.5
    same = genuine.rename(genuine.with_name("edited_genuine"))
    first, _ = evaluate_beside(flatness, "flat", [sets[0], open_dataset(same)], 0.5)["datasets"]
    assert (first["image_auc"], first["image_auc_against"]) == (1.0, ["edited_genuine"])


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


def test_the_network_is_measured_at_the_threshold_of_its_card(
    edited: Path, genuine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "not yet there" / "figures.json"
    words = ["evaluate", str(edited), str(genuine), "--limit", "2", "--json", str(target)]
    assert cli.main(words) == cli.DONE
    report, card = json.loads(target.read_text("utf-8")), card_named()
    assert report["weights"] == card.name
    assert report["weights_sha256"] == card.sha256
    assert [entry["threshold"] for entry in report["datasets"]] == [card.threshold.value] * 2
    assert report["datasets"][0]["scored"] == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in told] == [
        "edited, 2 pictures (set 1 of 2)",
        "genuine, 2 pictures (set 2 of 2)",
    ]


def test_a_weight_file_has_no_threshold_and_the_command_says_so(
    edited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, card = tmp_path / "figures.json", card_named()
    words = ["evaluate", str(edited), "--weights", str(card.path), "--limit", "2", "--json", str(target)]
    assert cli.main(words) == cli.DONE
    report = json.loads(target.read_text("utf-8"))
    assert report["weights_sha256"] == card.sha256
    assert report["datasets"][0]["threshold"] == 0.5
    assert "measured at 0.5. Give --threshold" in capsys.readouterr().err
    assert cli.main([*words, "--threshold", "0.25"]) == cli.DONE
    assert json.loads(target.read_text("utf-8"))["datasets"][0]["threshold"] == 0.25
    assert "--threshold" not in capsys.readouterr().err


def test_a_file_that_can_not_be_written_is_told_before_measuring(
    edited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "evaluate", lambda *_: pytest.fail("was measured"))
    (tmp_path / "file").write_text("no folder")
    for target in (tmp_path, tmp_path / "file" / "figures.json"):
        words = ["evaluate", str(edited), "--method", "centre", "--json", str(target)]
        assert command_line.main(words) == cli.FAILED
        assert capsys.readouterr().err.splitlines()[-1].startswith("A file or folder can't be used: ")
    assert not list(edited.glob("*.json"))


@pytest.mark.parametrize(
    "wrong", [("--limit", "-3"), ("--limit", "0"), ("--limit", "2.5"), ("--threshold", "7")]
)
def test_numbers_without_a_meaning_are_wrong_usage(
    edited: Path, wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for main in (cli.main, command_line.main):
        with pytest.raises(SystemExit) as ended:
            main(["evaluate", str(edited), "--method", "centre", *wrong])
        assert ended.value.code == cli.WRONG_USAGE
        assert f"'{wrong[1]}' is not a" in capsys.readouterr().err


def test_a_missing_file_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["accuracy", str(tmp_path), "--photos", str(tmp_path), "--scratch", str(tmp_path / "scratch")]
    assert command_line.main([*words, "--ablations", str(tmp_path / "none.json")]) == cli.FAILED
    assert "none.json" in capsys.readouterr().err
    (tmp_path / "bad.json").write_text("{")
    assert command_line.main([*words, "--ablations", str(tmp_path / "bad.json")]) == cli.FAILED
    assert "bad.json holds no figures of ablations" in capsys.readouterr().err
