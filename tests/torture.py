"""Kills the real window in the midst of work and looks what is left: `make torture`, not part of the tests.

A window (offscreen) opens one and the same case again and again and works on it at random: pictures, regions,
thresholds, tags, notes, details, runs, undo, redo, leaving the case and opening it anew. Whenever it shows a
change as done it prints where the log ends and what the case then is. At a random moment it is killed as by
`kill -9`. Then the case must hold the last state that was printed, and verify must find nothing but an open
seal.

    python tests/torture.py [KILLS] [--seed N] [--write docs/torture.md]

Each window is a process of its own, forked from this one once Qt is imported, to save the time of importing.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import QTimer  # noqa: E402

from workbench.casefile.log import as_text  # noqa: E402
from workbench.casefile.store import CaseStore  # noqa: E402
from workbench.casefile.verification import examine  # noqa: E402
from workbench.core.analysis import Outcome, Provenance, analysis_of, request_for  # noqa: E402
from workbench.core.case import Case, CaseDetails  # noqa: E402
from workbench.core.heatmap import Heatmap  # noqa: E402
from workbench.core.jsonform import to_json  # noqa: E402
from workbench.core.settings import Settings  # noqa: E402
from workbench.gui import app, layers  # noqa: E402
from workbench.gui.main_window import MainWindow  # noqa: E402
from workbench.gui.runs import Result  # noqa: E402

PICTURES = 40
MOST_CHANGES = 20
"""After up to that many changes were shown the window is killed."""
LONGEST_REST = 0.1
"""Seconds after the last of them, at most."""


def digest(case: Case) -> str:
    return hashlib.sha256(as_text(to_json(case)).encode()).hexdigest()


class Hand:
    """Works in a window at random, and prints what the window shows as done."""

    def __init__(self, window: MainWindow, folder: Path, pictures: list[Path], seed: int) -> None:
        self._window, self._session = window, window.session
        self._folder, self._pictures = folder, pictures
        self._draw = random.Random(seed)
        self._session.document.changed.connect(self._tell)
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._work)
        self._session.saved.connect(lambda _: self._timer.start())
        window.open_case(folder)

    def _tell(self) -> None:
        document = self._session.document
        if document.folder is None:
            return
        head = document.maps.head
        told = [head.count, head.sha256, digest(document.case)]
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    def _work(self) -> None:
        """One action; what can't be done at the moment is passed over."""
        item, document = self._session.item, self._session.document
        ways: list[Callable[[], object]] = [self._open_picture]
        if item is not None and document.folder is not None:
            ways += [
                self._draw_region,
                lambda: document.describe_item(item.id, self._tags(), self._words()),
                lambda: document.set_details(CaseDetails(question=self._words())),
                self._finish_run,
                document.undo,
                document.redo,
            ]
            if item.regions:
                ways += [self._move_region, self._delete_region]
            if item.analyses:
                ways += [self._note_run, self._set_threshold]
            if self._draw.random() < 0.1:
                ways = [self._reopen]
        self._draw.choice(ways)()

    def _words(self) -> str:
        return self._draw.choice(["<b>", "\u202e", "=1+1", "Müller", "\0", ""]) + str(self._draw.random())

    def _tags(self) -> tuple[str, ...]:
        return tuple(f"tag{n}" for n in range(self._draw.randrange(4)))

    def _open_picture(self) -> None:
        self._window.open_paths([self._draw.choice(self._pictures)])

    def _draw_region(self) -> None:
        self._session.add_region(self._draw.randrange(30), self._draw.randrange(20), 24, 20)

    def _move_region(self) -> None:
        region = self._draw.choice(self._session.item.regions)
        self._session.change_region(
            region.moved_to(self._draw.randrange(30), self._draw.randrange(20), 24, 20)
        )

    def _delete_region(self) -> None:
        self._session.choose_region(self._draw.choice(self._session.item.regions).id)
        self._session.remove_region()

    def _set_threshold(self) -> None:
        self._session.choose_layer(self._draw.choice(self._session.item.analyses).id)
        self._session.settle_threshold(round(self._draw.random(), 3))

    def _note_run(self) -> None:
        item = self._session.item
        self._session.document.describe_run(item.id, self._draw.choice(item.analyses).id, self._words())

    def _finish_run(self) -> None:
        """Hand over a map as the engine's reader would: no model is loaded for this."""
        session, item = self._session, self._session.item
        card = session.preferences.card
        shape = (item.decode.height, item.decode.width)
        heatmap = Heatmap.of(
            np.random.default_rng(self._draw.getrandbits(32)).random(shape, dtype=np.float32)
        )
        made = Provenance(
            "none", "float32", 512, 0.1, datetime.now(UTC).isoformat(), item.decode.decoded_sha256
        )
        outcome = Outcome(heatmap, made)
        analysis = analysis_of(request_for(item.path, item.sha256, None, card), outcome, card, "A. Examiner")
        layer = layers.finished(analysis.id, analysis.title, heatmap.response, analysis.origin)
        session.runs.finished.emit(Result(item.id, analysis, outcome, layer))

    def _reopen(self) -> None:
        """Leaving seals the case."""
        self._timer.stop()
        self._session.cases.start_new()
        self._window.open_case(self._folder)


def live(folder: Path, pictures: list[Path], seed: int, out: int) -> None:
    """The life of a window: it ends by being killed."""
    os.dup2(out, 1)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    running = app.application()
    window = MainWindow(Settings(examiner="A. Examiner"))
    window.show()
    hand = Hand(window, folder, pictures, seed)
    running.exec()
    del hand


@dataclass(frozen=True)
class Death:
    """What a window had shown when it was killed.

    Attributes:
        told: number of log lines, hash of the last, digest of the case; for each change shown.
        seconds: how long it lived.
    """

    told: list[list[Any]]
    seconds: float


def kill_one(folder: Path, pictures: list[Path], draw: random.Random) -> Death:
    reading, writing = os.pipe()
    begin, seed = time.monotonic(), draw.getrandbits(32)
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            live(folder, pictures, seed, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "r", encoding="utf-8") as stream:
        text = "".join(stream.readline() for _ in range(draw.randint(1, MOST_CHANGES)))
        time.sleep(draw.uniform(0, LONGEST_REST))
        os.kill(child, signal.SIGKILL)
        text += stream.read()
    _, status = os.waitpid(child, 0)
    if not text or os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit(f"The window ended by itself (seed {seed}).")
    lines = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return Death([json.loads(line) for line in lines], time.monotonic() - begin)


def check(folder: Path, death: Death) -> tuple[list[str], bool]:
    """What is wrong with the case, and whether it was found sealed."""
    found = examine(folder)
    wrong = [*found.differences, *found.originals]
    with CaseStore.open(folder, to_read=True) as store:
        if store.remark:
            wrong.append(store.remark)
        lines, case = store.log(), store.case
    count, sha256, state = death.told[-1]
    if len(lines) < count or lines[count - 1].sha256 != sha256:
        wrong.append(f"line {count} of the log, which was shown as done, is not there")
    later = [line.action for line in lines[count:] if line.action not in {"case opened", "case sealed"}]
    if not later and digest(case) != state:
        wrong.append("the case is not in the state that was shown last")
    return wrong, found.sealed


def make_pictures(folder: Path) -> list[Path]:
    found = []
    for number in range(PICTURES):
        path = folder / str(number % 4) / f"IMG_{number // 4:04d}.png"
        path.parent.mkdir(exist_ok=True)
        noise = np.random.default_rng(number).integers(0, 255, (48, 64, 3), np.uint8)
        Image.fromarray(noise).save(path)
        found.append(path)
    return found


def torture(kills: int, seed: int) -> tuple[list[str], bool]:
    """Kill that often; lines of the report, and whether all went well."""
    draw, begin = random.Random(seed), time.monotonic()
    shown, sealed, wrong = 0, 0, list[str]()
    with tempfile.TemporaryDirectory() as name:
        os.environ["WORKBENCH_HOME"] = str(Path(name, "home"))
        pictures = make_pictures(Path(name))
        folder = Path(name, "torture.case")
        CaseStore.create(folder).close()
        for number in range(1, kills + 1):
            death = kill_one(folder, pictures, draw)
            shown += len(death.told)
            problems, was_sealed = check(folder, death)
            wrong += [f"kill {number}: {problem}" for problem in problems]
            sealed += was_sealed
            sys.stderr.write(
                f"kill {number}: {len(death.told)} changes in {death.seconds:.1f} s {problems}\n"
            )
        remark = CaseStore.open(folder).close()
        end = examine(folder)
        if remark or not (end.sealed and end.agrees):
            wrong.append(f"at the end: {remark} {end.differences}")
        with CaseStore.open(folder, to_read=True) as store:
            log, size = store.log(), _size(store.case)
    minutes = (time.monotonic() - begin) / 60
    actions = Counter(line.action.split(":")[0] for line in log)
    return _report((kills, seed, minutes), (shown, sealed), (size, actions), wrong), not wrong


def _size(case: Case) -> str:
    runs = sum(len(item.analyses) for item in case.items)
    regions = sum(len(item.regions) for item in case.items)
    return f"{len(case.items)} pictures, {runs} runs and {regions} regions"


def _report(
    run: tuple[int, int, float], seen: tuple[int, int], end: tuple[str, Counter[str]], wrong: list[str]
) -> list[str]:
    (kills, seed, minutes), (shown, sealed), (size, actions) = run, seen, end
    made = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()}, Python {platform.python_version()}"
    return [
        "# Torture",
        "",
        f"Output of `make torture` ({made}, seed {seed}, {minutes:.0f} minutes): the real",
        f"window, offscreen, killed as by `kill -9` at a random moment, {kills} times, each time while it",
        "worked on the same case. After each kill the case must hold what the window had shown as done, and",
        "`verify` must find nothing but a seal that stands open. What is done and how it is checked is told",
        "in `tests/torture.py`.",
        "",
        f"**Changes lost or differences found: {len(wrong)}.**",
        *(f"- {sentence}" for sentence in wrong),
        "",
        f"{shown} changes were shown as done before a kill. {sealed} kills met the case sealed, between",
        f"leaving it and the next change; the others left it open. At the end it held {size}",
        f"and was sealed without a difference. Its log of {actions.total()} lines:",
        "",
        "| action | lines |",
        "|---|---|",
        *(f"| {action} | {count} |" for action, count in actions.most_common()),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the window and look what is left of the case.")
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    parser.add_argument("--write", type=Path, help="the report")
    arguments = parser.parse_args()
    report, well = torture(arguments.kills, arguments.seed)
    text = "\n".join(report) + "\n"
    sys.stdout.write(text)
    if arguments.write:
        arguments.write.write_text(text, "utf-8")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
