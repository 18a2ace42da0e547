"""Plots of figures for the documents, all in one style. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS = ("#0b6e99", "#d1495b", "#8a6fb0", "#c9871f", "#4b8b3b", "#6d6d6d", "#1b998b", "#a23e48")
"""Told apart in print and by most colour-blind readers; grey is for controls."""

_STYLE: dict[str, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e3e3e3",
    "axes.axisbelow": True,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "svg.hashsalt": "workbench",  # the same figures give the same file
}

_DOTS_PER_INCH = 110


def panels(rows: int, columns: int, width: float, height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure of rows x columns panels, each `width` x `height` inches, and the panels in order."""
    with mpl.rc_context(_STYLE):
        figure = Figure((width * columns, height * rows), layout="constrained")
        grid = figure.subplots(rows, columns, squeeze=False)
    return figure, [axes for row in grid for axes in row]


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG without a date, so that the same figures give the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STYLE):
        figure.savefig(path, dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return path


def name(axes: Axes, title: str, across: str, up: str = "") -> None:
    """Write title and axes."""
    with mpl.rc_context(_STYLE):
        axes.set(title=title, xlabel=across, ylabel=up)


def legend(axes: Axes) -> None:
    """Explain the series on the right, where they hide nothing."""
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=8, frameon=False)


def line(axes: Axes, across: Sequence[float], values: Sequence[float], label: str, colour: str) -> None:
    """Draw one series with a dot at each value."""
    axes.plot(across, values, color=colour, label=label, marker="o", markersize=3, linewidth=1.4)
