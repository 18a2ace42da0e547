"""`workbench benchmark`: seconds and memory of analyses on this machine, as Markdown tables.

Each row is a fresh worker, the one that the window uses, and the best of its repetitions. "share" is the rate
of floating-point operations of the whole analysis, halos not counted as work done, over that of the fastest
float32 matrix product at 4096 x 4096. A network without weights at hand gets random ones: its time does not
depend on them.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
from PIL import Image

from workbench.cli import DONE
from workbench.core.analysis import RUNTIMES, AnalysisRequest, new_id
from workbench.core.digest import sha256_of_file
from workbench.core.errors import EngineError, WeightsError
from workbench.core.heatmap import Response
from workbench.core.method import Plan
from workbench.core.provenance import tool_record
from workbench.core.region import Region
from workbench.core.weights import card_named
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
SIZES, NETWORKS = ((1024, 768),), ("compact-1",)
PREVIEW_SIDE, PREVIEWS = 256, 20
COLUMNS = (
    *("network", "size", "runtime", "s", "pass A", "pass B", "predicted s", "peak GB", "predicted GB"),
    *("disk GB", "share", "over the whole graph"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("--sizes", nargs="+", default=SIZES, type=_size, metavar="WxH", help="in pixels")
    parser.add_argument("--networks", nargs="+", default=NETWORKS, help="compact-1, mantranet-4, ...")
    parser.add_argument(
        "--runtimes",
        nargs="+",
        metavar="NAME/PRECISION",
        help="openvino/float32, say; default: all that are installed",
    )
    parser.add_argument("--repeat", type=int, default=2, help="default: %(default)s")
    parser.add_argument("--memory", type=float, metavar="GB", help="what an analysis may take")
    parser.add_argument("--whole", action="store_true", help="also the plain graph of the whole picture")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="where to measure what bfloat16 changes")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    rows = arguments.runtimes or _installed()
    _say(f"{tool_record().device}; {tool_record().os}; load before: {_load()}\n")
    product, library = max((_probe("product_rate", name), name) for name in _libraries())
    _say(f"Fastest float32 matrix product: {product / 1e9:.0f} GFLOP/s ({library}).\n")
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder), arguments, product)
        _say(_table_head(COLUMNS))
        for network in arguments.networks:
            for size in arguments.sizes:
                whole = bench.whole(network, size) if arguments.whole else None
                for runtime in rows:
                    _say(bench.row(network, size, runtime, whole))
        rate = f"previews of {PREVIEW_SIDE} x {PREVIEW_SIDE} a second"
        _say(f"\n{_table_head(('network', 'runtime', rate))}")
        for network in arguments.networks:
            for runtime in rows:
                _say(bench.previews(network, runtime))
        for line in bench.deviations():
            _say(line)
    _say(f"\nLoad after: {_load()}")
    return DONE


@dataclass(frozen=True)
class _Run:
    """One analysis, as it was seen from outside."""

    plan: Plan
    seconds: float
    until_second: float
    response: Response


class _Bench:
    """Pictures, weights and workers of a benchmark.

    Args:
        folder: for pictures and weights.
        arguments: of the command.
        product: operations a second of the fastest matrix product.
    """

    def __init__(self, folder: Path, arguments: argparse.Namespace, product: float) -> None:
        self._folder, self._arguments, self._product = folder, arguments, product

    def row(self, network: str, size: tuple[int, int], runtime: str, whole: float | None) -> str:
        """A row of the table."""
        try:
            best, peak = self._best(self._request(network, self._picture(size), runtime))
        except EngineError as error:
            return f"| {network} | {_written(size)} | {runtime} | {error} |"
        work = import_module(MEASURING).operations(network) * size[0] * size[1]
        cells = (
            *(network, _written(size), runtime, f"{best.seconds:.1f}"),
            *(
                f"{best.until_second:.1f}",
                f"{best.seconds - best.until_second:.1f}",
                f"{best.plan.seconds:.1f}",
            ),
            *(f"{b / 1e9:.2f}" for b in (peak, best.plan.memory, best.plan.disk)),
            *(f"{work / best.seconds / self._product:.2f}", f"{best.seconds / whole:.2f}" if whole else ""),
        )
        return f"| {' | '.join(cells)} |"

    def whole(self, network: str, size: tuple[int, int]) -> float | None:
        """Seconds of the plain graph, or None where it does not fit."""
        pixels = np.asarray(Image.open(self._picture(size)))
        path = self._weights(network)[0]
        try:
            seconds = _probe("whole_graph", network, path, pixels, self._arguments.repeat)
        except (BrokenProcessPool, MemoryError):
            _say(f"| {network} | {_written(size)} | whole graph | out of memory |")
            return None
        _say(f"| {network} | {_written(size)} | whole graph, tensorflow/float32 | {seconds:.1f} |")
        return float(seconds)

    def previews(self, network: str, runtime: str) -> str:
        """How often a second a region is answered while it moves."""
        request = self._request(network, self._picture((1024, 768)), runtime)
        with _Worker(request.runtime) as worker:
            worker.analyse(request)
            rates = [1 / worker.preview(_at(request, 8 * step)) for step in range(PREVIEWS)]
        return f"| {network} | {runtime} | {float(np.median(rates)):.1f} |"

    def deviations(self) -> Iterator[str]:
        """What bfloat16 changes on photographs, if it is to be measured and can be."""
        photos = sorted(self._arguments.photos.iterdir()) if self._arguments.photos else [self._example()]
        if find_spec("openvino") is None:
            return
        yield f"\n{_table_head(('photograph', 'network', 'largest change by bfloat16', '99.9 % below'))}"
        for photo in photos:
            for network in self._arguments.networks:
                exact, fast = (self._map(network, photo, p) for p in ("float32", "bfloat16"))
                change = np.abs(exact - fast)
                high = np.percentile(change, 99.9)
                yield f"| {photo.name} | {network} | {change.max():.4f} | {high:.4f} |"

    def _map(self, network: str, photo: Path, precision: str) -> Response:
        request = self._request(network, photo, f"openvino/{precision}")
        with _Worker(request.runtime) as worker:
            return worker.analyse(request).response

    def _best(self, request: AnalysisRequest) -> tuple[_Run, int]:
        with _Worker(request.runtime) as worker:
            runs = [
                worker.analyse(replace(request, id=new_id())) for _ in range(max(1, self._arguments.repeat))
            ]
            return min(runs, key=lambda run: run.seconds), worker.peak

    def _request(self, network: str, picture: Path, runtime: str) -> AnalysisRequest:
        name, _, precision = runtime.partition("/")
        path, sha256 = self._weights(network)
        memory = self._arguments.memory
        return AnalysisRequest(
            id=new_id(),
            path=picture,
            sha256=sha256_of_file(picture),
            region=None,
            weights_path=path,
            weights_sha256=sha256,
            configuration=network,
            memory=memory and int(memory * 1e9),
            runtime=name,
            precision=precision or "float32",
        )

    def _weights(self, network: str) -> tuple[Path, str]:
        try:
            path = card_named(network).path
        except WeightsError:
            path = self._folder / f"{network}.h5"
            if not path.exists():
                import_module(MEASURING).write_trial_weights(path, network)
        return path, sha256_of_file(path)

    def _picture(self, size: tuple[int, int]) -> Path:
        """A photograph beside itself until the size is reached."""
        import skimage.data

        path = self._folder / f"{_written(size)}.png"
        if not path.exists():
            photo, (width, height) = skimage.data.astronaut(), size
            many = np.tile(photo, (-(-height // photo.shape[0]), -(-width // photo.shape[1]), 1))
            Image.fromarray(many[:height, :width]).save(path, compress_level=1)
        return path

    def _example(self) -> Path:
        from workbench.cli.example import make_example

        return make_example(self._folder).picture


class _Worker:
    """The real worker, observed."""

    def __init__(self, runtime: str) -> None:
        self._messages: Queue[FromWorker] = Queue()
        self._client = EngineClient(self._messages.put, runtime=runtime)
        self.peak = 0

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def analyse(self, request: AnalysisRequest) -> _Run:
        """Run it; "until_second" is when the last tile of pass A was done."""
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
                return _Run(plan, outcome.provenance.seconds, until, outcome.heatmap.response)
        raise AssertionError

    def preview(self, request: AnalysisRequest) -> float:
        """Seconds until the answer."""
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


def _probe(name: str, *arguments: object) -> Any:
    """Call a function of the method's measuring module in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_call, name, arguments).result()


def _call(name: str, arguments: tuple[object, ...]) -> Any:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries' remarks on themselves
    function: Callable[..., Any] = getattr(import_module(MEASURING), name)
    return function(*arguments)


def _installed() -> list[str]:
    names = [name for name in RUNTIMES[1:] if find_spec(name)]
    return [f"{name}/float32" for name in names] + ["openvino/bfloat16"] * ("openvino" in names)


def _libraries() -> list[str]:
    return [name for name in ("numpy", "tensorflow", "openvino") if find_spec(name)]


def _at(request: AnalysisRequest, x: int) -> AnalysisRequest:
    return replace(request, id=new_id(), region=Region("r", "R1", x, 40, PREVIEW_SIDE, PREVIEW_SIDE))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1024x768")
    return int(width), int(height)


def _written(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _table_head(columns: tuple[str, ...]) -> str:
    return f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
