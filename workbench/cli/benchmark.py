"""`workbench benchmark`: seconds and memory of analyses on this machine, as Markdown tables.

Each row is a fresh worker, the one that the window uses, and the best of its repetitions. "share" is the rate
of floating-point operations of the whole analysis, halos not counted as work done, over that of the fastest
float32 matrix product at 4096 x 4096, measured before and after the row. A network without weights at hand
gets random ones: its time does not depend on them.

With `--keep FILE` each row is written to a file when it is done, a line of JSON, and not measured again: long
rows can be made one at a time, and a call with all of them writes the whole table. Delete a line to have its
row measured again.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from workbench.cli import DONE
from workbench.cli.benchmark_worker import MEASURING, Run, Worker, probe
from workbench.core import paths
from workbench.core.analysis import RUNTIMES, AnalysisRequest, new_id
from workbench.core.digest import sha256_of_file
from workbench.core.errors import EngineError, WeightsError, WorkbenchError
from workbench.core.heatmap import Response
from workbench.core.provenance import tool_record
from workbench.core.region import Region
from workbench.core.weights import DEFAULT, card_named

Row = dict[str, Any]
SIZES, NETWORKS = ((1024, 768),), (DEFAULT,)
PREVIEW_SIDE, PREVIEWS = 256, 20
COLUMNS = (
    *("network", "size", "runtime", "s", "pass A", "pass B", "predicted s", "peak GB", "predicted GB"),
    *("disk GB", "product GFLOP/s", "share", "over the whole graph"),
)
PREVIEW_COLUMNS = "network", "runtime", f"previews of {PREVIEW_SIDE} x {PREVIEW_SIDE} a second"
CHANGE_COLUMNS = "photograph", "network", "largest change by bfloat16", "99.9 % below"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("--sizes", nargs="+", default=SIZES, type=_size, metavar="WxH", help="in pixels")
    parser.add_argument("--networks", nargs="+", default=NETWORKS, help=f"{DEFAULT}, mantranet-4, ...")
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
    parser.add_argument(
        "--only-analyses", action="store_true", help="leave previews and bfloat16's changes out"
    )
    parser.add_argument("--keep", type=Path, metavar="FILE", help="of rows that are done, added to")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    rows = arguments.runtimes or _installed()
    _say(f"{tool_record().device}; {tool_record().os}; load before: {_load()}\n")
    folder = paths.cache_folder()  # not the system's for such files, which often lies in memory
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="benchmark-") as place:
        bench = Bench(Path(place), arguments, Ledger(arguments.keep))
        _table(COLUMNS)
        for network in arguments.networks:
            for size in arguments.sizes:
                whole = bench.whole(network, size) if arguments.whole else None
                for runtime in rows:
                    _say(bench.analysis(network, size, runtime, whole))
        if not arguments.only_analyses:
            _details(bench, arguments.networks, rows)
    _say(f"\nLoad after: {_load()}")
    return DONE


def _details(bench: "Bench", networks: list[str], runtimes: list[str]) -> None:
    _say("")
    _table(PREVIEW_COLUMNS)
    for network in networks:
        for runtime in runtimes:
            _say(bench.previews(network, runtime))
    if find_spec("openvino") is not None:
        _say("")
        _table(CHANGE_COLUMNS)
        for photo in bench.photos():
            for network in networks:
                _say(bench.change(network, photo))


class Ledger:
    """Rows that are done, in a file if there is one: a line of JSON each.

    Args:
        path: of the file, or None to keep nothing.

    Raises:
        WorkbenchError: a line is no row.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._rows: dict[tuple[str, ...], Row] = {}
        lines = path.read_text("utf-8").splitlines() if path and path.exists() else []
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                self._rows[tuple(row["key"])] = row
            except (ValueError, KeyError, TypeError) as error:
                raise WorkbenchError(
                    f"Line {number} of {path} is no row of a benchmark. Delete it, or name another file."
                ) from error

    def row(self, key: tuple[str, ...], measure: Callable[[], Row]) -> Row:
        """The row of that key on this machine, measured if it is not there."""
        tool = tool_record()
        key = (*key, tool.device)
        if key not in self._rows:
            facts = {
                "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
                "commit": tool.commit,
            }
            self._rows[key] = {"key": key} | measure() | facts | {"load": _load()}
            if self._path:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(self._rows[key]) + "\n")
        return self._rows[key]


class Bench:
    """Pictures, weights and workers of a benchmark. Each row is a line of a Markdown table.

    Args:
        folder: for pictures, weights and what the worker keeps.
        arguments: of the command.
        ledger: of rows that are done.
    """

    def __init__(self, folder: Path, arguments: argparse.Namespace, ledger: Ledger) -> None:
        self._folder, self._arguments, self._ledger = folder, arguments, ledger

    @cached_property
    def _library(self) -> str:
        """Whose matrix product is the fastest here."""
        return max(_libraries(), key=lambda name: float(probe("product_rate", name)))

    def product(self) -> float:
        """Operations a second of the fastest matrix product."""
        return float(probe("product_rate", self._library))

    def analysis(self, network: str, size: tuple[int, int], runtime: str, whole: float | None) -> str:
        """Time and memory; `whole` is the seconds of the plain graph, if they are known."""
        key = "analysis", network, _written(size), runtime
        try:
            row = self._ledger.row(key, lambda: self._analysed(network, size, runtime))
        except EngineError as error:
            return _line(*key[1:], str(error))
        work = import_module(MEASURING).operations(network) * size[0] * size[1]
        seconds = row["seconds"]
        return _line(
            *key[1:],
            *(f"{s:.1f}" for s in (seconds, row["pass A"], seconds - row["pass A"], row["predicted"])),
            *(f"{row[name] / 1e9:.2f}" for name in ("peak", "memory", "disk")),
            f"{row['product'] / 1e9:.0f}",
            f"{work / seconds / row['product']:.2f}",
            f"{seconds / whole:.2f}" if whole else "",
        )

    def _analysed(self, network: str, size: tuple[int, int], runtime: str) -> Row:
        before = self.product()
        best, peak = self._best(self._request(network, self._picture(size), runtime))
        return {
            "seconds": best.seconds,
            "pass A": best.until_second,
            "predicted": best.plan.seconds,
            "peak": peak,
            "memory": best.plan.memory,
            "disk": best.plan.disk,
            "product": max(before, self.product()),  # something else may have run beside one of them
        }

    def whole(self, network: str, size: tuple[int, int]) -> float | None:
        """Seconds of the plain graph, or None where it does not fit; said as a row."""
        name = "whole graph, tensorflow/float32"
        try:
            row = self._ledger.row(("whole", network, _written(size)), lambda: self._whole(network, size))
        except (BrokenProcessPool, MemoryError):
            _say(_line(network, _written(size), name, "not enough memory"))
            return None
        _say(_line(network, _written(size), name, f"{row['seconds']:.1f}"))
        return float(row["seconds"])

    def _whole(self, network: str, size: tuple[int, int]) -> Row:
        pixels = np.asarray(Image.open(self._picture(size)))
        path, _ = self._weights(network)
        return {"seconds": float(probe("whole_graph", network, path, pixels, self._arguments.repeat))}

    def previews(self, network: str, runtime: str) -> str:
        """How often a second a region is answered while it moves."""
        try:
            row = self._ledger.row(("previews", network, runtime), lambda: self._previewed(network, runtime))
        except EngineError as error:
            return _line(network, runtime, str(error))
        return _line(network, runtime, f"{row['rate']:.1f}")

    def _previewed(self, network: str, runtime: str) -> Row:
        request = self._request(network, self._picture((1024, 768)), runtime)
        with self._worker(request) as worker:
            worker.analyse(request)
            rates = [1 / worker.preview(_at(request, 8 * step)) for step in range(PREVIEWS)]
        return {"rate": float(np.median(rates))}

    def photos(self) -> list[Path]:
        """What bfloat16's changes are measured on."""
        return sorted(self._arguments.photos.iterdir()) if self._arguments.photos else [self._example()]

    def change(self, network: str, photo: Path) -> str:
        """How far bfloat16 moves the map of a photograph."""
        row = self._ledger.row(("change", network, photo.name), lambda: self._changed(network, photo))
        return _line(photo.name, network, f"{row['largest']:.4f}", f"{row['99.9 %']:.4f}")

    def _changed(self, network: str, photo: Path) -> Row:
        exact, fast = (self._map(network, photo, p) for p in ("float32", "bfloat16"))
        change = np.abs(exact - fast)
        return {"largest": float(change.max()), "99.9 %": float(np.percentile(change, 99.9))}

    def _map(self, network: str, photo: Path, precision: str) -> Response:
        request = self._request(network, photo, f"openvino/{precision}")
        with self._worker(request) as worker:
            return worker.analyse(request).response

    def _best(self, request: AnalysisRequest) -> tuple[Run, int]:
        with self._worker(request) as worker:
            runs = [
                worker.analyse(replace(request, id=new_id())) for _ in range(max(1, self._arguments.repeat))
            ]
            return min(runs, key=lambda run: run.seconds), worker.peak

    def _worker(self, request: AnalysisRequest) -> Worker:
        return Worker(request.runtime, self._folder)

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


def _table(columns: tuple[str, ...]) -> None:
    _say(f"{_line(*columns)}\n{'|---' * len(columns)}|")


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
