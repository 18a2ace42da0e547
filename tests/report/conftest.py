"""A case with a real photograph, regions, runs and made-up maps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from workbench.core.analysis import AnalysisRequest, Outcome, Provenance, analysis_of
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.evidence import Evidence, open_evidence
from workbench.core.heatmap import Heatmap
from workbench.core.maps import MemoryMaps
from workbench.core.provenance import tool_record
from workbench.core.region import Region
from workbench.core.weights import Threshold, WeightsCard
from workbench.report.export import Exported, export_report
from workbench.report.record import Issue

CARD = WeightsCard(
    name="compact-1",
    path=Path("compact-1.h5"),
    configuration="compact-1",
    sha256="ab" * 32,
    licence="Apache-2.0",
    commercial=True,
    origin="trained here",
    threshold=Threshold(0.5, "1 in 20 genuine pictures"),
)
LIMITS = {CARD.sha256: ("Trained for a short time.",)}


@dataclass
class Made:
    """Everything a report is made from."""

    case: Case
    evidence: Evidence
    maps: MemoryMaps

    @property
    def item(self) -> Item:
        return self.case.items[0]

    def run(self, response: np.ndarray, region: Region | None = None, run_id: str = "") -> None:
        heatmap = Heatmap.of(response)
        self.maps.put_map(heatmap)
        number = len(self.item.analyses) + 1
        request = AnalysisRequest(
            run_id or f"run{number}",
            self.item.path,
            self.item.sha256,
            region,
            CARD.path,
            CARD.sha256,
            "compact-1",
        )
        made = Provenance("test 1.0", "float32", 256, 1.25, "2026-11-20T10:00:00+01:00", "cd" * 32)
        analysis = analysis_of(request, Outcome(heatmap, made), CARD, "A. Examiner")
        self.case = self.case.with_item(self.item.with_analysis(analysis))

    def with_details(self, **details: str) -> None:
        self.case = replace(self.case, details=CaseDetails(**details))

    def export(self, folder: Path, **changes: object) -> Exported:
        issue = replace(Issue("rep1", "2026-11-20T12:00:00+01:00", "draft", tool_record(), None), **changes)
        return export_report(folder, self.case, self.item, self.evidence, self.maps, issue, LIMITS)


def blob(height: int, width: int, level: float = 0.9) -> np.ndarray:
    """A calm map with one bright rectangle."""
    response = np.full((height, width), 0.1, np.float32)
    response[height // 4 : height // 2, width // 4 : width // 2] = level
    return response


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Made]:
    def open_picture(name: str = "photo.jpg", orientation: int = 1, **options: object) -> Made:
        exif = Image.Exif()
        exif[274] = orientation
        path = tmp_path / name
        Image.fromarray(data.coffee()[100:260, 100:340]).save(path, exif=exif, **options)
        evidence = open_evidence(path)
        return Made(Case("case1", items=(replace(Item.of(evidence), id="item1"),)), evidence, MemoryMaps())

    return open_picture


@pytest.fixture
def made(make: Callable[..., Made]) -> Made:
    """Two whole runs and two regions, one of them without a finding."""
    made = make(quality=71)
    made.run(blob(160, 240))
    item = made.item.with_region(20, 30, 100, 80).with_region(130, 10, 64, 48)
    made.case = made.case.with_item(item)
    made.run(blob(80, 100), item.regions[0])
    made.run(np.zeros((48, 64), np.float32), item.regions[1])
    made.run(blob(160, 240, 0.6))
    return made
