"""Evidence: a file opened once, hashed, decoded in its stored orientation, and never written."""

import contextlib
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from workbench.core.decode import DecodeRecord, Pixels, decode
from workbench.core.errors import EvidenceChangedError, EvidenceError
from workbench.core.filebytes import read_once
from workbench.core.frame import (
    displayed,
    displayed_size,
    to_displayed_box,
    to_displayed_point,
    to_stored_box,
    to_stored_point,
)
from workbench.core.jpeg import JpegRecord
from workbench.core.text import visible

__all__ = [
    "DecodeRecord",
    "Evidence",
    "JpegRecord",
    "Pixels",
    "displayed",
    "displayed_size",
    "open_evidence",
    "read_from_original",
    "reopen",
    "to_displayed_box",
    "to_displayed_point",
    "to_stored_box",
    "to_stored_point",
]


@dataclass(frozen=True, eq=False)
class Evidence:
    """An opened picture.

    Attributes:
        path: as received.
        name: file name.
        size: bytes.
        sha256: of the file's bytes at opening.
        modified: file time of this copy, ISO 8601 with offset.
        pixels: read-only (height, width, 3) uint8 RGB in the stored frame.
        decode: how `pixels` was made.
        thumbnail: embedded thumbnail as the bytes of its JPEG, or None.
    """

    path: Path
    name: str
    size: int
    sha256: str
    modified: str
    pixels: Pixels = field(repr=False)
    decode: DecodeRecord
    thumbnail: bytes | None = field(default=None, repr=False)


def open_evidence(path: Path) -> Evidence:
    """Read a file once, hash it and decode it.

    Raises:
        EvidenceError: with a sentence, for anything that is no whole picture.
    """
    return _evidence(path, None)


def reopen(path: Path, sha256: str, name: str = "", original: Path | None = None) -> Evidence:
    """Open a file that was opened before, and only if its bytes are still the same.

    Args:
        path: of the file, or of a copy of it.
        sha256: that it must have.
        name: that it had when it was received, if the copy has another one.
        original: read in place of a copy that is damaged or unreadable, if its bytes are the right ones.

    Raises:
        EvidenceChangedError: the file's SHA-256 is another one now.
        EvidenceError: it is gone or can't be read.
    """
    try:
        return _evidence(path, sha256, name)
    except EvidenceError:
        if original is not None and original != path:
            with contextlib.suppress(EvidenceError):  # what is wrong with the copy is what is to be told
                return _evidence(original, sha256, name)
        raise


def read_from_original(name: str) -> str:
    """What is to be said where a case's own copy is damaged and the original was read in its place."""
    return (
        f"The case's own copy of {visible(name, 200)} is damaged, so the original was read: its SHA-256 is "
        "the right one. Copy it into the case again with: workbench case add CASE ORIGINAL"
    )


def _evidence(path: Path, expected: str | None, received: str = "") -> Evidence:
    file = read_once(path)
    name = visible(received or path.name, 200)
    sha256 = hashlib.sha256(file.data).hexdigest()
    if expected is not None and sha256 != expected:
        raise EvidenceChangedError(_changed(path, name, expected, sha256))
    decoded = decode(file.data, name)
    return Evidence(
        path=path,
        name=received or path.name,
        size=len(file.data),
        sha256=sha256,
        modified=file.modified,
        pixels=decoded.pixels,
        decode=decoded.record,
        thumbnail=decoded.thumbnail,
    )


def _changed(path: Path, name: str, expected: str, found: str) -> str:
    hashes = f"its SHA-256 was {expected[:12]}… and is now {found[:12]}…"
    if path.name == expected:  # only copies in cases are named by what they must be
        return (
            f"The case's own copy of {name} is damaged ({visible(str(path), 400)}): {hashes}. That says "
            "nothing of the original. Copy that into the case once more with: workbench case add CASE "
            "ORIGINAL; or restore the case from a backup."
        )
    return (
        f"{name} has changed since it was opened: {hashes}. What was found before does not hold for the "
        "file as it is; open it again as a new item."
    )
