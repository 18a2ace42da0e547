"""Undo: one command that remembers the old and the new case. Runs and pictures are never lost by it."""

import time
from dataclasses import replace

from PySide6.QtGui import QUndoCommand

from workbench.core.case import Case, Item

ONE_GESTURE = 1.0
"""Seconds between two changes of the same thing that are undone together."""


def carried(state: Case, present: Case) -> Case:
    """A state of the case from before or after, with every picture and run that is there by now.

    Regions, thresholds, words, details and which suggestions were accepted are those of `state`; a run,
    search or picture added since stays, and region names are not given out twice.
    """
    earlier = {item.id: item for item in state.items}
    items = tuple(_carried_item(earlier.get(item.id), item) for item in present.items)
    return replace(state, items=items)


def _carried_item(state: Item | None, present: Item) -> Item:
    if state is None:
        return present
    known = {analysis.id: analysis for analysis in state.analyses}
    analyses = tuple(known.get(analysis.id, analysis) for analysis in present.analyses)
    searched = {search.id: search for search in state.searches}
    searches = tuple(searched.get(search.id, search) for search in present.searches)
    return replace(
        present,
        regions=state.regions,
        analyses=analyses,
        searches=searches,
        region_count=max(state.region_count, present.region_count),
        tags=state.tags,
        note=state.note,
    )


class SwapCase(QUndoCommand):
    """A change of the case that has been made, and stored, before this is pushed.

    It only remembers: the document puts the other state first and then moves the stack, so that both stay
    together where the disk refuses. Commands with the same key that follow each other at once become one: a
    row of arrow keys, say.

    Attributes:
        old: the case before.
        new: the case after.
    """

    def __init__(self, text: str, old: Case, new: Case, key: str) -> None:
        super().__init__(text)
        self.old, self.new, self._key = old, new, key
        self._time = time.monotonic()

    def id(self) -> int:
        """Qt merges commands of the same number only."""
        return 1 if self._key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - overrides Qt
        """Take in the next command if it continues this one."""
        if not isinstance(other, SwapCase) or other._key != self._key:
            return False
        if other._time - self._time > ONE_GESTURE:
            return False
        self.new, self._time = other.new, other._time
        return True
