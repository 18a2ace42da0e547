"""A case with a real picture and a map."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from workbench.core.analysis import Analysis, AnalysisRequest, Outcome, Provenance, analysis_of, new_id
from workbench.core.case import Case, Item
from workbench.core.evidence import open_evidence
from workbench.core.heatmap import Heatmap
from workbench.core.region import Region
from workbench.core.weights import Threshold, WeightsCard

CARD = WeightsCard(
    "compact-1",
    Path("compact-1.h5"),
    "compact-1",
    "ab" * 32,
    "Apache-2.0",
    True,
    "trained here",
    Threshold(0.5, "card"),
)


def _run_of(item: Item, seed: int, region: Region | None = None) -> tuple[Analysis, Heatmap]:
    shape = (region.height, region.width) if region else (item.decode.height, item.decode.width)
    heatmap = Heatmap.of(np.random.default_rng(seed).random(shape, dtype=np.float32))
    request = AnalysisRequest(
        new_id(), item.path, item.sha256, region, CARD.path, CARD.sha256, CARD.configuration
    )
    provenance = Provenance(
        "made up", "float32", 256, 1.5, "2026-11-20T10:00:00+01:00", item.decode.decoded_sha256
    )
    return analysis_of(request, Outcome(heatmap, provenance), CARD, "A. Examiner"), heatmap


@pytest.fixture
def make_run() -> Callable[..., tuple[Analysis, Heatmap]]:
    return _run_of


@pytest.fixture
def item(tmp_path: Path) -> Item:
    path = tmp_path / "rocket <b>\u202e.png"
    Image.fromarray(data.rocket()[:120, :160]).save(path)
    return Item.of(open_evidence(path))


@pytest.fixture
def case(item: Item) -> Case:
    return Case(new_id(), items=(item.with_region(10, 10, 40, 30),))
