"""A report as a folder: record.json, report.html, the exhibits, and a manifest of their hashes."""

import hashlib
import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.analysis import Analysis, Kind
from workbench.core.case import Case, Item
from workbench.core.errors import EvidenceChangedError, EvidenceError, WorkbenchError
from workbench.core.evidence import Evidence
from workbench.core.filebytes import read_once
from workbench.core.findings import find
from workbench.core.maps import Maps
from workbench.core.text import visible
from workbench.core.weights import all_cards
from workbench.report.exhibits import Exhibit, run_exhibits, write
from workbench.report.figures import Figures, Pictures, figures_of
from workbench.report.html import render
from workbench.report.record import Integrity, Issue, RunExhibits, build_record, canonical

_SUFFIX = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "TIFF": ".tif",
    "WEBP": ".webp",
    "BMP": ".bmp",
    "GIF": ".gif",
}


class ReportError(WorkbenchError):
    """A report could not be written."""


@dataclass(frozen=True)
class Exported:
    """A written report.

    Attributes:
        folder: with everything in it.
        record: path of record.json.
        html: path of report.html.
        record_sha256: of record.json.
        unchanged: whether the evidence file still has its hash.
    """

    folder: Path
    record: Path
    html: Path
    record_sha256: str
    unchanged: bool


def export_report(
    folder: Path,
    case: Case,
    item: Item,
    evidence: Evidence,
    maps: Maps,
    issue: Issue | None = None,
    weights_limits: Mapping[str, Sequence[str]] | None = None,
) -> Exported:
    """Write the report on one picture into a new folder; it appears whole or not at all.

    Args:
        folder: must not exist, or be empty; nothing is overwritten.
        case: for the examiner's details.
        item: the picture with all its runs.
        evidence: the picture as it was opened.
        maps: where the runs' maps are.
        issue: id, time, status; a fresh draft if None.
        weights_limits: by SHA-256 of weights; from the cards of all known weights if None.

    Raises:
        EvidenceChangedError: `evidence` is another file than the item's.
        CaseError: a map is missing or damaged.
        ReportError: the folder exists or can't be written.
    """
    if evidence.sha256 != item.sha256:
        raise EvidenceChangedError(
            f"{visible(evidence.name, 200)} is not the file that the runs were made on, so no report was "
            "written. Open the original file again."
        )
    if _is_taken(folder):
        raise ReportError(
            f"{folder} exists already and is not overwritten. Choose another name for the report."
        )
    partial = folder.absolute().with_name(f".{folder.name[:40]}.{secrets.token_hex(4)}")
    try:
        partial.mkdir(parents=True)
        made = _write_all(partial, case, item, (evidence, maps), issue or Issue(), weights_limits)
        _move(partial, folder)
    except OSError as error:
        raise ReportError(
            f"The report could not be written to {folder}: {error.strerror}. Nothing is left of it there; "
            "make room or choose another place, then try again."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sha256, unchanged = made
    return Exported(folder, folder / "record.json", folder / "report.html", sha256, unchanged)


def _move(partial: Path, folder: Path) -> None:
    """Into place in one step; into an empty folder, which may be where the user stands, piece by piece."""
    if not folder.exists():
        partial.rename(folder)
        return
    for child in sorted(partial.iterdir(), key=lambda child: child.name == "manifest.json"):
        child.rename(folder / child.name)


def _is_taken(folder: Path) -> bool:
    if folder.is_dir() and not folder.is_symlink():
        return any(folder.iterdir())
    return folder.exists() or folder.is_symlink()


def run_folders(runs: Sequence[Analysis]) -> dict[str, str]:
    """Folder of each run by its id: whole, whole-2, ..., region-1, region-2, ... in the order of running."""
    whole = [run.id for run in runs if run.kind is Kind.WHOLE]
    regions = [run.id for run in runs if run.kind is Kind.REGION]
    named = {run: "whole" if n == 1 else f"whole-{n}" for n, run in enumerate(whole, start=1)}
    return named | {run: f"region-{n}" for n, run in enumerate(regions, start=1)}


def _write_all(
    root: Path,
    case: Case,
    item: Item,
    sources: tuple[Evidence, Maps],
    issue: Issue,
    weights_limits: Mapping[str, Sequence[str]] | None,
) -> tuple[str, bool]:
    evidence, maps = sources
    integrity, exhibits = _original(root, item, evidence)
    pictures = Pictures(evidence.pixels, item.decode.orientation)
    runs: dict[str, RunExhibits] = {}
    figures: dict[str, Figures] = {}
    for run_id, name in run_folders(item.analyses).items():
        run = next(a for a in item.analyses if a.id == run_id)
        heatmap = maps.get_map(run.map_sha256)
        cut = evidence.pixels[run.region.slices] if run.region else evidence.pixels
        findings = find(heatmap.response, run.threshold.value, run.origin, inside=run.inside)
        runs[run_id] = RunExhibits(name, findings)
        exhibits += run_exhibits(root, name, run, heatmap, cut)
        figures[run_id] = figures_of(run, heatmap, cut, pictures)
    limits = _known_limits() if weights_limits is None else weights_limits
    shown = [exhibit.as_json() for exhibit in exhibits]
    record = build_record(case, item, runs, issue, integrity, limits, shown)
    return _write_documents(root, record, (pictures, figures, evidence.thumbnail), exhibits), record["item"][
        "unchanged"
    ]


def _write_documents(
    root: Path,
    record: dict[str, Any],
    shown: tuple[Pictures, Mapping[str, Figures], bytes | None],
    exhibits: list[Exhibit],
) -> str:
    data = canonical(record)
    sha256 = hashlib.sha256(data).hexdigest()
    pictures, figures, thumbnail = shown
    files = [
        write(root, "record.json", data, "The record"),
        write(
            root, "report.html", render(record, sha256, pictures, figures, thumbnail).encode(), "The report"
        ),
        *exhibits,
    ]
    manifest = {
        "report": record["report"]["id"],
        "files": [
            {"path": file.path, "sha256": file.sha256, "size": (root / file.path).stat().st_size}
            for file in sorted(files, key=lambda file: file.path)
        ],
    }
    (root / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return sha256


def _original(root: Path, item: Item, evidence: Evidence) -> tuple[Integrity, list[Exhibit]]:
    """Hash the evidence file again, and copy it if it is still the one that was opened."""
    exhibits = []
    try:
        data = read_once(item.path).data
        integrity = Integrity(hashlib.sha256(data).hexdigest())
    except EvidenceError as error:
        data, integrity = b"", Integrity(None, str(error))
    if integrity.sha256 == item.sha256:
        name = f"original{_SUFFIX.get(item.decode.format, '')}"
        exhibits.append(write(root, name, data, "The item as received, byte for byte."))
    if evidence.thumbnail:
        exhibits.append(
            write(root, "thumbnail.jpg", evidence.thumbnail, "The thumbnail embedded in the item.")
        )
    return integrity, exhibits


def _known_limits() -> dict[str, tuple[str, ...]]:
    return {card.sha256: card.limits for card in all_cards()}
