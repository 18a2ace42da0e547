"""Times of the window, against the aims of the project: start, stall, slider, cancel.

Run `python benchmarks/window.py`; without a screen it uses Qt's offscreen plugin. It starts a fresh process
for the first figure, runs the shipped weights in the real worker, and draws maps of 12 and 48 megapixels.
A stall is told twice: by the clock, and as processor time of the window's own thread. On a machine with fewer
free cores than the worker has threads the first also holds what the system gave to others.
"""
# ruff: noqa: PLC0415 - the first figure must not be paid for by imports here

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.heatmap import Response
    from workbench.gui.main_window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

START = """
import sys, time
begin = time.perf_counter()
from workbench.gui.app import application, make_window
from workbench.core import settings
running = application()
window = make_window(*settings.load())
window.show()
while not window.stage.overlay.isVisible() or window.windowHandle() is None:
    running.processEvents()
running.processEvents()
print(time.perf_counter() - begin)
"""


def line(what: str, value: float, unit: str, aim: float) -> None:
    print(f"{what:58} {value:8.2f} {unit:3} (aim: under {aim:g})")


def start_seconds() -> float:
    """From starting the interpreter to a window that has been painted; the middle of five."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", START], check=True, capture_output=True, cwd=ROOT)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def wait_for(reached: Callable[[], bool], seconds: float = 300) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop, end = QEventLoop(), time.monotonic() + seconds

    def look() -> None:
        if reached() or time.monotonic() > end:
            loop.quit()

    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    if not reached():
        raise TimeoutError


class Stalls:
    """A timer that should fire every five milliseconds; what it is late by is what the user waits."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.longest = 0.0
        self.longest_work = 0.0
        self._last = time.perf_counter()
        self._last_work = time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._on_tick)

    def __enter__(self) -> "Stalls":
        self._last, self._last_work = time.perf_counter(), time.thread_time()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()

    def _on_tick(self) -> None:
        now, work = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, now - self._last - 0.005)
        self.longest_work = max(self.longest_work, work - self._last_work)
        self._last, self._last_work = now, work

    def tell(self, when: str) -> None:
        line(f"longest stall of the event loop {when}", self.longest * 1000, "ms", 50)
        line("  of it work of the window's thread, at most", self.longest_work * 1000, "ms", 50)


def picture(folder: Path, width: int, height: int) -> Path:
    import cv2
    import skimage.data
    from PIL import Image

    path = folder / f"{width}x{height}.jpg"
    large = cv2.resize(skimage.data.coffee(), (width, height), interpolation=cv2.INTER_CUBIC)
    Image.fromarray(large).save(path, quality=90)
    return path


def open_picture(window: "MainWindow", path: Path) -> None:
    count = len(window.session.document.case.items)
    window.open_paths([path])
    wait_for(lambda: len(window.session.document.case.items) > count)


def measure_analysis(window: "MainWindow", folder: Path) -> None:
    """The longest stall from the click to the finished map, and the time from cancel to idle."""
    done: list[object] = []
    window.session.analysis_finished.connect(done.append)
    open_picture(window, picture(folder, 1600, 1067))
    window.start_engine()
    wait_for(lambda: window.session.runs.runtime != "")
    with Stalls() as stalls:
        window.analyse()
        wait_for(lambda: bool(done) and window.session.findings is not None)
    stalls.tell("during an analysis")
    times = []
    for _ in range(5):
        stopped: list[bool] = []
        window.session.analysis_stopped.connect(lambda stopped=stopped: stopped.append(True))
        window.analyse()
        tiles: list[int] = []
        window.session.runs.progressed.connect(lambda n, *_, tiles=tiles: tiles.append(n))
        wait_for(lambda tiles=tiles: bool(tiles))
        begin = time.perf_counter()
        window.cancel()
        wait_for(lambda stopped=stopped: bool(stopped))
        times.append(time.perf_counter() - begin)
    line("cancel to idle, middle of five", statistics.median(times) * 1000, "ms", 300)
    line("cancel to idle, longest of five", max(times) * 1000, "ms", 300)


def smooth_map(width: int, height: int) -> "Response":
    import cv2
    import numpy as np

    noise = np.random.default_rng(0).random((height // 8, width // 8), dtype=np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 6)
    smooth = (smooth - smooth.min()) / (smooth.max() - smooth.min())
    return cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)


def measure_slider(window: "MainWindow", folder: Path, width: int, height: int) -> None:
    """From setting the slider to the canvas having been painted, at fit, 1:1 and 8:1; then the findings."""
    from workbench.gui import layers

    path = picture(folder, width, height)
    with Stalls() as stalls:
        begin = time.perf_counter()
        open_picture(window, path)
        line(f"open a JPEG of {width * height / 1e6:.0f} MP", time.perf_counter() - begin, "s", 5)
    stalls.tell("meanwhile")
    session = window.session
    session.show_layer(layers.finished("bench", "Whole picture", smooth_map(width, height), (0, 0)))
    megapixels = width * height / 1e6
    for name, scale in (("fit", None), ("1:1", 1.0), ("8:1", 8.0)):
        window.stage.viewport.fit() if scale is None else window.stage.viewport.zoom_to(scale)
        window.stage.overlay.repaint()
        times = []
        for step in range(300, 800, 10):
            begin = time.perf_counter()
            window.threshold_slider.setValue(step)
            window.stage.overlay.repaint()
            times.append(time.perf_counter() - begin)
        line(
            f"slider to repaint, {megapixels:.0f} MP, {name}, middle",
            statistics.median(times) * 1000,
            "ms",
            16,
        )
        line(f"slider to repaint, {megapixels:.0f} MP, {name}, longest", max(times) * 1000, "ms", 16)
    with Stalls() as stalls:
        begin = time.perf_counter()
        window.threshold_slider.setValue(650)
        wait_for(lambda: session.findings is not None and session.findings.threshold == 0.65)
        line(
            f"slider to the table of findings, {megapixels:.0f} MP",
            (time.perf_counter() - begin) * 1000,
            "ms",
            100,
        )
    stalls.tell(f"meanwhile, {megapixels:.0f} MP")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["WORKBENCH_HOME"] = str(folder / "home")
        line("start of the interpreter to a painted window", start_seconds(), "s", 1)

        from workbench.core.settings import Settings
        from workbench.gui.app import application, make_window

        application()
        window = make_window(Settings())
        window.show()
        window.parts.response.build_histogram()
        measure_analysis(window, folder)
        for size in ((4000, 3000), (8000, 6000)):
            measure_slider(window, folder, *size)
        window.close()


if __name__ == "__main__":
    main()
