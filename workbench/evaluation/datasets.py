"""Folders of pictures with truth: `images/` and `masks/`, or `images/` alone for genuine pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.core.errors import WorkbenchError
from workbench.core.evidence import open_evidence

Picture = NDArray[np.uint8]
"""Height x width x 3, RGB in stored orientation."""

Truth = NDArray[np.bool_]
"""Height x width, true where edited."""

_SUFFIXES = frozenset({".png", ".webp", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"})
_WHITE = 127


class EvaluationError(WorkbenchError):
    """A data set cannot be measured on. The message is a sentence for the user."""


@dataclass(frozen=True)
class Sample:
    """One picture and, unless it is genuine, its truth of the same size."""

    name: str
    picture: Picture
    truth: Truth | None


@dataclass(frozen=True)
class Dataset:
    """A folder's pictures in sorted order; each is decoded when its turn comes.

    Attributes:
        name: the folder's.
        images: files of the pictures.
        masks: stem to the file of the truth; empty for a genuine set.
    """

    name: str
    images: tuple[Path, ...]
    masks: dict[str, Path]

    @property
    def genuine(self) -> bool:
        """Whether the set has no masks, so that nothing in it is edited."""
        return not self.masks

    def thinned(self, limit: int | None) -> Dataset:
        """Return at most about that many of the pictures: every k-th in sorted order."""
        return replace(self, images=every_kth(self.images, limit))

    def samples(self) -> Iterator[Sample]:
        """Decode one picture after the other.

        Raises:
            EvaluationError: a mask is missing, or of another size than its picture.
        """
        for path in self.images:
            picture = open_evidence(path).pixels
            yield Sample(path.name, picture, None if self.genuine else self._truth(path, picture))

    def _truth(self, path: Path, picture: Picture) -> Truth:
        if path.stem not in self.masks:
            raise EvaluationError(f"{path} has no mask of the same stem beside it.")
        mask = self.masks[path.stem]
        with Image.open(mask) as image:
            truth = np.asarray(image.convert("L")) > _WHITE
        if truth.shape != picture.shape[:2]:
            raise EvaluationError(f"{mask} has not the size of {path.name}.")
        return truth


def every_kth(files: Sequence[Path], limit: int | None) -> tuple[Path, ...]:
    """Return about `limit` of the files at most, so that each part of their order is there; None for all."""
    if limit is None or limit >= len(files):
        return tuple(files)
    return tuple(files[:: -(-len(files) // limit)])


def open_dataset(folder: Path, limit: int | None = None) -> Dataset:
    """List a folder with `images/` and perhaps `masks/`.

    Args:
        folder: of the set.
        limit: at most about that many pictures: every k-th in sorted order, so that each part is there.

    Raises:
        EvaluationError: there are no pictures, or a folder `masks` without any: no set is taken for genuine
            because its masks could not be read.
    """
    images = _pictures(folder / "images")
    if not images:
        raise EvaluationError(f"{folder} has no folder images with pictures in it.")
    masks = {path.stem: path for path in _pictures(folder / "masks")}
    if not masks and (folder / "masks").is_dir():
        raise EvaluationError(
            f"{folder / 'masks'} holds no masks ({', '.join(sorted(_SUFFIXES))}). Put them there, or remove "
            "the folder if the pictures are genuine."
        )
    return Dataset(folder.resolve().name, tuple(images), masks).thinned(limit)


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
