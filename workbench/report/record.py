"""The record: everything that is needed to repeat an examination, in the keys of version 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785

from workbench.core import wording
from workbench.core.analysis import new_id
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.jsonform import to_json
from workbench.core.provenance import ToolRecord, tool_record
from workbench.core.selftest import SelfTestResult, last_result
from workbench.core.text import storable
from workbench.report import sentences
from workbench.report.method_card import method_card
from workbench.report.record_runs import RunExhibits, region_record, run_record, search_record

SCHEMA_VERSION = 1


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass(frozen=True)
class LogHead:
    """The last line of a case's log: kept outside the case, it shows if the log was rewritten.

    Attributes:
        sha256: of the line.
        count: lines up to it.
    """

    sha256: str
    count: int


@dataclass(frozen=True)
class Issue:
    """One issue of a report.

    Attributes:
        id: of the report.
        issued: ISO 8601 with UTC offset; with the id a parameter, so that the same case gives the same bytes.
        status: "draft" or "final"; the case's own if empty.
        tool: with what it is made.
        selftest: the last one of this installation, or None.
        log: head of the case's log, or None for a case that is not saved.
        assessments: the laboratory's own list of words for propositions, from the settings.
        part: (number, of) in the report on a case with several pictures.
    """

    id: str = field(default_factory=new_id)
    issued: str = field(default_factory=_now)
    status: str = ""
    tool: ToolRecord = field(default_factory=tool_record)
    selftest: SelfTestResult | None = field(default_factory=last_result)
    log: LogHead | None = None
    assessments: tuple[str, ...] = ()
    part: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Integrity:
    """The evidence file at export.

    Attributes:
        sha256: of its bytes now, or None if it can't be read.
        remark: why it can't be read, or "".
    """

    sha256: str | None
    remark: str = ""


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
        "runs": [run_record(run, runs[run.id], item) for run in item.analyses],
        "summary": _summary(item),
        "search": search_record(item.searches[-1], item) if item.searches else None,
        "earlier_searches": [search_record(search, item) for search in item.searches[:-1]],
        "method": to_json(method_card()),
        "limits": _limits(item, weights_limits),
        "interpretation": _interpretation(case.details, issue),
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
        "status": issue.status or details.status.value,
        "examiner": details.examiner,
        "organisation": details.organisation,
        "case": details.case_id,
        "question": details.question,
        "review": to_json(details.review),
        "log": to_json(issue.log),
        "part": {"number": issue.part[0], "of": issue.part[1]},
    }


def _interpretation(details: CaseDetails, issue: Issue) -> dict[str, Any]:
    """The examiner's own words, which are never changed; strong ones are listed."""
    written = [details.interpretation, details.alternatives, details.review.remarks]
    written += [f"{proposition.text} {proposition.assessment}" for proposition in details.propositions]
    return {
        "text": details.interpretation,
        "by": details.examiner if details.interpretation else "",
        "propositions": to_json(details.propositions),
        "assessments": list(issue.assessments),
        "alternatives": details.alternatives,
        "forbidden_words": list(wording.forbidden_in("\n".join(written))),
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
        "regions": [region_record(region, item) for region in item.regions],
        "tags": list(item.tags),
        "note": item.note,
    }


def _tool(issue: Issue) -> dict[str, Any]:
    test = issue.selftest
    selftest = to_json(test) if test else {"date": None, "passed": None}
    tool: dict[str, Any] = to_json(issue.tool)
    return tool | {"packages": dict(issue.tool.packages), "selftest": selftest}


def _summary(item: Item) -> dict[str, Any]:
    """How many places were tried, so that a search can't hide what found nothing."""
    return {
        "whole_picture_runs": len([run for run in item.analyses if run.region is None]),
        "region_runs": len([run for run in item.analyses if run.region]),
        "regions_tested": sentences.regions_tested(item),
        "regions_drawn": item.region_count,
        "runs_shown": len(item.analyses),
        "searches": len(item.searches),
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
