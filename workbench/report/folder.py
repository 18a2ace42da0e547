"""A report's folder appears whole or not at all, with a manifest of its files; nothing is overwritten."""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from workbench.core.errors import WorkbenchError

T = TypeVar("T")

MANIFEST = "manifest.json"


class ReportError(WorkbenchError):
    """A report could not be written."""


def written_whole(folder: Path, write: Callable[[Path], T]) -> T:
    """Let `write` fill a folder beside, then move it into place.

    Raises:
        ReportError: the folder exists or can't be written.
    """
    if _is_taken(folder):
        raise ReportError(
            f"{folder} exists already and is not overwritten. Choose another name for the report."
        )
    partial = folder.absolute().with_name(f".{folder.name[:40]}.{secrets.token_hex(4)}")
    try:
        partial.mkdir(parents=True)
        result = write(partial)
        _move(partial, folder)
    except OSError as error:
        raise ReportError(
            f"The report could not be written to {folder}: {error.strerror}. Nothing is left of it there; "
            "make room or choose another place, then try again."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return result


def write_manifest(root: Path, report_id: str) -> None:
    """Write down size and SHA-256 of every file of a report."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    manifest = {"report": report_id, "files": [_entry(root, path) for path in files]}
    (root / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _entry(root: Path, path: Path) -> dict[str, str | int]:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"path": path.relative_to(root).as_posix(), "sha256": sha256, "size": path.stat().st_size}


def _move(partial: Path, folder: Path) -> None:
    """Into place in one step; into an empty folder, which may be where the user stands, piece by piece."""
    if not folder.exists():
        partial.rename(folder)
        return
    for child in sorted(partial.iterdir(), key=lambda child: child.name == MANIFEST):
        child.rename(folder / child.name)


def _is_taken(folder: Path) -> bool:
    if folder.is_dir() and not folder.is_symlink():
        return any(folder.iterdir())
    return folder.exists() or folder.is_symlink()
