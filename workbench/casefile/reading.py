"""Reading a case without changing anything, and what is wrong with it."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from workbench.casefile import rows, schema, seal
from workbench.casefile.connection import DATABASE, check, connected_to_read, damage
from workbench.casefile.log import FIRST, Head
from workbench.casefile.rows import Contents
from workbench.casefile.seal import SEAL, Seal
from workbench.core.errors import CaseError

CHANGED_ROWS = (
    "The rows of the case are not those of the last line of the log: something else than this program "
    "changed them, or the log."
)


@dataclass(frozen=True)
class Stored:
    """A case as it lies on the disk.

    Attributes:
        contents: of its rows.
        head: where its log ends.
        version: of its tables.
        seal: sealed or open; None if it has none, or one that was changed.
        damage: a sentence if rows can't be read or trusted, so that it may only be read; else "".
        warning: a sentence if the seal is broken or missing, else "".
    """

    contents: Contents
    head: Head
    version: int
    seal: Seal | None
    damage: str
    warning: str


def load(folder: Path) -> Stored:
    """Read the rows of a case; those that can't be trusted are left out and told.

    Raises:
        CaseError: no case, made by a newer version, or nothing can be read.
        sqlite3.Error: the file is damaged from its beginning.
    """
    kept, warning = _seal(folder)
    with connected_to_read(folder, sealed=kept is not None and kept.sealed) as database:
        check(database, folder)
        broken = damage(database)
        contents = rows.read(database)
        problems = [f"SQLite finds: {broken}."] if broken else []
        problems += contents.problems
        if not problems and last_state(database) != rows.state_hash(database):
            problems = [CHANGED_ROWS]
        version = schema.version_of(database)
        head = _head(database)
    if version > 1 and kept is None and not warning:
        warning = f"The case {folder.name} has no seal ({SEAL}): somebody removed it."
    if warning:
        warning = f"{warning} The case is opened all the same; check it with: workbench verify"
    return Stored(contents, head, version, kept, _damage(folder, contents, problems), warning)


def _seal(folder: Path) -> tuple[Seal | None, str]:
    """The seal, and a sentence on what is wrong with it or, at first sight, with what it covers."""
    try:
        kept = seal.read(folder)
    except CaseError as error:
        return None, str(error)
    if kept is not None and kept.sealed and seal.database_differs(folder, kept):
        return kept, f"The case {folder.name} was changed by something else since it was sealed ({DATABASE})."
    return kept, ""


def last_state(database: sqlite3.Connection) -> str:
    """The state that the last line of the log names; "" of an empty log."""
    row = database.execute("SELECT state FROM log ORDER BY number DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def _head(database: sqlite3.Connection) -> Head:
    try:
        row = database.execute("SELECT number, sha256 FROM log ORDER BY number DESC LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        row = None  # told by what SQLite finds
    return Head(*row) if row else Head(0, FIRST)


def _damage(folder: Path, contents: Contents, problems: list[str]) -> str:
    if not problems:
        return ""
    case = contents.case
    if not case.id and not case.items:
        raise CaseError(
            f"The case {folder.name} is damaged and nothing of it can be read: {problems[0]} It was not "
            "changed. Restore the folder from a backup."
        )
    runs = sum(len(item.analyses) for item in case.items)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return (
        f"The case {folder.name} is damaged. {problems[0]}{more} It is opened for reading only, with what "
        f"can be read: pictures {len(case.items)}, runs {runs}. Restore the folder from a backup to go on."
    )
