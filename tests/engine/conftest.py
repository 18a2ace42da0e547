import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from engine_helpers import Ask, Engine

from workbench.core.analysis import AnalysisRequest, new_id
from workbench.core.digest import sha256_of_file
from workbench.core.weights import card_named


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.client.close()
    assert not [t for t in threading.enumerate() if t.name == "engine-reader"]
    assert not [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]


@pytest.fixture
def ask(photo: Path) -> Ask:
    def make(**changes: object) -> AnalysisRequest:
        card = card_named()
        values: dict[str, object] = {
            "id": new_id(),
            "path": photo,
            "sha256": sha256_of_file(photo),
            "region": None,
            "weights_path": card.path,
            "weights_sha256": card.sha256,
            "configuration": card.configuration,
            "tile": 96,
        }
        return AnalysisRequest(**(values | changes))  # type: ignore[arg-type]

    return make
