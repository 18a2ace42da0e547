"""Writing into a case: opening its seal, one transaction for each action, sealing it again."""

import contextlib
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.casefile import blobs, log, rows, schema, seal
from workbench.casefile.connection import JOURNALS, connect_to_write, create_database, transaction
from workbench.casefile.log import Entry, Head, LogLine
from workbench.casefile.reading import CHANGED_ROWS, Stored, last_state
from workbench.core.case import Case, Item
from workbench.core.digest import sha256_of_file
from workbench.core.errors import CaseError, EvidenceError
from workbench.core.mapfile import MapForm
from workbench.core.maps import Maps

_PATIENCE = 2.0
"""Seconds that sealing waits for another window that is reading."""


def commit(
    database: sqlite3.Connection, change: tuple[Case | None, Case], files: Mapping[str, str], entry: Entry
) -> LogLine:
    """Put a new state and a line of the log on the disk, both or none.

    Args:
        database: open for writing.
        change: the state before and after.
        files: SHA-256 of the files stored for it, by their names.
        entry: for the log.

    Raises:
        CaseError: the rows are no longer as this program left them, or a run would be lost.
    """
    old, new = change
    with transaction(database):
        if old is not None and last_state(database) != rows.state_hash(database):
            raise CaseError(f"{CHANGED_ROWS} Nothing was added; close the case and open it again.")
        rows.write(database, old, new)
        rows.write_blobs(database, files)
        return log.append(database, entry, rows.state_hash(database))


def files_of(case: Case) -> list[str]:
    """Names of the files that a case refers to."""
    maps = [blobs.map_name(sha256, form) for sha256 in case.map_hashes() for form in MapForm]
    return maps + [blobs.evidence_name(item.sha256) for item in case.items]


def write_new(folder: Path, case: Case, maps: Maps, by: str) -> None:
    """Write a whole case into a folder that is there and empty; its seal stands open."""
    files = {}
    for sha256 in dict.fromkeys(case.map_hashes()):
        for form in MapForm:
            name = blobs.map_name(sha256, form)
            files[name] = blobs.write_file(folder, name, maps.map_file(sha256, form))
    copies, without = _copies(folder, {item: maps.picture_file(item) for item in case.items})
    detail: dict[str, Any] = {"case": case.id}
    if without:
        detail["without copy"] = without
    database = create_database(folder)
    try:
        line = commit(database, (None, case), {**files, **copies}, Entry("case created", detail, by))
    finally:
        database.close()
    seal.open_seal(folder, case.id, Head(line.number, line.sha256))


def begin(folder: Path, stored: Stored, by: str) -> tuple[sqlite3.Connection, Mapping[str, str], LogLine]:
    """Open the seal of a case and bring its tables to the newest version.

    Returns:
        The database, SHA-256 of files that were stored on the way, by their names, and the line of the log.
    """
    blobs.remove_unfinished(folder)
    case = stored.contents.case
    seal.open_seal(folder, case.id, stored.head)
    detail: dict[str, Any] = {"seal": _how_it_was(stored)}
    files: dict[str, str] = {}
    if stored.version < schema.NEWEST:
        files, without = _old_files(folder, case)
        detail |= {"tables": f"{stored.version} to {schema.NEWEST}", "without copy": without}
    database = connect_to_write(folder)
    try:
        with transaction(database):
            schema.migrate(database)
            rows.write_blobs(database, files)
            line = log.append(database, Entry("case opened", detail, by), rows.state_hash(database))
    except BaseException:
        database.close()
        raise
    return database, files, line


def _how_it_was(stored: Stored) -> str:
    if stored.version < schema.NEWEST:
        return "none, made by an earlier version"
    if stored.warning:
        return "broken or missing"
    return (
        "whole" if stored.seal and stored.seal.sealed else "open: the program ended without closing the case"
    )


def _old_files(folder: Path, case: Case) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Take in what the first version left beside the database: hash its maps, copy the pictures.

    Returns:
        SHA-256 of the files by their names, and the pictures of which there is no copy, with the reason.
    """
    files: dict[str, str] = {}
    for sha256 in dict.fromkeys(case.map_hashes()):
        with contextlib.suppress(CaseError):  # a damaged one gets no hash of its own: verify tells it
            blobs.read_map(folder, sha256)
            files[blobs.map_name(sha256)] = sha256_of_file(folder / blobs.map_name(sha256))
    copies, without = _copies(folder, {item: item.path for item in case.items})
    return {**files, **copies}, without


def _copies(folder: Path, pictures: Mapping[Item, Path]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Copy pictures from their files into the case: SHA-256 by name, and which could not be had, and why."""
    files: dict[str, str] = {}
    without: list[dict[str, Any]] = []
    for item, path in pictures.items():
        name = blobs.evidence_name(item.sha256)
        try:
            files[name] = files.get(name) or blobs.copy_evidence(folder, path, item.sha256)
        except EvidenceError as error:  # the runs on it are worth keeping all the same
            without.append({"item": item.id, "reason": str(error)})
    return files, without


def finish(folder: Path, database: sqlite3.Connection, case: Case, files: Mapping[str, str], by: str) -> None:
    """Seal a case and close its database; when this raises, the case stands open and nothing is lost.

    Raises:
        CaseError: another window kept reading, or the disk is full.
        OSError: a file can't be read.
        sqlite3.Error: the log could not be written.
    """
    line = commit(database, (case, case), {}, Entry("case sealed", {}, by))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    _wait_for_readers(folder)
    seal.close_seal(folder, case.id, Head(line.number, line.sha256), files)


def _wait_for_readers(folder: Path) -> None:
    """The last one who closes the database clears its journal away; another window may be reading."""
    end = time.monotonic() + _PATIENCE
    while any((folder / name).exists() for name in JOURNALS):
        if time.monotonic() > end:
            raise CaseError("another window was reading it. Open it once more and close it to seal it.")
        time.sleep(0.05)
        connect_and_close(folder)


def connect_and_close(folder: Path) -> None:
    """Let SQLite clear its journal away."""
    database = connect_to_write(folder)
    try:
        database.execute("PRAGMA schema_version").fetchone()
    finally:
        database.close()
