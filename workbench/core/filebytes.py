"""Reading a file's bytes once, without hanging on anything that is no plain file."""

import errno
import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from workbench.core.errors import EvidenceError
from workbench.core.text import visible

LARGEST_FILE = 4 * 1024**3
"""Bytes. A picture within the limit of pixels is smaller than this in every format that is read."""


@dataclass(frozen=True)
class FileBytes:
    """A file as it was at one moment.

    Attributes:
        data: its bytes.
        modified: its time, ISO 8601 with offset.
    """

    data: bytes = field(repr=False)
    modified: str


def read_once(path: Path) -> FileBytes:
    """Read a plain file, for reading only.

    Raises:
        EvidenceError: there is no such file, it may not be read, or it is no plain file.
    """
    name = visible(path.name, 200)
    try:
        # O_NONBLOCK: opening a named pipe would otherwise wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            _refuse_special(name, status)
            return FileBytes(stream.read(), _time(status.st_mtime))
    except (OSError, ValueError) as error:
        raise EvidenceError(_sentence(name, error)) from error


def _refuse_special(name: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise EvidenceError(f"{name} is a folder, not a picture. Choose the picture files inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise EvidenceError(
            f"{name} is a device or a pipe, not a file, so it has no fixed content to examine. "
            "Copy the picture to a file and open that."
        )
    if status.st_size == 0:
        raise EvidenceError(
            f"{name} is empty (0 bytes): there is no picture in it. Get the file again from its source."
        )
    if status.st_size > LARGEST_FILE:
        raise EvidenceError(
            f"{name} has {status.st_size / 1024**3:.1f} GiB; files over {LARGEST_FILE // 1024**3} GiB are "
            "not opened, as they would not fit into memory. Check that it is a single picture."
        )


def _sentence(name: str, error: OSError | ValueError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, IsADirectoryError):
        return f"{name} is a folder, not a picture. Choose the picture files inside it."
    if isinstance(error, PermissionError):
        return (
            f"{name} may not be read by this user, so nothing is known of its content. "
            "Ask its owner for permission to read it, or open a copy that you may read."
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"{name} does not exist at this place. Check the name, or whether the drive is connected."
    if number == errno.ENAMETOOLONG:
        return f"The name {visible(name, 60)} is too long for this file system, so there is no such file."
    if number in {errno.ENXIO, errno.ENODEV}:
        return f"{name} is a socket or a device, not a file. Copy the picture to a file and open that."
    reason = os.strerror(number) if number else str(error)
    return (
        f"{name} could not be read: {reason}. Nothing was opened; check the drive it lies on and try again."
    )


def _time(seconds: float) -> str:
    """A file time in local time with its offset; absurd times are given as they are."""
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return f"{seconds:.0f} s after 1970-01-01T00:00:00Z"
