"""Generated forgeries as files: to look at, and to measure on as on any other folder with truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from workbench.training.forgeries import KINDS, Forgery, make_forgery
from workbench.training.photos import Photo, Picture

_COLUMNS = 12


def make_examples(photos: Sequence[Photo], seed: int, count: int, side: int) -> dict[str, list[Forgery]]:
    """Make `count` forgeries of each kind, the genuine ones included; fixed by the seed."""
    return {
        kind: [
            make_forgery(photos, np.random.default_rng([seed, number, index]), side, kind)
            for index in range(count)
        ]
        for number, kind in enumerate(KINDS)
    }


def write_examples(examples: dict[str, list[Forgery]], folder: Path) -> None:
    """Write `<kind>/images/*.png` and `<kind>/masks/*.png` (none for genuine), and `contact-sheet.png`."""
    for kind, forgeries in examples.items():
        for index, forgery in enumerate(forgeries):
            _save(folder / kind / "images" / f"{index:03d}.png", forgery.picture)
            if kind != "genuine":
                _save(folder / kind / "masks" / f"{index:03d}.png", forgery.mask.astype(np.uint8) * 255)
    _save(folder / "contact-sheet.png", contact_sheet(examples))


def contact_sheet(examples: dict[str, list[Forgery]]) -> Picture:
    """Lay the first forgeries of each kind out, a row of pictures over a row of masks for each kind."""
    rows = []
    for forgeries in examples.values():
        shown = forgeries[:_COLUMNS]
        rows.append(np.concatenate([forgery.picture for forgery in shown], axis=1))
        masks = np.concatenate([forgery.mask for forgery in shown], axis=1).astype(np.uint8) * 255
        rows.append(np.repeat(masks[..., None], 3, axis=-1))
    return np.concatenate(rows, axis=0)


def _save(path: Path, pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
