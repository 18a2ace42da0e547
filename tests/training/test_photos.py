from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workbench.training.photos import Photo, PhotosError, draw_patch, load_photos, orient, photo_paths
from workbench.training.split import part_of


def test_parts_share_no_photograph(photo_folder: Path) -> None:
    training = {path.name for path in photo_paths(photo_folder, "training")}
    held_out = {path.name for path in photo_paths(photo_folder, "held-out")}
    assert training
    assert held_out
    assert not training & held_out
    assert len(training | held_out) == 10


def test_loading_keeps_every_pixel(photo_folder: Path, photos: list[Photo]) -> None:
    for photo in load_photos(photo_folder, "held-out"):
        assert part_of(photo.name) == "held-out"
        assert photo.pixels.dtype == np.uint8
        assert photo.pixels.shape == (170, 180, 3)


def test_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PhotosError, match="does not exist"):
        photo_paths(tmp_path / "nowhere", "training")


def test_empty_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PhotosError, match="holds no photograph"):
        photo_paths(tmp_path, "training")


@pytest.mark.parametrize("side", [64, 96, 300])
def test_patches_have_the_side_asked_for(photos: list[Photo], side: int) -> None:
    patch = draw_patch(photos, np.random.default_rng(0), side)
    assert patch.shape == (side, side, 3)
    assert patch.dtype == np.uint8


def test_patches_depend_on_the_seed_only(photos: list[Photo]) -> None:
    first, again, other = (draw_patch(photos, np.random.default_rng(seed), 64) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_flat_patches_are_drawn_again() -> None:
    half = np.zeros((200, 400, 3), np.uint8)
    half[:, 200:] = np.random.default_rng(0).integers(0, 255, (200, 200, 3))
    flat = [draw_patch([Photo("half", half)], np.random.default_rng(i), 64).std() < 1 for i in range(40)]
    assert sum(flat) < 8  # one draw alone gives about 17


def test_orientations_are_eight_and_lossless() -> None:
    picture = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    seen = {orient(picture, turn).tobytes() + bytes(orient(picture, turn).shape[:2]) for turn in range(8)}
    assert len(seen) == 8
    assert all(sorted(orient(picture, turn).ravel()) == sorted(picture.ravel()) for turn in range(8))
