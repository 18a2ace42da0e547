"""The worker process: takes requests from a pipe, runs the method, sends progress and maps back."""

import faulthandler
import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from workbench.core.analysis import AnalysisRequest, Outcome, Provenance
from workbench.core.digest import sha256_of_file
from workbench.core.errors import AnalysisCancelled, EngineError, WeightsError, WorkbenchError
from workbench.core.evidence import Evidence, reopen
from workbench.core.heatmap import Heatmap, Response
from workbench.core.method import LoadedMethod, Method, OnProgress, OnTile, Plan, Whole
from workbench.core.provenance import runtime_flags
from workbench.core.search import SearchResult
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
    Planned,
    Preview,
    Previewed,
    Progress,
    Ready,
    Searched,
    SearchRegions,
    Stop,
    Tile,
    ToWorker,
)

logger = logging.getLogger(__name__)

OUT_OF_MEMORY = (
    "The analysis needed more memory than this computer has free, so it was stopped. The case is untouched. "
    "Close other programs, or draw a smaller region and analyse that."
)


def main(connection: Connection, method_name: str, runtime: str, log_file: Path) -> None:
    """Entry point of the process.

    Args:
        connection: both ways to the program; its end means that the program is gone.
        method_name: import string of a module that is a `core.method.Method`.
        runtime: imported at once; a process can't change it.
        log_file: where this process writes what libraries print; it has no terminal.
    """
    _quieten(log_file)
    worker = Worker(connection, cast("Method", import_module(method_name)), runtime)
    try:
        worker.run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        logger.info("the program is gone; so is its worker")


def _quieten(log_file: Path) -> None:
    """Send both output streams to the log and leave Ctrl-C to the program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    log = _log_stream(log_file)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.stdout = sys.stderr = os.fdopen(os.dup(log), "w", buffering=1)
    faulthandler.enable(sys.stderr)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, force=True)


def _log_stream(log_file: Path) -> int:
    """Where nothing can be written a run is still worth more than its log."""
    try:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


class Worker:
    """Runs one request after the other; between tiles it looks whether the program has sent something.

    A preview does not queue: the newest is answered next, be it between two tiles of something longer.
    """

    def __init__(self, connection: Connection, method: Method, runtime: str) -> None:
        self._connection = connection
        self._method = method
        self._runtime = runtime
        self._queue: deque[ToWorker] = deque()
        self._preview: AnalysisRequest | None = None
        self._loaded: tuple[tuple[str, ...], LoadedMethod] | None = None
        self._seen: tuple[str, Whole, tuple[int, int]] | None = None

    def run(self) -> None:
        """Serve until told to stop."""
        self._send(self._warm_up())
        while not isinstance(message := self._next(), Stop):
            if isinstance(message, Analyse):
                self._answer(message.request.id, partial(self._analyse, message.request))
            elif isinstance(message, SearchRegions):
                self._answer(message.request.id, partial(self._search, message))
            elif isinstance(message, MapFamilies):
                self._answer(message.request.id, partial(self._families, message.request))
            elif isinstance(message, Inspect):
                self._answer(message.request_id, partial(self._inspect, message))

    def _warm_up(self) -> Ready:
        """A runtime that is not there is told to whoever asks for it."""
        try:
            return Ready(self._method.warm_up(self._runtime))
        except WorkbenchError as error:
            return Ready(str(error))

    def _next(self) -> ToWorker:
        """The next message in the queue; previews are answered before it."""
        while True:
            self._take_in()
            self._answer_preview()
            if self._queue:
                return self._queue.popleft()
            self._accept(self._connection.recv())

    def _take_in(self) -> None:
        """Whatever the program has sent meanwhile."""
        while self._connection.poll():
            self._accept(self._connection.recv())

    def _accept(self, message: ToWorker) -> None:
        waiting = self._preview
        if isinstance(message, Preview):
            self._preview = message.request
        elif waiting is not None and message == Cancel(waiting.id):
            self._preview = None
        else:
            self._queue.append(message)
        if waiting is not None and self._preview is not waiting:
            self._send(Cancelled(waiting.id))

    def _answer_preview(self) -> None:
        if self._preview is not None:
            request, self._preview = self._preview, None
            self._answer(request.id, partial(self._previewed, request))

    def _send(self, message: FromWorker) -> None:
        self._connection.send(message)

    def _answer(self, request_id: str, work: Callable[[], FromWorker]) -> None:
        """Send what `work` returns, or a sentence that says why it could not be done."""
        try:
            answer: FromWorker = work()
        except AnalysisCancelled:
            answer = Cancelled(request_id)
        except WorkbenchError as error:
            answer = Failed(request_id, str(error))
        except MemoryError:
            logger.exception("out of memory")
            answer = Failed(request_id, OUT_OF_MEMORY)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except OSError as error:
            logger.exception("a file could not be used")
            answer = Failed(request_id, _file_sentence(error))
        except Exception as error:  # the last place where a fault becomes a sentence
            logger.exception("unexpected fault")
            answer = Failed(request_id, _fault_sentence(error))
        self._send(answer)

    def _inspect(self, message: Inspect) -> Inspected:
        return Inspected(message.request_id, *self._method.inspect(message.path, message.variant))

    def _analyse(self, request: AnalysisRequest) -> Finished:
        self._raise_if_cancelled(request.id)
        evidence, whole = self._open(request)
        pixels, focus = evidence.pixels, request.focus
        if request.region:
            request.region.check_inside(evidence.decode.width, evidence.decode.height)
            pixels = pixels[request.region.slices]
            focus = focus and (focus[0] - request.region.x, focus[1] - request.region.y)
        method = self._load(request)
        kept = whole if request.keep_features and not request.region else None
        plan = self._planned(request, method, pixels.shape[:2], kept)
        clock = _Clock()
        report = self._progress(request.id, clock)
        response = method.analyse(pixels, plan, report, self._tile(request.id), kept, focus)
        return Finished(
            request.id, Outcome(Heatmap.of(response), clock.provenance(method, plan, evidence, request))
        )

    def _search(self, message: SearchRegions) -> Searched:
        request = message.request
        self._raise_if_cancelled(request.id)
        evidence, whole = self._open(request)
        method = self._load(request)
        plan = self._planned(request, method, evidence.pixels.shape[:2], whole)
        clock = _Clock()
        report = self._progress(request.id, clock)
        parameters, windows, found = method.search(evidence.pixels, plan, report, whole, message.parameters)
        made = clock.provenance(method, plan, evidence, request)
        return Searched(request.id, SearchResult(parameters, windows, found, made))

    def _families(self, request: AnalysisRequest) -> FamiliesMapped:
        self._raise_if_cancelled(request.id)
        evidence, _ = self._open(request)
        pixels = evidence.pixels[request.region.slices] if request.region else evidence.pixels
        self._load(request)  # checks the weights
        used = request.weights_path, request.configuration
        report = self._progress(request.id, _Clock())
        return FamiliesMapped(request.id, self._method.map_families(pixels, used, self._runtime, report))

    def _previewed(self, request: AnalysisRequest) -> Previewed:
        if request.region is None:
            raise EngineError("A preview is of a region. Draw one first.")
        if self._seen is None or self._seen[0] != request.sha256:
            self._open(request)
        assert self._seen is not None
        _, whole, (height, width) = self._seen
        request.region.check_inside(width, height)
        method, waiting = self._load(request), len(self._queue)

        def stop_for_others() -> None:
            """A large region is given up for whatever comes in: a newer preview, or the run of record."""
            self._take_in()
            if self._preview is not None or len(self._queue) > waiting:
                raise AnalysisCancelled

        return Previewed(request.id, method.preview(whole, request.region.box, stop_for_others))

    def _open(self, request: AnalysisRequest) -> tuple[Evidence, Whole]:
        """The picture, and what its features are kept under."""
        evidence = reopen(request.path, request.sha256, original=request.original)
        whole = Whole(evidence.decode.decoded_sha256)
        self._seen = request.sha256, whole, (evidence.decode.height, evidence.decode.width)
        return evidence, whole

    def _planned(
        self, request: AnalysisRequest, method: LoadedMethod, shape: tuple[int, ...], whole: Whole | None
    ) -> Plan:
        plan = method.plan(shape[0], shape[1], request.tile, request.memory, whole)
        self._send(Planned(request.id, plan))
        return plan

    def _load(self, request: AnalysisRequest) -> LoadedMethod:
        """The network for a request: the last one if it is the same, so that it is loaded once."""
        key = (request.weights_sha256, request.configuration, self._runtime, request.precision)
        if self._loaded is None or self._loaded[0] != key:
            if not request.weights_path.is_file() or sha256_of_file(request.weights_path) != key[0]:
                raise WeightsError(
                    f"The weight file {request.weights_path} is missing or has changed. Nothing was "
                    "analysed; import the weights again or choose others."
                )
            self._loaded = None
            self._loaded = key, self._method.load(request.weights_path, *key[1:])
        return self._loaded[1]

    def _progress(self, request_id: str, clock: "_Clock") -> OnProgress:
        def report(done: int, total: int, fraction: float) -> None:
            left = clock.seconds() / fraction * (1 - fraction) if fraction else None
            self._send(Progress(request_id, done, total, left))
            self._raise_if_cancelled(request_id)
            begin = time.perf_counter()
            self._answer_preview()
            clock.paused += time.perf_counter() - begin
            self._raise_if_cancelled(request_id)

        return report

    def _tile(self, request_id: str) -> OnTile:
        def report(x: int, y: int, response: Response, provisional: bool) -> None:
            self._send(Tile(request_id, x, y, response.copy(), provisional))

        return report

    def _raise_if_cancelled(self, request_id: str) -> None:
        self._take_in()
        if Cancel(request_id) in self._queue:
            self._queue.remove(Cancel(request_id))
            raise AnalysisCancelled
        if Stop() in self._queue:
            raise AnalysisCancelled


class _Clock:
    """When a run began, and how long it took without the previews in between."""

    def __init__(self) -> None:
        self._started, self._begin = datetime.now().astimezone(), time.perf_counter()
        self.paused = 0.0

    def seconds(self) -> float:
        """So far."""
        return time.perf_counter() - self._begin - self.paused

    def provenance(
        self, method: LoadedMethod, plan: Plan, evidence: Evidence, request: AnalysisRequest
    ) -> Provenance:
        """How what is finished now was made."""
        return Provenance(
            runtime=method.runtime,
            precision=method.precision,
            tile=plan.tile,
            seconds=round(self.seconds(), 3),
            started=self._started.isoformat(timespec="seconds"),
            decoded_sha256=evidence.decode.decoded_sha256,
            flags=runtime_flags(),
            from_original=evidence.path != request.path,
        )


def _file_sentence(error: OSError) -> str:
    return (
        f"A file could not be read or written ({error.strerror or error}). Nothing was kept of this run. "
        "Check that the disk is not full and that the file is still there, then try again."
    )


def _fault_sentence(error: Exception) -> str:
    return (
        f"The analysis failed unexpectedly ({type(error).__name__}: {str(error)[:200]}). The case is "
        "untouched. Try again; if it happens again, report it with the file worker.log from the program's "
        "folder."
    )
