"""Runs requests on the engine and waits, for commands without a window."""

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from queue import Queue
from typing import cast

from workbench.core.analysis import AnalysisRequest, Outcome
from workbench.core.errors import AnalysisCancelled, EngineError
from workbench.core.method import Method, Plan
from workbench.engine.client import METHOD, EngineClient
from workbench.engine.messages import Cancelled, Failed, Finished, FromWorker, Planned, Progress


def method() -> Method:
    """The method that the engine runs, found by the same import string; imports no runtime by itself."""
    return cast("Method", import_module(METHOD))


def run_all(requests: Iterable[AnalysisRequest]) -> list[Outcome]:
    """Outcomes in the order of the requests; progress goes to a terminal, if there is one.

    Raises:
        EngineError: a request failed; its sentence says why.
    """
    return [outcome for _, outcome in run_each(requests)]


def run_each(requests: Iterable[AnalysisRequest]) -> Iterator[tuple[AnalysisRequest, Outcome]]:
    """The same one by one, so that no map need be kept.

    Raises:
        EngineError: a request failed; its sentence says why.
    """
    messages: Queue[FromWorker] = Queue()
    client = EngineClient(messages.put)
    try:
        for request in requests:
            yield request, _run(client, messages, request)
    finally:
        client.close()


def _run(client: EngineClient, messages: "Queue[FromWorker]", request: AnalysisRequest) -> Outcome:
    client.submit(request)
    what = request.region.name if request.region else "whole picture"
    while True:
        message = messages.get()
        if isinstance(message, Planned):
            _show(f"{what}: {_expected(message.plan)}\n")
        elif isinstance(message, Progress):
            _show(f"{what}: tile {message.done} of {message.total}")
        elif isinstance(message, Finished):
            _show("")
            return message.outcome
        elif isinstance(message, Failed):
            raise EngineError(message.sentence)
        elif isinstance(message, Cancelled):
            raise AnalysisCancelled


def _expected(plan: Plan) -> str:
    disk = f", {plan.disk / 1e9:.1f} GB on the disk for a while" if plan.disk else ""
    return f"about {plan.seconds:.0f} s, {plan.memory / 1e9:.1f} GB of memory{disk}"


def _show(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()
