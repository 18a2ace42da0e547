"""The real worker maps families of manipulations where weights have a head, and says so where not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Queue

import numpy as np
import pytest
from PIL import Image

from workbench.core.analysis import AnalysisRequest, request_for
from workbench.core.evidence import open_evidence
from workbench.core.region import Region
from workbench.core.weights import card_named
from workbench.engine.client import EngineClient
from workbench.engine.messages import Failed, FamiliesMapped, FromWorker, Progress


@pytest.fixture
def request_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AnalysisRequest:
    """A picture and a copy of the shipped weights without a head."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    pixels = np.random.default_rng(0).integers(0, 255, (70, 90, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    weights = tmp_path / "copy.weights.h5"
    weights.write_bytes(card_named().path.read_bytes())
    evidence = open_evidence(tmp_path / "picture.png")
    return request_for(evidence.path, evidence.sha256, None, replace(card_named(), path=weights))


def answers(*requests: AnalysisRequest) -> list[FromWorker]:
    messages: Queue[FromWorker] = Queue()
    client = EngineClient(messages.put)
    try:
        found: list[FromWorker] = []
        for request in requests:
            client.map_families(request)
            while not isinstance(message := messages.get(timeout=240), FamiliesMapped | Failed):
                found.append(message)
            found.append(message)
        return found
    finally:
        client.close()


def test_families_of_the_whole_and_of_a_region(
    request_: AnalysisRequest, put_head: Callable[[Path], None]
) -> None:
    put_head(request_.weights_path)
    region = Region("r1", "R1", 10, 5, 60, 50)
    messages = answers(request_, replace(request_, id="second", region=region))
    whole, part = (message for message in messages if isinstance(message, FamiliesMapped))
    assert whole.families.classes.shape == (70, 90)
    assert part.families.classes.shape == (50, 60)
    assert part.request_id == "second"
    assert not whole.families.classes.flags.writeable
    assert sum(whole.families.shares()) == pytest.approx(1)
    assert any(isinstance(message, Progress) for message in messages)


def test_weights_without_a_head_are_a_sentence(request_: AnalysisRequest) -> None:
    (failed,) = (message for message in answers(request_) if isinstance(message, Failed))
    assert "workbench train families" in failed.sentence
