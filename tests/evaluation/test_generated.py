from __future__ import annotations

import numpy as np
import pytest

from workbench.evaluation import generated
from workbench.evaluation.methods import centre_prior
from workbench.methods.ela import error_level
from workbench.methods.noise import noise_level
from workbench.training.forgeries import KINDS
from workbench.training.photos import Photo


@pytest.fixture(scope="module")
def photos() -> list[Photo]:
    rng = np.random.default_rng(0)
    slope = np.linspace(30, 220, 300)[None, :, None]
    return [
        Photo(f"{number}.png", np.clip(slope + rng.normal(0, 6, (280, 300, 3)), 0, 255).astype(np.uint8))
        for number in range(3)
    ]


@pytest.fixture(scope="module")
def made(photos: list[Photo]) -> dict:
    return generated.forgeries(photos, 2, 96)


def test_each_kind_is_made_the_same_every_time(photos: list[Photo], made: dict) -> None:
    assert tuple(made) == KINDS[1:]
    again = generated.forgeries(photos, 2, 96)
    assert all(
        np.array_equal(one.picture, other.picture) and one.mask.any()
        for kind in made
        for one, other in zip(made[kind], again[kind], strict=True)
    )


def test_kinds_are_measured_alone_and_together(made: dict) -> None:
    found = generated.by_kind({"ela": error_level, "centre": centre_prior}, made)
    assert set(found) == {*KINDS[1:], "all"}
    assert found["all"]["ela"]["n"] == 8
    means = [found[kind]["ela"]["mean"] for kind in KINDS[1:]]
    assert found["all"]["ela"]["mean"] == pytest.approx(np.mean(means))
    assert found["all"]["ela"]["interval"][0] <= found["all"]["ela"]["mean"]
    difference = found["all"]["centre"]["difference"]
    assert difference["mean"] == pytest.approx(found["all"]["ela"]["mean"] - found["all"]["centre"]["mean"])
    assert difference["interval"][0] < difference["mean"] < difference["interval"][1]
    assert "difference" not in found["all"]["ela"]


def test_strengths_are_chosen_from_end_to_end() -> None:
    chosen = generated.chosen_strengths()
    noise = [m.amount() for m in chosen if m.name == "GaussianNoise"]
    assert noise == sorted(noise)
    assert (noise[0], noise[-1]) == (3, 35)
    assert len({m.name for m in chosen}) == 24


def test_noise_is_seen_by_the_method_for_noise(photos: list[Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "PATCH", 96)
    entries = generated.sensitivity({"noi1": noise_level}, photos, 2)
    strong = next(e for e in entries if e["operation"] == "GaussianNoise" and e["strength"] == "35")
    assert strong["family"] == "noise"
    assert strong["noi1"]["mean"] > 0.9


def test_processing_keeps_picture_and_truth_together(made: dict) -> None:
    forgery = made["splicing"][0]
    for process in generated.processes():
        picture, mask = process.apply((forgery.picture, forgery.mask))
        assert picture.shape[:2] == mask.shape
        assert mask.mean() == pytest.approx(forgery.mask.mean(), abs=0.02)
        assert (process.name == "none") == np.array_equal(picture, forgery.picture)


def test_smoothing_touches_the_border_only(made: dict) -> None:
    forgery = made["splicing"][0]
    process = next(p for p in generated.processes() if p.name == "edge smoothing")
    picture, _ = process.apply((forgery.picture, forgery.mask))
    changed = (picture != forgery.picture).any(axis=-1)
    assert changed.any()
    assert changed.mean() < 0.4
