"""A case on disk: `NAME.case/` with an SQLite file and maps stored by their SHA-256.

Every action is one transaction; what `commit` returned from is on the disk. Autosave is the only save.
"""

import secrets
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import Any, Self

from workbench.casefile import blobs, log, rows
from workbench.casefile.connection import Opened, case_errors, create_database, open_database
from workbench.casefile.log import LogLine
from workbench.core.analysis import new_id
from workbench.core.case import Case
from workbench.core.errors import CaseError
from workbench.core.heatmap import Heatmap
from workbench.core.maps import Maps

SUFFIX = ".case"


class CaseStore:
    """An open case. Methods may be called from several threads; use `close` or a `with` statement.

    Attributes:
        folder: of the case.
        read_only: whether nothing can be committed.
        remark: a sentence on why it is read-only, else "".
    """

    def __init__(self, folder: Path, opened: Opened, case: Case) -> None:
        self.folder = folder
        self.read_only = opened.remark != ""
        self.remark = opened.remark
        self._opened = opened
        self._case = case
        self._turn = threading.RLock()

    @classmethod
    def create(cls, folder: Path, by: str = "") -> Self:
        """Make a new, empty case.

        Raises:
            CaseError: there is something of that name already, or it can't be written.
        """
        return cls.save_as(folder, Case(new_id()), None, by)

    @classmethod
    def save_as(cls, folder: Path, case: Case, maps: Maps | None, by: str) -> Self:
        """Write a whole case into a new folder, with the maps it refers to, and open it.

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
                _write_new(partial, case, maps, by)
                # Under a temporary name until it is whole: a case that is there can be opened.
                partial.rename(folder)
                blobs.sync_folder(folder.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a case; read-only if another window has it open or the place can't be written.

        Raises:
            CaseError: it is no case, damaged, or made by a newer version.
        """
        opened = open_database(folder)
        try:
            with case_errors(folder):
                return cls(folder, opened, rows.read(opened.database))
        except BaseException:
            opened.close()
            raise

    @property
    def case(self) -> Case:
        """The state that was last committed."""
        return self._case

    def commit(self, case: Case, action: str, detail: dict[str, Any], by: str) -> LogLine:
        """Put a new state of the case and one line of the log on the disk, both or none.

        Args:
            case: the new state, with the same id.
            action: in a few words, "region drawn".
            detail: JSON values: what was done on what.
            by: the examiner's name in the settings.

        Raises:
            CaseError: the case is read-only or was moved, the disk full, a map not stored yet, or a run would
                be lost.
        """
        with self._turn:
            self._check_writable(case)
            with case_errors(self.folder):
                line = _transaction(self._opened.database, self._case, case, (action, detail, by))
            self._case = case
            return line

    def put_map(self, heatmap: Heatmap) -> None:
        """Keep a map; on the disk when this returns. To be called before the commit that refers to it.

        Raises:
            CaseError: the case is read-only or was moved, or the disk is full.
        """
        if self.read_only:
            raise CaseError(self.remark)
        self._opened.check_place(self.folder)
        blobs.write_map(self._maps, heatmap)

    def get_map(self, sha256: str) -> Heatmap:
        """Read a map and check its hash.

        Raises:
            CaseError: it is missing or damaged, or the case was moved.
        """
        if not blobs.path_of(self._maps, sha256).is_file():
            self._opened.check_place(self.folder)
        return blobs.read_map(self._maps, sha256)

    def log(self) -> list[LogLine]:
        """Every line of the log, the first first."""
        with self._turn, case_errors(self.folder):
            return log.read(self._opened.database)

    def differences(self) -> list[str]:
        """Sentences on what in this case was changed by something else; none if everything agrees."""
        with self._turn, case_errors(self.folder):
            lines = log.read(self._opened.database)
            found = log.broken_lines(lines)
            if lines and lines[-1].state != rows.state_hash(self._opened.database):
                found.append("The rows of the case are not those of the last line of the log.")
        for sha256 in dict.fromkeys(self._case.map_hashes()):
            try:
                self.get_map(sha256)
            except CaseError as error:
                found.append(str(error))
        return found

    def close(self) -> None:
        """Let go of the case; a second call does nothing."""
        with self._turn:
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _maps(self) -> Path:
        return self.folder / "maps"

    def _check_writable(self, case: Case) -> None:
        if self.read_only:
            raise CaseError(self.remark)
        self._opened.check_place(self.folder)
        if case.id != self._case.id:
            raise CaseError("Another case can't be written over this one. Save it under a name of its own.")
        known = set(self._case.map_hashes())
        for sha256 in set(case.map_hashes()) - known:
            if not blobs.path_of(self._maps, sha256).is_file():
                raise CaseError(
                    f"The map {sha256[:12]}… is not stored yet, so the run was not added to the case."
                )


def _write_new(folder: Path, case: Case, maps: Maps | None, by: str) -> None:
    (folder / "maps").mkdir()
    for sha256 in dict.fromkeys(case.map_hashes()):
        if maps is None:
            raise CaseError("The maps of the case were not given, so it was not saved.")
        blobs.write_map(folder / "maps", maps.get_map(sha256))
    database = create_database(folder)
    try:
        _transaction(database, None, case, ("case created", {"case": case.id}, by))
    finally:
        database.close()


def _transaction(
    database: sqlite3.Connection, old: Case | None, new: Case, entry: tuple[str, dict[str, Any], str]
) -> LogLine:
    action, detail, by = entry
    database.execute("BEGIN IMMEDIATE")
    try:
        rows.write(database, old, new)
        line = log.append(database, action, detail, by, rows.state_hash(database))
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    return line
