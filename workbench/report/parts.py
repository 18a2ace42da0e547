"""What a report holds of one picture: its exhibits, its record and its HTML."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.core.analysis import Analysis, Kind
from workbench.core.case import Case, Item
from workbench.core.errors import EvidenceChangedError, EvidenceError
from workbench.core.evidence import Evidence
from workbench.core.filebytes import read_once
from workbench.core.findings import find
from workbench.core.maps import Maps
from workbench.core.text import visible
from workbench.report.attached import is_attached
from workbench.report.blocks import Part
from workbench.report.contents import part_of
from workbench.report.exhibits import Exhibit, run_exhibits, write
from workbench.report.figures import figures_of_item, figures_of_run
from workbench.report.html import render
from workbench.report.previews import Preview
from workbench.report.record import Integrity, Issue, build_record, canonical
from workbench.report.record_runs import RunExhibits

_SUFFIX = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "TIFF": ".tif",
    "WEBP": ".webp",
    "BMP": ".bmp",
    "GIF": ".gif",
}


@dataclass(frozen=True)
class Sources:
    """Where a part's pixels and maps are.

    Attributes:
        evidence: the picture as it was opened, or from the case's own copy of it.
        maps: of its runs.
        weights_limits: by SHA-256 of weights, sentences of their card.
    """

    evidence: Evidence
    maps: Maps
    weights_limits: Mapping[str, Sequence[str]]


@dataclass
class MadePart:
    """A written part.

    Attributes:
        place: of its folder in the report, "" or "picture-2/".
        record: as it was written.
        sha256: of record.json.
        part: its sections.
        images: previews by the names that its figures call.
        attached: files that the PDF carries.
    """

    place: str
    record: dict[str, Any]
    sha256: str
    part: Part
    images: dict[str, Preview]
    attached: list[Exhibit] = field(default_factory=list)

    def html(self) -> str:
        """The part as one HTML file."""
        return render(self.part, self.record["report"], self.sha256, self.images)


def write_part(
    root: Path, place: str, case: Case, item: Item, sources: Sources, issue: Issue, on_run: Callable[[], None]
) -> MadePart:
    """Write exhibits and record of one picture below a report's folder.

    Raises:
        EvidenceChangedError: the evidence is another file than the item's.
        CaseError: a map is missing or damaged.
        OSError: the folder can't be written.
    """
    evidence = sources.evidence
    if evidence.sha256 != item.sha256:
        raise EvidenceChangedError(
            f"{visible(evidence.name, 200)} is not the file that the runs were made on, so no report was "
            "written. Open the original file again."
        )
    here, prefix = root / place, place.replace("/", "-")
    integrity, exhibits = _original(here, item, evidence)
    images = figures_of_item(evidence, item.regions)
    runs: dict[str, RunExhibits] = {}
    for run, name in run_folders(item.analyses):
        heatmap = sources.maps.get_map(run.map_sha256)
        cut = evidence.pixels[run.region.slices] if run.region else evidence.pixels
        runs[run.id] = RunExhibits(
            name, find(heatmap.response, run.threshold.value, run.origin, inside=run.inside)
        )
        exhibits += run_exhibits(here, name, run, heatmap, cut, sources.maps.map_file)
        images |= figures_of_run(run, heatmap, cut, evidence)
        on_run()
    listed = [exhibit.as_json() for exhibit in exhibits]
    record = build_record(case, item, runs, issue, integrity, sources.weights_limits, listed)
    data = canonical(record)
    written = write(here, "record.json", data, "The record")
    named = {f"{prefix}{name}": image for name, image in images.items()}
    part = part_of(record, written.sha256, named, prefix)
    found = {made.folder for made in runs.values() if made.findings.listed}
    attached = [written, *(e for e in exhibits if is_attached(e.path, found))]
    return MadePart(place, record, written.sha256, part, named, [_placed(place, file) for file in attached])


def _placed(place: str, file: Exhibit) -> Exhibit:
    return Exhibit(f"{place}{file.path}", file.sha256, file.caption)


def run_folders(runs: Sequence[Analysis]) -> list[tuple[Analysis, str]]:
    """Runs with their folders: whole, whole-2, ..., region-1, region-2, ... in the order of running."""
    counts = dict.fromkeys(Kind, 0)
    named = []
    for run in runs:
        counts[run.kind] += 1
        number = counts[run.kind]
        first = run.kind is Kind.WHOLE and number == 1
        named.append((run, "whole" if first else f"{run.kind.value}-{number}"))
    return named


def _original(here: Path, item: Item, evidence: Evidence) -> tuple[Integrity, list[Exhibit]]:
    """Hash the evidence file again, and copy it or what the case keeps of it."""
    exhibits = []
    try:
        data = read_once(item.path).data
        integrity = Integrity(hashlib.sha256(data).hexdigest())
    except EvidenceError as error:
        data, integrity = b"", Integrity(None, str(error))
    said = "The item as received, byte for byte."
    if integrity.sha256 != item.sha256 and evidence.path != item.path:
        data, said = read_once(evidence.path).data, "The item as received, from the case's own copy."
    if hashlib.sha256(data).hexdigest() == item.sha256:
        exhibits.append(write(here, f"original{_SUFFIX.get(item.decode.format, '')}", data, said))
    if evidence.thumbnail:
        exhibits.append(
            write(here, "thumbnail.jpg", evidence.thumbnail, "The thumbnail embedded in the item.")
        )
    return integrity, exhibits
