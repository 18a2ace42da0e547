"""The side of the engine that lives in the program: starts, feeds, stops and replaces the worker."""

from collections.abc import Callable
from pathlib import Path

from workbench.core.analysis import AnalysisRequest
from workbench.engine.messages import FromWorker


class EngineClient:
    """One worker process at a time; requests are answered in order.

    `on_message` is called in a reader thread with every message that somebody still waits for. A worker that
    dies by itself fails its request with a sentence and is replaced.
    """

    def __init__(self, on_message: Callable[[FromWorker], None]) -> None:
        self._on_message = on_message

    def start(self) -> None:
        """Start the worker, which imports its runtime at once; returns without waiting."""
        raise NotImplementedError

    def submit(self, request: AnalysisRequest) -> None:
        """Queue a request."""
        raise NotImplementedError

    def inspect(self, request_id: str, path: Path, variant: int) -> None:
        """Ask whether a weight file in the authors' layout fits a variant; answered by Inspected or Failed."""
        raise NotImplementedError

    def cancel(self, request_id: str) -> None:
        """Stop a request between tiles; a worker that does not answer within a second is replaced."""
        raise NotImplementedError

    def close(self) -> None:
        """End the worker and the reader thread; leaves no process behind."""
        raise NotImplementedError
