"""Previews and searches by the real worker: at once, between tiles, never in the way."""

import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
from engine_helpers import Ask, Engine

from workbench.core.region import Region
from workbench.core.search import parameters_for
from workbench.engine.messages import (
    Cancelled,
    Failed,
    Finished,
    Previewed,
    Progress,
    Ready,
    Searched,
    Tile,
)


def region(x: int = 40, y: int = 30, width: int = 200, height: int = 180) -> Region:
    return Region("r", "R1", x, y, width, height)


def analysed(engine: Engine, ask: Ask) -> Finished:
    engine.client.submit(ask())
    finished, _ = engine.until(Finished, Failed)
    assert isinstance(finished, Finished)
    return finished


def cache(home: Path) -> Path:
    return home / "cache" / "features"


def test_a_preview_is_close_to_the_strict_run_and_a_repetition_gives_the_same_bytes(
    engine: Engine, ask: Ask, home: Path
) -> None:
    first = analysed(engine, ask)
    engine.client.preview(ask(region=region()))
    preview, before = engine.until(Previewed, Failed)
    assert isinstance(preview, Previewed)
    assert not before
    assert not preview.response.flags.writeable
    engine.client.submit(ask(region=region()))
    strict, _ = engine.until(Finished, Failed)
    assert isinstance(strict, Finished)
    difference = np.abs(preview.response - strict.outcome.heatmap.response)
    assert difference.mean() < 0.02
    assert difference[60:-60, 60:-60].max() < 0.1
    assert analysed(engine, ask).outcome.heatmap.sha256 == first.outcome.heatmap.sha256
    assert len(list(cache(home).iterdir())) == 1  # the region's own features are not kept


def test_the_same_features_answer_after_the_worker_was_replaced(engine: Engine, ask: Ask) -> None:
    analysed(engine, ask)
    engine.client.preview(ask(region=region()))
    first, _ = engine.until(Previewed, Failed)
    pid = engine.client.process_id
    assert pid
    os.kill(pid, signal.SIGKILL)
    engine.until(Ready)
    engine.client.preview(ask(region=region()))
    second, _ = engine.until(Previewed, Failed)
    assert isinstance(first, Previewed)
    assert isinstance(second, Previewed)
    np.testing.assert_array_equal(first.response, second.response)


def test_a_preview_comes_between_two_tiles_of_a_running_analysis(engine: Engine, ask: Ask) -> None:
    whole = analysed(engine, ask)
    running = ask(tile=32)
    engine.client.submit(running)
    engine.until(Progress)
    engine.client.preview(ask(region=region()))
    engine.until(Previewed)
    finished, after = engine.until(Finished, Failed)
    assert isinstance(finished, Finished)
    assert len([m for m in after if isinstance(m, Progress)]) > 5
    difference = finished.outcome.heatmap.response - whole.outcome.heatmap.response
    assert np.abs(difference).max() < 2e-4


def test_the_newest_preview_replaces_those_that_wait(engine: Engine, ask: Ask) -> None:
    analysed(engine, ask)
    engine.client.submit(ask(tile=32))
    engine.until(Progress)
    asked = [ask(region=region(x)) for x in range(10, 90, 10)]
    for request in asked:
        engine.client.preview(request)
    answers = [m for m in engine.until(Finished)[1] if isinstance(m, Previewed | Cancelled | Failed)]
    assert {m.request_id for m in answers} == {r.id for r in asked}
    assert len(answers) == len(asked)
    assert isinstance(answers[-1], Previewed)
    assert answers[-1].request_id == asked[-1].id
    assert sum(isinstance(m, Cancelled) for m in answers) >= len(asked) - 2


def test_cancelling_a_preview_ends_no_worker(engine: Engine, ask: Ask) -> None:
    analysed(engine, ask)
    pid = engine.client.process_id
    request = ask(region=region())
    engine.client.preview(request)
    engine.client.cancel(request.id)
    engine.until(Previewed, Cancelled)
    analysed(engine, ask)
    assert engine.client.process_id == pid


@pytest.mark.parametrize("box", [(0, 0, 8, 200), (400, 0, 100, 100)])
def test_a_preview_of_what_is_no_region(engine: Engine, ask: Ask, box: tuple[int, int, int, int]) -> None:
    engine.client.preview(ask(region=region(*box)))
    answer, _ = engine.until(Previewed, Failed)
    assert isinstance(answer, Failed)


def test_without_kept_features_there_is_a_sentence(engine: Engine, ask: Ask, home: Path) -> None:
    def sentence() -> str:
        engine.client.preview(ask(region=region()))
        answer, _ = engine.until(Previewed, Failed)
        assert isinstance(answer, Failed)
        return answer.sentence

    assert "not analysed with these weights yet" in sentence()
    analysed(engine, ask)
    shutil.rmtree(cache(home))
    assert "Analyse the whole picture again" in sentence()


def test_damaged_features_are_noticed_and_made_again(engine: Engine, ask: Ask, home: Path) -> None:
    analysed(engine, ask)
    (path,) = cache(home).iterdir()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xa5" * 9)
    engine.client.preview(ask(region=region(30, 30, 400, 250)))
    answer, _ = engine.until(Previewed, Failed)
    assert isinstance(answer, Failed)
    assert not path.exists()
    analysed(engine, ask)
    engine.client.preview(ask(region=region()))
    assert isinstance(engine.until(Previewed, Failed)[0], Previewed)


@pytest.mark.parametrize("kept", [True, False], ids=["on kept features", "from the beginning"])
def test_a_search_tells_every_window_and_what_it_suggests(
    engine: Engine, ask: Ask, home: Path, kept: bool
) -> None:
    if kept:
        analysed(engine, ask)
    request = ask()
    engine.client.search(request)
    searched, before = engine.until(Searched, Failed)
    assert isinstance(searched, Searched)
    assert isinstance(before[-1], Progress)
    assert before[-1].done == before[-1].total
    result = searched.result
    assert result.parameters == parameters_for((300, 451))
    assert len(result.windows) > 4
    assert all(x >= 0 and y >= 0 and x + w <= 451 and y + h <= 300 for x, y, w, h in result.windows)
    assert len(result.suggestions) <= result.parameters.most
    assert "OpenVINO" in result.provenance.runtime
    assert len(list(cache(home).iterdir())) == 1
    if kept:  # another worker does not know what the run gave
        pid = engine.client.process_id
        assert pid
        os.kill(pid, signal.SIGKILL)
        engine.until(Ready)
    engine.client.search(ask(), result.parameters)
    again, _ = engine.until(Searched, Failed)
    assert isinstance(again, Searched)
    assert again.result.suggestions == result.suggestions


def test_a_search_can_be_cancelled(engine: Engine, ask: Ask) -> None:
    analysed(engine, ask)
    request = ask()
    engine.client.search(request)
    engine.until(Progress)
    engine.client.cancel(request.id)
    assert engine.until(Cancelled, Searched, Failed)[0] == Cancelled(request.id)


def test_tiles_near_the_viewer_come_first(engine: Engine, ask: Ask) -> None:
    """Whether provisional ones come before them depends on measured rates: see tests of `two_pass`."""
    engine.client.submit(ask(tile=48, focus=(430, 280)))
    finished, before = engine.until(Finished, Failed)
    assert isinstance(finished, Finished)
    tiles = [m for m in before if isinstance(m, Tile)]
    final = [(m.x, m.y) for m in tiles if not m.provisional]
    assert final[0] == max(final)
    engine.client.submit(ask(tile=48, focus=(0, 0)))
    again, _ = engine.until(Finished, Failed)
    assert isinstance(again, Finished)
    assert again.outcome.heatmap.sha256 == finished.outcome.heatmap.sha256
