"""Opening the SQLite file of a case, and the lock that keeps a second window from writing."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from workbench.casefile import schema
from workbench.core.errors import CaseError

DATABASE = "case.sqlite"
LOCK = "case.lock"
JOURNALS = tuple(f"{DATABASE}{end}" for end in ("-wal", "-shm", "-journal"))
"""What SQLite keeps beside the database while it is written."""


@dataclass(frozen=True)
class Lock:
    """The right to write.

    Attributes:
        held: by this window, or None if it has not got it.
        remark: a sentence on why not, else "".
        identity: of the database file, by which it is known after a move.
    """

    held: sqlite3.Connection | None
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

    def release(self) -> None:
        """Let others write."""
        if self.held is not None:
            self.held.close()


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
    except (sqlite3.DatabaseError, ValueError, OverflowError) as error:
        raise CaseError(
            f"The case {folder.name} is damaged: {error}. It was not changed. "
            "Restore the folder from a backup."
        ) from error
    except OSError as error:
        raise CaseError(
            f"The case {folder.name} could not be written: {error.strerror}. "
            "Check that the place has room and may be written, or choose another."
        ) from error


def take_lock(folder: Path) -> Lock:
    """The right to write into a case, if nobody else has it.

    SQLite's own lock on a side file works on every system, and a killed program lets go of it.

    Raises:
        CaseError: there is no case.
    """
    identity = identity_of(folder)
    held = None
    try:
        held = sqlite3.connect(folder / LOCK, timeout=0.2, isolation_level=None, check_same_thread=False)
        held.execute("PRAGMA journal_mode = OFF")  # else the lock would have a file of its own
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if held is not None:
            held.close()
        return Lock(None, _not_to_be_written(folder, error), identity)
    return Lock(held, "", identity)


def _not_to_be_written(folder: Path, error: sqlite3.DatabaseError) -> str:
    if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
        return (
            f"The case {folder.name} is open in another window, so it is opened for reading only. "
            "Close the other window and open the case again to work on it."
        )
    return (
        f"The case {folder.name} lies where nothing may be written, so it is opened for reading only. "
        "Copy the folder to a place of your own to work on it."
    )


def identity_of(folder: Path) -> tuple[int, int]:
    """What tells the database of a case from any other file, also after a move.

    Raises:
        CaseError: there is no case.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise CaseError(
            f"{folder} is not a case: there is no {DATABASE} in it. Choose a folder whose name ends in .case."
        )
    return _identity(path)


def _identity(path: Path) -> tuple[int, int]:
    """What stays the same when a file is moved within its drive, on every system."""
    status = os.stat(path)
    return status.st_dev, status.st_ino


def create_database(folder: Path) -> sqlite3.Connection:
    """Make the tables in a new folder."""
    database = connect_to_write(folder)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        with transaction(database):
            schema.migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def connect_to_write(folder: Path) -> sqlite3.Connection:
    """Open the database for writing; the caller holds the lock."""
    database = sqlite3.connect(folder / DATABASE, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA synchronous = FULL")  # a commit outlasts a power cut, too
    return database


@contextlib.contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside is done, or nothing of it."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def connected_to_read(folder: Path, *, sealed: bool) -> Iterator[sqlite3.Connection]:
    """Open the database for a moment, for reading, without changing anything of the case.

    Of a sealed case the database file alone is read: a journal beside it does not belong there. Where there
    is no journal, nobody writes, and none of SQLite's own helper files is needed. Where there is one and the
    folder may not be written, a copy is read.
    """
    path = folder / DATABASE
    if sealed or not any((folder / name).exists() for name in JOURNALS):
        with _reader(path, "mode=ro&immutable=1") as database:
            yield database
    elif _readable(path):
        with _reader(path, "mode=ro") as database:
            yield database
    else:
        with tempfile.TemporaryDirectory() as name:
            for file in (DATABASE, JOURNALS[0]):
                if (folder / file).exists():
                    shutil.copyfile(folder / file, Path(name, file))
            with _reader(Path(name, DATABASE), "mode=rw") as database:
                yield database


def _readable(path: Path) -> bool:
    try:
        with _reader(path, "mode=ro") as database:
            database.execute("PRAGMA schema_version").fetchone()
            return True
    except sqlite3.OperationalError:
        return False


@contextlib.contextmanager
def _reader(path: Path, flags: str) -> Iterator[sqlite3.Connection]:
    uri = f"file:{quote(os.fsencode(path))}?{flags}"
    with contextlib.closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as database:
        database.execute("BEGIN")  # one and the same state for all that is read, whoever writes meanwhile
        yield database


def check(database: sqlite3.Connection, folder: Path) -> None:
    """Refuse what this program can't read.

    Raises:
        CaseError: not a case, or made by a newer version.
        sqlite3.DatabaseError: the very beginning of the file is damaged.
    """
    version = schema.version_of(database)
    if not schema.is_case(database) or version < 1:
        raise CaseError(f"{folder / DATABASE} was not made by this program, so {folder.name} is not opened.")
    if version > schema.NEWEST:
        raise CaseError(
            f"The case {folder.name} was made by a newer version of this program (tables {version}, this one "
            f"knows {schema.NEWEST}), so it is not opened and not changed. Install the newer version."
        )


def damage(database: sqlite3.Connection) -> str:
    """What SQLite finds wrong with the file, in its words, or ""."""
    try:
        (result,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if result == "ok" else str(result).replace("*** in database main ***\n", "")
