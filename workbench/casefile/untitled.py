"""Cases that nobody has named yet: made with the first picture, kept in the program's folder."""

import contextlib
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench.casefile import moving
from workbench.casefile.connection import DATABASE, LOCK, case_errors, take_lock
from workbench.casefile.store import SUFFIX, CaseStore
from workbench.core import paths, settings
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.errors import CaseError
from workbench.core.heatmap import Heatmap

_ABANDONED = 24 * 3600.0
"""Seconds after which a folder that was never finished belongs to no window any more."""

_NEWBORN = 60.0
"""Seconds in which an empty one may be that of another window that is about to put its first picture in."""


@dataclass(frozen=True)
class Left:
    """An untitled case that no window has open.

    Attributes:
        folder: of the case.
        changed: when something was last written into it, local time.
        names: of its pictures as received; empty if the case can't be read.
        runs: how many, region searches included.
        worked_on: whether there is more in it than pictures, or might be, as it is damaged.
        size: bytes of its files.
        damage: a sentence if it can't be read, else "".
    """

    folder: Path
    changed: datetime
    names: tuple[str, ...]
    runs: int
    worked_on: bool
    size: int
    damage: str = ""


def is_untitled(folder: Path) -> bool:
    """Whether a case lies where those without a name do."""
    return folder.parent == paths.untitled_folder()


def begin(case: Case, pictures: Iterable[Item], heatmaps: Iterable[Heatmap], by: str) -> CaseStore:
    """Make a new untitled case and store pictures and maps in it, for the commits that will add them.

    Raises:
        CaseError: the program's folder can't be written, or has no room.
        EvidenceError: a picture's file is gone or was changed.
    """
    name = f"{datetime.now():%Y-%m-%d %H.%M.%S} {secrets.token_hex(2)}{SUFFIX}"
    store = CaseStore.save_as(paths.untitled_folder() / name, case, None, by)
    try:
        for item in pictures:
            store.keep_picture(item)
        for heatmap in heatmaps:
            store.put_map(heatmap)
    except BaseException:
        give_up(store)
        raise
    return store


def give_up(store: CaseStore) -> None:
    """Remove an untitled case that could not be begun after all."""
    store.close()
    with contextlib.suppress(CaseError):  # it is empty: the next look at what is left clears it away
        discard(store.folder)


def left_over() -> list[Left]:
    """The untitled cases that no window has open, the newest first; empty ones are cleared away."""
    _clear_scraps()
    found = []
    for folder in paths.untitled_folder().glob(f"[!.]*{SUFFIX}"):
        if (folder / DATABASE).is_file() and not _in_use(folder):
            left = _look_at(folder)
            if left.names or left.damage or left.worked_on:
                found.append(left)
            elif time.time() - left.changed.timestamp() > _NEWBORN:
                discard(folder)  # the program ended before the first picture was in it
    return sorted(found, key=lambda left: left.changed, reverse=True)


def _in_use(folder: Path) -> bool:
    lock = take_lock(folder)
    lock.release()
    return lock.held is None


def _look_at(folder: Path) -> Left:
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    newest = max(path.stat().st_mtime for path in files if path.name != LOCK)
    changed = datetime.fromtimestamp(newest).astimezone()
    try:
        with CaseStore.open(folder, to_read=True) as store:
            items, details = store.case.items, store.case.details
            damaged = store.remark if store.read_only else ""
    except CaseError as error:
        return Left(folder, changed, (), 0, worked_on=True, size=size, damage=str(error))
    runs = sum(len(item.analyses) + len(item.searches) for item in items)
    marked = any(item.regions or item.region_count or item.tags or item.note for item in items)
    worked_on = bool(runs or marked or damaged or _is_written(details))
    names = tuple(item.name for item in items)
    return Left(folder, changed, names, runs, worked_on, size, damage="" if items else damaged)


def _is_written(details: CaseDetails) -> bool:
    """Whether anybody wrote into them; every case begins with the names in the settings."""
    user, _ = settings.load()
    return details not in (CaseDetails(), CaseDetails(user.examiner, user.organisation))


def discard(folder: Path) -> None:
    """Remove an untitled case for good.

    Raises:
        CaseError: it is open in a window, can't be removed, or is none.
    """
    if not is_untitled(folder):
        raise CaseError(f"{folder} has a name of its own, so it is not discarded from here.")
    if _in_use(folder):
        raise CaseError(f"The case {folder.name} is open in another window, so it was not discarded.")
    with case_errors(folder):
        moving.remove(folder)


def keep_at_most(most: int) -> list[Left]:
    """Remove the oldest beyond a number of which pictures were only looked at; what was removed.

    One that was worked on, or can't be read, is never removed without being asked for.

    Raises:
        CaseError: one of them can't be removed.
    """
    left = left_over()
    looked_at = sorted((one for one in left if not one.worked_on), key=lambda one: one.changed)
    removed = looked_at[: max(0, len(left) - most)]
    for one in removed:
        discard(one.folder)
    return removed


def _clear_scraps() -> None:
    """What a killed program left of a case that it was making or discarding."""
    for folder in paths.untitled_folder().glob(".*"):
        if folder.name.startswith(moving.GONE) or time.time() - folder.stat().st_mtime > _ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)
