"""Seconds and peak memory of an analysis by size, network, runtime and precision, as a Markdown table.

Run `python benchmarks/inference.py [--sizes 1024x768 ...] [--networks compact-1 mantranet-4 ...]
[--runtimes openvino/float32 tensorflow/float32 ...] [--repeat 2] [--whole]`. Every row is a fresh process and
the best of its repetitions. The full network gets random weights: its time does not depend on them.
"share" is the rate of floating-point operations of the whole analysis, halos not counted, over that of a
float32 matrix product of numpy at 4096 x 4096 in the same process. `--whole` adds the plain whole-image Keras
graph, which takes more than 2.5 GB at 1024x768 for the full network.
"""
# ruff: noqa: PLC0415 - a row must not pay for the imports of another

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HEADINGS = "| network | size | runtime | s | pass A | pass B | peak GB | predicted GB | disk GB | share |"


def main() -> None:
    arguments = parsed()
    if arguments.row:
        print(json.dumps(row(*arguments.row, arguments.repeat)))
        return
    print(f"{processor()}, {os.cpu_count()} cores, {platform.platform(terse=True)}")
    print(f"load before: {os.getloadavg()[0]:.1f}\n\n{HEADINGS}\n{'|---' * 10}|")
    for network in arguments.networks:
        for size in arguments.sizes:
            for runtime in [*arguments.runtimes, *(["whole/float32"] if arguments.whole else [])]:
                print(line(network, size, runtime, arguments.repeat), flush=True)
    print(f"\nload after: {os.getloadavg()[0]:.1f}")


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="+", default=["1024x768"])
    parser.add_argument("--networks", nargs="+", default=["compact-1"])
    parser.add_argument("--runtimes", nargs="+", default=["openvino/float32", "tensorflow/float32"])
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--row", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args()


def line(network: str, size: str, runtime: str, repeat: int) -> str:
    command = [sys.executable, __file__, "--repeat", str(repeat), "--row", network, size, runtime]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"| {network} | {size} | {runtime} | failed: {done.stderr.strip().splitlines()[-1:]} |"
    cells = json.loads(done.stdout.splitlines()[-1])
    return f"| {network} | {size} | {runtime} | " + " | ".join(cells) + " |"


def row(network: str, size: str, runtime: str, repeat: int) -> list[str]:
    import cv2
    import numpy as np
    import skimage.data

    from workbench.methods.mantranet.configuration import CONFIGURATIONS

    width, height = (int(side) for side in size.split("x"))
    pixels = np.ascontiguousarray(cv2.resize(skimage.data.astronaut(), (width, height)))
    configuration = CONFIGURATIONS[network]
    name, precision = runtime.split("/")
    if name == "whole":
        return whole(configuration, pixels, repeat)
    return tiled(configuration, pixels, repeat, (name, precision))


def tiled(configuration: Any, pixels: Any, repeat: int, runtime: tuple[str, str]) -> list[str]:
    from workbench.methods.mantranet import method, planning, runtimes

    timed = Timed(runtimes.make(*runtime, configuration, arrays_for(configuration)))
    loaded = method.LoadedManTraNet(timed)
    plan = loaded.plan(*pixels.shape[:2])
    best = (float("inf"), 0.0, 0.0)
    for _ in range(repeat):
        timed.seconds = [0.0, 0.0]
        begin = time.perf_counter()
        loaded.analyse(pixels, plan, lambda *_: None, lambda *_: None)
        best = min(best, (time.perf_counter() - begin, *timed.seconds))
    peak = peak_memory()
    work = planning.feature_work(configuration) + planning.response_work(configuration)
    share = work * pixels.shape[0] * pixels.shape[1] / best[0] / product_rate()
    gigabytes = [f"{b / 1e9:.2f}" for b in (peak, plan.memory, plan.disk)]
    return [*(f"{s:.1f}" for s in best), *gigabytes, f"{share:.2f}"]


def whole(configuration: Any, pixels: Any, repeat: int) -> list[str]:
    import tensorflow as tf

    from workbench.methods.mantranet import network, weights
    from workbench.methods.mantranet.preprocessing import scaled

    model = network.build_network(configuration)
    weights.assign(model, arrays_for(configuration))
    graph = tf.function(lambda x: model(x, training=False))
    best = float("inf")
    for _ in range(repeat):
        begin = time.perf_counter()
        graph(scaled(pixels)).numpy()
        best = min(best, time.perf_counter() - begin)
    return [f"{best:.1f}", "", "", f"{peak_memory() / 1e9:.2f}", "", "", ""]


class Timed:
    """A runtime that adds up the seconds of its two passes."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self.configuration, self.min_std = runtime.configuration, runtime.min_std
        self.name, self.precision = runtime.name, runtime.precision
        self.seconds = [0.0, 0.0]

    def features(self, pixels: Any) -> Any:
        return self._timed(0, self._runtime.features, pixels)

    def response(self, *inputs: Any) -> Any:
        return self._timed(1, self._runtime.response, *inputs)

    def _timed(self, which: int, call: Any, *inputs: Any) -> Any:
        begin = time.perf_counter()
        result = call(*inputs)
        self.seconds[which] += time.perf_counter() - begin
        return result


def arrays_for(configuration: Any) -> Any:
    import numpy as np

    from workbench.core.errors import WeightsError
    from workbench.core.weights import card_named
    from workbench.methods.mantranet import weights

    try:
        return weights.load_weights(card_named(configuration.name).path, configuration)
    except WeightsError:
        draw = np.random.default_rng(0)
        shapes = weights.weight_shapes(configuration)
        return {n: np.abs(draw.normal(0, 0.05, s)).astype(np.float32) for n, s in shapes.items()}


def product_rate() -> float:
    import numpy as np

    a = np.ones((4096, 4096), np.float32)
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - begin)
    return 2 * 4096**3 / min(seconds)


def peak_memory() -> int:
    """Bytes of this process, so far; Linux and macOS."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), platform.processor())


if __name__ == "__main__":
    main()
