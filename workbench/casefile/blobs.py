"""Maps and pictures of a case as files named by their SHA-256, written whole or not at all."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from workbench.core.digest import sha256_of_file
from workbench.core.errors import CaseError, EvidenceChangedError
from workbench.core.filebytes import read_once
from workbench.core.heatmap import Heatmap, read_heatmap
from workbench.core.mapfile import Data, MapForm
from workbench.core.text import visible

MAPS, EVIDENCE = "maps", "evidence"
UNFINISHED = ".new-"
"""How the name of a file begins that is still being written."""


def map_name(sha256: str, form: MapForm = MapForm.NUMBERS) -> str:
    """A map's file within the case; the hash is of its responses, as runs name it."""
    return f"{MAPS}/{sha256}.{form.value}"


def evidence_name(sha256: str) -> str:
    """A picture's copy within the case: the very bytes of the file as received."""
    return f"{EVIDENCE}/{sha256}"


def copy_evidence(case: Path, source: Path, sha256: str) -> str:
    """Keep a copy of a picture's file, which is only read; on the disk when this returns.

    Raises:
        EvidenceError: the source is gone, can't be read, or has another SHA-256 by now.
        CaseError: the disk is full or may not be written.
    """
    data = read_once(source).data
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EvidenceChangedError(
            f"{visible(source.name, 200)} has changed since it was opened, so it was not copied into the "
            "case. Open it again as a new item."
        )
    return write_file(case, evidence_name(sha256), data)


def read_whole(case: Path, name: str, sha256: str) -> bytes | None:
    """The bytes of a file of the case, or None where they can't be read or have another SHA-256."""
    try:
        data = (case / name).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def is_whole_copy(case: Path, sha256: str) -> bool:
    """Whether the copy of a picture is there, can be read and has the hash that it is named by."""
    try:
        return sha256_of_file(case / evidence_name(sha256)) == sha256
    except OSError:
        return False


def write_file(case: Path, name: str, data: Data) -> str:
    """Put a file into the case, in the place of an older one; on the disk when this returns, its SHA-256.

    Raises:
        CaseError: the disk is full or may not be written.
    """
    target = case / name
    try:
        # One level only, never the case itself: it may have been moved while it was open.
        target.parent.mkdir(exist_ok=True)
        _write_whole(target, data)
    except OSError as error:
        raise CaseError(
            f"{target.name[:20]} could not be stored in {target.parent}: {error.strerror}. "
            "Nothing of the case was changed; make room or choose another place, then try again."
        ) from error
    return hashlib.sha256(data).hexdigest()


def _write_whole(target: Path, data: Data) -> None:
    """Temporary file, then rename: a file is never there in part, whenever the program is killed."""
    temporary = target.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def read_map(case: Path, sha256: str) -> Heatmap:
    """Give a map back.

    Raises:
        CaseError: it is missing, or its content has not this hash any more.
    """
    path = case / map_name(sha256)
    if not path.is_file():
        raise CaseError(f"The map {path.name} is missing from the case. Run the analysis again.")
    try:
        heatmap = read_heatmap(path)
    except (OSError, ValueError) as error:
        raise CaseError(_damaged(path)) from error
    if heatmap.sha256 != sha256:
        raise CaseError(_damaged(path))
    return heatmap


def _damaged(path: Path) -> str:
    return (
        f"The map {path.name} is damaged: its content no longer has the hash it was stored under, "
        "so it is not shown. Restore it from a backup or run the analysis again."
    )


def is_unfinished(name: str) -> bool:
    """Whether a file is what a killed program was about to write: nothing reads it, no one was told of it."""
    return re.fullmatch(rf"(.*/)?{re.escape(UNFINISHED)}[0-9a-f]{{16}}", name) is not None


def remove_unfinished(case: Path) -> None:
    """Clear away what a killed program was about to write."""
    for folder in (case, case / MAPS, case / EVIDENCE):
        for path in folder.glob(f"{UNFINISHED}*"):
            path.unlink(missing_ok=True)


def files_of(case: Path) -> Iterator[str]:
    """Names of all files below the case's folder, `/` between the parts."""
    for folder, _, names in os.walk(case):
        for name in names:
            yield Path(folder, name).relative_to(case).as_posix()


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk too; Windows does so by itself and can't be asked."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
