"""Maps of a case as files named by their SHA-256, written whole or not at all."""

import os
import secrets
from pathlib import Path

import numpy as np

from workbench.core.errors import CaseError
from workbench.core.heatmap import Heatmap


def path_of(folder: Path, sha256: str) -> Path:
    """Where a map lies in a folder of maps."""
    return folder / f"{sha256}.npy"


def write_map(folder: Path, heatmap: Heatmap) -> None:
    """Keep a map (float32, lossless); on the disk when this returns.

    Raises:
        CaseError: the disk is full or may not be written.
    """
    target = path_of(folder, heatmap.sha256)
    if target.is_file():
        return
    try:
        folder.mkdir(exist_ok=True)  # never the case itself: it may have been moved while it was open
        _write_whole(folder, target, heatmap)
    except OSError as error:
        raise CaseError(
            f"The map could not be stored in {folder}: {error.strerror}. "
            "Nothing of the case was changed; make room or choose another place, then try again."
        ) from error


def _write_whole(folder: Path, target: Path, heatmap: Heatmap) -> None:
    """Temporary file, then rename: a map is never there in part, whenever the program is killed."""
    temporary = folder / f".new-{secrets.token_hex(8)}"
    try:
        with temporary.open("xb") as stream:
            np.save(stream, heatmap.response, allow_pickle=False)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(folder)


def read_map(folder: Path, sha256: str) -> Heatmap:
    """Give a map back.

    Raises:
        CaseError: it is missing, or its content has not this hash any more.
    """
    path = path_of(folder, sha256)
    if not path.is_file():
        raise CaseError(f"The map {path.name} is missing from the case. Run the analysis again.")
    try:
        heatmap = Heatmap.of(np.load(path, allow_pickle=False))
    except (OSError, ValueError, EOFError, TypeError) as error:
        raise CaseError(_damaged(path)) from error
    if heatmap.sha256 != sha256 or heatmap.response.ndim != 2:
        raise CaseError(_damaged(path))
    return heatmap


def _damaged(path: Path) -> str:
    return (
        f"The map {path.name} is damaged: its content no longer has the hash it was stored under, "
        "so it is not shown. Restore it from a backup or run the analysis again."
    )


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk too; Windows does so by itself and can't be asked."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
