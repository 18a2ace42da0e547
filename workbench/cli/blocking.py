"""Runs requests on the engine and waits, for commands without a window."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from queue import Queue
from typing import cast

from workbench.core.analysis import AnalysisRequest, Outcome
from workbench.core.errors import AnalysisCancelled, EngineError
from workbench.core.families import FamilyMap
from workbench.core.method import Method, Plan
from workbench.core.search import SearchParameters, SearchResult
from workbench.engine.client import METHOD, EngineClient
from workbench.engine.messages import (
    Cancelled,
    Failed,
    FamiliesMapped,
    Finished,
    FromWorker,
    Planned,
    Progress,
    Searched,
)


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
    """The same one by one, so that no map need be kept; nor are features, for nobody draws regions here.

    Raises:
        EngineError: a request failed; its sentence says why.
    """
    with waiting() as engine:
        for request in requests:
            yield request, engine.run(replace(request, keep_features=False))


@contextmanager
def waiting() -> "Iterator[Waiting]":
    """An engine for several requests of both kinds, closed at the end."""
    messages: Queue[FromWorker] = Queue()
    client = EngineClient(messages.put)
    try:
        yield Waiting(client, messages)
    finally:
        client.close()


class Waiting:
    """An engine whose answers are waited for; progress goes to a terminal, if there is one."""

    def __init__(self, client: EngineClient, messages: "Queue[FromWorker]") -> None:
        self._client, self._messages = client, messages

    def run(self, request: AnalysisRequest) -> Outcome:
        """Run a request.

        Raises:
            EngineError: it failed; its sentence says why.
        """
        self._client.submit(request)
        answer = self._answer(request.region.name if request.region else "whole picture", "tile")
        assert isinstance(answer, Finished)
        return answer.outcome

    def search(self, request: AnalysisRequest, parameters: SearchParameters) -> SearchResult:
        """Search the regions of a picture.

        Raises:
            EngineError: it failed; its sentence says why.
        """
        self._client.search(request, parameters)
        answer = self._answer("region search", "step")
        assert isinstance(answer, Searched)
        return answer.result

    def families(self, request: AnalysisRequest) -> FamilyMap:
        """Map the families of manipulations.

        Raises:
            EngineError: it failed; its sentence says why.
        """
        self._client.map_families(request)
        answer = self._answer("families", "tile")
        assert isinstance(answer, FamiliesMapped)
        return answer.families

    def _answer(self, what: str, part: str) -> Finished | Searched | FamiliesMapped:
        while True:
            message = self._messages.get()
            if isinstance(message, Planned):
                _show(f"{what}: {_expected(message.plan)}\n")
            elif isinstance(message, Progress):
                _show(f"{what}: {part} {message.done} of {message.total}")
            elif isinstance(message, Finished | Searched | FamiliesMapped):
                _show("")
                return message
            elif isinstance(message, Failed):
                raise EngineError(message.sentence)
            elif isinstance(message, Cancelled):
                raise AnalysisCancelled


def _expected(plan: Plan) -> str:
    stay = "" if plan.kept else " for a while"
    disk = f", {plan.disk / 1e9:.1f} GB on the disk{stay}" if plan.disk else ""
    return f"about {plan.seconds:.0f} s, {plan.memory / 1e9:.1f} GB of memory{disk}"


def _show(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()
