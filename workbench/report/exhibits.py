"""Files of a report: written once, hashed as they are written, never resampled."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from workbench.core.analysis import Analysis
from workbench.core.evidence import Pixels
from workbench.core.heatmap import Heatmap, Mask
from workbench.core.mapfile import Data, MapForm
from workbench.core.overlay import colour_table, contours, mask_image, overlay
from workbench.report.sentences import caption
from workbench.report.shown import shown_threshold

Stored = Callable[[str, MapForm], Data]

_PACKED = cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE
"""Of photographs with grain: six times as fast as the usual level 6, and smaller."""


_WHAT = {
    "overlay.png": "Response laid over the picture, outlined at the threshold,",
    "heatmap.png": "Response in colours",
    "mask.png": "Mask, white where the response exceeds the threshold,",
    "heatmap.npy": "Response as float32 numbers",
    "contours.json": "Outlines at the threshold, as polygons,",
    "legend.png": "Colours of the response",
}


@dataclass(frozen=True)
class Exhibit:
    """A file of the report: path relative to its folder, SHA-256 of its bytes, caption."""

    path: str
    sha256: str
    caption: str

    def as_json(self) -> dict[str, str]:
        """As the record holds it."""
        return {"path": self.path, "sha256": self.sha256, "caption": self.caption}


def write(folder: Path, path: str, data: Data, text: str) -> Exhibit:
    """Write one file below a folder."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return Exhibit(path, hashlib.sha256(data).hexdigest(), text)


def png(image: npt.NDArray[np.uint8]) -> bytes:
    """Lossless PNG of a grey (H, W) or RGB (H, W, 3) array."""
    bgr = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".png", bgr, _PACKED)
    assert done
    return bytes(data)


def outlines(run: Analysis, heatmap: Heatmap) -> bytes:
    """The contours at the threshold as JSON: polygons of [x, y] in the stored frame of the whole picture."""
    found = contours(heatmap.response, run.threshold.value, run.inside)
    content = {
        "run": run.id,
        "threshold": run.threshold.value,
        "frame": (
            "stored frame of the whole picture, pixels, x to the right, y down; each vertex is a pixel above "
            "the threshold; outer outlines and those around holes"
        ),
        "polygons": [(outline + run.origin).tolist() for outline in found],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def run_exhibits(
    root: Path, folder: str, run: Analysis, heatmap: Heatmap, picture: Pixels, stored: Stored
) -> list[Exhibit]:
    """Write the map (float and coloured), overlay, mask, contours and legend of a run.

    Args:
        root: of the report.
        folder: of the run, relative to it.
        run: of the map.
        heatmap: of the run.
        picture: (H, W, 3), the very pixels that were analysed.
        stored: gives a map's file by its SHA-256 and form: what depends on no threshold was encoded before.
    """
    response, threshold, inside = heatmap.response, run.threshold.value, run.inside

    def laid_over() -> bytes:
        return png(outside_hidden(overlay(picture, response, threshold, inside=inside), picture, inside))

    makers: dict[str, Callable[[], Data]] = {
        "overlay.png": laid_over,
        "heatmap.png": lambda: stored(heatmap.sha256, MapForm.COLOURS),
        "mask.png": lambda: png(mask_image(response, threshold, inside)),
        "heatmap.npy": lambda: stored(heatmap.sha256, MapForm.NUMBERS),
        "contours.json": lambda: outlines(run, heatmap),
        "legend.png": lambda: png(legend(threshold)),
    }

    def make(name: str) -> Exhibit:
        return write(root, f"{folder}/{name}", makers[name](), caption(run, _WHAT[name]))

    with ThreadPoolExecutor(2) as pool:  # encoding releases the interpreter's lock
        return list(pool.map(make, makers))


def outside_hidden(laid: Pixels, picture: Pixels, inside: Mask | None) -> Pixels:
    """Show the plain picture outside a region's shape, where nothing is counted."""
    return laid if inside is None else np.where(inside[..., None], laid, picture)


def legend(threshold: float | None, width: int = 1280, height: int = 168) -> Pixels:
    """Scale bar 0 to 1 in the colours of the maps, with the threshold marked; (height, width, 3) RGB."""
    left, right, top, bottom = 40, width - 40, 60, 108
    image = Image.new("RGB", (width, height), "white")
    shades = np.minimum(np.arange(right - left) * 256 // (right - left), 255)
    bar = np.broadcast_to(colour_table()[shades], (bottom - top, right - left, 3))
    image.paste(Image.fromarray(np.ascontiguousarray(bar)), (left, top))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(28)
    draw.rectangle((left - 2, top - 2, right + 1, bottom + 1), outline="black", width=2)
    for tick in range(11):
        x = left + (right - left) * tick / 10
        draw.line((x, bottom, x, bottom + 10), fill="black", width=2)
        if tick % 2 == 0:
            draw.text((x, bottom + 16), f"{tick / 10:.1f}", fill="black", font=font, anchor="mt")
    if threshold is not None:
        x = left + (right - left) * threshold
        draw.line((x, top - 14, x, bottom + 10), fill="black", width=5)
        anchor = "ls" if threshold < 0.2 else "rs" if threshold > 0.8 else "ms"
        draw.text(
            (x, top - 20), f"threshold = {shown_threshold(threshold)}", fill="black", font=font, anchor=anchor
        )
    return np.asarray(image)
