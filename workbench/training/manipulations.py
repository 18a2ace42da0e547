"""The manipulation classes of the paper's figure, as data and as functions.

The figure draws 380 leaves in 7 families and 27 groups; the names are operations of OpenCV, Pillow and
scikit-image, but the figure defines none of them. The choices made here where it is silent:

* a resized patch is brought back to its size with the same interpolation (a patch must keep its shape);
* the morphological element is a square of the given side;
* Gaussian noise has that standard deviation, uniform noise that largest value, in grey levels of 255;
  impulse noise hits that percentage of the pixels, half white and half black; Poisson noise has that
  standard deviation at mid-grey (128);
* WaveletBlur shrinks the details of a two-level undecimated wavelet transform (B3 spline) by that many
  grey levels;
* Quantization keeps that many colours (median cut); Dithering maps to the 216-colour web palette with
  Floyd-Steinberg diffusion;
* AutoContrast cuts off that percentage at both ends; HistEq is contrast-limited adaptive equalisation of
  the luma with that clip limit.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from workbench.training.photos import Picture

FAMILIES = ("blurring", "resampling", "compression", "morphology", "noise", "quantization", "contrast")
UNTOUCHED = 0
"""Class 0 at every level of the hierarchy; the manipulations count from 1."""


@dataclass(frozen=True)
class Manipulation:
    """One leaf of the tree: a name, a strength in the unit of that name, and its node at each level."""

    leaf: int
    name: str
    strength: str
    family: int
    group: int
    level2: int
    level3: int
    level4: int

    def amount(self) -> float:
        """Return the strength as a number (0 where the class has none)."""
        return float(self.strength or 0)

    def qualities(self) -> tuple[int, int]:
        """Return the first and the second quality of a double compression."""
        first, second = self.strength.split("/")
        return int(first), int(second)


@cache
def all_manipulations() -> tuple[Manipulation, ...]:
    """Return the 380 leaves in the order of their numbers, 1 to 380."""
    text = resources.files("workbench.training").joinpath("manipulation_classes.csv").read_text("utf-8")
    return tuple(
        Manipulation(
            int(row["leaf"]), row["name"], row["strength"], int(row["family"]), int(row["group"]),
            int(row["level2"]), int(row["level3"]), int(row["level4"]),
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


@cache
def by_name() -> dict[str, tuple[Manipulation, ...]]:
    """Return the leaves of each operation name."""
    named: dict[str, list[Manipulation]] = {}
    for manipulation in all_manipulations():
        named.setdefault(manipulation.name, []).append(manipulation)
    return {name: tuple(leaves) for name, leaves in named.items()}


def group_of_leaf() -> NDArray[np.int64]:
    """Return the level-1 group (0 untouched, 1 to 27) of each of the 381 leaf classes."""
    return np.array([UNTOUCHED, *(manipulation.group for manipulation in all_manipulations())])


def family_of_leaf() -> NDArray[np.int64]:
    """Return the family (0 untouched, 1 to 7 as in FAMILIES) of each of the 381 leaf classes."""
    return np.array([UNTOUCHED, *(manipulation.family for manipulation in all_manipulations())])


def draw_manipulation(rng: np.random.Generator) -> Manipulation:
    """Draw an operation name uniformly, then one of its strengths."""
    named = by_name()
    name = sorted(named)[int(rng.integers(len(named)))]
    return named[name][int(rng.integers(len(named[name])))]


def apply(manipulation: Manipulation, picture: Picture, rng: np.random.Generator) -> Picture:
    """Manipulate a picture (height x width x 3, uint8): a new one of the same shape and type.

    Only the noises draw from `rng`; the others are fixed by their strength.
    """
    return _operations()[manipulation.name](picture, manipulation, rng)


def jpeg(picture: Picture, quality: int) -> Picture:
    """Compress as JPEG (OpenCV, standard tables, chroma 4:2:0) and decode again."""
    return _encoded(picture, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality])


def _encoded(picture: Picture, suffix: str, options: list[int]) -> Picture:
    _, data = cv2.imencode(suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    return np.asarray(cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


def _box_blur(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    size = int(what.amount())
    return np.asarray(cv2.blur(picture, (size, size)), np.uint8)


def _gaussian_blur(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    size = int(what.amount())
    return np.asarray(cv2.GaussianBlur(picture, (size, size), 0), np.uint8)


def _median_blur(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    return np.asarray(cv2.medianBlur(picture, int(what.amount())), np.uint8)


def _wavelet_blur(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    threshold = what.amount()
    smooth = picture.astype(np.float32)
    details = np.zeros_like(smooth)
    for level in range(2):
        smoother = _spline_smoothed(smooth, 2**level)
        detail = smooth - smoother
        details += np.sign(detail) * np.maximum(np.abs(detail) - threshold, 0)
        smooth = smoother
    return _to_bytes(smooth + details)


def _spline_smoothed(values: NDArray[np.float32], spacing: int) -> NDArray[np.float32]:
    kernel = np.zeros(4 * spacing + 1, np.float32)
    kernel[::spacing] = np.array([1, 4, 6, 4, 1], np.float32) / 16
    return np.asarray(cv2.sepFilter2D(values, -1, kernel, kernel), np.float32)


def _resizer(interpolation: int) -> Callable[[Picture, Manipulation, np.random.Generator], Picture]:
    def resize(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        small = (max(1, round(width * what.amount())), max(1, round(height * what.amount())))
        reduced = cv2.resize(picture, small, interpolation=interpolation)
        return np.asarray(cv2.resize(reduced, (width, height), interpolation=interpolation), np.uint8)

    return resize


def _jpeg(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    return jpeg(picture, int(what.amount()))


def _double_jpeg(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    first, second = what.qualities()
    return jpeg(jpeg(picture, first), second)


def _webp(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    return _encoded(picture, ".webp", [cv2.IMWRITE_WEBP_QUALITY, int(what.amount())])


def _morphology(steps: str) -> Callable[[Picture, Manipulation, np.random.Generator], Picture]:
    """Dilate (+) and erode (-) in this order with a square.

    The second step takes the mirrored anchor: with the same one, as in OpenCV's own opening and closing,
    an even square would move the picture by a pixel.
    """

    def morph(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
        size = int(what.amount())
        element = np.ones((size, size), np.uint8)
        for number, step in enumerate(steps):
            anchor = size // 2 if number == 0 else (size - 1) // 2
            operation = cv2.dilate if step == "+" else cv2.erode
            picture = np.asarray(operation(picture, element, anchor=(anchor, anchor)), np.uint8)
        return picture

    return morph


def _gaussian_noise(picture: Picture, what: Manipulation, rng: np.random.Generator) -> Picture:
    return _to_bytes(picture + rng.standard_normal(picture.shape, np.float32) * np.float32(what.amount()))


def _uniform_noise(picture: Picture, what: Manipulation, rng: np.random.Generator) -> Picture:
    return _to_bytes(picture + (rng.random(picture.shape, np.float32) * 2 - 1) * np.float32(what.amount()))


def _poisson_noise(picture: Picture, what: Manipulation, rng: np.random.Generator) -> Picture:
    photons_per_level = 128 / what.amount() ** 2
    return _to_bytes(
        rng.poisson(picture * photons_per_level).astype(np.float32) / np.float32(photons_per_level)
    )


def _impulse_noise(picture: Picture, what: Manipulation, rng: np.random.Generator) -> Picture:
    chance = rng.random(picture.shape[:2], np.float32)
    share = what.amount() / 100
    noisy = picture.copy()
    noisy[chance < share] = 255
    noisy[chance < share / 2] = 0
    return noisy


def _quantization(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    image = Image.fromarray(picture).quantize(int(what.amount()), dither=Image.Dither.NONE)
    return np.array(image.convert("RGB"))


def _dithering(picture: Picture, _what: Manipulation, _: np.random.Generator) -> Picture:
    return np.array(Image.fromarray(picture).convert("P", palette=Image.Palette.WEB).convert("RGB"))


def _auto_contrast(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    return np.array(ImageOps.autocontrast(Image.fromarray(picture), cutoff=what.amount()))


def _histogram_equalisation(picture: Picture, what: Manipulation, _: np.random.Generator) -> Picture:
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)
    luma[..., 0] = cv2.createCLAHE(clipLimit=what.amount(), tileGridSize=(4, 4)).apply(luma[..., 0])
    return np.asarray(cv2.cvtColor(luma, cv2.COLOR_YCrCb2RGB), np.uint8)


def _to_bytes(values: NDArray[np.float32]) -> Picture:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


@cache
def _operations() -> dict[str, Callable[[Picture, Manipulation, np.random.Generator], Picture]]:
    return {
        "BoxBlur": _box_blur,
        "GaussianBlur": _gaussian_blur,
        "MedianBlur": _median_blur,
        "WaveletBlur": _wavelet_blur,
        "AREAResize": _resizer(cv2.INTER_AREA),
        "CUBICResize": _resizer(cv2.INTER_CUBIC),
        "LANCZOS4Resize": _resizer(cv2.INTER_LANCZOS4),
        "LINEARResize": _resizer(cv2.INTER_LINEAR),
        "NEARESTResize": _resizer(cv2.INTER_NEAREST),
        "JPEGCompress": _jpeg,
        "JPEGDoubleCompress": _double_jpeg,
        "WEBPCompress": _webp,
        "CloseMorph": _morphology("+-"),
        "DilateMorph": _morphology("+"),
        "ErodeMorph": _morphology("-"),
        "OpenMorph": _morphology("-+"),
        "GaussianNoise": _gaussian_noise,
        "ImpulseNoise": _impulse_noise,
        "PoissonNoise": _poisson_noise,
        "UniformNoise": _uniform_noise,
        "Quantization": _quantization,
        "Dithering": _dithering,
        "AutoContrast": _auto_contrast,
        "HistEq": _histogram_equalisation,
    }
