"""Forgeries made on the fly from genuine photographs, with their truth.

Host and donor each get a past of their own (compressions, grid, scale), the edit is made as an editor
makes it, and the whole is processed as on its way to the web. What tells the parts apart must be this
past and the edit's own traces, not a visible seam: masks are hard or soft and follow real edges often.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from workbench.training import history, manipulations, masks, objects, patch_inpainting, photos, split
from workbench.training.history import publish, with_history
from workbench.training.manipulations import Manipulation, all_manipulations, apply
from workbench.training.masks import Mask, blend, drawn_mask, random_mask, soften
from workbench.training.objects import calm_shift
from workbench.training.patch_inpainting import inpaint_by_patches
from workbench.training.photos import Photo, Picture, draw_patch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PARTS = history, manipulations, masks, objects, patch_inpainting, photos, split
"""What a forgery depends on, besides this module."""

Kind = Literal["genuine", "splicing", "copy-move", "removal", "enhancement"]
KINDS: tuple[Kind, ...] = ("genuine", "splicing", "copy-move", "removal", "enhancement")
_CHANCES = (0.16, 0.44, 0.20, 0.09, 0.11)
_HOST_ALIGNED = 0.75
_DONOR_ALIGNED = 0.1
_ON_CALM = 0.8
_CLONED = 0.4
_SCALES = 0.4, 1.3
"""Of what is pasted: it is reduced to fit more often than it is enlarged, which makes it sharper."""
_MILD: dict[str, float] = {
    "BoxBlur": 7, "GaussianBlur": 9, "MedianBlur": 7, "WaveletBlur": 9, "CloseMorph": 4, "OpenMorph": 4,
    "DilateMorph": 4, "ErodeMorph": 4, "GaussianNoise": 11, "PoissonNoise": 11, "UniformNoise": 15,
    "ImpulseNoise": 5,
}  # fmt: skip
"""Strongest enhancement that somebody would leave in a picture that is to be believed."""


def generator() -> str:
    """Twelve digits that tell one state of the code that makes forgeries from another.

    Figures on generated forgeries compare only where these digits are the same, and the photographs, which
    are not in them.
    """
    code = [inspect.getsource(module) for module in (*_PARTS, sys.modules[__name__])]
    code.append(repr(manipulations.all_manipulations()))
    return hashlib.sha256("".join(code).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Forgery:
    """A generated picture (side x side x 3, uint8), its truth (true where edited) and how it was made."""

    picture: Picture
    mask: Mask
    kind: Kind


def make_forgery(
    photos: Sequence[Photo], rng: np.random.Generator, side: int, kind: Kind | None = None
) -> Forgery:
    """Make one forgery from these photographs; `kind` is drawn where it is not given.

    The result depends on the photographs and the state of `rng` only.
    """
    drawn = KINDS[int(rng.choice(len(KINDS), p=_CHANCES))]
    kind = kind or drawn
    # A reduction after the edit is the commonest thing that happens to a picture on the web.
    inner = side if rng.random() < 0.85 else round(side / float(rng.uniform(0.55, 0.95)))
    host = with_history(lambda size: draw_patch(photos, rng, size), rng, inner, _HOST_ALIGNED)
    picture, mask = _edit(kind, host, photos, rng)
    picture, mask = _reduce(picture, mask, side)
    return Forgery(publish(picture, rng), mask, kind)


def _edit(
    kind: Kind, host: Picture, photos: Sequence[Photo], rng: np.random.Generator
) -> tuple[Picture, Mask]:
    side = host.shape[0]
    share = float(np.exp(rng.uniform(np.log(0.03), np.log(0.4))))
    if kind == "genuine":
        return host, np.zeros((side, side), np.bool_)
    if kind == "splicing":
        return splice(host, _donor(photos, rng, side), share, rng)
    edits: dict[str, Callable[[Picture, float, np.random.Generator], tuple[Picture, Mask]]] = {
        "copy-move": copy_move,
        "removal": remove,
        "enhancement": enhance,
    }
    return edits[kind](host, share, rng)


def splice(host: Picture, donor: Picture, share: float, rng: np.random.Generator) -> tuple[Picture, Mask]:
    """Paste a part of the donor (same side) over the host."""
    side = host.shape[0]
    donor = _transformed(donor, rng) if rng.random() < 0.6 else donor
    mask = random_mask(rng, side, donor, share)
    if rng.random() < _ON_CALM:
        rows, columns = calm_shift(host, mask, rng, tried=12)
        donor, mask = _shifted(donor, rows, columns), _shifted_mask(mask, rows, columns)
    if rng.random() < 0.5:
        donor = _matched(donor, host, mask, float(rng.uniform(0.3, 1.0)))
    return _pasted(host, donor, mask, rng), mask


def copy_move(host: Picture, share: float, rng: np.random.Generator) -> tuple[Picture, Mask]:
    """Paste a part of the picture elsewhere in it, turned or scaled in half of the cases.

    Things are repeated, or ground is cloned over something that was to be hidden.
    """
    side, share = host.shape[0], min(share, 0.25)
    source = _transformed(host, rng) if rng.random() < 0.5 else host
    cloned = rng.random() < _CLONED
    mask = drawn_mask(rng, side, share) if cloned else random_mask(rng, side, source, share)
    rows, columns = calm_shift(host, mask, rng, tried=1)
    if max(abs(rows), abs(columns)) < side // 8:  # on top of itself it would be no edit
        above = float(np.flatnonzero(mask.any(1)).mean()) < side / 2
        rows += side // 3 if above else -side // 3  # towards the middle, so that not all of it leaves
    moved, mask = _shifted(source, rows, columns), _shifted_mask(mask, rows, columns)
    return _pasted(host, moved, mask, rng), mask


def remove(host: Picture, share: float, rng: np.random.Generator) -> tuple[Picture, Mask]:
    """Paint over a part by one of OpenCV's two inpainting algorithms, or with patches from elsewhere."""
    mask = random_mask(rng, host.shape[0], host, min(share, 0.12))
    method = (None, cv2.INPAINT_TELEA, cv2.INPAINT_NS)[int(rng.integers(3))]
    if method is None:
        painted = inpaint_by_patches(host, mask, rng)
    else:
        radius = float(rng.integers(2, 6))
        painted = np.asarray(cv2.inpaint(host, mask.astype(np.uint8), radius, method), np.uint8)
    if rng.random() < 0.3:
        grain = rng.standard_normal(host.shape, np.float32) * np.float32(rng.uniform(0.5, 4))
        painted = np.clip(np.rint(painted + grain), 0, 255).astype(np.uint8)
    return blend(host, painted, soften(mask, 0)), mask


def enhance(host: Picture, share: float, rng: np.random.Generator) -> tuple[Picture, Mask]:
    """Manipulate a part: any class of the figure, weak ones for two in three."""
    mask = random_mask(rng, host.shape[0], host, share)
    manipulation = _draw_enhancement(rng)
    return _pasted(host, apply(manipulation, host, rng), mask, rng), mask


def _draw_enhancement(rng: np.random.Generator) -> Manipulation:
    mild = rng.random() < 0.67
    names = sorted({manipulation.name for manipulation in all_manipulations()})
    name = names[int(rng.integers(len(names)))]
    limit = _MILD.get(name, np.inf) if mild else np.inf
    leaves = [m for m in all_manipulations() if m.name == name and (not m.strength or _weak(m, limit))]
    return leaves[int(rng.integers(len(leaves)))]


def _weak(manipulation: Manipulation, limit: float) -> bool:
    return not np.isfinite(limit) or manipulation.amount() <= limit


def _donor(photos: Sequence[Photo], rng: np.random.Generator, side: int) -> Picture:
    return with_history(lambda size: draw_patch(photos, rng, size), rng, side, _DONOR_ALIGNED)


def _shifted(picture: Picture, rows: int, columns: int) -> Picture:
    """Move by whole pixels; what comes in at the border is mirrored, which leaves no seam."""
    matrix = np.array([[1, 0, columns], [0, 1, rows]], np.float32)
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(
        cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101),
        np.uint8,
    )


def _shifted_mask(mask: Mask, rows: int, columns: int) -> Mask:
    matrix = np.array([[1, 0, columns], [0, 1, rows]], np.float32)
    size = (mask.shape[1], mask.shape[0])
    return np.asarray(cv2.warpAffine(mask.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST) > 0)


def _transformed(picture: Picture, rng: np.random.Generator) -> Picture:
    """Scale and turn about the centre, as an editor's free transformation."""
    side = picture.shape[0]
    angle = float(rng.normal(0, 15)) if rng.random() < 0.5 else 0.0
    scale = float(np.exp(rng.uniform(*np.log(_SCALES))))
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), angle, scale)
    method = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4]))
    size = (side, side)
    if scale < 0.8:  # editors average before they reduce
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 / scale), np.uint8)
    return np.asarray(
        cv2.warpAffine(picture, matrix, size, flags=method, borderMode=cv2.BORDER_REFLECT_101), np.uint8
    )


def _matched(donor: Picture, host: Picture, mask: Mask, amount: float) -> Picture:
    """Move mean and contrast of what is pasted towards those of what it covers."""
    inserted = donor[mask].astype(np.float32)
    covered = host[mask].astype(np.float32)
    gain = (covered.std(0) + 8) / (inserted.std(0) + 8)
    gain = 1 + amount * (np.clip(gain, 0.6, 1.6) - 1)
    target = inserted.mean(0) + amount * (covered.mean(0) - inserted.mean(0))
    values = (donor.astype(np.float32) - inserted.mean(0)) * gain + target
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _pasted(host: Picture, above: Picture, mask: Mask, rng: np.random.Generator) -> Picture:
    """Lay a picture over the host, hard or soft; sometimes the seam is smoothed afterwards."""
    sigma = 0.0 if rng.random() < 0.4 else float(rng.uniform(0.4, 2.5))
    result = blend(host, above, soften(mask, sigma))
    if rng.random() < 0.12:
        seam = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        smooth = np.asarray(cv2.GaussianBlur(result, (5, 5), 0), np.uint8)
        result = blend(result, smooth, soften(seam > 0, 1.0))
    return result


def _reduce(picture: Picture, mask: Mask, side: int) -> tuple[Picture, Mask]:
    if picture.shape[0] == side:
        return picture, mask
    reduced = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    share = cv2.resize(mask.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8), np.asarray(share > 0.5, np.bool_)
