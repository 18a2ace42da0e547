"""A `Case` <-> rows; only what differs from the last state is written."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from workbench.casefile import schema
from workbench.casefile.log import as_text
from workbench.core.analysis import Analysis
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.errors import CaseError
from workbench.core.jsonform import from_json, to_json
from workbench.core.search import Search
from workbench.core.text import visible

Value = CaseDetails | Item | Analysis | Search
T = TypeVar("T", CaseDetails, Item, Analysis, Search)

Files = Mapping[str, str]
"""SHA-256 of files beside the database, by their names within the case."""

_KEPT = {"analyses": "run", "searches": "region search"}
"""Tables from which nothing is ever removed."""


@dataclass(frozen=True)
class _Row:
    """A value in its place: the details, an item without its runs and searches, or one of these."""

    table: str
    id: str
    item: str
    position: int
    value: Value


@dataclass(frozen=True)
class Contents:
    """What the rows hold.

    Attributes:
        case: the case as it was last committed, less the rows that can't be trusted.
        blobs: SHA-256 of each file beside the database, by its name.
        problems: sentences on rows that were changed by something else, or can't be read.
    """

    case: Case
    blobs: Files
    problems: tuple[str, ...]


def write(database: sqlite3.Connection, old: Case | None, new: Case) -> None:
    """Bring the rows from the old state to the new one, inside the caller's transaction.

    Raises:
        CaseError: a run or a search would be lost.
    """
    before = {(r.table, r.id): r for r in _rows(old)} if old else {}
    after = {(r.table, r.id): r for r in _rows(new)}
    gone = [row for key, row in before.items() if key not in after]
    _refuse_loss(gone)
    for key, row in after.items():
        if before.get(key) != row:
            _upsert(database, row)
    for row in reversed(gone):
        database.execute(f"DELETE FROM {row.table} WHERE id = ?", (row.id,))


def write_blobs(database: sqlite3.Connection, blobs: Files) -> None:
    """Note files that were stored, inside the caller's transaction."""
    database.executemany("INSERT OR REPLACE INTO blobs VALUES (?, ?)", sorted(blobs.items()))


def read(database: sqlite3.Connection) -> Contents:
    """Everything that can be read and is as this program wrote it; the rest is told."""
    tables, problems = schema.TABLES[schema.version_of(database)], list[str]()
    details = _read(database, "details", CaseDetails, problems)
    runs = _by_item(_read(database, "analyses", Analysis, problems))
    searches = _by_item(_read(database, "searches", Search, problems) if "searches" in tables else [])
    items = []
    for row in _read(database, "items", Item, problems):
        found = replace(row.value, analyses=runs.pop(row.id, ()), searches=searches.pop(row.id, ()))
        items.append(found)
    if runs or searches:
        problems.append("There are runs or searches of a picture that is no longer in the case.")
    if len(details) != 1:
        problems.append("The row with the details of the case can't be used.")
    case_id, value = (details[0].id, details[0].value) if details else ("", CaseDetails())
    blobs = dict(_rows_of(database, "blobs", problems)) if "blobs" in tables else {}
    return Contents(Case(case_id, value, tuple(items)), blobs, tuple(problems))


@dataclass(frozen=True)
class _Found:
    """A row as it was read."""

    id: str
    item: str
    value: Any


def _read(database: sqlite3.Connection, table: str, kind: type[T], problems: list[str]) -> list[_Found]:
    """The values of a table in their order."""
    found = []
    for row in _rows_of(database, table, problems):
        item, position, body, sha256 = _placed(table, row[1:])
        try:
            if _digest(item, position, body) != sha256:
                raise ValueError("its hash is another one")
            found.append((position, _Found(row[0], item, from_json(kind, json.loads(body)))))
        except (ValueError, RecursionError):
            what = f"{kind.__name__} {visible(str(row[0]), 60)}"
            problems.append(f"A row of this case ({what}) was changed by something else than this program.")
    return [row for _, row in sorted(found, key=lambda entry: entry[0])]


def _placed(table: str, row: tuple[Any, ...]) -> tuple[str, int, str, str]:
    """Item, position, body and hash of a row of `table`, from what follows its id."""
    absent: tuple[Any, ...] = {"details": ("", 0), "items": ("",)}.get(table, ())
    item, position, body, sha256 = (*absent, *row)
    return item, position, body, sha256


def _rows_of(database: sqlite3.Connection, table: str, problems: list[str]) -> Iterable[tuple[Any, ...]]:
    """All rows; where the file is damaged, those before and those behind the damage."""
    found: dict[int, tuple[Any, ...]] = {}
    for order in ("ASC", "DESC"):
        try:
            for row in database.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid {order}"):
                found[row[0]] = row[1:]
            break
        except (sqlite3.Error, ValueError, OverflowError) as error:
            if order == "ASC":
                problems.append(f"The table {table} can't be read as a whole: {error}.")
    return found.values()


def _by_item(rows: list[_Found]) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.item, []).append(row.value)
    return {item: tuple(values) for item, values in groups.items()}


def _digest(item: str, position: int, body: str) -> str:
    """A row's hash covers where it stands, too."""
    return hashlib.sha256(f"{item}\n{position}\n{body}".encode()).hexdigest()


def state_hash(database: sqlite3.Connection) -> str:
    """SHA-256 over the hashes of all rows, so that a log line says on which state it was written."""
    digest = hashlib.sha256()
    for table in schema.TABLES[schema.version_of(database)]:
        for row_id, sha256 in database.execute(f"SELECT id, sha256 FROM {table} ORDER BY id"):
            digest.update(f"{table} {row_id} {sha256}\n".encode())
    return digest.hexdigest()


def _rows(case: Case) -> Iterator[_Row]:
    yield _Row("details", case.id, "", 0, case.details)
    for position, item in enumerate(case.items):
        yield _Row("items", item.id, "", position, replace(item, analyses=(), searches=()))
        for place, run in enumerate(item.analyses):
            yield _Row("analyses", run.id, item.id, place, run)
        for place, search in enumerate(item.searches):
            yield _Row("searches", search.id, item.id, place, search)


def _refuse_loss(gone: list[_Row]) -> None:
    for row in gone:
        if row.table in _KEPT:
            what = _KEPT[row.table]
            raise CaseError(
                f"The change would remove a {what} from the case, and every {what} is kept, also one without "
                f"a finding. Nothing was changed; hide the {what} instead."
            )


def _upsert(database: sqlite3.Connection, row: _Row) -> None:
    body = as_text(to_json(row.value))
    values: dict[str, Any] = {"id": row.id, "body": body, "sha256": _digest(row.item, row.position, body)}
    if row.table != "details":
        values["position"] = row.position
    if row.table in _KEPT:
        values["item"] = row.item
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    new = ", ".join(f"{name} = excluded.{name}" for name in values if name != "id")
    statement = f"INSERT INTO {row.table} ({names}) VALUES ({marks})"
    database.execute(f"{statement} ON CONFLICT(id) DO UPDATE SET {new}", tuple(values.values()))
