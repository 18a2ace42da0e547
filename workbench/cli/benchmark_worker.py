"""What `workbench benchmark` measures: the real worker, seen from outside, and functions of the method."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from queue import Queue
from typing import Any

from workbench.core.analysis import AnalysisRequest
from workbench.core.errors import EngineError
from workbench.core.heatmap import Response
from workbench.core.method import Plan
from workbench.engine.client import EngineClient
from workbench.engine.messages import (
    Cancelled,
    Failed,
    Finished,
    FromWorker,
    Planned,
    Previewed,
    Progress,
    Tile,
)

MEASURING = "workbench.methods.mantranet.measuring"


@dataclass(frozen=True)
class Run:
    """One analysis, as it was seen from outside.

    Attributes:
        plan: what was predicted.
        seconds: all of it.
        until_second: seconds until the last tile of pass A was done.
        response: the map.
    """

    plan: Plan
    seconds: float
    until_second: float
    response: Response


class Worker:
    """The real worker, observed. What it keeps on the disk pushes nothing of the user's out.

    Args:
        runtime: name of the runtime.
        home: the worker's own user folder, on a disk with room.
    """

    def __init__(self, runtime: str, home: Path) -> None:
        self._messages: Queue[FromWorker] = Queue()
        self._client = EngineClient(self._messages.put, runtime=runtime)
        with _home(home):
            self._client.start()
        self.peak = 0

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def analyse(self, request: AnalysisRequest) -> Run:
        """Run it.

        Raises:
            EngineError: it failed; with the worker's sentence.
        """
        self._client.submit(request)
        begin = last = until = 0.0
        plan = Plan(0, 0, 0, 0.0)
        for message in self._answers():
            now = time.perf_counter()
            if isinstance(message, Planned):
                begin, plan = now, message.plan
            elif isinstance(message, Progress):
                last = now - begin
            elif isinstance(message, Tile) and not until:
                until = last
            elif isinstance(message, Finished):
                outcome = message.outcome
                if outcome.provenance.precision != request.precision:
                    raise EngineError(
                        f"{request.precision} was asked for, but {outcome.provenance.runtime} computed in "
                        f"{outcome.provenance.precision}, so there is nothing to measure."
                    )
                return Run(plan, outcome.provenance.seconds, until, outcome.heatmap.response)
        raise AssertionError

    def preview(self, request: AnalysisRequest) -> float:
        """Seconds until the answer.

        Raises:
            EngineError: there is none; with the worker's sentence.
        """
        begin = time.perf_counter()
        self._client.preview(request)
        next(message for message in self._answers() if isinstance(message, Previewed))
        return time.perf_counter() - begin

    def _answers(self) -> Iterator[FromWorker]:
        while True:
            message = self._messages.get()
            if isinstance(message, Failed):
                raise EngineError(message.sentence)
            if isinstance(message, Cancelled):
                raise EngineError("The worker gave up.")
            self.peak = max(self.peak, _peak(self._client.process_id))
            yield message


def probe(name: str, *arguments: object) -> Any:
    """Call a function of the method's measuring module in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_call, name, arguments).result()


def _call(name: str, arguments: tuple[object, ...]) -> Any:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries' remarks on themselves
    function: Callable[..., Any] = getattr(import_module(MEASURING), name)
    return function(*arguments)


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """For what is started meanwhile, `folder` is the user's."""
    before = os.environ.get("WORKBENCH_HOME")
    os.environ["WORKBENCH_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["WORKBENCH_HOME"]
        else:
            os.environ["WORKBENCH_HOME"] = before


def _peak(process_id: int | None) -> int:
    """Most bytes that a process took, where the system tells; else what it takes now."""
    import psutil

    if process_id is None:
        return 0
    status = Path(f"/proc/{process_id}/status")
    if status.exists():
        lines = status.read_text("ascii", "replace").splitlines()
        return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
    facts: Any = psutil.Process(process_id).memory_info()
    return int(getattr(facts, "peak_wset", facts.rss))
