"""Opening the SQLite file of a case, and the lock that keeps a second window from writing."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from workbench.casefile import schema
from workbench.core.errors import CaseError

DATABASE = "case.sqlite"
LOCK = "case.lock"


@dataclass(frozen=True, eq=False)
class Opened:
    """An open case.

    Attributes:
        database: of the case.
        lock: held by this window, or None if the case is read-only.
        remark: a sentence on why it is read-only, else "".
        identity: of the database file, by which it is known after a move.
    """

    database: sqlite3.Connection
    lock: sqlite3.Connection | None
    remark: str
    identity: tuple[int, int]

    def check_place(self, folder: Path) -> None:
        """Refuse to go on when another file, or none, is where the database was opened.

        SQLite keeps writing to the opened file wherever it was moved, but maps are written by name.

        Raises:
            CaseError: the folder was moved, renamed, removed or replaced.
        """
        try:
            there = _identity(folder / DATABASE)
        except OSError:
            there = None
        if there != self.identity:
            raise CaseError(
                f"The case is no longer at {folder}: the folder was moved, renamed, removed or replaced "
                "while it was open, so this was not added to it. What was shown as done before is in the "
                "case where it is now; open it there and do this again."
            )

    def close(self) -> None:
        """Close both."""
        self.database.close()
        if self.lock is not None:
            self.lock.close()


@contextlib.contextmanager
def case_errors(folder: Path) -> Iterator[None]:
    """Turn errors of the database and of the disk into sentences."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise CaseError(
            f"The case {folder.name} could not be written or read: {error}. What was shown as done "
            "before is kept; check that the drive is connected, has room and may be written."
        ) from error
    except (sqlite3.DatabaseError, ValueError) as error:
        raise CaseError(
            f"The case {folder.name} is damaged: {error}. It was not changed. "
            "Restore the folder from a backup."
        ) from error
    except OSError as error:
        raise CaseError(
            f"The case {folder.name} could not be written: {error.strerror}. "
            "Check that the place has room and may be written, or choose another."
        ) from error


def create_database(folder: Path) -> sqlite3.Connection:
    """Make the tables in a new folder."""
    database = _connect(folder / DATABASE)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        schema.migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def open_database(folder: Path) -> Opened:
    """Open an existing case for writing if nobody else has it, else for reading.

    Raises:
        CaseError: it is no case, damaged, or made by a newer version.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise CaseError(
            f"{folder} is not a case: there is no {DATABASE} in it. Choose a folder whose name ends in .case."
        )
    lock, remark = _take_lock(folder)
    database = None
    try:
        with case_errors(folder):
            database = _connect(path) if not remark else _connect_to_read(path)
            _check(database, folder)
            if not remark:
                schema.migrate(database)
            return Opened(database, lock, remark, _identity(path))
    except BaseException:
        for connection in (database, lock):
            if connection is not None:
                connection.close()
        raise


def _identity(path: Path) -> tuple[int, int]:
    """What stays the same when a file is moved within its drive, on every system."""
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA synchronous = FULL")  # a commit outlasts a power cut, too
    return database


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Without writing anything; where no other process has the file open, none of its helpers is needed."""
    in_use = path.with_name(f"{path.name}-wal").exists()
    flags = "mode=ro" if in_use else "mode=ro&immutable=1"
    return sqlite3.connect(
        f"file:{quote(str(path))}?{flags}", uri=True, isolation_level=None, check_same_thread=False
    )


def _take_lock(folder: Path) -> tuple[sqlite3.Connection | None, str]:
    """Hold SQLite's own lock on a side file: that works on every system, and a killed program lets go."""
    lock = None
    try:
        lock = sqlite3.connect(folder / LOCK, timeout=0.2, isolation_level=None, check_same_thread=False)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if lock is not None:
            lock.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return None, (
                f"The case {folder.name} is open in another window, so it is opened for reading only. "
                "Close the other window and open the case again to work on it."
            )
        return None, (
            f"The case {folder.name} lies where nothing may be written, so it is opened for reading only. "
            "Copy the folder to a place of your own to work on it."
        )
    return lock, ""


def _check(database: sqlite3.Connection, folder: Path) -> None:
    version = schema.version_of(database)
    if not schema.is_case(database) or version == 0:
        raise CaseError(f"{folder / DATABASE} was not made by this program, so {folder.name} is not opened.")
    if version > schema.NEWEST:
        raise CaseError(
            f"The case {folder.name} was made by a newer version of this program (tables {version}, this one "
            f"knows {schema.NEWEST}), so it is not opened and not changed. Install the newer version."
        )
    (result,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if result != "ok":
        raise CaseError(
            f"The case {folder.name} is damaged: {result}. It was not changed. "
            "Restore the folder from a backup."
        )
