"""A `Case` <-> rows; only what differs from the last state is written."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from workbench.casefile.log import as_text
from workbench.core.analysis import Analysis
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.errors import CaseError
from workbench.core.jsonform import from_json, to_json

T = TypeVar("T", CaseDetails, Item, Analysis)


@dataclass(frozen=True)
class _Row:
    """A value in its place; `value` is the details, an item without its runs, or a run."""

    table: str
    id: str
    item: str
    position: int
    value: CaseDetails | Item | Analysis


def write(database: sqlite3.Connection, old: Case | None, new: Case) -> None:
    """Bring the rows from the old state to the new one, inside the caller's transaction.

    Raises:
        CaseError: a run would be lost.
    """
    before = {(r.table, r.id): r for r in _rows(old)} if old else {}
    after = {(r.table, r.id): r for r in _rows(new)}
    gone = [row for key, row in before.items() if key not in after]
    _refuse_lost_runs(gone)
    for key, row in after.items():
        if before.get(key) != row:
            _upsert(database, row)
    for row in gone:
        database.execute(f"DELETE FROM {row.table} WHERE id = ?", (row.id,))


def read(database: sqlite3.Connection) -> Case:
    """The case as it was last committed.

    Raises:
        CaseError: a row was changed by something else than this program.
    """
    ((case_id, details),) = _read(database, "SELECT id, '', 0, body, sha256 FROM details", CaseDetails)
    runs: dict[str, list[Analysis]] = {}
    for item_id, run in _read(
        database, "SELECT item, item, position, body, sha256 FROM analyses ORDER BY item, position", Analysis
    ):
        runs.setdefault(item_id, []).append(run)
    items = _read(database, "SELECT id, '', position, body, sha256 FROM items ORDER BY position", Item)
    return Case(case_id, details, tuple(replace(i, analyses=tuple(runs.get(key, ()))) for key, i in items))


def _read(database: sqlite3.Connection, query: str, kind: type[T]) -> list[tuple[str, T]]:
    """(first column, value) of every row of a query for a key, item, position, body and hash."""
    found = []
    for key, item, position, body, sha256 in database.execute(query):
        if _digest(item, position, body) != sha256:
            raise CaseError(
                f"A row of this case ({kind.__name__}) was changed by something else than this program, so "
                "the case is not opened. Restore it from a backup."
            )
        found.append((key, from_json(kind, json.loads(body))))
    return found


def _digest(item: str, position: int, body: str) -> str:
    """A row's hash covers where it stands, too."""
    return hashlib.sha256(f"{item}\n{position}\n{body}".encode()).hexdigest()


def state_hash(database: sqlite3.Connection) -> str:
    """SHA-256 over the hashes of all rows, so that a log line says on which state it was written."""
    digest = hashlib.sha256()
    for table in ("details", "items", "analyses"):
        for row_id, sha256 in database.execute(f"SELECT id, sha256 FROM {table} ORDER BY id"):
            digest.update(f"{table} {row_id} {sha256}\n".encode())
    return digest.hexdigest()


def _rows(case: Case) -> Iterator[_Row]:
    yield _Row("details", case.id, "", 0, case.details)
    for position, item in enumerate(case.items):
        yield _Row("items", item.id, "", position, replace(item, analyses=()))
        for place, run in enumerate(item.analyses):
            yield _Row("analyses", run.id, item.id, place, run)


def _refuse_lost_runs(gone: list[_Row]) -> None:
    if any(row.table == "analyses" for row in gone):
        raise CaseError(
            "The change would remove a run from the case, and every run is kept, also one without a finding. "
            "Nothing was changed; hide the run instead."
        )


def _upsert(database: sqlite3.Connection, row: _Row) -> None:
    body = as_text(to_json(row.value))
    values: dict[str, Any] = {"id": row.id, "body": body, "sha256": _digest(row.item, row.position, body)}
    if row.table != "details":
        values["position"] = row.position
    if row.table == "analyses":
        values["item"] = row.item
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    new = ", ".join(f"{name} = excluded.{name}" for name in values if name != "id")
    statement = f"INSERT INTO {row.table} ({names}) VALUES ({marks})"
    database.execute(f"{statement} ON CONFLICT(id) DO UPDATE SET {new}", tuple(values.values()))
