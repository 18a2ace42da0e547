"""The case that is open: its value, its undo stack, its maps, and where it is kept on disk."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from workbench.casefile.connection import DATABASE
from workbench.casefile.store import SUFFIX, CaseStore
from workbench.casefile.untitled import begin, give_up, is_untitled
from workbench.core.analysis import Analysis, new_id
from workbench.core.case import Case, CaseDetails, Item, Status
from workbench.core.errors import RegionError, WorkbenchError
from workbench.core.maps import Maps, MemoryMaps, Source
from workbench.core.region import Region, Shape
from workbench.core.region_files import with_copies
from workbench.core.search import Search
from workbench.core.weights import Threshold
from workbench.gui.undo import SwapCase, carried

MOST_LOGGED = 2000
"""Characters of a note that a line of the log repeats."""


class Document(QObject):
    """Every change of the case goes through here; once on the disk, each commits itself before it is shown.

    Attributes:
        case: the state at present.
        maps: where the maps are; in memory until the case is on the disk. May be used from any thread.
        by: the examiner's name, for the log.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.by = ""
        self.case = Case(new_id())
        self.maps: Maps = MemoryMaps()
        self.undo_stack = QUndoStack(self)
        self._store: CaseStore | None = None
        self._first = self.case
        self._unwritten: list[tuple[Case, str, dict[str, Any]]] = []  # changes that only memory holds

    # Where it is kept

    @property
    def folder(self) -> Path | None:
        """The case's folder, once it is on the disk."""
        return self._store.folder if self._store else None

    @property
    def untitled(self) -> bool:
        """Whether it is on the disk, but in the program's folder, as nobody has named it yet."""
        return self._store is not None and is_untitled(self._store.folder)

    @property
    def log_head(self) -> tuple[str, int] | None:
        """Hash of the last line of the case's log and the number of lines, once saved."""
        return (self._store.head.sha256, self._store.head.count) if self._store else None

    @property
    def sealed_on(self) -> str:
        """When the case was sealed, if it still is and its database agrees; verify compares all files."""
        return self._store.sealed_on if self._store else ""

    @property
    def unsaved(self) -> bool:
        """Whether there is anything that only memory holds."""
        written = self.case.details != self._first.details or any(
            item.analyses or item.regions or item.searches or item.tags or item.note
            for item in self.case.items
        )
        return self._store is None and written

    @property
    def read_only(self) -> bool:
        """Whether the case can only be looked at: another window has it, or its place can't be written."""
        return self._store is not None and self._store.read_only

    def readable(self, item: Item) -> Source:
        """A picture and the file to read it from: the case's own copy, once it is saved."""
        return Source(item, self.maps.picture_file(item))

    def copying(self, item: Item) -> Callable[[], object] | None:
        """What copies the file of a new picture into the case, for a thread; None if no copy is needed."""
        store = self._store
        if store is None or store.read_only or item in self.case.items:
            return None
        return lambda: store.keep_picture(item)

    def start_new(self, details: CaseDetails) -> None:
        """Leave this case and begin an empty one."""
        self._begin(Case(new_id(), details), None)

    def adopt(self, store: CaseStore, *, same_case: bool) -> None:
        """Work on a case on disk from now on; the same one after saving keeps its undo."""
        if same_case:
            self._move_into(store)
        else:
            self._begin(store.case, store)
        if store.remark:
            self.failed.emit(store.remark)

    def untitled_maker(self) -> Callable[[], CaseStore]:
        """What makes an untitled case for what memory holds, its pictures and maps stored; for a thread."""
        first, by = self._first, self.by
        items, maps = self.case.items, self.maps
        hashes = dict.fromkeys(self.case.map_hashes())
        return lambda: begin(first, items, map(maps.get_map, hashes), by)

    def adopt_untitled(self, store: CaseStore) -> bool:
        """Work on a case that was just made; each change so far becomes a line of its log.

        False if that failed, and the case is removed again.
        """
        try:
            for sha256 in dict.fromkeys(self.case.map_hashes()):
                store.put_map(self.maps.get_map(sha256))
            for case, action, detail in self._unwritten:
                store.commit(case, action, detail, self.by)
        except WorkbenchError as error:
            give_up(store)
            self.failed.emit(str(error))
            return False
        self._unwritten.clear()
        self._store, self.maps = store, store
        self.changed.emit()
        return True

    def namer(self, folder: Path) -> Callable[[], None]:
        """What moves the untitled case to a folder of the user's choice, for a thread."""
        store, by = self._store, self.by
        assert store is not None
        return lambda: store.move_to(folder, by)

    def _move_into(self, store: CaseStore) -> None:
        """Go on with this case in a folder it was just written to, and add what came in meanwhile."""
        for sha256 in set(self.case.map_hashes()) - set(store.case.map_hashes()):
            store.put_map(self.maps.get_map(sha256))
        self.close()
        self._store, self.maps = store, store
        self._unwritten.clear()
        if store.case != self.case:
            self._put(self.case, "changes made while saving", {})
        self.changed.emit()

    def close(self) -> None:
        """Seal the case and let go of its files."""
        if self._store is not None:
            remark = self._store.close()
            self._store = None
            if remark:
                self.failed.emit(remark)

    def _begin(self, case: Case, store: CaseStore | None) -> None:
        self.close()
        self.case, self._store = case, store
        self._first = case
        self._unwritten.clear()
        self.maps = store or MemoryMaps()
        self.undo_stack.clear()
        self.changed.emit()

    # Changes that can't be undone: pictures and runs are never lost

    def add_item(self, item: Item) -> bool:
        """Take in a picture; False if the case can't be written."""
        case = self._unfinished(self.case.with_item(item))
        return self._put(case, "picture opened", {"item": item.id, "name": item.name, "sha256": item.sha256})

    def move_item(self, item_id: str, path: Path) -> bool:
        """The file of a picture was found at another place; False if the case can't be written."""
        case = self._unfinished(self.case.with_item(replace(self.case.item(item_id), path=path)))
        return self._put(case, "picture found", {"item": item_id, "path": str(path)})

    def add_analysis(self, item_id: str, analysis: Analysis) -> bool:
        """Take in a finished run, whose map is in `maps` already; False if the case can't be written."""
        case = self._unfinished(self.case.with_item(self.case.item(item_id).with_analysis(analysis)))
        detail = {"item": item_id, "run": analysis.id, "region": _box(analysis.region)}
        return self._put(case, "analysis finished", detail)

    def keep_search(self, item_id: str, search: Search) -> bool:
        """Take in a region search; False if it can't be written."""
        case = self.case.with_item(self.case.item(item_id).with_search(search))
        result = search.result
        detail = {
            "item": item_id,
            "search": search.id,
            "windows": len(result.windows),
            "suggestions": len(result.suggestions),
            "accepted": [list(pair) for pair in search.accepted],
        }
        return self._put(case, "region search", detail)

    def tell(self, action: str, detail: dict[str, Any]) -> bool:
        """Write a line into the log about what changes nothing in the case; False if it can't be written."""
        if self._store is None or self.read_only:
            return True
        return self._put(self.case, action, detail)

    # Changes that can be undone

    def add_region(
        self, item_id: str, drawn: Region, accepted: tuple[Search, int] | None = None
    ) -> Region | None:
        """Take in a drawn region under the next name; None if it is too small or outside.

        Where it is a suggestion that was accepted, `accepted` is the search and the suggestion's rank, and
        that it became this region is kept, and undone, in the same step.
        """
        item = self.case.item(item_id).with_region(*drawn.box, drawn.shape, drawn.points)
        region = item.regions[-1]
        if not self._allowed(item, region):
            return None
        text = self.tr("Draw {name}").format(name=region.name)
        told = _told(item_id, region)
        if accepted is not None:
            search, rank = accepted
            item = item.with_search(search.with_accepted(rank, region.id))
            told |= {"search": search.id, "rank": rank}
        done = self._apply(text, self.case.with_item(item), "region drawn", told)
        return region if done else None

    def add_copies(self, item_id: str, regions: Sequence[Region], text: str) -> tuple[Region, ...]:
        """Take in copies of regions that were drawn elsewhere; none if one of them does not fit."""
        before = self.case.item(item_id)
        try:
            item = with_copies(before, regions)
        except RegionError as error:
            self.failed.emit(str(error))
            return ()
        added = item.regions[len(before.regions) :]
        told = {"item": item_id, "regions": [_told(item_id, region) for region in added]}
        done = self._apply(text, self.case.with_item(item), "regions copied", told)
        return added if done else ()

    def change_region(self, item_id: str, region: Region) -> bool:
        """Move, resize or rename a region; False if it would leave the picture."""
        item = self.case.item(item_id)
        if region in item.regions or not self._allowed(item, region):
            return False
        case = self.case.with_item(item.with_region_changed(region))
        text = self.tr("Change {name}").format(name=region.name)
        return self._apply(text, case, "region changed", _told(item_id, region), f"region {region.id}")

    def remove_region(self, item_id: str, region: Region) -> bool:
        """Remove a region; runs made on it stay."""
        case = self.case.with_item(self.case.item(item_id).without_region(region.id))
        text = self.tr("Delete {name}").format(name=region.name)
        return self._apply(text, case, "region removed", _told(item_id, region))

    def set_dismissed(self, item_id: str, search: Search, rank: int, *, dismissed: bool) -> bool:
        """Put a suggestion of a search aside, or take it back."""
        item = self.case.item(item_id).with_search(search.with_dismissed(rank, dismissed=dismissed))
        text = self.tr("Dismiss suggestion {rank}") if dismissed else self.tr("Take suggestion {rank} back")
        action = "suggestion dismissed" if dismissed else "suggestion taken back"
        told = {"item": item_id, "search": search.id, "rank": rank}
        return self._apply(text.format(rank=rank), self.case.with_item(item), action, told)

    def set_threshold(self, item_id: str, run_id: str, threshold: Threshold) -> bool:
        """Set the threshold at which a run is seen."""
        item = self.case.item(item_id)
        run = next(a for a in item.analyses if a.id == run_id)
        if run.threshold == threshold:
            return False
        case = self.case.with_item(item.with_analysis(replace(run, threshold=threshold)))
        text = self.tr("Set threshold {value}").format(value=f"{threshold.value:.3f}")
        detail = {"item": item_id, "run": run_id, "value": threshold.value, "source": threshold.source}
        return self._apply(text, case, "threshold set", detail, f"threshold {run_id}")

    def set_details(self, details: CaseDetails) -> bool:
        """Write what the examiner says of the case."""
        if details == self.case.details:
            return False
        case = replace(self.case, details=details)
        return self._apply(self.tr("Change case details"), case, "case details changed", {})

    def set_status(self, status: Status) -> bool:
        """Mark the case final, or a draft again; any later change makes a final case a draft."""
        if status is self.case.details.status:
            return False
        case = replace(self.case, details=replace(self.case.details, status=status))
        text = self.tr("Mark as final") if status is Status.FINAL else self.tr("Mark as draft")
        return self._apply(text, case, f"marked as {status.value}", {"status": status.value})

    def describe_item(self, item_id: str, tags: tuple[str, ...], note: str) -> bool:
        """Write the examiner's words on a picture."""
        item = self.case.item(item_id)
        if (tags, note) == (item.tags, item.note):
            return False
        case = self.case.with_item(replace(item, tags=tags, note=note))
        detail = {"item": item_id, "tags": list(tags), "note": note[:MOST_LOGGED]}
        return self._apply(self.tr("Describe picture"), case, "picture described", detail, f"words {item_id}")

    def describe_run(self, item_id: str, run_id: str, note: str) -> bool:
        """Write the examiner's words on a run."""
        item = self.case.item(item_id)
        run = next(a for a in item.analyses if a.id == run_id)
        if run.note == note:
            return False
        case = self.case.with_item(item.with_analysis(replace(run, note=note)))
        detail = {"item": item_id, "run": run_id, "note": note[:MOST_LOGGED]}
        return self._apply(self.tr("Note on run"), case, "run described", detail, f"words {run_id}")

    def _unfinished(self, case: Case) -> Case:
        """What a final case becomes by a change: a draft, so that final is what was marked so and no more."""
        statuses = {self.case.details.status, case.details.status}
        if statuses != {Status.FINAL} or case == self.case:
            return case
        self.failed.emit(self.tr("The case was marked as final. It was changed now, so it is a draft again."))
        return replace(case, details=replace(case.details, status=Status.DRAFT))

    def _allowed(self, item: Item, region: Region) -> bool:
        try:
            region.check_inside(item.decode.width, item.decode.height)
        except RegionError as error:
            self.failed.emit(str(error))
            return False
        return True

    def _apply(self, text: str, case: Case, action: str, detail: dict[str, Any], key: str = "") -> bool:
        old, case = self.case, self._unfinished(case)
        if not self._put(case, action, detail):
            return False
        self.undo_stack.push(SwapCase(text, old, case, key))
        return True

    def undo(self) -> None:
        """Take the newest change back, if the case can be written."""
        command = self.undo_stack.command(self.undo_stack.index() - 1)
        if isinstance(command, SwapCase) and self._swap(command.old, f"undo: {command.text()}"):
            self.undo_stack.undo()

    def redo(self) -> None:
        """Make the change again that was taken back last, if the case can be written."""
        command = self.undo_stack.command(self.undo_stack.index())
        if isinstance(command, SwapCase) and self._swap(command.new, f"redo: {command.text()}"):
            self.undo_stack.redo()

    def _swap(self, state: Case, action: str) -> bool:
        case = carried(state, self.case)
        if case.details.status is Status.FINAL and case != state:
            case = replace(case, details=replace(case.details, status=Status.DRAFT))
        return self._put(case, action, {})

    def _put(self, case: Case, action: str, detail: dict[str, Any]) -> bool:
        """Store the new state, then show it: what is seen as done is on the disk."""
        if self._store is not None:
            try:
                self._store.commit(case, action, detail, self.by)
            except WorkbenchError as error:
                self.failed.emit(str(error))
                return False
        else:
            self._unwritten.append((case, action, detail))
        self.case = case
        self.changed.emit()
        return True


def _box(region: Region | None) -> list[int] | None:
    return list(region.box) if region else None


def _told(item_id: str, region: Region) -> dict[str, Any]:
    told = {"item": item_id, "region": region.id, "name": region.name, "box": list(region.box)}
    return told if region.shape is Shape.RECTANGLE else {**told, "shape": region.shape.value}


def is_case(path: Path) -> bool:
    """Whether a path is a case folder and not a picture."""
    return path.is_dir() and (path.suffix == SUFFIX or (path / DATABASE).exists())
