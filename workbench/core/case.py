"""The case as one immutable value: undo swaps the old and the new one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from workbench.core.analysis import Analysis, new_id
from workbench.core.evidence import DecodeRecord, Evidence
from workbench.core.region import Points, Region, Shape
from workbench.core.search import Search


class Status(StrEnum):
    """How far an examination is; a report says so on every page."""

    DRAFT = "draft"
    FINAL = "final"


@dataclass(frozen=True)
class Proposition:
    """One of the propositions that the examiner weighs the findings against.

    Attributes:
        name: "H1".
        text: what it says.
        assessment: how the findings bear on it, of the laboratory's own list in the settings; or "".
    """

    name: str
    text: str
    assessment: str = ""


@dataclass(frozen=True)
class Review:
    """What a second examiner says of the examination.

    Attributes:
        name: of the second examiner; "" where nobody has reviewed.
        date: ISO 8601, the day of the review.
        agreed: whether they agree, or None where they have not said.
        remarks: in their words.
    """

    name: str = ""
    date: str = ""
    agreed: bool | None = None
    remarks: str = ""


@dataclass(frozen=True)
class CaseDetails:
    """What the examiner says of the case; all free text, empty until written.

    Attributes:
        examiner, organisation: who examines.
        case_id: number of the case, as the organisation counts.
        question: that was asked.
        interpretation: the examiner's opinion, kept apart from the findings.
        propositions: that the opinion weighs; none by default.
        alternatives: other explanations that were considered.
        review: of a second examiner.
        status: draft until the examiner marks it final.
    """

    examiner: str = ""
    organisation: str = ""
    case_id: str = ""
    question: str = ""
    interpretation: str = ""
    propositions: tuple[Proposition, ...] = ()
    alternatives: str = ""
    review: Review = Review()
    status: Status = Status.DRAFT


@dataclass(frozen=True)
class Item:
    """One picture of a case with its regions and every run made on it (runs are never removed).

    Attributes:
        id: unique within the case.
        path: of the file as received, absolute, links not followed.
        name, size, sha256: of the file as received.
        modified: file time of the copy at hand, ISO 8601.
        decode: how it was decoded.
        regions: in the order of drawing.
        analyses: in the order of running.
        region_count: how many regions were ever drawn, so that names are not used twice.
        searches: region searches, in the order of running (never removed).
        tags, note: the examiner's words on the picture.
    """

    id: str
    path: Path
    name: str
    size: int
    sha256: str
    modified: str
    decode: DecodeRecord
    regions: tuple[Region, ...] = ()
    analyses: tuple[Analysis, ...] = ()
    region_count: int = 0
    searches: tuple[Search, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Take a freshly opened picture into a case."""
        return cls(
            id=new_id(),
            path=evidence.path.absolute(),
            name=evidence.name,
            size=evidence.size,
            sha256=evidence.sha256,
            modified=evidence.modified,
            decode=evidence.decode,
        )

    def with_region(
        self, x: int, y: int, width: int, height: int, shape: Shape = Shape.RECTANGLE, points: Points = ()
    ) -> Self:
        """Add a region named R1, R2, ... in the order of drawing."""
        number = self.region_count + 1
        region = Region(new_id(), f"R{number}", x, y, width, height, shape, points)
        return replace(self, regions=(*self.regions, region), region_count=number)

    def with_region_changed(self, region: Region) -> Self:
        """Put a changed region in the place of the one with the same id."""
        return replace(self, regions=tuple(region if r.id == region.id else r for r in self.regions))

    def without_region(self, region_id: str) -> Self:
        """Remove a region from the view; runs made on it stay, and so does that a suggestion became it."""
        return replace(self, regions=tuple(r for r in self.regions if r.id != region_id))

    def with_analysis(self, analysis: Analysis) -> Self:
        """Add a run, or put it in the place of the one with the same id (a new threshold)."""
        if any(a.id == analysis.id for a in self.analyses):
            return replace(
                self, analyses=tuple(analysis if a.id == analysis.id else a for a in self.analyses)
            )
        return replace(self, analyses=(*self.analyses, analysis))

    def with_search(self, search: Search) -> Self:
        """Add a region search, or put it in the place of the one with the same id (a suggestion accepted)."""
        if any(s.id == search.id for s in self.searches):
            return replace(self, searches=tuple(search if s.id == search.id else s for s in self.searches))
        return replace(self, searches=(*self.searches, search))


@dataclass(frozen=True)
class Case:
    """Everything that is kept of an examination but the arrays."""

    id: str
    details: CaseDetails = CaseDetails()
    items: tuple[Item, ...] = ()

    def item(self, item_id: str) -> Item:
        """The item with this id; KeyError if there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def with_item(self, item: Item) -> Self:
        """Add an item, or put it in the place of the one with the same id."""
        if any(i.id == item.id for i in self.items):
            return replace(self, items=tuple(item if i.id == item.id else i for i in self.items))
        return replace(self, items=(*self.items, item))

    def map_hashes(self) -> Iterator[str]:
        """SHA-256 of every map that the case refers to."""
        for item in self.items:
            for analysis in item.analyses:
                yield analysis.map_sha256
