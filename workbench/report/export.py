"""A report as a folder: records, HTML, PDF, exhibits, exchange files and a manifest of their hashes."""

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.core.case import Case, Item
from workbench.core.evidence import Evidence
from workbench.core.maps import Maps
from workbench.core.weights import all_cards
from workbench.report import exchange
from workbench.report.findings_table import findings_csv
from workbench.report.folder import ReportError, write_manifest, written_whole
from workbench.report.index import index
from workbench.report.parts import MadePart, Sources, write_part
from workbench.report.previews import Preview
from workbench.report.record import Issue
from workbench.report.typeset import Paper, typeset

__all__ = ["Exported", "Options", "ReportError", "export_case", "export_report"]

OnProgress = Callable[[int, int], None]
"""Called with steps done and steps in all, in one thread at a time; what it raises stops the export."""
_LARGE = 16_000_000
"""Pixels."""


def _no_progress(done: int, total: int) -> None:
    pass


@dataclass(frozen=True)
class Options:
    """What is written besides record, exhibits and manifest.

    Attributes:
        html, pdf: the document.
        exchange: CASE/UCO and CSV.
        sign: puts a signature into the bytes of the PDF, or None.
        on_progress: called after each step.
    """

    html: bool = True
    pdf: bool = True
    exchange: bool = True
    sign: Callable[[bytes], bytes] | None = None
    on_progress: OnProgress = _no_progress


@dataclass(frozen=True)
class Exported:
    """A written report.

    Attributes:
        folder: with everything in it.
        record: path of (the first) record.json.
        html: path of report.html, there if it was asked for; of several pictures the page that leads to each.
        record_sha256: of that record.
        unchanged: whether every evidence file still has its hash.
        pdf: path of report.pdf, there if it was asked for.
    """

    folder: Path
    record: Path
    html: Path
    record_sha256: str
    unchanged: bool
    pdf: Path


def export_report(
    folder: Path,
    case: Case,
    item: Item,
    evidence: Evidence,
    maps: Maps,
    issue: Issue | None = None,
    weights_limits: Mapping[str, Sequence[str]] | None = None,
    options: Options | None = None,
) -> Exported:
    """Write the report on one picture into a new folder; it appears whole or not at all.

    Safe to run in a thread: it touches nothing that can change but the file system.

    Args:
        folder: must not exist, or be empty; nothing is overwritten.
        case: for the examiner's details.
        item: the picture with all its runs.
        evidence: the picture as it was opened.
        maps: where the runs' maps are.
        issue: id, time, status; a fresh one if None.
        weights_limits: by SHA-256 of weights; from the cards of all known weights if None.
        options: everything is written if None.

    Raises:
        EvidenceChangedError: `evidence` is another file than the item's.
        CaseError: a map is missing or damaged.
        ReportError: the folder exists or can't be written.
    """
    one = replace(case, items=(item,))
    return export_case(folder, one, lambda _: evidence, maps, issue, weights_limits, options)


def export_case(
    folder: Path,
    case: Case,
    open_item: Callable[[Item], Evidence],
    maps: Maps,
    issue: Issue | None = None,
    weights_limits: Mapping[str, Sequence[str]] | None = None,
    options: Options | None = None,
) -> Exported:
    """Write one report on all pictures of a case: one PDF, and for each picture a folder with its record.

    A case with one picture has everything in the report's own folder. `open_item` is called in threads.

    Args:
        folder: must not exist, or be empty; nothing is overwritten.
        case: with at least one picture.
        open_item: gives a picture's evidence, from its file or from the case's copy of it.
        maps: where the runs' maps are.
        issue: id, time, status; a fresh one if None.
        weights_limits: by SHA-256 of weights; from the cards of all known weights if None.
        options: everything is written if None.

    Raises:
        EvidenceError: a picture can't be opened.
        CaseError: a map is missing or damaged.
        ReportError: the case is empty, the folder exists or can't be written.
    """
    if not case.items:
        raise ReportError("The case has no picture yet, so there is nothing to report on. Add one first.")
    limits = _known_limits() if weights_limits is None else weights_limits
    chosen, issued = options or Options(), issue or Issue()

    def write_all(root: Path) -> list[MadePart]:
        steps = _Steps(case, chosen)

        def write_one(number: int, item: Item, place: str) -> MadePart:
            numbered = replace(issued, part=(number, len(case.items)))
            sources = Sources(open_item(item), maps, limits)
            made = write_part(root, place, case, item, sources, numbered, steps.done)
            if chosen.html:
                (root / place / "report.html").write_bytes(made.html().encode())
            steps.done()
            return made

        with ThreadPoolExecutor(_at_once(case)) as pool:
            parts = list(pool.map(write_one, itertools.count(1), case.items, _places(case)))
        _write_documents(root, parts, chosen)
        steps.done()
        return parts

    parts = written_whole(folder, write_all)
    first = folder / parts[0].place
    return Exported(
        folder=folder,
        record=first / "record.json",
        html=folder / "report.html",
        record_sha256=parts[0].sha256,
        unchanged=all(part.record["item"]["unchanged"] for part in parts),
        pdf=folder / "report.pdf",
    )


def _at_once(case: Case) -> int:
    """Pictures that are worked on at a time: two, or one where a picture alone takes much memory."""
    largest = max(item.decode.width * item.decode.height for item in case.items)
    return 1 if largest > _LARGE else 2


class _Steps:
    """Counts one step for each run, each picture and the documents."""

    def __init__(self, case: Case, options: Options) -> None:
        self._turn = threading.Lock()
        self._done, self._report = 0, options.on_progress
        self._total = len(case.items) + sum(len(item.analyses) for item in case.items) + 1

    def done(self) -> None:
        with self._turn:
            self._done += 1
            self._report(self._done, self._total)


def _places(case: Case) -> list[str]:
    """Folders are numbered: no name of a file becomes one."""
    several = len(case.items) > 1
    return [f"picture-{number}/" if several else "" for number in range(1, len(case.items) + 1)]


def _write_documents(root: Path, parts: Sequence[MadePart], options: Options) -> None:
    records = [part.record for part in parts]
    if options.exchange:
        (root / "findings.csv").write_bytes(findings_csv(records))
        (root / "exchange.jsonld").write_bytes(exchange.case_uco(records, [part.place for part in parts]))
    if options.html and len(parts) > 1:
        (root / "report.html").write_bytes(index(parts, pdf=options.pdf).encode())
    if options.pdf:
        data = typeset(root, _paper(parts))
        (root / "report.pdf").write_bytes(options.sign(data) if options.sign else data)
    write_manifest(root, records[0]["report"]["id"])


def _paper(parts: Sequence[MadePart]) -> Paper:
    images: dict[str, Preview] = {}
    for part in parts:
        images |= part.images
    one = len(parts) == 1
    return Paper(
        report=parts[0].record["report"],
        subtitle=parts[0].part.title if one else f"{len(parts)} pictures",
        records=[part.sha256 for part in parts],
        parts=[part.part for part in parts],
        images=images,
        attachments=[file for part in parts for file in part.attached],
    )


def _known_limits() -> dict[str, tuple[str, ...]]:
    return {card.sha256: card.limits for card in all_cards()}
