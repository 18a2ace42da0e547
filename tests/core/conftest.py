"""Pictures and files that the tests of core share."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from skimage import data

Rgb = npt.NDArray[np.uint8]


@pytest.fixture(scope="session")
def photo() -> Rgb:
    """A real photograph, (200, 301, 3): sides that differ and are no multiple of eight."""
    return np.ascontiguousarray(data.chelsea()[50:250, 60:361])


@pytest.fixture
def jpeg(tmp_path: Path, photo: Rgb) -> Path:
    path = tmp_path / "photo.jpg"
    Image.fromarray(photo).save(path, quality=83, subsampling="4:2:2")
    return path
