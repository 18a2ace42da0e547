"""The side of the engine that lives in the program: starts, feeds, stops and replaces the worker."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from workbench.core import paths
from workbench.core.analysis import AnalysisRequest
from workbench.core.search import SearchParameters
from workbench.engine import worker
from workbench.engine.messages import (
    Analyse,
    Cancel,
    Cancelled,
    Failed,
    FamiliesMapped,
    Finished,
    FromWorker,
    Inspect,
    Inspected,
    MapFamilies,
    Preview,
    Previewed,
    Ready,
    Searched,
    SearchRegions,
    Stop,
)

METHOD = "workbench.methods.mantranet.method"
PATIENCE = 0.25
"""Seconds that a worker has to stop between two tiles, or to finish, before it is killed."""


_LAST = Finished | Searched | FamiliesMapped | Previewed | Inspected | Failed | Cancelled
"""Answers after which nothing follows."""
_Request = Analyse | SearchRegions | MapFamilies | Preview | Inspect


@dataclass
class _Child:
    """One worker process with its pipe and the thread that reads it."""

    process: BaseProcess
    connection: Connection
    reader: threading.Thread | None = None
    ready: bool = False
    wanted: bool = True
    requests: dict[str, _Request] = field(default_factory=dict)


class EngineClient:
    """One worker process at a time; requests are answered in order.

    `on_message` is called in a reader thread with every message that somebody still waits for. A worker that
    dies by itself fails its requests with a sentence and is replaced.
    """

    def __init__(
        self, on_message: Callable[[FromWorker], None], method: str = METHOD, runtime: str = "auto"
    ) -> None:
        self._on_message = on_message
        self._method = method
        self._runtime = runtime
        self._lock = threading.RLock()
        self._child: _Child | None = None
        self._replaced: list[_Child] = []  # stuck ones that are being ended

    @property
    def process_id(self) -> int | None:
        """Of the worker, for tests and for the system's own tools."""
        child = self._child
        return child.process.pid if child else None

    def start(self) -> None:
        """Start the worker, which imports its runtime at once; returns without waiting."""
        with self._lock:
            if self._child is None:
                self._child = self._spawn()

    def submit(self, request: AnalysisRequest) -> None:
        """Queue a request; one for another runtime replaces the worker and gives up what it still had to do.

        A process can't change its runtime once it is imported.
        """
        self._submit(Analyse(request))

    def search(self, request: AnalysisRequest, parameters: SearchParameters | None = None) -> None:
        """Queue a region search of the whole picture, like `submit`; answered by Searched."""
        self._submit(SearchRegions(request, parameters))

    def map_families(self, request: AnalysisRequest) -> None:
        """Queue a map of families, like `submit`; answered by FamiliesMapped."""
        self._submit(MapFamilies(request))

    def preview(self, request: AnalysisRequest) -> None:
        """Ask for `request.region` from kept features; the worker answers between two tiles.

        A newer preview replaces one that waits. Whatever runtime the worker has, it uses. Ask for one or two
        at a time: what a busy worker does not read fills the pipe, and then this would block.
        """
        self._post(request.id, Preview(request))

    def inspect(self, request_id: str, path: Path, variant: int) -> None:
        """Ask whether a file in the authors' layout fits a variant; answered by Inspected or Failed."""
        self._post(request_id, Inspect(request_id, path, variant))

    def cancel(self, request_id: str) -> None:
        """Stop a request between tiles; a worker that does not answer in time is replaced.

        Not for a preview: nobody waits for its end.
        """
        with self._lock:
            child = self._child
            if child is None or request_id not in child.requests:
                return
            self._send(child, Cancel(request_id))
            if isinstance(child.requests[request_id], Preview):
                return
            timer = threading.Timer(PATIENCE, self._replace_if_stuck, (child, request_id))
            timer.daemon = True
            timer.start()

    def close(self) -> None:
        """End the worker and the reader thread; leaves no process behind."""
        with self._lock:
            child, self._child = self._child, None
            replaced = list(self._replaced)
            if child is not None:
                child.wanted = False
                child.requests.clear()
                self._send(child, Stop())
        if child is not None:
            _end(child, PATIENCE if child.ready else 0.0)
        for stuck in replaced:
            _end(stuck, 0.0)

    def _submit(self, message: Analyse | SearchRegions | MapFamilies) -> None:
        with self._lock:
            retired = self._retired() if message.request.runtime != self._runtime else None
            self._runtime = message.request.runtime
            self._post(message.request.id, message)
        if retired:
            _end(retired, 0.0)

    def _retired(self) -> _Child | None:
        child, self._child = self._child, None
        if child is not None:
            child.wanted = False
            for request_id in child.requests:
                self._on_message(Cancelled(request_id))
            child.requests.clear()
        return child

    def _post(self, request_id: str, message: _Request) -> None:
        with self._lock:
            self.start()
            child = self._child
            assert child is not None
            child.requests[request_id] = message
            self._send(child, message)

    @staticmethod
    def _send(child: _Child, message: _Request | Cancel | Stop) -> None:
        try:
            child.connection.send(message)
        except (BrokenPipeError, ConnectionResetError):
            return  # the child has just died: its reader sees the end of the pipe and says so

    def _spawn(self) -> _Child:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        ours, theirs = context.Pipe()
        log = paths.user_folder() / "worker.log"
        arguments = theirs, self._method, self._runtime, log
        process = context.Process(target=worker.main, args=arguments, daemon=True)
        with _interrupts_blocked():
            process.start()
        theirs.close()
        child = _Child(process, ours)
        child.reader = threading.Thread(target=self._read, args=(child,), name="engine-reader", daemon=True)
        child.reader.start()
        return child

    def _read(self, child: _Child) -> None:
        """Runs in the reader thread until the pipe ends."""
        while True:
            try:
                message: FromWorker = child.connection.recv()
            except (EOFError, OSError):
                break
            if self._is_wanted(child, message):
                self._on_message(message)
        child.process.join()
        self._mourn(child)

    def _is_wanted(self, child: _Child, message: FromWorker) -> bool:
        with self._lock:
            if isinstance(message, Ready):
                child.ready = True
                return child.wanted
            if message.request_id not in child.requests:
                return False
            if isinstance(message, _LAST):
                del child.requests[message.request_id]
            if isinstance(message, Previewed):
                message.response.setflags(write=False)
            if isinstance(message, Finished):
                message.outcome.heatmap.response.setflags(write=False)
            if isinstance(message, FamiliesMapped):
                message.families.freeze()
            return True

    def _mourn(self, child: _Child) -> None:
        """A worker is gone: if nobody ended it, fail what it had to do and start another."""
        with self._lock:
            child.connection.close()
            if not child.wanted:
                return
            child.wanted = False
            failed = list(child.requests)
            # A worker that never got ready would die again at once: wait for the next request.
            self._child = self._spawn() if child.ready else None
        for request_id in failed:
            self._on_message(Failed(request_id, _death_sentence(child.process.exitcode)))

    def _replace_if_stuck(self, child: _Child, request_id: str) -> None:
        with self._lock:
            if not child.wanted or request_id not in child.requests:
                return
            child.wanted = False
            del child.requests[request_id]
            self._replaced.append(child)
            self._child = self._spawn()
            self._on_message(Cancelled(request_id))
            for waiting, message in child.requests.items():
                self._post(waiting, message)
        _end(child, 0.0)
        with self._lock:
            self._replaced.remove(child)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A child inherits the mask, so that Ctrl-C in a terminal reaches the program alone."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # Else starting a process starts this helper first, which unblocks interrupts again (Python 3.11).
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(child: _Child, patience: float) -> None:
    child.process.join(patience)
    if child.process.is_alive():
        child.process.kill()
        child.process.join()
    if child.reader is not None and child.reader is not threading.current_thread():
        child.reader.join()


def _death_sentence(exit_code: int | None) -> str:
    cause = (
        "was ended by the system, most often because memory ran out"
        if exit_code == -9
        else f"ended by itself (exit code {exit_code})"
    )
    return (
        f"The analysis process {cause}. Nothing was kept of this run and the case is untouched; a new "
        "process is being started. Try again; if it happens again, close other programs or analyse a "
        "smaller region."
    )
