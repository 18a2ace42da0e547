from __future__ import annotations

import signal
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from workbench.training.batches import BatchPlan
from workbench.training.checkpoint import Progress
from workbench.training.loop import Schedule, Training


class Interrupted:
    """A model whose step is paused for a while, as by `kill -STOP` and then `kill -CONT`."""

    def __init__(self) -> None:
        self.optimizer = SimpleNamespace(learning_rate=0.0)

    def train_on_batch(self, _pictures: object, _truth: object) -> float:
        time.sleep(0.6)
        signal.raise_signal(signal.SIGCONT)
        return 0.5


@pytest.mark.skipif(not hasattr(signal, "SIGCONT"), reason="Windows has no such pause")
def test_a_pause_is_no_minute_of_a_training(tmp_path: Path) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCONT)}
    plan = BatchPlan("anomaly", tmp_path, "training", 1, ((1, 8),))
    training = Training(Interrupted(), plan, Progress("anomaly", "tiny", 1, 0, 0.0), Schedule(5, 1e-3))
    batch = np.zeros((1, 8, 8, 3), np.uint8), np.zeros((1, 8, 8), np.int16)
    try:
        training._listen()
        training._step(iter([(0, batch)]), tmp_path / "log.jsonl")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert training.progress.step == 1
    assert training.progress.minutes < 0.5 / 60
