"""Where maps and pictures are kept: in memory until a case is saved, then in the case."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.core.case import Item
from workbench.core.errors import CaseError
from workbench.core.heatmap import Heatmap
from workbench.core.mapfile import Data, MapForm, encoded


@dataclass(frozen=True)
class Source:
    """A picture of a case and the file to read it from: the case's own copy, or the original."""

    item: Item
    path: Path


class Maps(Protocol):
    """Keeps maps; a case on disk does, and `MemoryMaps`."""

    def put_map(self, heatmap: Heatmap) -> None:
        """Keep a map; done when this returns."""

    def get_map(self, sha256: str) -> Heatmap:
        """Give a map back.

        Raises:
            CaseError: it is not there or is no longer what was kept.
        """

    def map_file(self, sha256: str, form: MapForm) -> Data:
        """A map as a file: a case gives the bytes that it keeps, encoded once.

        Raises:
            CaseError: the map is not there or is no longer what was kept.
        """

    def picture_file(self, item: Item) -> Path:
        """The file to read the picture from: the case's own copy, or where there is none the original."""


class MemoryMaps:
    """Maps of a case that is not saved yet."""

    def __init__(self) -> None:
        self._maps: dict[str, Heatmap] = {}

    def put_map(self, heatmap: Heatmap) -> None:
        """Keep a map as long as the program runs."""
        self._maps[heatmap.sha256] = heatmap

    def get_map(self, sha256: str) -> Heatmap:
        """Give a map back.

        Raises:
            CaseError: it was never put.
        """
        if sha256 not in self._maps:
            raise CaseError(f"The map {sha256[:12]}… is not in this case. Run the analysis again.")
        return self._maps[sha256]

    def map_file(self, sha256: str, form: MapForm) -> Data:
        """Encode a map; nothing is kept of it.

        Raises:
            CaseError: it was never put.
        """
        return encoded(self.get_map(sha256), form)

    def picture_file(self, item: Item) -> Path:
        """The original: copies are made when the case is saved."""
        return item.path
