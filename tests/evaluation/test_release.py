from __future__ import annotations

import csv
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench import training
from workbench.core.calibration import Calibration
from workbench.core.weights import DEFAULT, WeightsCard, card_named
from workbench.evaluation import command_line
from workbench.evaluation.cards import (
    CardError,
    RecipeError,
    Trained,
    card_text,
    read_recipe,
    threshold_meaning,
)
from workbench.evaluation.release import Release, release
from workbench.methods.ela import error_level
from workbench.training.split import part_of

WEIGHTS = Path(__file__).parents[2] / "weights"
TRAINED = Trained(
    "tiny-1",
    "compact-1",
    "tiny-1.weights.h5",
    ("stage one", "stage two"),
    7,
    12.4,
    "2-core machine",
    ("Fails on night pictures.",),
)


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def given(tmp_path: Path) -> Release:
    rng = np.random.default_rng(0)
    for number in range(40):
        pixels = rng.integers(90, 160, (40, 40, 3)).astype(np.uint8)
        save(tmp_path / "photos" / "gb82" / f"photo-{number}.png", pixels)
        save(tmp_path / "genuine" / "images" / f"genuine-{number}.png", pixels[::-1].copy())
        if number < 4:
            mask = np.zeros((40, 40), np.uint8)
            mask[5:20, 5:20] = 255
            pixels[mask > 0] = rng.integers(0, 255, (int((mask > 0).sum()), 3))
            save(tmp_path / "edited" / "images" / f"{number}.png", pixels)
            save(tmp_path / "edited" / "masks" / f"{number}.png", mask)
    return Release(tmp_path / "photos", tmp_path / "genuine", (tmp_path / "edited",))


def test_a_release_writes_a_card_that_the_program_reads(given: Release, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / TRAINED.file).write_bytes(b"numbers")
    written = release(error_level, TRAINED, given, folder)
    card = WeightsCard.read(folder / "tiny-1.json")
    card.verify()
    assert card.sha256 == hashlib.sha256(b"numbers").hexdigest()
    assert card.threshold.value == pytest.approx(written["calibration"]["threshold"], abs=1e-4)
    *stated, last = card.limits
    assert tuple(stated) == TRAINED.limits
    counts = {source["source"]: source for source in written["calibration"]["sources"]}
    assert {source: entry["pictures"] for source, entry in counts.items()} == {
        "gb82": held_out_count(),
        "genuine": written["calibration"]["pictures"] - held_out_count(),
    }
    assert f"{counts['gb82']['with_spot']} of {held_out_count()} (gb82)" in last
    sets = {
        entry["name"]: entry
        for entry in json.loads((folder / "tiny-1.json").read_text())["results"]["datasets"]
    }
    assert sets["edited"]["beside_ela"]["difference"]["mean"] == 0
    assert sets["edited"]["pixel_auc_mean"] > 0.8
    assert sets["edited"]["image_auc"] is None, "the genuine pictures are of another source"
    assert sets["genuine"]["images"] + written["calibration"]["pictures"] == 40 + held_out_count()


def test_a_card_from_a_part_is_not_written(given: Release, tmp_path: Path) -> None:
    (tmp_path / TRAINED.file).write_bytes(b"numbers")
    (given.photos / "kodak24").mkdir()
    for folder, letter in (("gb82", "a"), ("kodak24", "z")):
        names = [name for number in range(200) if part_of(name := f"{letter}-{number}.png") == "held-out"]
        for name in names[:20]:
            shutil.copy(given.photos / "gb82" / "photo-0.png", given.photos / folder / name)
    card = release(error_level, TRAINED, replace(given, limit=20), tmp_path)
    sources = {entry["source"]: entry["pictures"] for entry in card["calibration"]["sources"]}
    assert set(sources) == {"gb82", "Kodak PCD0992", "genuine"}, "every k-th, not the first"
    assert sources["gb82"] + sources["Kodak PCD0992"] == len(range(0, 40 + held_out_count(), 3))
    assert not list(tmp_path.glob("tiny-1.*[!5]"))


def test_photographs_of_an_unknown_licence_are_told_before_measuring(given: Release, tmp_path: Path) -> None:
    photos = given.photos / "gb82"
    photos.rename(given.photos / "holidays")
    with pytest.raises(CardError, match=r"in holidays\. .* Add name and licence"):
        release(lambda _: pytest.fail("was measured"), TRAINED, given, tmp_path)


def test_the_command_writes_a_card_of_the_network(
    given: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, recipe = tmp_path / "weights", Path(training.__file__).parent / "recipes" / f"{DEFAULT}.json"
    folder.mkdir()
    shutil.copy(card_named().path, folder)
    words = ["card", str(recipe), "--minutes", "220", "--folder", str(folder), "--photos", str(given.photos)]
    words += ["--genuine", str(given.genuine), "--edited", str(given.edited[0])]
    words += ["--scratch", str(tmp_path / "scratch")]
    assert command_line.main([*words, "--limit", "40"]) == 0
    assert "no card was written" in capsys.readouterr().err
    assert not (folder / f"{DEFAULT}.json").exists()
    assert command_line.main(words) == 0
    written = WeightsCard.read(folder / f"{DEFAULT}.json")
    written.verify()
    assert written.sha256 == card_named().sha256
    assert capsys.readouterr().out == (folder / f"{DEFAULT}.md").read_text("utf-8")


def test_the_photographs_named_are_those_trained_on(given: Release, tmp_path: Path) -> None:
    (tmp_path / TRAINED.file).write_bytes(b"numbers")
    card = release(error_level, TRAINED, given, tmp_path)
    with (tmp_path / "tiny-1.photographs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["licence"] for row in rows} == {"CC0"}
    assert all(part_of(row["file"]) == "training" for row in rows)
    assert len(rows) == 40 - held_out_count() == card["training"]["photographs"][0]["pictures"]


def test_the_readable_card_says_what_matters(given: Release, tmp_path: Path) -> None:
    (tmp_path / TRAINED.file).write_bytes(b"numbers")
    text = card_text(release(error_level, TRAINED, given, tmp_path))
    for needed in (
        "Fails on night pictures.",
        "stage two",
        "CC-BY-4.0",
        "CVPR 2019",
        "| edited | 4 |",
        "no probability",
    ):
        assert needed in text


def test_threshold_is_shown_with_its_meaning() -> None:
    text = threshold_meaning(Calibration(0.61, 120, (0.55, 0.7)))
    assert text.startswith("1 in 20 genuine pictures")
    assert "N = 120" in text


def held_out_count() -> int:
    return sum(part_of(f"photo-{number}.png") == "held-out" for number in range(40))


def test_the_shipped_recipe_is_complete() -> None:
    trained = read_recipe(Path(training.__file__).parent / "recipes" / f"{DEFAULT}.json", 100)
    assert trained.name == trained.configuration == DEFAULT
    assert all(stage.endswith(".") for stage in trained.stages)
    assert trained.minutes == 100


def test_the_shipped_card_is_that_of_its_recipe_to_read_and_for_the_program() -> None:
    card = json.loads((WEIGHTS / f"{DEFAULT}.json").read_text("utf-8"))
    assert (WEIGHTS / f"{DEFAULT}.md").read_text("utf-8") == card_text(card)
    trained = read_recipe(Path(training.__file__).parent / "recipes" / f"{DEFAULT}.json", 100)
    assert card["limits"][: len(trained.limits)] == list(trained.limits)
    assert card["training"]["recipe"] == list(trained.stages)


@pytest.mark.parametrize("text", ["", "[]", '{"name": "x"}'])
def test_a_bad_recipe_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(text, "utf-8")
    with pytest.raises(RecipeError, match="no description"):
        read_recipe(path, 1)
