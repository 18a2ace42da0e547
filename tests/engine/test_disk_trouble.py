"""The disk fails while the worker runs: the analysis goes on, or a sentence says why not; nothing stays."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
import skimage.data
from engine_helpers import Ask, Engine
from PIL import Image

from workbench.core.weights import card_named
from workbench.engine.messages import Failed, Finished, Planned, Progress, Ready
from workbench.methods.mantranet.configuration import CONFIGURATIONS

HEIGHT, WIDTH = 160, 220
FEATURES = 4 * CONFIGURATIONS[card_named().configuration].outlier_filters * HEIGHT * WIDTH


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Small, since most tests here run it twice; still four tiles."""
    path = tmp_path / "small.png"
    Image.fromarray(skimage.data.chelsea()[:HEIGHT, 100 : 100 + WIDTH]).save(path)
    return path


@pytest.fixture
def undisturbed(engine: Engine, ask: Ask, home: Path) -> str:
    """Hash of the map, from a run with nothing in its way; what it kept is gone."""
    sha256 = finish(engine, ask)
    shutil.rmtree(home / "cache")
    return sha256


def finish(engine: Engine, ask: Ask) -> str:
    engine.client.submit(ask())
    return outcome(engine)


def outcome(engine: Engine) -> str:
    message, _ = engine.until(Finished, Failed)
    assert isinstance(message, Finished), message
    return message.outcome.heatmap.sha256


def files(home: Path) -> list[Path]:
    return [path for path in (home / "cache").rglob("*") if path.is_file()]


def test_the_features_of_a_whole_picture_stay(engine: Engine, ask: Ask, home: Path) -> None:
    engine.client.submit(ask())
    planned, _ = engine.until(Planned)
    assert isinstance(planned, Planned)
    assert planned.plan.disk == planned.plan.kept == FEATURES
    outcome(engine)
    (kept,) = files(home)
    assert FEATURES < kept.stat().st_size < 1.01 * FEATURES


def test_features_that_nobody_needs_do_not_stay(engine: Engine, ask: Ask, home: Path) -> None:
    engine.client.submit(ask(keep_features=False))
    planned, _ = engine.until(Planned)
    assert isinstance(planned, Planned)
    assert planned.plan.kept == 0
    outcome(engine)
    assert not files(home)


def test_the_folder_is_removed_in_the_middle(engine: Engine, ask: Ask, home: Path, undisturbed: str) -> None:
    engine.client.submit(ask())
    engine.until(Progress)
    shutil.rmtree(home / "cache")
    assert outcome(engine) == undisturbed
    assert not files(home)


def test_there_is_a_file_where_the_folder_should_be(
    engine: Engine, ask: Ask, home: Path, undisturbed: str
) -> None:
    (home / "cache").write_text("not a folder")
    assert finish(engine, ask) == undisturbed
    assert (home / "cache").read_text() == "not a folder"


def test_the_worker_is_killed(engine: Engine, ask: Ask, home: Path) -> None:
    engine.client.submit(ask(tile=32))
    engine.until(Progress)
    assert [path.suffix for path in files(home)] == [".partial"]
    pid = engine.client.process_id
    assert pid
    os.kill(pid, signal.SIGKILL)
    engine.until(Ready)
    assert not files(home)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits another process")
@pytest.mark.parametrize("when", [Ready, Progress], ids=["before", "in the middle"])
def test_the_disk_takes_no_more(engine: Engine, ask: Ask, home: Path, undisturbed: str, when: type) -> None:
    import resource

    pid = engine.client.process_id
    assert pid
    if when is Progress:
        engine.client.submit(ask())
        engine.until(Progress)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
    if when is Ready:
        engine.client.submit(ask())
    assert outcome(engine) == undisturbed
    assert not files(home)
