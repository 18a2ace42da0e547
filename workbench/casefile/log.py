"""The log of a case: lines are only added, and each holds the hash of the one before."""

import contextlib
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
class Entry:
    """What is to be written into the log.

    Attributes:
        action: in a few words, "threshold set".
        detail: JSON object with what was done on what.
        by: the examiner's name in the settings.
    """

    action: str
    detail: dict[str, Any]
    by: str


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


@dataclass(frozen=True)
class Head:
    """Where the log ends: how many lines, and the hash of the last. Worth writing down elsewhere."""

    count: int
    sha256: str


def now() -> str:
    """Local time, ISO 8601 with UTC offset."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def as_text(value: Any) -> str:
    """JSON in one form only, ASCII, so that even names that are no UTF-8 can be stored and hashed."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(value: Any) -> str:
    """SHA-256 of a JSON value."""
    return hashlib.sha256(as_text(value).encode("ascii")).hexdigest()


def append(database: sqlite3.Connection, entry: Entry, state: str) -> LogLine:
    """Add a line inside the caller's transaction."""
    last = database.execute("SELECT number, sha256 FROM log ORDER BY number DESC LIMIT 1").fetchone()
    number, previous = last or (0, FIRST)
    detail = json.loads(as_text(entry.detail))  # what is hashed now is what will be read
    values = (number + 1, now(), entry.by, __version__, entry.action, detail, state, previous)
    sha256 = LogLine(*values, "").digest()
    line = LogLine(*values, sha256)
    row = (line.number, line.time, as_text(entry.by), __version__, entry.action, as_text(detail))
    database.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, state, previous, sha256))
    database.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (line.number, sha256))
    return line


def read(database: sqlite3.Connection) -> list[LogLine]:
    """Every line, the first first; what is no JSON any more is given as it is, and does not fit its hash."""
    return [
        LogLine(number, time, _parsed(by), version, action, _parsed(detail), state, previous, sha256)
        for number, time, by, version, action, detail, state, previous, sha256 in database.execute(
            "SELECT * FROM log ORDER BY number"
        )
    ]


def _parsed(text: str) -> Any:
    """The value of a text that is in the one form; of any other a text that fits no hash."""
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(text)
        if as_text(value) == text:
            return value
    return f"{text} [not as it was written]"


def head(database: sqlite3.Connection) -> Head | None:
    """Where the log should end, or None if nothing says so."""
    row = database.execute("SELECT number, sha256 FROM head").fetchone()
    return Head(row[0], str(row[1])) if row else None  # in a file that was cut off there may be nothing in it


def broken_lines(lines: Sequence[LogLine], ending: Head | None) -> list[str]:
    """Sentences on lines that were changed, removed or put in another order; none if the chain holds.

    Args:
        lines: the log.
        ending: where it should end, or None if that is not known.
    """
    found, previous = [], FIRST
    for expected, line in enumerate(lines, start=1):
        if line.number != expected or line.previous != previous:
            found.append(f"Line {line.number} of the log does not follow on the line before it.")
        if line.digest() != line.sha256:
            found.append(f"Line {line.number} of the log was changed after it was written.")
        previous = str(line.sha256)
    if ending is not None and ending != Head(len(lines), previous):
        found.append(
            f"The log does not end where it should: it has {len(lines)} lines, the last {previous[:12]}…; "
            f"it should have {ending.count}, the last one {ending.sha256[:12]}…."
        )
    return found
