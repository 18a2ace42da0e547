"""The report as PDF/A-3a, set by Typst: one document, the records and exhibits of findings attached.

Typst gets one JSON file and a template that never changes; no text is pasted into markup. The fonts are those
that ship with the program, so that the same report has the same bytes on every machine.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

from workbench.core.errors import WorkbenchError
from workbench.core.paths import resources_folder
from workbench.core.wording import guarded
from workbench.report.blocks import Part
from workbench.report.exhibits import Exhibit
from workbench.report.figures import Images
from workbench.report.glyphs import breakable, fonts_folder, plain, printable
from workbench.report.shown import time
from workbench.report.stamp import placeholder, stamped

STANDARD: Literal["a-3a"] = "a-3a"
_WORK = ".typeset"
_AS_THEY_ARE = frozenset({"kind", "image", "target", "targets", "style"})
"""Keys whose values lead somewhere or choose something: names of the program's own."""
_MIME = {
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".csv": "text/csv",
    ".jsonld": "application/ld+json",
}


class TypesettingError(WorkbenchError):
    """The PDF could not be made."""


@dataclass(frozen=True)
class Paper:
    """A document to be set.

    Attributes:
        report: of the record: id, time, status, examiner.
        subtitle: below the title.
        records: SHA-256 of the record of each part, at the foot of its pages.
        parts: one for each picture.
        images: previews by the names that the figures call.
        attachments: files below the report's folder.
    """

    report: Mapping[str, Any]
    subtitle: str
    records: Sequence[str]
    parts: Sequence[Part]
    images: Images
    attachments: Sequence[Exhibit]


def typeset(root: Path, paper: Paper) -> bytes:
    """Set a document; `root` is the report's folder, in which a working folder comes and goes.

    Raises:
        TypesettingError: Typst refuses it.
        OSError: the folder can't be written.
    """
    work = root / _WORK
    work.mkdir()
    try:
        shown = _images(work, paper.images)
        template = guarded((resources_folder() / "report" / "report.typ").read_text("utf-8"))
        (work / "report.typ").write_text(template, "utf-8")
        try:
            made = _compile(work, _document(paper, shown, printable))
        except TypesettingError:  # two fonts can each hold a half of a cluster of characters
            made = _compile(work, _document(paper, shown, plain))
        return stamped(made, paper.report["id"])
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _compile(work: Path, document: Mapping[str, Any]) -> bytes:
    (work / "document.json").write_text(json.dumps(document), "utf-8")
    compiler = typst.Compiler(
        root=work.parent, font_paths=[fonts_folder()], ignore_system_fonts=True, package_path=work / "none"
    )
    issued = datetime.fromisoformat(document["timestamp"])
    try:
        made = compiler.compile(work / "report.typ", format="pdf", pdf_standards=[STANDARD], timestamp=issued)
    except typst.TypstError as error:
        raise TypesettingError(
            f"The PDF could not be made: {error.message}. Record, HTML and exhibits do not depend on it; "
            "export without the PDF and report this fault of the program."
        ) from error
    assert isinstance(made, bytes)
    return made


def _images(work: Path, images: Images) -> dict[str, dict[str, Any]]:
    """Write the previews beside the template; the same bytes are written once."""
    shown: dict[str, dict[str, Any]] = {}
    written: dict[bytes, str] = {}
    for number, (name, preview) in enumerate(images.items()):
        path = written.setdefault(preview.data, f"{number}.{preview.kind}")
        if not (work / path).exists():
            (work / path).write_bytes(preview.data)
        shown[name] = {"path": path, "width": preview.width, "height": preview.height}
    return shown


def _document(paper: Paper, images: Mapping[str, Any], safe: Callable[[str], str]) -> dict[str, Any]:
    report = paper.report
    metadata: dict[str, Any] = {
        "title": f"Report {report['id']}",
        "author": safe(report["examiner"][:200]),
        "stamp": placeholder(report["id"]),
        "timestamp": report["issued"],
        "attachments": [_attachment(file, safe) for file in paper.attachments],
        "images": dict(images),
    }
    text: dict[str, Any] = _printed(
        {
            "subtitle": paper.subtitle,
            "records": list(paper.records),
            "report": {
                "id": report["id"],
                "issued": time(report["issued"]),
                "status": report["status"],
            },
            "parts": [_plain_values(part) for part in paper.parts],
        },
        safe,
    )
    return metadata | text


def _attachment(file: Exhibit, safe: Callable[[str], str]) -> dict[str, Any]:
    suffix = Path(file.path).suffix
    relationship = "source" if file.path.endswith("record.json") else "supplement"
    return {
        "path": file.path,
        "mime": _MIME.get(suffix, "application/octet-stream"),
        "relationship": relationship,
        "caption": safe(file.caption),
    }


def _plain_values(value: Any) -> Any:
    """Blocks as JSON values, each with its kind."""
    if is_dataclass(value) and not isinstance(value, type):
        kind = {"kind": value.kind} if hasattr(value, "kind") else {}
        return kind | {field.name: _plain_values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain_values(v) for v in value]
    return value


def _printed(value: Any, safe: Callable[[str], str]) -> Any:
    """All text as the fonts can show it, with long words that may be broken."""
    if isinstance(value, str):
        return breakable(safe(value))
    if isinstance(value, list):
        return [_printed(v, safe) for v in value]
    if isinstance(value, dict):
        return {k: _printed_at(k, v, safe) for k, v in value.items()}
    return value


def _printed_at(key: str, value: Any, safe: Callable[[str], str]) -> Any:
    if key in _AS_THEY_ARE:
        return value
    return safe(value) if key == "alternative" else _printed(value, safe)  # what is read out has no lines
