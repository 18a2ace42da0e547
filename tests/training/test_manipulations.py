from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest

from workbench.training.manipulations import (
    FAMILIES,
    Manipulation,
    all_manipulations,
    apply,
    by_name,
    draw_manipulation,
    family_of_leaf,
    group_of_leaf,
)
from workbench.training.photos import Photo, Picture


@pytest.fixture
def picture(photos: list[Photo]) -> Picture:
    return np.ascontiguousarray(photos[0].pixels[:96, :96])


def leaf(name: str, strength: str) -> Manipulation:
    return next(m for m in by_name()[name] if m.strength == strength)


def test_the_tree_has_the_nodes_of_the_figure() -> None:
    leaves = all_manipulations()
    assert [m.leaf for m in leaves] == list(range(1, 381))
    levels = [
        {getattr(m, level) for m in leaves} for level in ("family", "group", "level2", "level3", "level4")
    ]
    assert [len(nodes) for nodes in levels] == [len(FAMILIES), 27, 49, 96, 191]
    assert all(nodes == set(range(1, len(nodes) + 1)) for nodes in levels)


def test_every_node_has_one_parent() -> None:
    for child, parent in (
        ("group", "family"),
        ("level2", "group"),
        ("level3", "level2"),
        ("level4", "level3"),
    ):
        pairs = {(getattr(m, child), getattr(m, parent)) for m in all_manipulations()}
        assert len(pairs) == len({node for node, _ in pairs})


def test_double_compression_covers_all_pairs() -> None:
    pairs = {m.qualities() for m in by_name()["JPEGDoubleCompress"]}
    assert len(pairs) == 64
    assert len({first for first, _ in pairs}) == len({second for _, second in pairs}) == 8


def test_tables_count_the_untouched_class_first() -> None:
    assert group_of_leaf().shape == family_of_leaf().shape == (381,)
    assert group_of_leaf()[0] == family_of_leaf()[0] == 0
    assert group_of_leaf()[365] == 25  # dithering


@pytest.mark.parametrize("name", sorted(by_name()))
def test_each_operation_changes_pixels_and_keeps_the_form(name: str, picture: Picture) -> None:
    before = picture.copy()
    leaves = by_name()[name]
    for manipulation in (leaves[0], leaves[-1]):
        changed = apply(manipulation, picture, np.random.default_rng(1))
        assert changed.shape == picture.shape
        assert changed.dtype == np.uint8
        assert not np.array_equal(changed, picture)
    assert np.array_equal(before, picture), "the source must stay as it is"


@pytest.mark.parametrize("name", sorted(by_name()))
def test_each_operation_is_fixed_by_the_seed(name: str, picture: Picture) -> None:
    manipulation = by_name()[name][0]
    first, again = (apply(manipulation, picture, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    ("name", "unit"), [("GaussianNoise", 1.0), ("UniformNoise", 1 / 3**0.5), ("PoissonNoise", 1.0)]
)
def test_noise_has_the_stated_strength(name: str, unit: float) -> None:
    grey = np.full((200, 200, 3), 128, np.uint8)
    for strength in ("5", "20"):
        noisy = apply(leaf(name, strength), grey, np.random.default_rng(0))
        assert noisy.astype(float).std() == pytest.approx(float(strength) * unit, rel=0.05)


def test_impulse_noise_hits_the_stated_percentage() -> None:
    grey = np.full((200, 200, 3), 128, np.uint8)
    noisy = apply(leaf("ImpulseNoise", "20"), grey, np.random.default_rng(0))
    counts = Counter(noisy[..., 0].ravel().tolist())
    assert (counts[0] + counts[255]) / noisy[..., 0].size == pytest.approx(0.20, abs=0.02)
    assert counts[0] == pytest.approx(counts[255], rel=0.1)


def test_blur_grows_with_its_kernel(picture: Picture) -> None:
    for name in ("BoxBlur", "GaussianBlur", "MedianBlur", "WaveletBlur"):
        weak, strong = ("3", "9") if name == "WaveletBlur" else ("3", "31")
        sharpness = [
            cv2.Laplacian(apply(leaf(name, k), picture, np.random.default_rng(0)), cv2.CV_32F).var()
            for k in (weak, strong)
        ]
        assert sharpness[0] > sharpness[1]


def test_morphology_moves_values_the_right_way(picture: Picture) -> None:
    rng = np.random.default_rng(0)
    assert (apply(leaf("DilateMorph", "6"), picture, rng) >= picture).all()
    assert (apply(leaf("ErodeMorph", "6"), picture, rng) <= picture).all()
    assert (apply(leaf("CloseMorph", "6"), picture, rng) >= picture).all()
    assert (apply(leaf("OpenMorph", "6"), picture, rng) <= picture).all()


def test_quantization_leaves_that_many_colours(picture: Picture) -> None:
    reduced = apply(leaf("Quantization", "50"), picture, np.random.default_rng(0))
    assert len(np.unique(reduced.reshape(-1, 3), axis=0)) <= 50


def test_names_are_drawn_uniformly() -> None:
    rng = np.random.default_rng(0)
    counts = Counter(draw_manipulation(rng).name for _ in range(4800))
    assert set(counts) == set(by_name())
    assert max(counts.values()) < 1.5 * min(counts.values())
