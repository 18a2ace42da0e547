from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TRAINING = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
import numpy as np
from workbench.training.batches import BatchPlan
from workbench.training.checkpoint import Progress
from workbench.training.loop import Schedule, Training

class Slow:
    optimizer = SimpleNamespace(learning_rate=0.0)

    def train_on_batch(self, pictures, truth):
        print("in a step", flush=True)
        time.sleep(0.2)
        sys.stdin.readline()
        return 0.5

folder = Path(sys.argv[1])
plan = BatchPlan("anomaly", folder, "training", 1, ((1, 8),))
training = Training(Slow(), plan, Progress("anomaly", "tiny", 1, 0, 0.0), Schedule(5, 1e-3))
training._listen()
batch = np.zeros((1, 8, 8, 3), np.uint8), np.zeros((1, 8, 8), np.int16)
training._step(iter([(0, batch)]), folder / "log.jsonl")
print(training.progress.minutes * 60)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pause")
def test_a_pause_is_no_minute_of_a_training(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TRAINING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "in a step\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(3)
        process.send_signal(signal.SIGCONT)
        time.sleep(0.5)  # for the signal to be handled in the step that it broke into
        process.stdin.write("\n")
        process.stdin.flush()
        seconds = float(process.stdout.readline())
    assert process.returncode == 0
    assert seconds < 2.5
