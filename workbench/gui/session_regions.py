"""Regions as the session knows them: drawn, copied, brought in from files and written to them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core.case import Item
from workbench.core.region import Region
from workbench.core.region_files import RegionFile, read_regions, remark_on, write_labelme, write_regions
from workbench.core.region_guidance import enlarged, has_grid, snapped
from workbench.core.search import Box, Search
from workbench.core.text import visible

if TYPE_CHECKING:
    from workbench.gui.session import Session

LABELME_NAME = ".labelme.json"
"""Files of regions that end so are written as LabelMe reads them."""
_BESIDE = 16
"""Pixels by which a copy on the same picture lies beside its original, where there is room."""


class RegionDesk(QObject):
    """What the session does with regions; what is seen follows from the case."""

    snap_changed = Signal()
    copied_changed = Signal()
    told = Signal(str)
    """A sentence on what was done."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._snap: dict[str, bool] = {}
        self.copied: tuple[Region, ...] = ()

    # Drawing

    def draw(self, drawn: Region, accepted: tuple[Search, int] | None = None) -> Region | None:
        """Take in a region that was drawn, or accepted as a search's suggestion of a rank, and select it."""
        session = self._session
        if session.item is None:
            return None
        region = session.document.add_region(session.item_id, drawn, accepted)
        if region is not None:
            session.choose_region(region.id)
        return region

    @property
    def snap(self) -> bool:
        """Whether what is drawn on this picture snaps to the 8×8 grid: on by default where it is a JPEG."""
        item = self._session.item
        return item is not None and self._snap.get(item.id, has_grid(item.decode))

    def set_snap(self, *, snap: bool) -> None:
        """Let regions of this picture snap, or not."""
        if self._session.item is not None:
            self._snap[self._session.item_id] = snap
            self.snap_changed.emit()

    def snap_region(self) -> None:
        """Move the borders of the selected region to the grid."""
        item, region = self._session.item, self._session.region
        if item is not None and region is not None:
            self._put(region, snapped(region.box, (item.decode.width, item.decode.height)))

    def enlarge_region(self) -> None:
        """Give the selected region more surroundings: twice its sides, as far as the picture reaches."""
        item, region = self._session.item, self._session.region
        if item is None or region is None:
            return
        picture = item.decode.width, item.decode.height
        box = enlarged(region.box, picture)
        self._put(region, snapped(box, picture) if self.snap else box)

    def _put(self, region: Region, box: Box) -> None:
        changed = region.moved_to(*box)
        if self._session.change_region(changed):
            self._session.preview.nudge(changed)

    # Copies

    def copy(self) -> None:
        """Remember the selected region, to paste it into this picture or another."""
        region = self._session.region
        if region is not None:
            self.copied = (region,)
            self.copied_changed.emit()

    def paste(self) -> None:
        """Put what was copied at the same pixels of this picture, or beside its original."""
        item = self._session.item
        if item is not None and self.copied:
            regions = tuple(_beside(region, item) for region in self.copied)
            self._take_in(item, regions, self.tr("Paste {name}").format(name=regions[0].name))

    def _take_in(self, item: Item, regions: tuple[Region, ...], text: str) -> None:
        added = self._session.document.add_copies(item.id, regions, text)
        if added:
            self._session.choose_region(added[-1].id)

    # Files

    def import_file(self, path: Path) -> None:
        """Bring in the regions of a file, ours or LabelMe's."""
        item = self._session.item
        if item is None:
            return

        def then(found: RegionFile) -> None:
            if found.regions:
                self._take_in(item, found.regions, self.tr("Import {name}").format(name=path.name))
                self.told.emit(remark_on(found, item))
            else:
                nothing = self.tr("There are no regions in {path}, so nothing was imported.")
                self.told.emit(nothing.format(path=visible(str(path), 300)))

        self._session.tasks.run(lambda: read_regions(path, item), then, self._session.failed.emit)

    def export_file(self, path: Path) -> None:
        """Write the regions of this picture; a name ending in `.labelme.json` is written for LabelMe."""
        item = self._session.item
        if item is None:
            return
        write = write_labelme if path.name.endswith(LABELME_NAME) else write_regions

        def told(_: None) -> None:
            text = self.tr("{count} regions were written to {path}.")
            self.told.emit(text.format(count=len(item.regions), path=path))

        self._session.tasks.run(lambda: write(path, item, item.regions), told, self._session.failed.emit)


def _beside(region: Region, item: Item) -> Region:
    """The region itself, or moved a little where this picture has one there already."""
    if region.box not in {other.box for other in item.regions}:
        return region
    x = min(region.x + _BESIDE, item.decode.width - region.width)
    y = min(region.y + _BESIDE, item.decode.height - region.height)
    return region.moved_to(x, y, region.width, region.height)
