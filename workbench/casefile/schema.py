"""The tables of a case, one function for each version of them."""

import sqlite3
from collections.abc import Callable

APPLICATION = 0x4D545257
"""SQLite's application id: "MTRW"."""


def _version_1(database: sqlite3.Connection) -> None:
    """Case, items and runs as JSON rows, each with its hash; the log, to which lines are only added."""
    for statement in (
        """CREATE TABLE details (
            id TEXT PRIMARY KEY, body TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT""",
        """CREATE TABLE items (
            id TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL,
            sha256 TEXT NOT NULL) STRICT""",
        """CREATE TABLE analyses (
            id TEXT PRIMARY KEY, item TEXT NOT NULL REFERENCES items(id), position INTEGER NOT NULL,
            body TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT""",
        "CREATE INDEX analyses_of_item ON analyses(item, position)",
        """CREATE TABLE log (
            number INTEGER PRIMARY KEY, time TEXT NOT NULL, person TEXT NOT NULL, version TEXT NOT NULL,
            action TEXT NOT NULL, detail TEXT NOT NULL, state TEXT NOT NULL, previous TEXT NOT NULL,
            sha256 TEXT NOT NULL) STRICT""",
        """CREATE TRIGGER log_keeps_lines BEFORE DELETE ON log
            BEGIN SELECT RAISE(ABORT, 'the log only grows'); END""",
        """CREATE TRIGGER log_keeps_words BEFORE UPDATE ON log
            BEGIN SELECT RAISE(ABORT, 'the log only grows'); END""",
    ):
        database.execute(statement)


def _version_2(database: sqlite3.Connection) -> None:
    """Region searches; files beside the database with their hashes; where the log ends."""
    for statement in (
        """CREATE TABLE searches (
            id TEXT PRIMARY KEY, item TEXT NOT NULL REFERENCES items(id), position INTEGER NOT NULL,
            body TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT""",
        "CREATE INDEX searches_of_item ON searches(item, position)",
        # id: name of the file within the case; sha256: of its bytes.
        "CREATE TABLE blobs (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT",
        # One row, so that lines taken from the end of the log are missed.
        """CREATE TABLE head (
            id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT""",
        "INSERT INTO head SELECT 1, number, sha256 FROM log ORDER BY number DESC LIMIT 1",
    ):
        database.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_version_1, _version_2)
"""MIGRATIONS[n] leads from `user_version` n to n + 1."""

NEWEST = len(MIGRATIONS)

TABLES = {1: ("details", "items", "analyses"), 2: ("details", "items", "analyses", "searches", "blobs")}
"""The tables with an id and a hash in each row, by version: what the state of a case is made of."""


def version_of(database: sqlite3.Connection) -> int:
    """Version of the tables; 0 of an empty database."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def is_case(database: sqlite3.Connection) -> bool:
    """Whether a database was made by this program."""
    return int(database.execute("PRAGMA application_id").fetchone()[0]) == APPLICATION


def migrate(database: sqlite3.Connection) -> None:
    """Bring the tables to the newest version, inside the caller's transaction."""
    for number in range(version_of(database), NEWEST):
        MIGRATIONS[number](database)
        database.execute(f"PRAGMA user_version = {number + 1}")
    database.execute(f"PRAGMA application_id = {APPLICATION}")
