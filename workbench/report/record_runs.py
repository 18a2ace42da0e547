"""The part of the record on runs, regions, findings and searches."""

from dataclasses import dataclass
from typing import Any

from workbench.core.analysis import Analysis
from workbench.core.case import Item
from workbench.core.evidence import to_displayed_box
from workbench.core.findings import SMALLEST_AREA, Findings
from workbench.core.jsonform import to_json
from workbench.core.overlay import COLOUR_MAP
from workbench.core.region import Region
from workbench.core.search import Search
from workbench.report import sentences
from workbench.report.method_card import method_card


@dataclass(frozen=True)
class RunExhibits:
    """What a run's part of the record needs besides the run.

    Attributes:
        folder: relative to the report's.
        findings: at the run's threshold.
    """

    folder: str
    findings: Findings


def run_record(run: Analysis, made: RunExhibits, item: Item) -> dict[str, Any]:
    """A run, how it was made and what was found."""
    provenance, found = run.provenance, made.findings
    region = run.region
    return {
        "id": run.id,
        "kind": run.kind.value,
        "region": region_record(region, item) if region else None,
        "method": method_card().name,
        "weights": to_json(run.weights),
        "runtime": provenance.runtime,
        "precision": provenance.precision,
        "effective_precision": sentences.effective_precision(provenance),
        "determinism": {
            "flags": dict(provenance.flags),
            "statement": sentences.determinism(provenance),
        },
        "tile": provenance.tile,
        "tiling": {
            "tested_deviation": sentences.tiling_bound(provenance),
            "statement": sentences.tiling(provenance),
        },
        "seconds": provenance.seconds,
        "started": provenance.started,
        "read_from_original": provenance.from_original,
        "decoded_sha256": provenance.decoded_sha256,
        "by": run.by,
        "threshold": to_json(run.threshold),
        "map": {"path": f"{made.folder}/heatmap.npy", "sha256": run.map_sha256, "shape": list(run.map_shape)},
        "contours": {"path": f"{made.folder}/contours.json"},
        "colour": {"map": COLOUR_MAP, "minimum": 0, "maximum": 1},
        "polarity": method_card().polarity,
        "resampled": False,
        "preview_difference": run.preview_difference,
        "note": run.note,
        "statistics": to_json(run.statistics),
        "above_threshold": {
            "area": found.area,
            "share": found.share,
            "components": found.components,
            "smallest_area": SMALLEST_AREA,
            "analysed_share": found.analysed_share,
        },
        "findings": [_finding(to_json(finding), item) for finding in found.listed],
        "statement": sentences.statement(run, found),
        "limits": list(sentences.run_limits(run, found, item.decode)),
    }


def region_record(region: Region, item: Item) -> dict[str, Any]:
    """A region with its shape; `displayed` where viewers show it elsewhere."""
    drawn: dict[str, Any] = {"shape": region.shape.value} | _box(region.box) | _displayed(region.box, item)
    if region.points:
        drawn["points"] = [list(point) for point in region.points]
    return drawn | {"id": region.id, "name": region.name, "colour": region.colour, "note": region.note}


def search_record(search: Search, item: Item) -> dict[str, Any]:
    """A region search: all windows, all suggestions, and which of them became regions."""
    result = search.result
    return {
        "id": search.id,
        "by": search.by,
        "weights": to_json(search.weights),
        "runtime": result.provenance.runtime,
        "precision": result.provenance.precision,
        "started": result.provenance.started,
        "seconds": result.provenance.seconds,
        "parameters": to_json(result.parameters),
        "windows": [_box(window) for window in result.windows],
        "suggestions": [
            {
                "rank": suggestion.rank,
                "score": suggestion.score,
                "region": _box(suggestion.box) | _displayed(suggestion.box, item),
                "window": suggestion.window,
            }
            for suggestion in result.suggestions
        ],
        "accepted": [{"rank": rank, "region": region} for rank, region in search.accepted],
        "dismissed": list(search.dismissed),
        "accepted_by": search.accepted_by or "examiner",
        "statement": sentences.search_statement(search),
    }


def _finding(finding: dict[str, Any], item: Item) -> dict[str, Any]:
    return finding | _displayed((finding["x"], finding["y"], finding["width"], finding["height"]), item)


def _box(box: tuple[int, int, int, int]) -> dict[str, int]:
    return dict(zip(("x", "y", "width", "height"), box, strict=True))


def _displayed(box: tuple[int, int, int, int], item: Item) -> dict[str, Any]:
    """The box as viewers show it, where that is another one."""
    decode = item.decode
    if decode.orientation == 1:
        return {}
    return {"displayed": _box(to_displayed_box(box, (decode.width, decode.height), decode.orientation))}
