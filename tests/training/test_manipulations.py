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

RESIZES = [f"{name}Resize" for name in ("AREA", "CUBIC", "LANCZOS4", "LINEAR", "NEAREST")]


@pytest.fixture
def picture(photos: list[Photo]) -> Picture:
    return np.ascontiguousarray(photos[0].pixels[:96, :96])


@pytest.fixture
def dull(picture: Picture) -> Picture:
    """Levels from 80 to 156 only."""
    return (80 + 0.3 * picture).astype(np.uint8)


def leaf(name: str, strength: str) -> Manipulation:
    return next(m for m in by_name()[name] if m.strength == strength)


def applied(name: str, strength: str, picture: Picture) -> Picture:
    return apply(leaf(name, strength), picture, np.random.default_rng(0))


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
    for manipulation in by_name()[name]:
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


@pytest.mark.parametrize("name", RESIZES)
def test_a_resized_patch_holds_no_more_than_its_reduced_size(name: str) -> None:
    """Of 96 independent rows, as many are left as the reduced patch has."""
    noise = np.random.default_rng(0).integers(64, 192, (96, 96, 3)).astype(np.uint8)
    for strength, rows in (("0.15", 14), ("0.31", 30), ("0.52", 50)):
        singular = np.linalg.svd(applied(name, strength, noise)[..., 0].astype(float), compute_uv=False)
        independent = (singular > 8).sum()  # those of rounding to whole levels are below 7
        assert rows - 3 <= independent <= rows


def test_each_resize_interpolates_as_named() -> None:
    step = np.full((95, 95, 3), 60, np.uint8)
    step[:, 45:] = 190
    inside = {name: applied(name, "0.47", step) for name in RESIZES}
    assert set(np.unique(inside["NEARESTResize"])) == {60, 190}, "no level of its own"
    for name in ("AREAResize", "LINEARResize"):
        assert len(np.unique(inside[name])) > 2
        assert (inside[name].min(), inside[name].max()) == (60, 190), "between the levels there are"
    for name in ("CUBICResize", "LANCZOS4Resize"):
        assert inside[name].min() < 55, "it overshoots at an edge"
        assert inside[name].max() > 194

    def ringing(name: str) -> int:
        return int((np.abs(applied(name, "0.20", step)[0, :, 0].astype(int) - step[0, :, 0]) > 2).sum())

    assert ringing("LANCZOS4Resize") > 1.3 * ringing("CUBICResize"), "eight taps reach further than four"
    noise = np.random.default_rng(0).integers(64, 192, (95, 95, 3)).astype(np.uint8)
    area, linear = (applied(name, "0.20", noise).std() for name in ("AREAResize", "LINEARResize"))
    assert area < linear / 2, "it averages blocks, where two taps pass over most pixels"


def blockiness(picture: Picture) -> float:
    """Steps across the borders of blocks of 8 x 8 over those inside."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(float)
    steps = (np.abs(np.diff(grey, axis=1)).mean(axis=0) + np.abs(np.diff(grey, axis=0)).mean(axis=1)) / 2
    border = np.arange(1, len(grey)) % 8 == 0
    return float(steps[border].mean() / steps[~border].mean())


def off_steps(picture: Picture, step: int) -> float:
    """Mean distance of one coefficient of all blocks to a multiple of its step, in steps: 0.25 by chance."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    height, width = grey.shape
    blocks = (grey[y : y + 8, x : x + 8] for y in range(0, height, 8) for x in range(0, width, 8))
    coefficients = np.array([cv2.dct(block)[1, 1] for block in blocks]) / step
    return float(np.abs(coefficients - np.rint(coefficients)).mean())


STEP_36, STEP_40 = 17, 15
"""Of that coefficient at these qualities: 12 in the standard table, times 1.39 and 1.25."""


def test_jpeg_leaves_blocks_that_show_more_the_lower_the_quality(picture: Picture) -> None:
    fine, coarse = (applied("JPEGCompress", quality, picture) for quality in ("74", "36"))
    assert blockiness(picture) < 0.95
    assert 1.05 < blockiness(fine) < blockiness(coarse) - 0.1
    assert off_steps(picture, STEP_36) > 0.2
    assert off_steps(coarse, STEP_36) < 0.03


def test_of_a_double_compression_both_leave_traces_in_their_order(picture: Picture) -> None:
    once = applied("JPEGCompress", "100", picture)
    twice = applied("JPEGDoubleCompress", "36/100", picture)
    assert np.array_equal(twice, applied("JPEGCompress", "100", applied("JPEGCompress", "36", picture)))
    assert off_steps(once, STEP_36) > 0.2
    assert off_steps(twice, STEP_36) < 0.03, "the first is seen still"
    last = applied("JPEGDoubleCompress", "36/40", picture)
    assert off_steps(last, STEP_40) < 0.03 < off_steps(last, STEP_36), "the second is the last"


def test_webp_loses_detail_without_the_blocks_of_jpeg(picture: Picture) -> None:
    compressed = [applied("WEBPCompress", quality, picture) for quality in ("100", "74", "36")]
    errors = [float(np.abs(changed.astype(int) - picture).mean()) for changed in compressed]
    assert errors[0] + 0.5 < errors[1] < errors[2] - 0.5
    again = applied("WEBPCompress", "74", compressed[1])
    assert np.abs(again.astype(int) - compressed[1]).mean() < errors[1] / 2, "what is lost is lost once"
    assert all(blockiness(changed) < 1 for changed in compressed)


def test_dithering_keeps_local_means_with_the_colours_of_the_web(picture: Picture) -> None:
    dithered = applied("Dithering", "", picture)
    assert set(np.unique(dithered)) <= {0, 51, 102, 153, 204, 255}

    def error(coarse: np.ndarray) -> float:
        means = (cv2.blur(pixels.astype(np.float32), (15, 15)) for pixels in (coarse, picture))
        return float(np.abs(np.subtract(*means))[8:-8, 8:-8].max())

    assert error(np.rint(picture / 51) * 51) > 9
    assert error(dithered) < 3, "what a pixel is off is passed on to its neighbours"


def test_auto_contrast_spreads_the_levels_and_cuts_that_percentage_off(dull: Picture) -> None:
    for strength, least, most in (("0", 0.0, 0.02), ("7", 0.07, 0.09)):
        spread = applied("AutoContrast", strength, dull).reshape(-1, 3)
        assert (np.ptp(spread, axis=0) >= 254).all()
        for end in (0, 255):
            share = (spread == end).mean(axis=0)
            assert ((least <= share) & (share <= most)).all()


def test_equalisation_flattens_the_histogram_of_the_luma(dull: Picture) -> None:
    equalised = [dull, *(applied("HistEq", limit, dull) for limit in ("1", "4", "7"))]
    luma, *colour = np.moveaxis([cv2.cvtColor(one, cv2.COLOR_RGB2YCrCb) for one in equalised], -1, 0)
    flat = np.linspace(0, 255, luma[0].size)
    from_flat = [float(np.abs(np.sort(values, axis=None) - flat).mean()) for values in luma]
    assert from_flat[0] > from_flat[1] + 1
    assert from_flat[1] > from_flat[2] + 5
    assert from_flat[2] > from_flat[3] + 3
    for channel in colour:
        assert np.abs(channel.astype(int) - channel[0]).max() <= 2


def test_names_are_drawn_uniformly() -> None:
    rng = np.random.default_rng(0)
    counts = Counter(draw_manipulation(rng).name for _ in range(4800))
    assert set(counts) == set(by_name())
    assert max(counts.values()) < 1.5 * min(counts.values())
