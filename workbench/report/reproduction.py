"""Everything in a record once more: which requests to run again, and how far the new maps are from the old.

It runs nothing itself. Window and command line give the requests to the engine and the outcomes back.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.analysis import RUNTIMES, AnalysisRequest, Outcome, new_id
from workbench.core.errors import RegionError, WeightsError, WorkbenchError
from workbench.core.evidence import Evidence
from workbench.core.findings import mask_of
from workbench.core.heatmap import Heatmap, Response, read_heatmap
from workbench.core.region import Region, Shape
from workbench.core.text import visible
from workbench.core.weights import all_cards

Record = Mapping[str, Any]


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
        record = json.loads(path.read_bytes())
        version, _ = record["schema_version"], record["item"]["decoded_sha256"]
    except OSError as error:
        raise WorkbenchError(f"{shown} can't be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise WorkbenchError(f"{shown} is no record of this program, or it was damaged.") from error
    if version != 1:
        raise WorkbenchError(
            f"{shown} was made by another version of the program (schema {version!r}), which is needed to "
            "repeat it."
        )
    return dict(record)


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
            card = cards[run["weights"]["sha256"]]
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
        except KeyError:
            name = visible(str(run["weights"]["name"]), 80)
            yield Repetition(run, None, f"the weights {name} are not installed here; import them first")
        except (TypeError, ValueError) as error:
            raise WorkbenchError("The record is damaged: a run in it can't be read.") from error


def runtime_of(described: str) -> str:
    """The runtime that a run names in words; "auto" if it is none of those known."""
    named = (runtime for runtime in RUNTIMES if runtime in described.lower())
    return next(named, "auto")


def compare(repetition: Repetition, outcome: Outcome, record_file: Path) -> list[Check]:
    """How far a new map is from the one of record, which lies in the record's folder.

    Raises:
        WorkbenchError: the record is damaged.
    """
    run, now = repetition.run, outcome.heatmap
    seen = f"pixels that {repetition.title} saw"
    checks = [_hashes(seen, run["decoded_sha256"], outcome.provenance.decoded_sha256)]
    if now.shape != tuple(run["map"]["shape"]):
        sizes = f"{_size(run['map']['shape'])} then, {_size(now.shape)} now"
        return [*checks, Check(f"size of the map of {repetition.title}", False, sizes)]
    then = _map_of_record(record_file.parent / run["map"]["path"], run["map"]["sha256"])
    what = f"map of {repetition.title}"
    if then is None:
        return [*checks, _without_map(what, run, now)]
    return [*checks, _compared(what, run, then, now.response)]


def _compared(what: str, run: Record, then: Response, now: Response) -> Check:
    difference = np.abs(then - now)
    largest, mean = float(difference.max()), float(difference.mean(dtype=np.float64))
    tolerance = run["tiling"]["tested_deviation"]
    threshold = run["threshold"]["value"]
    above = [int(np.count_nonzero(mask_of(response, threshold))) for response in (then, now)]
    counts = f"{above[0]} pixels above the threshold then, {above[1]} now"
    figures = f"largest difference {largest:.2g}, mean {mean:.2g}; {counts}"
    if tolerance is None:
        return Check(what, largest == 0, f"{figures}; no tolerance is stated for {run['precision']}")
    return Check(what, largest <= tolerance, f"{figures}; tolerance {tolerance:g}")


def _without_map(what: str, run: Record, now: Heatmap) -> Check:
    """The record alone holds the map's hash and statistics."""
    if now.sha256 == run["map"]["sha256"]:
        return Check(what, True, "bit by bit")
    said = _statistics(run, now.response)
    return Check(what, _near(run, now.response), f"the map of record is not beside the record; {said}")


def _near(run: Record, now: Response) -> bool:
    tolerance = run["tiling"]["tested_deviation"] or 0.0
    return all(abs(then - value) <= tolerance for then, value in _pairs(run, now))


def _statistics(run: Record, now: Response) -> str:
    largest = max(abs(then - value) for then, value in _pairs(run, now))
    return f"lowest, mean and highest response differ by {largest:.2g} at most"


def _pairs(run: Record, now: Response) -> list[tuple[float, float]]:
    """(then, now) of the statistics, which are of the inside of a region's shape."""
    region = _region(run["region"])
    inside = region.mask if region else None
    counted = now if inside is None else now[inside]
    figures = float(counted.min()), float(counted.mean(dtype=np.float64)), float(counted.max())
    names = "minimum", "mean", "maximum"
    return [(run["statistics"][name], value) for name, value in zip(names, figures, strict=True)]


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
