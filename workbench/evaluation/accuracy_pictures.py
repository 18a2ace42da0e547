"""The plots and worked examples of `docs/accuracy.md`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from workbench.core.overlay import colourise, contours
from workbench.evaluation import plots
from workbench.evaluation.methods import TITLES, MapOf, Picture
from workbench.training.forgeries import KINDS, make_forgery
from workbench.training.manipulations import FAMILIES
from workbench.training.photos import Photo, photo_paths, read_photo

FREE_SETS = ("gb82", "clic2025")
"""Photographs that may be shown: CC0 and the Unsplash licence. Those of the measuring sets may not."""

NOT_SHOWN = frozenset(
    {"mc1-lossless.webp", "validation_4cd6910a0b7b3936.webp", "validation_b51d5fb537246482.webp"}
)
"""A computer game and a screenshot, which are no photographs, and a portrait: no face is shown distorted."""

EXAMPLE_SEED = 5
_SIDE = 320
_SHOWN = 190
_GAP, _HEAD = 4, 18
_SERIES = {"network": plots.COLOURS[0], "ela": plots.COLOURS[5]}

Entry = dict[str, Any]


def draw_all(figures: Entry, methods: dict[str, MapOf], photos: Path, folder: Path) -> list[Path]:
    """Draw every picture of the report into a folder and return the files."""
    return [
        draw_sensitivity(figures["sensitivity"], folder / "accuracy-sensitivity.png"),
        draw_robustness(figures["robustness"], folder / "accuracy-robustness.png"),
        draw_examples(methods, photos, figures["weights"]["threshold"], folder / "accuracy-examples.jpg"),
    ]


def draw_sensitivity(entries: Sequence[Entry], path: Path) -> Path:
    """One panel for each family; a dot for each operation and strength, with its interval."""
    figure, panels = plots.panels(4, 2, 5.4, 1.9)
    for axes, family in zip(panels, FAMILIES, strict=False):
        of_family = [entry for entry in entries if entry["family"] == family]
        _draw_family(axes, of_family)
        plots.name(axes, family, "")
    plots.name(panels[len(FAMILIES)], "", "")
    panels[-1].axis("off")
    for name, colour in _SERIES.items():
        panels[-1].plot([], [], color=colour, marker="o", markersize=4, label=TITLES[name])
    panels[-1].legend(loc="upper left", frameon=False, title="Mean pixel AUC, 95 % interval")
    return plots.save(figure, path)


def _draw_family(axes: Any, entries: Sequence[Entry]) -> None:
    places = np.arange(len(entries))
    for (name, colour), shift in zip(_SERIES.items(), (-0.12, 0.12), strict=True):
        means = np.array([entry[name]["mean"] for entry in entries])
        spans = np.array([entry[name]["interval"] for entry in entries]).T
        errors = np.abs(spans - means)
        axes.errorbar(places + shift, means, errors, fmt="o", color=colour, markersize=3, linewidth=1)
    axes.axhline(0.5, color="#999999", linewidth=0.8, linestyle=":")
    labels = [f"{_short(entry['operation'])} {entry['strength']}".strip() for entry in entries]
    axes.set_xticks(places, labels, rotation=60, ha="right", fontsize=6, rotation_mode="anchor")
    axes.set_ylim(0, 1.04)


def _short(operation: str) -> str:
    for word in ("Blur", "Resize", "Compress", "Morph", "Noise"):
        operation = operation.removesuffix(word)
    return operation


def draw_robustness(entries: Sequence[Entry], path: Path) -> Path:
    """One panel for each process, with no processing as its first point."""
    names = list(dict.fromkeys(entry["process"] for entry in entries if entry["process"] != "none"))
    figure, panels = plots.panels(1, len(names), 2.9, 2.6)
    for axes, process in zip(panels, names, strict=True):
        chosen = [entry for entry in entries if entry["process"] in {"none", process}]
        places = np.arange(len(chosen))
        for name, colour in _SERIES.items():
            means = [entry[name]["mean"] for entry in chosen]
            low, high = np.array([entry[name]["interval"] for entry in chosen]).T
            axes.fill_between(places, low, high, color=colour, alpha=0.15, linewidth=0)
            plots.line(axes, list(places), means, TITLES[name], colour)
        axes.set_xticks(places, [entry["amount"] or "none" for entry in chosen])
        axes.set_ylim(0.3, 1.0)
        plots.name(axes, process, "", "")
    plots.legend(panels[-1])
    return plots.save(figure, path)


def draw_examples(methods: dict[str, MapOf], folder: Path, threshold: float, path: Path) -> Path:
    """A row for each kind: picture with the edit outlined, then the map of each method but the control.

    The first forgery of the seed is taken, whatever it looks like: these are examples, not a choice.
    """
    photos = free_photos(folder)
    rows = []
    for number, kind in enumerate(KINDS[1:]):
        made = make_forgery(photos, np.random.default_rng([EXAMPLE_SEED, number]), _SIDE, kind)
        cells = [_outlined(made.picture, made.mask.astype(np.float32), 0.5, (255, 0, 255))]
        for name, method in methods.items():
            if name != "centre":
                response = method(made.picture)
                level = threshold if name == "network" else 2.0
                cells.append(_outlined(colourise(response), response, level, (0, 255, 255)))
        rows.append([made.picture, *cells])
    titles = ["forgery", "edit outlined", *(TITLES[name] for name in methods if name != "centre")]
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(_grid(rows, titles, list(KINDS[1:]))).save(path, quality=88)
    return path


def free_photos(folder: Path) -> list[Photo]:
    """Return the held-out photographs that may be shown in a document."""
    paths = [path for path in photo_paths(folder, "held-out") if path.name not in NOT_SHOWN]
    return [read_photo(path) for path in paths if path.parent.name in FREE_SETS] or [read_photo(paths[0])]


def _outlined(
    picture: Picture, values: np.ndarray[Any, Any], level: float, colour: tuple[int, int, int]
) -> Picture:
    shown = picture.copy()
    cv2.polylines(shown, contours(values.astype(np.float32), level), True, colour, 2)
    return shown


def _grid(rows: list[list[Picture]], titles: list[str], names: list[str]) -> Picture:
    columns = len(titles)
    step = _SHOWN + _GAP
    size = (columns * step - _GAP, _HEAD + len(rows) * (step + _HEAD))
    sheet = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for column, title in enumerate(titles):
        draw.text((column * step, 2), title, "black", font)
    for row, (cells, name) in enumerate(zip(rows, names, strict=True)):
        top = _HEAD + row * (step + _HEAD)
        draw.text((0, top + 2), name, "#555555", font)
        for column, cell in enumerate(cells):
            small = cv2.resize(cell, (_SHOWN, _SHOWN), interpolation=cv2.INTER_AREA)
            sheet.paste(Image.fromarray(small), (column * step, top + _HEAD))
    return np.asarray(sheet, np.uint8)
