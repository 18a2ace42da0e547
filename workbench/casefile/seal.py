"""The seal of a case: a side file that says how every file was when the case was closed.

While a case is written to, the seal stands as "open", so that a program that was killed is told from
somebody who took a seal away.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.casefile import blobs
from workbench.casefile.connection import DATABASE, JOURNALS, LOCK
from workbench.casefile.log import Head, hash_of, now
from workbench.core.digest import sha256_of_file
from workbench.core.errors import CaseError
from workbench.core.text import visible

SEAL = "seal.json"
FORM = "ManTra Workbench seal 1"
SEALED, OPEN = "sealed", "open"
_NOT_LISTED = {SEAL, LOCK}
"""The seal has its own hash in it; the lock is empty, and anything in it is told."""


@dataclass(frozen=True)
class Seal:
    """What is known of a case that was closed, or of where its log stood when it was opened for writing.

    Attributes:
        state: `SEALED` or `OPEN`.
        case: id of the case.
        time: of sealing or opening, ISO 8601 with UTC offset.
        version: of the program.
        head: where the log ended.
        files: SHA-256 of every file of the sealed case, by its name within it; empty of an open one.
    """

    state: str
    case: str
    time: str
    version: str
    head: Head
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def sealed(self) -> bool:
        """Whether the case was closed, and not opened for writing since."""
        return self.state == SEALED

    def as_bytes(self) -> bytes:
        """The one form of the file; its last value is the hash of all others."""
        content = self._content()
        return (json.dumps({**content, "sha256": hash_of(content)}, indent=1) + "\n").encode("ascii")

    def _content(self) -> dict[str, Any]:
        return {
            "form": FORM,
            "state": self.state,
            "case": self.case,
            "time": self.time,
            "version": self.version,
            "log": {"count": self.head.count, "sha256": self.head.sha256},
            "files": dict(sorted(self.files.items())),
        }


def read(case: Path) -> Seal | None:
    """The seal of a case, or None if it has none.

    Raises:
        CaseError: it was changed by something else, in whatever byte.
    """
    try:
        data = (case / SEAL).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CaseError(f"The seal of the case ({SEAL}) can't be read: {error.strerror}.") from error
    try:
        value = json.loads(data)
        made = Seal(
            value["state"],
            value["case"],
            value["time"],
            value["version"],
            Head(value["log"]["count"], value["log"]["sha256"]),
            value["files"],
        )
        if made.as_bytes() == data:
            return made
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError(_CHANGED) from error
    raise CaseError(_CHANGED)


_CHANGED = (
    f"The seal itself ({SEAL}) was changed after it was written, so it says nothing of the other files."
)


def open_seal(case: Path, case_id: str, head: Head) -> None:
    """Say that the case is being written to from here on; on the disk when this returns.

    Raises:
        CaseError: the disk is full or may not be written.
    """
    blobs.write_file(case, SEAL, Seal(OPEN, case_id, now(), __version__, head).as_bytes())


def close_seal(case: Path, case_id: str, head: Head, known: Mapping[str, str]) -> None:
    """Seal a case whose database is closed; on the disk when this returns.

    Args:
        case: the folder.
        case_id: of the case.
        head: where the log ends.
        known: SHA-256 of files that were hashed when they were written: one that was changed since is then
            told by the seal.

    Raises:
        CaseError: the disk is full or may not be written.
        OSError: a file can't be read.
    """
    names = set(blobs.files_of(case)) - _NOT_LISTED
    files = {name: known.get(name) or sha256_of_file(case / name) for name in names}
    blobs.write_file(
        case, SEAL, Seal(SEALED, case_id, now(), __version__, head, {**known, **files}).as_bytes()
    )


def database_differs(case: Path, seal: Seal) -> bool:
    """Whether the database is another one than when the case was sealed, or has a journal beside it."""
    journal = any((case / name).exists() for name in JOURNALS)
    return journal or sha256_of_file(case / DATABASE) != seal.files.get(DATABASE)


def broken(case: Path, seal: Seal) -> list[str]:
    """Sentences on every file of a sealed case that was changed, removed or added."""
    found = [_compared(case, name, sha256) for name, sha256 in sorted(seal.files.items())]
    added = sorted(set(blobs.files_of(case)) - set(seal.files) - _NOT_LISTED)
    added = [name for name in added if not blobs.is_unfinished(name)]
    found += [f"{visible(name)} was put into the folder after the case was sealed." for name in added]
    lock = case / LOCK
    if lock.is_symlink() or (lock.exists() and lock.stat().st_size):
        found.append(f"{LOCK} was changed: the program keeps it empty.")
    return [sentence for sentence in found if sentence]


def _compared(case: Path, name: str, sha256: str) -> str:
    path = case / name
    try:
        if path.is_symlink() or not path.is_file():
            return f"{visible(name)} is missing from the folder."
        there = sha256_of_file(path)
    except OSError as error:
        return f"{visible(name)} can't be read: {error.strerror}."
    if there == sha256:
        return ""
    return f"{visible(name)} was changed since it was stored (SHA-256 was {sha256[:12]}…, is {there[:12]}…)."
