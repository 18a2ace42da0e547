"""Everything in a record once more: which requests to run again, and how far the new maps are from the old.

It runs nothing itself. Window and command line give the requests to the engine and the outcomes back.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.analysis import RUNTIMES, AnalysisRequest, Outcome, new_id
from workbench.core.errors import RegionError, WeightsError, WorkbenchError
from workbench.core.evidence import Evidence
from workbench.core.findings import MOST_LISTED, Finding, Findings, find, mask_of
from workbench.core.heatmap import Mask, Response, Statistics, read_heatmap, statistics
from workbench.core.jsonform import from_json
from workbench.core.region import Region, Shape
from workbench.core.text import visible
from workbench.core.weights import all_cards
from workbench.report.reproduction_findings import NewMap, misfits
from workbench.report.sentences import TILING_BOUND

Record = Mapping[str, Any]
VERSION = 1
"""Of the records that are understood here."""
_LARGEST = 2**53
_DIGITS = 1e-6
"""Shares and means are of float32 numbers, summed with the same digits anywhere."""


@dataclass(frozen=True)
class Check:
    """One comparison.

    Attributes:
        what: was compared.
        agrees: whether it is the same, or within the tolerance.
        remark: figures, or what differs.
    """

    what: str
    agrees: bool
    remark: str = ""

    @property
    def line(self) -> str:
        """For people: "agrees" or "DIFFERENT" first."""
        return (
            f"{'agrees   ' if self.agrees else 'DIFFERENT'}  {self.what}{self.remark and ': ' + self.remark}"
        )


@dataclass(frozen=True)
class Repetition:
    """A run of the record and the request that repeats it; `problem` says why there is none."""

    run: Record
    request: AnalysisRequest | None
    problem: str = ""

    @property
    def title(self) -> str:
        """Which run."""
        region = self.run["region"]
        return f"run {self.run['id']}, {visible(region['name'], 40) if region else 'whole picture'}"


def read_record(path: Path) -> Record:
    """Read a record.json.

    Raises:
        WorkbenchError: it is none, or of another version.
    """
    shown = visible(str(path))
    try:
        record = json.loads(path.read_bytes(), parse_int=_exact, parse_constant=_exact)
        version = record["schema_version"]
        if version == VERSION:
            _check_whole(record)
    except OSError as error:
        raise WorkbenchError(f"{shown} can't be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise WorkbenchError(f"{shown} is no record of this program, or it was damaged.") from error
    if version != VERSION:
        raise WorkbenchError(
            f"{shown} was made by another version of the program (schema {version!r}), which is needed to "
            "repeat it."
        )
    return dict(record)


def _check_whole(record: Record) -> None:
    """Refuse a record in which something that is repeated or compared is missing or of another kind.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: something is.
    """
    item = record["item"]
    "".join((item["sha256"], item["decoded_sha256"]))
    for run in record["runs"]:
        weights, kept, found = run["weights"], run["map"], run["above_threshold"]
        "".join((run["id"], run["runtime"], run["precision"], run["decoded_sha256"]))
        "".join((weights["name"], weights["sha256"], weights["configuration"], kept["path"], kept["sha256"]))
        from_json(Statistics, run["statistics"])
        for finding in run["findings"]:
            from_json(Finding, finding)
        height, width = kept["shape"]
        region = _region(run["region"])
        place = (region.x, region.y, region.width, region.height) if region else ()
        numbers = (height, width, run["tile"], *place, found["area"], found["components"])
        shares = run["threshold"]["value"], found["share"]
        if not all(type(number) is int for number in numbers) or not all(0 <= share <= 1 for share in shares):
            raise ValueError("a number is none, or out of bounds")
        if region:
            "".join((region.id, region.name))
            if (region.height, region.width) != (height, width):
                raise ValueError("the map is not the region's")


def _exact(number: str) -> int:
    """An integer that RFC 8785 can hold, in which records are written; NaN and Infinity are none.

    Raises:
        ValueError: it is not.
    """
    value = int(number)
    if abs(value) >= _LARGEST:
        raise ValueError(f"{value} is too large")
    return value


def check_file(record: Record, evidence: Evidence) -> list[Check]:
    """Is it the file, and does it decode to the same pixels? A difference in the second is decode drift."""
    item = record["item"]
    return [
        _hashes("file", item["sha256"], evidence.sha256),
        _hashes("decoded pixels", item["decoded_sha256"], evidence.decode.decoded_sha256),
    ]


def repetitions(record: Record, evidence: Evidence, runtime: str = "") -> Iterator[Repetition]:
    """What to run again, in the order of the record.

    Args:
        record: as it was read.
        evidence: the picture, opened.
        runtime: of `RUNTIMES`, or "" for the one that the run was made on.

    Raises:
        WorkbenchError: the record is damaged.
    """
    cards = {card.sha256: card for card in all_cards()}
    for run in record["runs"]:
        try:
            region = _region(run["region"])
            if region:
                region.check_inside(evidence.decode.width, evidence.decode.height)
            card = cards.get(run["weights"]["sha256"])
            if card is None:
                name = visible(run["weights"]["name"], 80)
                yield Repetition(run, None, f"the weights {name} are not installed here; import them first")
                continue
            card.verify()
            request = AnalysisRequest(
                id=new_id(),
                path=evidence.path,
                sha256=evidence.sha256,
                region=region,
                weights_path=card.path,
                weights_sha256=card.sha256,
                configuration=run["weights"]["configuration"],
                tile=run["tile"],
                runtime=runtime or runtime_of(run["runtime"]),
                precision=run["precision"],
            )
            yield Repetition(run, request)
        except (WeightsError, RegionError) as error:
            yield Repetition(run, None, str(error))
        except (TypeError, ValueError) as error:
            raise WorkbenchError("The record is damaged: a run in it can't be read.") from error


def runtime_of(described: str) -> str:
    """The runtime that a run names in words; "auto" if it is none of those known."""
    named = (runtime for runtime in RUNTIMES if runtime in described.lower())
    return next(named, "auto")


def compare(repetition: Repetition, outcome: Outcome, record_file: Path) -> list[Check]:
    """How far a new map is from the one of record, which lies in the record's folder, and its figures too.

    The tolerance is this program's, whatever the record states.
    """
    run, now, title = repetition.run, outcome.heatmap, repetition.title
    used = repetition.request.weights_sha256 if repetition.request else ""
    checks = [
        _hashes(f"weights of {title}", run["weights"]["sha256"], used),
        _hashes(f"pixels that {title} saw", run["decoded_sha256"], outcome.provenance.decoded_sha256),
    ]
    if now.shape != tuple(run["map"]["shape"]):
        sizes = f"{_size(run['map']['shape'])} then, {_size(now.shape)} now"
        return [*checks, Check(f"size of the map of {title}", False, sizes)]
    then = _map_of_record(record_file.parent / run["map"]["path"], run["map"]["sha256"])
    if then is not None and then.shape != now.shape:
        then = None  # a map's hash is of its numbers alone
    if then is None and now.sha256 == run["map"]["sha256"]:
        then = now.response
    what = f"map of {title}"
    checks += [_compared(what, run, then, now.response)] if then is not None else []
    return [*checks, *_figures(title, run, then, now.response)]


def _tolerance(run: Record) -> float | None:
    return TILING_BOUND if run["precision"] == "float32" else None


def _compared(what: str, run: Record, then: Response, now: Response) -> Check:
    difference = np.abs(then - now)
    largest, mean = float(difference.max()), float(difference.mean(dtype=np.float64))
    tolerance = _tolerance(run)
    threshold = run["threshold"]["value"]
    above = [int(np.count_nonzero(mask_of(response, threshold))) for response in (then, now)]
    counts = f"{above[0]} pixels above the threshold then, {above[1]} now"
    figures = f"largest difference {largest:.2g}, mean {mean:.2g}; {counts}"
    if tolerance is None:
        return Check(what, largest == 0, f"{figures}; no tolerance is stated for {run['precision']}")
    return Check(what, largest <= tolerance, f"{figures}; tolerance {tolerance:g}")


def _figures(title: str, run: Record, then: Response | None, now: Response) -> list[Check]:
    """What the record says of its map, against the new one and, where it is there, against that very map."""
    region, tolerance = _region(run["region"]), _tolerance(run) or 0.0
    inside = region.mask if region else None
    largest = _apart(run, statistics(now, inside))
    missing = "" if then is not None else "the map of record is not beside the record; "
    said = f"{missing}they differ by {largest:.2g} at most"
    level, area = run["threshold"]["value"], run["above_threshold"]["area"]
    most, least = (_area(now, level + way * tolerance, inside) for way in (-1, 1))
    pixels = f"{area} pixels then, {_area(now, level, inside)} now"
    checks = [
        Check(f"statistics of {title}", largest <= tolerance, said),
        Check(f"area above the threshold of {title}", least <= area <= most, pixels),
    ]
    if then is None:
        return [*checks, _findings_within(title, run, NewMap(now, region, level, tolerance))]
    found = find(then, level, (region.x, region.y) if region else (0, 0), inside=inside)
    return [*checks, _findings(title, run, found)]


def _apart(run: Record, now: Statistics) -> float:
    """Largest difference of a figure; infinite if they are of another number of pixels."""
    then = from_json(Statistics, run["statistics"])
    if then.pixels != now.pixels:
        return float("inf")
    return float(np.abs(np.subtract(astuple(then), astuple(now))).max())


def _area(response: Response, level: float, inside: Mask | None) -> int:
    return int(np.count_nonzero(mask_of(response, level, inside)))


def _findings(title: str, run: Record, found: Findings) -> Check:
    """Recomputed from the map of record they are the same in all digits but the last."""
    stated = [from_json(Finding, finding) for finding in run["findings"]]
    above = run["above_threshold"]
    pairs = [
        ((above["area"], above["components"], above["share"]), (found.area, found.components, found.share))
    ]
    pairs += [(astuple(then), astuple(now)) for then, now in zip(stated, found.listed, strict=False)]
    same = len(stated) == len(found.listed) and all(
        np.allclose(*pair, rtol=0, atol=_DIGITS) for pair in pairs
    )
    remark = "" if same else "those that the record lists are not those of its map at its threshold"
    return Check(f"findings of {title}", same, remark)


def _findings_within(title: str, run: Record, now: NewMap) -> Check:
    """Without the map of record: could a map within the tolerance of the new one have shown them?"""
    stated = [from_json(Finding, finding) for finding in run["findings"]]
    wrong = misfits(stated, now)
    if len(stated) != min(run["above_threshold"]["components"], MOST_LISTED):
        wrong.append("the record counts another number of places than it lists")
    count = f"{len(stated)} then, {len(find(now.response, now.threshold, inside=now.inside).listed)} now"
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return Check(f"findings of {title}", False, f"{count}; {wrong[0]}{more}")
    bounds = f"as the new map shows them at the threshold ± {now.tolerance:g}"
    return Check(f"findings of {title}", True, f"{count}; area, box and highest response of each {bounds}")


def _map_of_record(path: Path, sha256: str) -> Response | None:
    """The map if it is there and is still the one that the record states."""
    try:
        heatmap = read_heatmap(path)
    except (OSError, ValueError):
        return None
    return heatmap.response if heatmap.sha256 == sha256 else None


def _region(drawn: Record | None) -> Region | None:
    if drawn is None:
        return None
    return Region(
        id=drawn["id"],
        name=drawn["name"],
        x=drawn["x"],
        y=drawn["y"],
        width=drawn["width"],
        height=drawn["height"],
        shape=Shape(drawn["shape"]),
        points=tuple((x, y) for x, y in drawn.get("points", ())),
    )


def _hashes(what: str, then: str, now: str) -> Check:
    same = then == now
    return Check(f"SHA-256 of the {what}", same, "" if same else f"{then[:16]}… then, {now[:16]}… now")


def _size(shape: Any) -> str:
    return f"{shape[1]} × {shape[0]}"
