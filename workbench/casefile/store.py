"""A case on disk: `NAME.case/` with an SQLite file, and maps and copies of the pictures by their SHA-256.

Every action is one transaction; what `commit` returned from is on the disk. Autosave is the only save.

For the window:

- Tags, notes, region searches, anything of a `Case`: change the value and `commit` it with words for the log.
- `commit` copies the file of a picture that is new into the case, unless `keep_picture` did so before in a
  thread. `picture_file(item)` is what is to be read from then on: the copy, so that nothing
  depends on the original being there.
- `close` seals the case, so it must be called; what it returns is a sentence for the user, mostly "".
- `remark` is to be shown after opening: why the case is read-only, or that it was changed since it was
  sealed.
"""

import contextlib
import secrets
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import Any, Self

from workbench.casefile import blobs, log, moving, reading, writing
from workbench.casefile.connection import (
    Lock,
    case_errors,
    connect_to_write,
    connected_to_read,
    identity_of,
    take_lock,
)
from workbench.casefile.kept import KeptFiles
from workbench.casefile.log import Entry, Head, LogLine
from workbench.casefile.reading import Stored
from workbench.casefile.verification import examine
from workbench.core.analysis import new_id
from workbench.core.case import Case, Item
from workbench.core.errors import CaseError
from workbench.core.heatmap import Heatmap
from workbench.core.mapfile import Data, MapForm
from workbench.core.maps import Maps, MemoryMaps

SUFFIX = ".case"
_ONLY_LOOKED_AT = "The case was opened only to be looked at, so nothing was added to it."
_CLOSED = "The case {} was closed before, so this was not added to it. Open it and do this again."


class CaseStore:
    """An open case. Methods may be called from several threads; use `close` or a `with` statement.

    A sealed case stays sealed as long as nothing is written: the first change opens the seal.

    Attributes:
        read_only: whether nothing can be committed.
        remark: a sentence on why it is read-only, or what is wrong with it, else "".
    """

    def __init__(self, folder: Path, lock: Lock, stored: Stored) -> None:
        self._kept = KeptFiles(folder, stored.contents.blobs)
        self.read_only = lock.held is None or stored.damage != ""
        self.remark = stored.damage or lock.remark or stored.warning
        self._refusal = self.remark or _ONLY_LOOKED_AT
        self._lock = lock
        self._stored = stored
        self._case = stored.contents.case
        self._head = stored.head
        self._database: sqlite3.Connection | None = None  # as long as the seal is open
        self._by = ""
        self._turn = threading.RLock()
        self._storing = threading.Lock()  # taken before `_turn`, and held while a file is written

    @classmethod
    def create(cls, folder: Path, by: str = "") -> Self:
        """Make a new, empty case.

        Raises:
            CaseError: there is something of that name already, or it can't be written.
        """
        return cls.save_as(folder, Case(new_id()), None, by)

    @classmethod
    def save_as(cls, folder: Path, case: Case, maps: Maps | None, by: str) -> Self:
        """Write a whole case into a new folder, with its maps and copies of its pictures, and open it.

        A picture whose file is gone or changed meanwhile is kept without a copy, and the log says so.

        Raises:
            CaseError: there is something of that name already, or it can't be written.
        """
        if folder.exists() or folder.is_symlink():
            raise CaseError(
                f"{folder} exists already and is not overwritten. Choose another name for the case."
            )
        partial = folder.with_name(f".{folder.name[:40]}.{secrets.token_hex(4)}")
        try:
            with case_errors(folder):
                partial.mkdir(parents=True)
                writing.write_new(partial, case, maps or MemoryMaps(), by)
                # Under a temporary name until it is whole: a case that is there can be opened.
                partial.rename(folder)
                blobs.sync_folder(folder.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return cls._open(folder, by, new=True)

    @classmethod
    def open(cls, folder: Path, by: str = "", *, to_read: bool = False) -> Self:
        """Open a case; read-only if another window has it open, the place can't be written, or it is damaged.

        Args:
            folder: of the case.
            by: the examiner's name, for the log.
            to_read: change nothing whatsoever in the folder.

        Raises:
            CaseError: it is no case, made by a newer version, or nothing of it can be read.
        """
        if to_read:
            lock = Lock(None, "", identity_of(folder))
            with case_errors(folder):
                return cls(folder, lock, reading.load(folder))
        return cls._open(folder, by)

    @classmethod
    def _open(cls, folder: Path, by: str, *, new: bool = False) -> Self:
        """Take the lock and read. A case that is not sealed is written to, as closing it will seal it."""
        lock = take_lock(folder)
        try:
            with case_errors(folder):
                store = cls(folder, lock, reading.load(folder))
                store._by = by
                if new:
                    store._database = connect_to_write(folder)
                elif not (store.read_only or (store._stored.seal and store._stored.seal.sealed)):
                    store._go_on(by)
        except BaseException:
            lock.release()
            raise
        if store.read_only:
            lock.release()
        return store

    def _go_on(self, by: str) -> None:
        """Write to a case that was left open; where that fails, it can still be read."""
        try:
            with case_errors(self.folder):
                self._begin(by)
        except CaseError as error:
            self.read_only = True
            self.remark = self._refusal = f"{error} The case is opened for reading only."

    def _begin(self, by: str) -> sqlite3.Connection:
        """Open the seal, once; the database."""
        self._by = by or self._by
        if self._database is None:
            self._database, files, line = writing.begin(self.folder, self._stored, self._by)
            self._kept.record(files)
            self._head = Head(line.number, line.sha256)
        return self._database

    @property
    def folder(self) -> Path:
        """Where the case lies."""
        return self._kept.folder

    @property
    def case(self) -> Case:
        """The state that was last committed."""
        return self._case

    @property
    def head(self) -> Head:
        """Where the log ends: to be written into reports, and wherever the case itself is not."""
        return self._head

    @property
    def sealed_on(self) -> str:
        """When the case was sealed, as long as it is; "" if its seal is open or, at first sight, broken."""
        kept = self._stored.seal
        whole = kept is not None and kept.sealed and not self._stored.warning and self._database is None
        return kept.time if kept is not None and whole else ""

    def commit(self, case: Case, action: str, detail: dict[str, Any], by: str) -> LogLine:
        """Put a new state of the case and one line of the log on the disk, both or none.

        The files of pictures that are new, or were found elsewhere, are copied into the case before.

        Args:
            case: the new state, with the same id.
            action: in a few words, "region drawn".
            detail: JSON values: what was done on what.
            by: the examiner's name in the settings.

        Raises:
            CaseError: the case is read-only or was moved, the disk full, a map not stored yet, or a run would
                be lost.
            EvidenceError: the file of a new picture is gone or was changed.
        """
        with self._turn:
            self._check_writable(case)
            with case_errors(self.folder):
                database = self._begin(by)
                for item in self._to_copy(case):
                    self._kept.copy_picture(item)
                new = self._kept.to_record(case)
                line = writing.commit(database, (self._case, case), new, Entry(action, detail, by))
            self._case, self._head = case, Head(line.number, line.sha256)
            self._kept.record(new)
            return line

    def _check_writable(self, case: Case | None = None) -> None:
        if self.read_only:
            raise CaseError(self._refusal)
        self._lock.check_place(self.folder)
        if case is None:
            return
        if case.id != self._case.id:
            raise CaseError("Another case can't be written over this one. Save it under a name of its own.")
        for sha256 in set(case.map_hashes()) - set(self._case.map_hashes()):
            if not self._kept.has_map(sha256):
                raise CaseError(
                    f"The map {sha256[:12]}… is not stored yet, so the run was not added to the case."
                )

    def _to_copy(self, case: Case) -> list[Item]:
        """Pictures that are new, or lie at another place now."""
        known = {item.id: item.path for item in self._case.items}
        return [item for item in case.items if known.get(item.id) != item.path]

    # Files beside the database

    def put_map(self, heatmap: Heatmap) -> None:
        """Keep a map, as numbers and in colours; on the disk when this returns.

        To be called before the commit that refers to it, in a thread: a large one takes part of a second.

        Raises:
            CaseError: the case is read-only or was moved, or the disk is full.
        """
        with self._storing:
            self._ready_to_store()
            self._kept.put_map(heatmap)

    def keep_picture(self, item: Item) -> bool:
        """Copy the file of a picture into the case, as the commit that adds it would; for a thread.

        Returns:
            Whether that was needed: there was no whole copy of it.

        Raises:
            CaseError: the case is read-only or was moved, or the disk is full.
            EvidenceError: the file is gone or was changed.
        """
        with self._storing:
            self._ready_to_store()
            return self._kept.copy_picture(item)

    def restore_picture(self, item: Item, by: str) -> bool:
        """Copy `item.path` again where the case's copy is gone or damaged; whether it was.

        Raises:
            CaseError: the case is read-only or was moved, or the disk is full.
            EvidenceError: that file is gone or was changed too.
        """
        if self._kept.has_copy(item) or not self.keep_picture(item):
            return False
        self.commit(self._case, "copy restored", {"item": item.id, "sha256": item.sha256}, by)
        return True

    def _ready_to_store(self) -> None:
        with self._turn, case_errors(self.folder):
            self._check_writable()
            self._begin("")

    def get_map(self, sha256: str) -> Heatmap:
        """Read a map and check its hash.

        Raises:
            CaseError: it is missing or damaged, or the case was moved.
        """
        if not (self.folder / blobs.map_name(sha256)).is_file():
            self._lock.check_place(self.folder)
        return blobs.read_map(self.folder, sha256)

    def map_file(self, sha256: str, form: MapForm) -> Data:
        """A map as a file, with the bytes that were encoded when it was stored.

        Raises:
            CaseError: the map is missing or damaged.
        """
        return self._kept.map_file(sha256, form)

    def picture_file(self, item: Item) -> Path:
        """The file to read a picture from: the case's own copy, or where there is none the original."""
        copy = self.folder / blobs.evidence_name(item.sha256)
        return copy if copy.is_file() else item.path

    # Another place

    def move_to(self, folder: Path, by: str) -> None:
        """Take the case to a folder that is not there yet, with its log; it stays open, whatever happens.

        On the same disk the folder is renamed, otherwise copied, compared and then removed here. Changes made
        meanwhile wait only for the last moment of it.

        Raises:
            CaseError: something of that name is there, the case can't be written here or there, or a file of
                it is damaged. It stays where it was, unless the sentence says otherwise.
        """
        self._ready_to_store()
        before = self.folder
        partial = None
        try:
            with case_errors(folder):
                partial = moving.copied_ahead(before, folder, dict(self._kept.recorded))
                with self._storing, self._turn:
                    self._move(folder, partial)
        finally:
            if partial is not None:
                shutil.rmtree(partial, ignore_errors=True)
        if before.exists():  # on another disk
            moving.clear_away(before, self.folder, self.remark)
        self.commit(self._case, "case named", {"from": before.name, "to": folder.name}, by)

    def _move(self, folder: Path, partial: Path | None) -> None:
        """Nobody may have the database open while its folder moves; a disk that is full does not keep it."""
        self._check_writable()
        database = self._begin("")
        before = self.folder
        with contextlib.suppress(CaseError, OSError, sqlite3.Error):  # unsealed, it is as whole
            writing.finish(before, database, self._case, self._kept.recorded, self._by)
        database.close()
        self._lock.release()
        try:
            moving.put_in_place(before, folder, partial, self._kept.recorded)
            self._kept.folder = folder
        finally:
            self._resume()

    def _resume(self) -> None:
        """Go on where the folder is now."""
        self._database, self.read_only = None, True  # until all is there again
        self._lock = take_lock(self.folder)
        self._stored = reading.load(self.folder)
        self._head = self._stored.head
        self.read_only = self._lock.held is None or self._stored.damage != ""
        self.remark = self._stored.damage or self._lock.remark or self._stored.warning
        self._refusal = self.remark or _ONLY_LOOKED_AT

    # Log and seal

    def log(self) -> list[LogLine]:
        """Every line of the log, the first first."""
        with self._turn, case_errors(self.folder):
            if self._database is not None:
                return log.read(self._database)
            sealed = self._stored.seal is not None and self._stored.seal.sealed
            with connected_to_read(self.folder, sealed=sealed) as database:
                return log.read(database)

    def differences(self) -> list[str]:
        """Sentences on what in this case was changed by something else; none if everything agrees.

        Reads every file of the case: call it in a thread.
        """
        self._lock.check_place(self.folder)
        return list(examine(self.folder).differences)

    def close(self) -> str:
        """Seal the case and let go of it; a second call does nothing.

        Returns:
            A sentence if it could not be sealed (nothing is lost by that), else "".
        """
        with self._storing, self._turn:
            remark = ""
            try:
                if self._database is not None:
                    self._lock.check_place(self.folder)
                    writing.finish(self.folder, self._database, self._case, self._kept.recorded, self._by)
            except (CaseError, OSError, sqlite3.Error) as error:
                remark = f"The case {self.folder.name} was closed, but could not be sealed: {error}"
            if self._database is not None:
                self._database.close()
            self._database, self.read_only = None, True
            self._refusal = _CLOSED.format(self.folder.name)
            self._lock.release()
            return remark

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
