"""The worker process for real: it starts, analyses, stops, dies and is replaced."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from engine_helpers import Ask, Engine
from PIL import Image

from workbench.core.digest import sha256_of_file
from workbench.core.evidence import open_evidence
from workbench.core.region import Region
from workbench.core.weights import card_named
from workbench.engine import client
from workbench.engine.messages import (
    Cancelled,
    Failed,
    Finished,
    Inspected,
    Planned,
    Progress,
    Ready,
    Tile,
)


def test_analysis_sends_progress_tiles_and_the_map(engine: Engine, ask: Ask) -> None:
    engine.client.submit(ask())
    finished, before = engine.until(Finished, Failed)
    assert isinstance(finished, Finished)
    heatmap = finished.outcome.heatmap
    assert heatmap.shape == (300, 451)
    assert 0 <= heatmap.response.min() < heatmap.response.max() <= 1
    assert not heatmap.response.flags.writeable
    assert isinstance(before[0], Ready)
    assert isinstance(before[1], Planned)
    assert before[1].plan.tile == 96
    steps = [m for m in before if isinstance(m, Progress)]
    assert [s.done for s in steps] == list(range(1, steps[0].total + 1))
    mosaic = np.full(heatmap.shape, np.nan, np.float32)
    for tile in (m for m in before if isinstance(m, Tile)):
        mosaic[tile.y : tile.y + tile.response.shape[0], tile.x : tile.x + tile.response.shape[1]] = (
            tile.response
        )
    np.testing.assert_array_equal(mosaic, heatmap.response)
    provenance = finished.outcome.provenance
    assert "OpenVINO" in provenance.runtime
    assert (provenance.precision, provenance.tile) == ("float32", 96)


def test_region_is_the_strict_crop(engine: Engine, ask: Ask, photo: Path, tmp_path: Path) -> None:
    engine.client.submit(ask(region=Region("r", "R1", 40, 30, 120, 100)))
    region, _ = engine.until(Finished, Failed)
    crop = tmp_path / "crop.png"
    Image.open(photo).crop((40, 30, 160, 130)).save(crop)
    engine.client.submit(ask(path=crop, sha256=sha256_of_file(crop)))
    whole, _ = engine.until(Finished, Failed)
    assert isinstance(region, Finished)
    assert isinstance(whole, Finished)
    assert region.outcome.heatmap.sha256 == whole.outcome.heatmap.sha256
    assert region.outcome.provenance.decoded_sha256 == open_evidence(photo).decode.decoded_sha256


def test_cancel_stops_between_tiles_and_the_next_request_runs(engine: Engine, ask: Ask) -> None:
    first, second = ask(tile=32), ask()
    engine.client.submit(first)
    engine.client.submit(second)
    engine.until(Progress)
    engine.client.cancel(first.id)
    message, _ = engine.until(Cancelled, Finished, Failed)
    assert message == Cancelled(first.id)
    message, between = engine.until(Finished, Failed)
    assert isinstance(message, Finished)
    assert message.request_id == second.id
    assert not [m for m in between if getattr(m, "request_id", second.id) == first.id]


def stopped_worker(engine: Engine) -> int:
    """Start a worker that then answers nothing; its process."""
    engine.client.start()
    engine.until(Ready)
    pid = engine.client.process_id
    assert pid
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_a_worker_that_does_not_stop_is_replaced(engine: Engine, ask: Ask) -> None:
    stuck, waiting = ask(), ask()
    pid = stopped_worker(engine)
    engine.client.submit(stuck)
    engine.client.submit(waiting)
    engine.client.cancel(stuck.id)
    message, _ = engine.until(Cancelled)
    assert message == Cancelled(stuck.id)
    message, _ = engine.until(Finished, Failed)
    assert isinstance(message, Finished)
    assert message.request_id == waiting.id
    assert engine.client.process_id != pid
    assert not psutil.pid_exists(pid)


def test_closing_waits_for_a_worker_that_is_being_replaced(
    engine: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window may be closed while the thread that replaces a stuck worker still ends it."""
    end = client._end

    def slowly(child: object, patience: float) -> None:
        if isinstance(threading.current_thread(), threading.Timer):
            time.sleep(1)
        end(child, patience)

    monkeypatch.setattr(client, "_end", slowly)
    stuck = ask()
    pid = stopped_worker(engine)
    engine.client.submit(stuck)
    engine.client.cancel(stuck.id)
    engine.until(Cancelled)
    engine.client.close()
    assert not psutil.pid_exists(pid)


def test_a_killed_worker_ends_in_a_sentence_and_is_replaced(engine: Engine, ask: Ask) -> None:
    engine.client.submit(ask(tile=32))
    engine.until(Progress)
    pid = engine.client.process_id
    assert pid
    os.kill(pid, signal.SIGKILL)
    message, _ = engine.until(Failed, Finished)
    assert isinstance(message, Failed)
    assert "the case is untouched" in message.sentence
    engine.client.submit(ask())
    message, _ = engine.until(Finished, Failed)
    assert isinstance(message, Finished)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sha256": "0" * 64}, "has changed since it was opened"),
        ({"weights_sha256": "0" * 64}, "missing or has changed"),
        ({"region": Region("r", "R1", 440, 0, 40, 40)}, "reaches outside the picture"),
        ({"region": Region("r", "R1", 0, 0, 4, 40)}, "draw it larger"),
        ({"configuration": "mantranet-9"}, "does not know"),
        ({"memory": 10**6}, "more than the 0.0 GB that the analysis may take"),
    ],
)
def test_what_cannot_be_done_is_said(
    engine: Engine, ask: Ask, changes: dict[str, object], sentence: str
) -> None:
    engine.client.submit(ask(**changes))
    message, _ = engine.until(Failed, Finished)
    assert isinstance(message, Failed)
    assert sentence in message.sentence


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits another process")
def test_out_of_memory(engine: Engine, ask: Ask, tmp_path: Path) -> None:
    import resource

    large = tmp_path / "large.png"
    Image.fromarray(np.zeros((900, 1200, 3), np.uint8)).save(large)
    engine.client.start()
    engine.until(Ready)
    pid = engine.client.process_id
    assert pid
    little_more = psutil.Process(pid).memory_info().vms + (150 << 20)
    resource.prlimit(pid, resource.RLIMIT_AS, (little_more, little_more))
    engine.client.submit(ask(path=large, sha256=sha256_of_file(large), tile=704))
    message, _ = engine.until(Failed, Finished)
    assert isinstance(message, Failed)
    assert "smaller region" in message.sentence  # whether it was told so or the allocation ended the process
    assert "case is untouched" in message.sentence


def test_removed_picture(engine: Engine, ask: Ask, photo: Path) -> None:
    request = ask()
    photo.unlink()
    engine.client.submit(request)
    message, _ = engine.until(Failed, Finished)
    assert isinstance(message, Failed)
    assert "Errno" not in message.sentence


def test_inspecting_weights(engine: Engine, tmp_path: Path) -> None:
    bad = tmp_path / "bad.h5"
    bad.write_bytes(b"no")
    engine.client.inspect("a", bad, 4)
    message, _ = engine.until(Failed, Inspected)
    assert isinstance(message, Failed)
    engine.client.inspect("b", card_named().path, 4)
    message, _ = engine.until(Failed, Inspected)
    assert isinstance(message, Failed)
    assert "another variant" in message.sentence


def test_another_runtime_replaces_the_worker(engine: Engine, ask: Ask) -> None:
    engine.client.submit(ask(tile=32))
    engine.until(Progress)
    first = engine.client.process_id
    engine.client.submit(ask(runtime="tensorflow"))
    _given_up, _ = engine.until(Cancelled)
    finished, _ = engine.until(Finished, Failed)
    assert isinstance(finished, Finished)
    assert "tensorflow" in finished.outcome.provenance.runtime
    assert first is not None
    assert engine.client.process_id != first
    assert not psutil.pid_exists(first)


def test_a_precision_that_the_runtime_lacks(engine: Engine, ask: Ask) -> None:
    engine.client.submit(ask(runtime="tensorflow", precision="bfloat16"))
    message, _ = engine.until(Finished, Failed)
    assert isinstance(message, Failed)
    assert "float32 only" in message.sentence


def test_closing_while_the_runtime_is_imported_leaves_nothing(engine: Engine) -> None:
    engine.client.start()
    started = time.monotonic()
    engine.client.close()
    assert time.monotonic() - started < 5
