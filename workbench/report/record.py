"""The record: everything that is needed to repeat an examination, in the keys of version 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785

from workbench.core import wording
from workbench.core.analysis import Analysis, new_id
from workbench.core.case import Case, Item
from workbench.core.evidence import to_displayed_box
from workbench.core.findings import SMALLEST_AREA, Findings
from workbench.core.jsonform import to_json
from workbench.core.overlay import COLOUR_MAP
from workbench.core.provenance import ToolRecord, tool_record
from workbench.core.selftest import SelfTestResult, last_result
from workbench.core.text import storable
from workbench.report import sentences
from workbench.report.method_card import method_card

SCHEMA_VERSION = 1


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass(frozen=True)
class Issue:
    """One issue of a report.

    Attributes:
        id: of the report.
        issued: ISO 8601 with UTC offset; with the id a parameter, so that the same case gives the same bytes.
        status: "draft" or "final".
        tool: with what it is made.
        selftest: the last one of this installation, or None.
    """

    id: str = field(default_factory=new_id)
    issued: str = field(default_factory=_now)
    status: str = "draft"
    tool: ToolRecord = field(default_factory=tool_record)
    selftest: SelfTestResult | None = field(default_factory=last_result)


@dataclass(frozen=True)
class Integrity:
    """The evidence file at export.

    Attributes:
        sha256: of its bytes now, or None if it can't be read.
        remark: why it can't be read, or "".
    """

    sha256: str | None
    remark: str = ""


@dataclass(frozen=True)
class RunExhibits:
    """What a run's part of the record needs besides the run.

    Attributes:
        folder: relative to the report's.
        findings: at the run's threshold.
    """

    folder: str
    findings: Findings


def build_record(
    case: Case,
    item: Item,
    runs: Mapping[str, RunExhibits],
    issue: Issue,
    integrity: Integrity,
    weights_limits: Mapping[str, Sequence[str]],
    exhibits: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:
    """Put the record together; JSON values only, in the keys of version 1 and some added ones.

    Args:
        case: of the item.
        item: the picture reported on.
        runs: by run id, for every run of the item.
        issue: of the report.
        integrity: of the evidence file.
        weights_limits: by SHA-256 of the weights, sentences of their card.
        exhibits: {path, sha256, caption}.
    """
    record = {
        "schema_version": SCHEMA_VERSION,
        "report": _report(case, issue),
        "item": _item(item, integrity),
        "tool": _tool(issue),
        "runs": [_run(run, runs[run.id], item) for run in item.analyses],
        "summary": _summary(item),
        "search": None,
        "method": to_json(method_card()),
        "limits": _limits(item, weights_limits),
        "interpretation": {
            "text": case.details.interpretation,
            "by": case.details.examiner if case.details.interpretation else "",
            "forbidden_words": list(wording.forbidden_in(case.details.interpretation)),
        },
        "exhibits": list(exhibits),
    }
    cleaned: dict[str, Any] = _storable(record)
    return cleaned


def canonical(record: Mapping[str, Any]) -> bytes:
    """The one form of a record (RFC 8785), which its hash is of."""
    return bytes(rfc8785.dumps(dict(record)))


def _report(case: Case, issue: Issue) -> dict[str, Any]:
    details = case.details
    return {
        "id": issue.id,
        "issued": issue.issued,
        "status": issue.status,
        "examiner": details.examiner,
        "organisation": details.organisation,
        "case": details.case_id,
        "question": details.question,
    }


def _item(item: Item, integrity: Integrity) -> dict[str, Any]:
    decode = item.decode
    return {
        "id": item.id,
        "name": item.name,
        "path": str(item.path),
        "size": item.size,
        "modified": item.modified,
        "sha256": item.sha256,
        "sha256_at_export": integrity.sha256,
        "unchanged": integrity.sha256 == item.sha256,
        "integrity_remark": integrity.remark,
        "decode": to_json(decode),
        "decoded_sha256": decode.decoded_sha256,
        "stored_size": {"width": decode.width, "height": decode.height},
        "orientation": decode.orientation,
        "regions": [
            _region(region.box, item) | {"id": region.id, "name": region.name} for region in item.regions
        ],
    }


def _tool(issue: Issue) -> dict[str, Any]:
    test = issue.selftest
    selftest = {"date": test.date if test else None, "passed": test.passed if test else None}
    tool: dict[str, Any] = to_json(issue.tool)
    return tool | {"packages": dict(issue.tool.packages), "selftest": selftest}


def _run(run: Analysis, made: RunExhibits, item: Item) -> dict[str, Any]:
    provenance, found = run.provenance, made.findings
    region = run.region
    return {
        "id": run.id,
        "kind": run.kind.value,
        "region": _region(region.box, item) | {"id": region.id, "name": region.name} if region else None,
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
        "decoded_sha256": provenance.decoded_sha256,
        "by": run.by,
        "threshold": to_json(run.threshold),
        "map": {"path": f"{made.folder}/heatmap.npy", "sha256": run.map_sha256, "shape": list(run.map_shape)},
        "contours": {"path": f"{made.folder}/contours.json"},
        "colour": {"map": COLOUR_MAP, "minimum": 0, "maximum": 1},
        "polarity": method_card().polarity,
        "resampled": False,
        "statistics": to_json(run.statistics),
        "above_threshold": {
            "area": found.area,
            "share": found.share,
            "components": found.components,
            "smallest_area": SMALLEST_AREA,
        },
        "findings": [_finding(to_json(finding), item) for finding in found.listed],
        "statement": sentences.statement(run, found),
        "limits": list(sentences.run_limits(run, found, item.decode)),
    }


def _region(box: tuple[int, int, int, int], item: Item) -> dict[str, Any]:
    return {"shape": "rectangle"} | _box(box) | _displayed(box, item)


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


def _summary(item: Item) -> dict[str, Any]:
    """How many places were tried, so that a search can't hide what found nothing."""
    return {
        "whole_picture_runs": len([run for run in item.analyses if run.region is None]),
        "region_runs": len([run for run in item.analyses if run.region]),
        "regions_tested": sentences.regions_tested(item),
        "regions_drawn": item.region_count,
        "runs_shown": len(item.analyses),
        "statement": sentences.how_many(item),
    }


def _limits(item: Item, weights_limits: Mapping[str, Sequence[str]]) -> list[str]:
    found = [wording.guarded(sentence) for sentence in method_card().limits]
    for run in item.analyses:
        found += [f"Weights {run.weights.name}: {s}" for s in weights_limits.get(run.weights.sha256, ())]
    return list(dict.fromkeys(found))


def _storable(value: Any) -> Any:
    """Without lone surrogates, which no UTF-8 file can hold."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(v) for v in value]
    if isinstance(value, dict):
        return {storable(k): _storable(v) for k, v in value.items()}
    return value
