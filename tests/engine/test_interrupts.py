"""Ctrl-C in a terminal reaches the worker too, at whatever moment: it is for the program alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INTERRUPTED = """
import os, signal, sys, time
from workbench.engine.client import EngineClient
client = EngineClient(lambda message: None)
client.start()
child = client._child
for _ in range(20):  # while it imports
    os.kill(child.process.pid, signal.SIGINT)
    time.sleep(0.05)
while not child.ready and child.process.is_alive():
    time.sleep(0.05)
sys.stdout.write(f"{child.process.is_alive()}")
client.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_an_interrupt_while_the_worker_starts_is_left_to_the_program() -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("True", "")
