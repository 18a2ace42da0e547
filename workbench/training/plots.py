"""Plots of a training from its log of JSON lines: loss, and figures on held-out pictures, over minutes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.errors import WorkbenchError
from workbench.evaluation import plots

Entry = dict[str, Any]

_NOT_FIGURES = frozenset({"stage", "step", "minutes", "loss"})
_SMOOTHED = 15


class LogError(WorkbenchError):
    """A log can't be drawn. The message is a sentence for the user."""


def read_log(path: Path) -> list[Entry]:
    """Return the entries of a log, those of a run that was resumed from an older checkpoint only once.

    Raises:
        LogError: the file is missing, or no log of a training.
    """
    entries: list[Entry] = []
    try:
        for text in path.read_text("utf-8").splitlines():
            entry = json.loads(text)
            entries = [e for e in entries if _stands(e, entry)]
            entries.append(entry)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LogError(f"{path} could not be read as the log of a training.") from error
    if not any("loss" in entry for entry in entries):
        raise LogError(f"{path} holds no step of a training yet.")
    return entries


def plot_log(log: Path, folder: Path) -> Path:
    """Draw a log into `training-<name of the log>.png` in a folder and return the file.

    Raises:
        LogError: as for `read_log`.
    """
    entries = read_log(log)
    figure, (left, right) = plots.panels(1, 2, 4.6, 3.0)
    steps = [entry for entry in entries if "loss" in entry]
    minutes, losses = ([float(entry[name]) for entry in steps] for name in ("minutes", "loss"))
    left.plot(minutes, losses, color="#c8d8e0", linewidth=0.8)
    left.plot(minutes, _smoothed(losses), color=plots.COLOURS[0], linewidth=1.6)
    plots.name(left, "Loss (pale: 20 steps each)", "minutes")
    measured = [entry for entry in entries if set(entry) - _NOT_FIGURES]
    names = sorted({name for entry in measured for name in entry} - _NOT_FIGURES)
    for name, colour in zip(names, plots.COLOURS, strict=False):
        with_name = [entry for entry in measured if name in entry]
        minutes, values = ([float(entry[key]) for entry in with_name] for key in ("minutes", name))
        plots.line(right, minutes, values, name.replace("_", " "), colour)
    plots.name(right, "On pictures held out", "minutes")
    if names:
        plots.legend(right)
    return plots.save(figure, folder / f"training-{log.stem}.png")


def _stands(earlier: Entry, entry: Entry) -> bool:
    """Whether an earlier line is not of steps that were trained again after a resumption."""
    same_step = earlier["step"] == entry["step"] and ("loss" in earlier) != ("loss" in entry)
    return same_step or bool(earlier["step"] < entry["step"])


def _smoothed(values: list[float]) -> list[float]:
    """Mean over the neighbours on both sides, fewer at the ends."""
    half = _SMOOTHED // 2
    return [float(np.mean(values[max(0, i - half) : i + half + 1])) for i in range(len(values))]
