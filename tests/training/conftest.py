"""Small photographs made on the spot, so that no test needs a data set."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from workbench.training import batches
from workbench.training.photos import Photo, Picture


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests wait for the background processes, so those must not wait for whatever else the machine does."""
    monkeypatch.setattr(batches, "NICENESS", 0)


def scene(seed: int, height: int = 260, width: int = 300) -> Picture:
    """Smooth areas, edges and texture: enough to carry traces of compression and resampling."""
    rng = np.random.default_rng(seed)
    smooth = cv2.resize(rng.random((7, 8, 3), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    blocks = cv2.resize(rng.random((20, 20, 3), np.float32), (width, height), interpolation=cv2.INTER_NEAREST)
    grain = rng.normal(0, 0.03, (height, width, 3))
    return np.clip(255 * (0.6 * smooth + 0.3 * blocks + grain), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def photos() -> list[Photo]:
    return [Photo(f"scene-{seed}.png", scene(seed)) for seed in range(4)]


@pytest.fixture(scope="session")
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten saved scenes: with these names, both parts of the split get some."""
    folder = tmp_path_factory.mktemp("photographs")
    for seed in range(10):
        Image.fromarray(scene(seed, 170, 180)).save(folder / f"scene-{seed}.png")
    return folder
