"""Tiles that cover a picture once, each inside a window with its halo."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Slices = tuple[slice, slice]


@dataclass(frozen=True)
class Tile:
    """A part of the picture and what must be looked at to compute it.

    Attributes:
        window: rows and columns that are read.
        core: rows and columns of the picture that come out right; the cores cover it without overlap.
        inner: `core` as seen from `window`.
    """

    window: Slices
    core: Slices
    inner: Slices


def tiles(height: int, width: int, tile: int, halo: int) -> list[Tile]:
    """Cut a picture into tiles of at most tile + 2 halo pixels a side, row by row.

    All windows have the same size, so that a runtime compiles once, and no larger than an even division of
    the picture asks for: a picture just over two tiles long is cut into three parts of two thirds of a tile,
    not into two tiles and a rest that is computed as a third. A window's side that is the picture's border
    carries no halo, since there the network's own padding acts.
    """
    return [
        Tile(
            window=(slice(y0, y1), slice(x0, x1)),
            core=(slice(cy0, cy1), slice(cx0, cx1)),
            inner=(slice(cy0 - y0, cy1 - y0), slice(cx0 - x0, cx1 - x0)),
        )
        for (y0, y1, cy0, cy1) in _spans(height, tile, halo)
        for (x0, x1, cx0, cx1) in _spans(width, tile, halo)
    ]


def nearest_first(parts: Sequence[Tile], focus: tuple[int, int] | None) -> list[int]:
    """Numbers of the tiles by the distance of their middles from (x, y), or as they come if that is None."""
    if focus is None:
        return list(range(len(parts)))
    return sorted(range(len(parts)), key=lambda number: _distance(parts[number].core, focus))


def _distance(core: Slices, focus: tuple[int, int]) -> int:
    rows, columns = core
    x, y = focus
    return int((columns.start + columns.stop - 2 * x) ** 2 + (rows.start + rows.stop - 2 * y) ** 2)


def _spans(length: int, tile: int, halo: int) -> list[tuple[int, int, int, int]]:
    """Along one axis: (window start, window end, core start, core end) of each tile."""
    inside = length - 2 * halo
    if inside <= tile:
        return [(0, length, 0, length)]
    count = -(-inside // tile)
    step = -(-inside // count)
    side = step + 2 * halo
    starts = [*range(0, step * (count - 1), step), length - side]
    edges = [0, *(start + side - halo for start in starts[:-1]), length]
    return [(start, start + side, *edge) for start, edge in zip(starts, pairwise(edges), strict=True)]
