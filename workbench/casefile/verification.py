"""What in a case was changed by something else than this program."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.casefile import blobs, log, rows, schema, seal
from workbench.casefile.connection import DATABASE, check, connected_to_read, damage, identity_of
from workbench.casefile.log import FIRST, Head, LogLine
from workbench.casefile.reading import CHANGED_ROWS, last_state
from workbench.casefile.rows import Contents, Files
from workbench.casefile.seal import SEAL, Seal
from workbench.core.case import Case
from workbench.core.digest import sha256_of_file
from workbench.core.errors import CaseError
from workbench.core.text import visible

_NO_LOG = Head(0, FIRST)


@dataclass
class Examination:
    """What an examination of a case found.

    Attributes:
        sealed: whether the case was closed with a seal that is whole as such.
        state: a sentence on that.
        head: where the log ends; to be compared with reports and with notes kept elsewhere.
        lines: hash of every line of the log.
        differences: sentences on what was changed, removed or added.
        originals: sentences on originals, outside the case, that were changed.
        missing: sentences on originals that are not where they were, so that only the copy was checked.
    """

    sealed: bool = False
    state: str = "The case has no seal."
    head: Head = _NO_LOG
    lines: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    originals: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing that could be compared differs."""
        return not self.differences and not self.originals

    def compare_head(self, sha256: str) -> str:
        """Where the log has a hash that was its last once, as a report says; a difference if it has not."""
        if sha256 in self.lines:
            number = self.lines.index(sha256) + 1
            return (
                f"The hash that was kept elsewhere is that of line {number}: up to there the log is the same."
            )
        missed = f"No line of the log has the hash that was kept elsewhere ({visible(sha256, 64)})."
        self.differences.append(f"{missed} The log was written anew since then, or it is another case.")
        return ""


def examine(folder: Path) -> Examination:
    """Read every file of a case and compare; changes nothing.

    Raises:
        CaseError: there is no case, or it was made by a newer version.
    """
    identity_of(folder)
    found = Examination()
    kept = _examine_seal(folder, found)
    with _told(found), connected_to_read(folder, sealed=found.sealed) as database:
        _examine_database(folder, database, kept, found)
    found.differences = list(dict.fromkeys(found.differences))
    return found


def _examine_seal(folder: Path, found: Examination) -> Seal | None:
    try:
        kept = seal.read(folder)
    except CaseError as error:
        found.differences.append(str(error))
        return None
    if kept is not None and kept.sealed:
        found.sealed = True
        found.state = f"The case was sealed on {visible(kept.time, 60)}."
        found.differences += seal.broken(folder, kept)
    elif kept is not None:
        since = visible(kept.time, 60)
        found.state = (
            f"The case is not sealed: it was opened for writing on {since} and is still open, or the program "
            "ended without closing it. It is sealed when it is opened once more and closed."
        )
    return kept


@contextlib.contextmanager
def _told(found: Examination) -> Iterator[None]:
    """A database so damaged that it can't be read is a difference, too."""
    try:
        yield
    except (sqlite3.Error, ValueError, OverflowError, MemoryError) as error:
        found.differences.append(f"{DATABASE} is damaged: {error}.")


def _examine_database(
    folder: Path, database: sqlite3.Connection, kept: Seal | None, found: Examination
) -> None:
    try:
        check(database, folder)
    except CaseError as error:
        if not found.differences:
            raise
        found.differences.append(str(error))  # a changed byte says so, not a newer version
        return
    if broken := damage(database):
        found.differences.append(f"{DATABASE} is damaged: {broken}.")
    version = schema.version_of(database)
    if version > 1 and kept is None and not found.differences:
        found.differences.append(f"The case has no seal ({SEAL}): somebody removed it.")
    contents = rows.read(database)
    found.differences += contents.problems
    _examine_log(database, version, kept, found)
    if not found.sealed:  # a seal covers them by itself
        found.differences += _examine_files(folder, contents.blobs)
    found.differences += _examine_old_maps(folder, contents)
    _examine_originals(contents.case, contents.blobs, found)


def _examine_log(database: sqlite3.Connection, version: int, kept: Seal | None, found: Examination) -> None:
    lines = log.read(database)
    found.lines = [line.sha256 for line in lines]
    if lines:
        found.head = Head(lines[-1].number, lines[-1].sha256)
    ending = (log.head(database) or _NO_LOG) if version > 1 else None
    found.differences += log.broken_lines(lines, ending)
    if not lines or last_state(database) != rows.state_hash(database):
        found.differences.append(CHANGED_ROWS)
    if kept is not None and not _has_line(lines, kept.head):
        found.differences.append(
            f"Line {kept.head.count} of the log is not the one that the seal names "
            f"({kept.head.sha256[:12]}…)."
        )


def _has_line(lines: list[LogLine], head: Head) -> bool:
    return head.count == 0 or any(Head(line.number, line.sha256) == head for line in lines)


def _examine_files(folder: Path, files: Files) -> list[str]:
    """Maps and copies of pictures that are missing or changed."""
    found = []
    for name, sha256 in files.items():
        try:
            if sha256_of_file(folder / name) != sha256:
                found.append(f"{visible(name)} was changed since it was stored.")
        except FileNotFoundError:
            found.append(f"{visible(name)} is missing from the case.")
        except OSError as error:
            found.append(f"{visible(name)} can't be read: {error.strerror}.")
    return found


def _examine_old_maps(folder: Path, contents: Contents) -> list[str]:
    """Maps of the first version, unless they were taken in, are known by their content alone."""
    found = []
    for sha256 in dict.fromkeys(contents.case.map_hashes()):
        if blobs.map_name(sha256) in contents.blobs:
            continue
        try:
            blobs.read_map(folder, sha256)
        except CaseError as error:
            found.append(str(error))
    return found


def _examine_originals(case: Case, files: Files, found: Examination) -> None:
    """The files that the pictures were read from."""
    for item in case.items:
        name = visible(str(item.path), 400)
        copied = blobs.evidence_name(item.sha256) in files
        try:
            if sha256_of_file(item.path) != item.sha256:
                found.originals.append(f"{name} is no longer the file that was added to the case.")
        except (OSError, ValueError) as error:
            reason = "is not there" if isinstance(error, FileNotFoundError) else f"can't be read ({error})"
            if copied:
                found.missing.append(f"{name} {reason}; the case has its own copy.")
            else:
                found.differences.append(f"{name} {reason}, and the case has no copy of it.")
