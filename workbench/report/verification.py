"""What in a report is no longer as it was written: files, records, exhibits, attachments, signature."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import rfc8785

from workbench.core.errors import WorkbenchError
from workbench.core.heatmap import read_heatmap
from workbench.core.text import visible
from workbench.report.attached import is_attached
from workbench.report.folder import MANIFEST
from workbench.report.signing import is_signed, signature_differences, signed_by
from workbench.report.stamp import fits, is_stamped

_PDF = "report.pdf"
_DRAWN = "report.html"


_STAMPED = (
    "Nothing differs. The PDF is not signed: its pages and attachments were compared with the SHA-256 that "
    "is written in it, and with the record that it carries."
)
_NOT_STAMPED = (
    "The PDF is not signed and holds no SHA-256 of itself: it was made by an earlier version, or that was "
    "taken out. Only its attachments were compared, with the record among them. Its pages were not."
)


def differences(path: Path) -> list[str]:
    """Compare a report's folder, a record.json or a report.pdf with the hashes that are written in it.

    A record or PDF by itself is compared with what it carries and with the manifest and the documents that
    lie with it; `remarks` says what there was nothing to compare with. Somebody who rewrites everything,
    hashes included, is found by a signature or a report kept elsewhere only.

    Raises:
        WorkbenchError: it is none of them or can't be read.
    """
    if path.is_dir():
        return list(_of_folder(path))
    data = _read(path)
    stated = list(_of_manifest(path))
    if data.startswith(b"%PDF-"):
        return [*stated, *_of_pdf(data)]
    if _parsed(data) is None and not stated:
        raise WorkbenchError(
            f"{visible(str(path))} is no record of this program, or it was damaged, so there is nothing to "
            "compare. Name the folder of a case or of a report, a record.json or a report.pdf."
        )
    return [*stated, *_of_record(data, path), *_of_documents(path, data)]


def remarks(path: Path) -> list[str]:
    """What of a record or PDF by itself `differences` had nothing to compare with; nothing for a folder.

    Raises:
        WorkbenchError: it can't be read.
    """
    if path.is_dir() or _manifest_of(path):
        return []
    data = _read(path)
    if data.startswith(b"%PDF-"):
        return [] if signed_by(data) else [_STAMPED if is_stamped(data) else _NOT_STAMPED]
    if any(_documents(path)):
        return []
    return [
        f"The SHA-256 of the record is {_digest(data)}: compare it with the one printed in the report. No "
        "document of the report lies with it, so it was compared with itself only."
    ]


def signers(path: Path) -> list[str]:
    """Whom the certificates name that the PDF of a report, or a PDF alone, was signed with."""
    file = path / _PDF if path.is_dir() else path
    data = _read(file) if file.is_file() else b""
    return signed_by(data) if data.startswith(b"%PDF-") else []


def _of_folder(folder: Path) -> Iterator[str]:
    listed = _listed(folder)
    for name, entry in listed.items():
        yield from _of_listed(folder, name, entry)
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name not in listed and name != MANIFEST:
            yield f"{visible(name, 200)} was added: the manifest does not name it."
    for name in listed:
        file = folder / name
        if file.is_file() and file.name == "record.json":
            place = f"{visible(name.rpartition('/')[0], 200)}: " if "/" in name else ""
            data = _read(file)
            yield from (place + sentence for sentence in _of_record(data, file))
            yield from (place + sentence for sentence in _of_documents(file, data))
        elif name == _PDF and file.is_file():
            yield from _of_pdf(_read(file))


def _listed(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The manifest's entries by path; only those that stay inside the folder."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        above = folder.resolve().parent
        if (above / MANIFEST).is_file():
            raise WorkbenchError(
                f"{visible(str(folder))} is a part of the report in {visible(str(above))}, whose {MANIFEST} "
                "names its files. Verify that folder."
            )
        raise WorkbenchError(
            f"{visible(str(folder))} holds no {MANIFEST}: it is no report's folder, or the manifest was "
            "removed."
        )
    try:
        entries = {entry["path"]: entry for entry in json.loads(_read(manifest))["files"]}
        inside = all((folder / name).resolve().is_relative_to(folder.resolve()) for name in entries)
    except (ValueError, KeyError, TypeError) as error:
        raise WorkbenchError(
            f"The {MANIFEST} in {visible(str(folder))} is damaged, so nothing can be compared."
        ) from error
    if not inside:
        raise WorkbenchError(f"The {MANIFEST} names files outside the report, so it is not this program's.")
    return entries


def _manifest_of(file: Path) -> tuple[Path, str, Mapping[str, Any]] | None:
    """The report that a file lies in, its name there and its entry in the manifest; beside it or one up."""
    file = file.resolve()
    for folder in file.parents[:2]:
        if (folder / MANIFEST).is_file():
            name = file.relative_to(folder).as_posix()
            try:
                return folder, name, _listed(folder)[name]
            except (KeyError, WorkbenchError):  # of something else, or damaged: nothing to compare with
                continue
    return None


def _of_manifest(file: Path) -> Iterator[str]:
    if found := _manifest_of(file):
        yield from _of_listed(*found)


def _of_listed(folder: Path, name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    file, shown = folder / name, visible(name, 200)
    if not file.is_file():
        yield f"{shown} is missing."
    elif _digest(_read(file)) != entry.get("sha256"):
        yield f"{shown} was changed: its SHA-256 is not the one in the manifest."


def _of_record(data: bytes, file: Path) -> Iterator[str]:
    name = visible(file.name, 200)
    record = _parsed(data)
    if record is None:
        yield f"{name} is no record of this program, or it was damaged."
        return
    if not _is_canonical(record, data):
        yield f"{name} is not in its canonical form (RFC 8785), in which it was written: it was changed."
    for exhibit in record["exhibits"]:
        place = file.parent / exhibit["path"]
        if not place.is_file():
            if (file.parent / MANIFEST).is_file():
                yield f"{visible(exhibit['path'], 200)}, an exhibit, is missing."
        elif _digest(_read(place)) != exhibit["sha256"]:
            yield f"{visible(exhibit['path'], 200)} is not the exhibit whose SHA-256 the record states."
    for run in record["runs"]:
        yield from _of_map(file.parent / run["map"]["path"], run)


def _of_map(place: Path, run: Mapping[str, Any]) -> Iterator[str]:
    if not place.is_file():
        return
    try:
        sha256 = read_heatmap(place).sha256
    except (OSError, ValueError):
        sha256 = ""
    if sha256 != run["map"]["sha256"]:
        yield f"The map of run {visible(str(run['id']), 40)} is not the one that the record states."


def _documents(record: Path) -> tuple[bytes, list[bytes]]:
    """The page beside a record, and the records that a PDF beside it carries; empty where there is none."""
    page, document = record.with_name(_DRAWN), record.with_name(_PDF)
    drawn = _read(page) if page.is_file() else b""
    try:
        attached = _attachments(_read(document)) if document.is_file() else {}
    except pikepdf.PdfError:
        attached = {}
    return drawn, [data for name, data in attached.items() if name.rpartition("/")[2] == "record.json"]


def _of_documents(record: Path, data: bytes) -> Iterator[str]:
    """HTML beside a record repeats its hash; a PDF beside it carries it."""
    page, carried = _documents(record)
    if page and _digest(data).encode() not in page:
        yield f"{_DRAWN} was made from another record than the {visible(record.name, 200)} beside it."
    if carried and data not in carried:
        yield f"{_PDF} was made from another record than the {visible(record.name, 200)} beside it."


def _of_pdf(data: bytes) -> Iterator[str]:
    yield from signature_differences(data)
    if not is_signed(data) and is_stamped(data) and not fits(data):
        yield f"{_PDF} was changed: it no longer has the SHA-256 that is written in it."
    try:
        attached = _attachments(data)
    except pikepdf.PdfError:
        yield f"{_PDF} is damaged and can't be read."
        return
    records = [name for name in attached if name.rpartition("/")[2] == "record.json"]
    if not records:
        yield f"{_PDF} carries no record."
    for name in records:
        yield from _of_attached_record(name, attached)


def _of_attached_record(name: str, attached: Mapping[str, bytes]) -> Iterator[str]:
    record = _parsed(attached[name])
    shown = visible(name, 200)
    if record is None or not _is_canonical(record, attached[name]):
        yield f"{shown}, attached to the PDF, was changed."
        return
    place = name.removesuffix("record.json")
    found = {run["map"]["path"].rpartition("/")[0] for run in record["runs"] if run.get("findings")}
    for exhibit in record["exhibits"]:
        path = f"{place}{exhibit['path']}"
        if path not in attached:
            if is_attached(exhibit["path"], found):
                yield f"{visible(path, 200)} is missing among the attachments of the PDF."
        elif _digest(attached[path]) != exhibit["sha256"]:
            yield f"{visible(path, 200)}, attached to the PDF, is not the exhibit of the record."


def _attachments(data: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}


def _is_canonical(record: Mapping[str, Any], data: bytes) -> bool:
    """Whether the bytes are the form (RFC 8785) in which a record is written; NaN, say, has none."""
    try:
        return bytes(rfc8785.dumps(dict(record))) == data
    except (ValueError, RecursionError):  # rfc8785's own errors and those of UTF-8 are ValueErrors
        return False


def _parsed(data: bytes) -> dict[str, Any] | None:
    """A record with the keys that are compared here, or None."""
    try:
        record: dict[str, Any] = json.loads(data)
        for exhibit in record["exhibits"]:
            "".join((exhibit["path"], exhibit["sha256"]))
        for run in record["runs"]:
            "".join((run["map"]["path"], run["map"]["sha256"], run["id"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return record if record.get("schema_version") == 1 else None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WorkbenchError(f"{visible(str(path))} can't be read: {error.strerror}.") from error
