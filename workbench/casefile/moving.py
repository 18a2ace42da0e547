"""Taking a case to another place: renamed on the same disk, else copied whole before anything is removed."""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from workbench.casefile import blobs
from workbench.casefile.connection import JOURNALS, LOCK
from workbench.core.digest import sha256_of_file
from workbench.core.errors import CaseError

GONE = ".discarded-"
"""How the name of a case begins that is being removed."""
_CHUNK = 1 << 20
_LEFT_BEHIND = frozenset({LOCK, JOURNALS[1]})
"""Files that belong to whoever has the case open, and are made anew."""


def copied_ahead(case: Path, target: Path, files: Mapping[str, str]) -> Path | None:
    """Copy what never changes, the maps and pictures, to another disk while the case is worked on.

    Args:
        case: the folder of the case.
        target: where it is to be.
        files: SHA-256 of its files by their names.

    Returns:
        A folder beside the target that has them; None where the case can just be renamed.

    Raises:
        CaseError: there is something of the target's name already, or a file is damaged.
        OSError: it can't be read or written.
    """
    if target.exists() or target.is_symlink():
        raise CaseError(f"{target} exists already and is not overwritten. Choose another name for the case.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.stat(target.parent).st_dev == os.stat(case).st_dev:
        return None
    return _start_copy(case, target, files)


def _start_copy(case: Path, target: Path, files: Mapping[str, str]) -> Path:
    partial = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}")
    partial.mkdir()
    try:
        for name, sha256 in files.items():
            if (case / name).is_file():  # one that is missing was told of already, and stays missing
                _copy(case / name, partial / name, sha256)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return partial


def put_in_place(case: Path, target: Path, partial: Path | None, files: Mapping[str, str]) -> None:
    """Move a case that nobody has open; where this raises, it is whole at its old place.

    Raises:
        CaseError: a file is damaged.
        OSError: it can't be read or written.
    """
    if partial is None:
        try:
            case.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            partial = _start_copy(case, target, files)  # two disks that look like one
        else:
            blobs.sync_folder(target.parent)
            return
    try:
        _complete(case, partial, files)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    partial.rename(target)
    blobs.sync_folder(target.parent)


def _complete(case: Path, partial: Path, files: Mapping[str, str]) -> None:
    """Copy what was not copied ahead: the database, and what came since."""
    for name in blobs.files_of(case):
        if name not in _LEFT_BEHIND and not (partial / name).exists() and not blobs.is_unfinished(name):
            _copy(case / name, partial / name, files.get(name, ""))
    for folder in (partial / blobs.MAPS, partial / blobs.EVIDENCE, partial):
        if folder.is_dir():
            blobs.sync_folder(folder)


def remove(case: Path) -> None:
    """Remove a case that nobody has open; killed on the way, it leaves nothing that looks like a damaged one.

    Raises:
        OSError: it can't be removed.
    """
    gone = case.with_name(f"{GONE}{secrets.token_hex(8)}")
    case.rename(gone)
    shutil.rmtree(gone)


def clear_away(before: Path, moved: Path, problem: str) -> None:
    """Remove a case that was copied elsewhere, if all is well there; where it can't be, there are two.

    Args:
        before: where it was.
        moved: where it was copied to and is open now.
        problem: a sentence on what is wrong with it there, else "".

    Raises:
        CaseError: something is wrong there, so nothing was removed.
    """
    if problem:
        raise CaseError(
            f"{problem} The case was copied to {moved}, but is not whole there, so {before} was left as "
            "it is. Open that one, and check the other disk."
        )
    with contextlib.suppress(OSError):
        remove(before)


def _copy(source: Path, target: Path, sha256: str) -> None:
    """Copy a file and read the copy again, from the disk where the system lets go of what it still holds.

    Raises:
        CaseError: the source has not the hash that it must have, if that is known, or its copy another one.
        OSError: it can't be read or written.
    """
    target.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("xb") as writing:
        while piece := reading.read(_CHUNK):
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(writing.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if sha256 and digest.hexdigest() != sha256:
        raise CaseError(
            f"{source.name[:20]} in the case is no longer what was stored (SHA-256 was {sha256[:12]}…), so "
            "the case was not moved. Nothing was changed; check the case to see all that differs."
        )
    if sha256_of_file(target) != digest.hexdigest():
        raise CaseError(
            f"The copy of {source.name[:20]} at the new place does not read back as it was written, so the "
            "case was not moved and stays as it was. Check that disk, or choose another one."
        )
