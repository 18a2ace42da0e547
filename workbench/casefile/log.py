"""The log of a case: lines are only added, and each holds the hash of the one before."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench import __version__

FIRST = "0" * 64
"""What the first line holds as the hash of the one before."""


@dataclass(frozen=True)
class LogLine:
    """One action.

    Attributes:
        number: 1 for the first.
        time: ISO 8601 with UTC offset.
        by: the examiner's name in the settings at that time.
        version: of the program.
        action: in a few words, "threshold set".
        detail: JSON object with what was done on what.
        state: SHA-256 over the hashes of all rows of the case after the action.
        previous: SHA-256 of the line before.
        sha256: of all the above.
    """

    number: int
    time: str
    by: str
    version: str
    action: str
    detail: dict[str, Any]
    state: str
    previous: str
    sha256: str

    def digest(self) -> str:
        """What `sha256` must be."""
        content = [self.number, self.time, self.by, self.version, self.action, self.detail, self.state]
        return hash_of([*content, self.previous])


def as_text(value: Any) -> str:
    """JSON in one form only, ASCII, so that even names that are no UTF-8 can be stored and hashed."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(value: Any) -> str:
    """SHA-256 of a JSON value."""
    return hashlib.sha256(as_text(value).encode("ascii")).hexdigest()


def append(database: sqlite3.Connection, action: str, detail: dict[str, Any], by: str, state: str) -> LogLine:
    """Add a line inside the caller's transaction."""
    last = database.execute("SELECT number, sha256 FROM log ORDER BY number DESC LIMIT 1").fetchone()
    number, previous = last or (0, FIRST)
    now = datetime.now().astimezone().isoformat(timespec="milliseconds")
    detail = json.loads(as_text(detail))  # what is hashed now is what will be read
    open_line = LogLine(number + 1, now, by, __version__, action, detail, state, previous, "")
    row = (number + 1, now, as_text(by), __version__, action, as_text(detail), state, previous)
    sha256 = open_line.digest()
    database.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, sha256))
    return LogLine(number + 1, now, by, __version__, action, detail, state, previous, sha256)


def read(database: sqlite3.Connection) -> list[LogLine]:
    """Every line, the first first."""
    rows = database.execute("SELECT * FROM log ORDER BY number").fetchall()
    return [
        LogLine(number, time, json.loads(by), version, action, json.loads(detail), state, previous, sha256)
        for number, time, by, version, action, detail, state, previous, sha256 in rows
    ]


def broken_lines(lines: Sequence[LogLine]) -> list[str]:
    """Sentences on lines that were changed, removed or put in another order; none if the chain holds."""
    found, previous = [], FIRST
    for expected, line in enumerate(lines, start=1):
        if line.number != expected or line.previous != previous:
            found.append(f"Line {line.number} of the log does not follow on the line before it.")
        if line.digest() != line.sha256:
            found.append(f"Line {line.number} of the log was changed after it was written.")
        previous = line.sha256
    return found
