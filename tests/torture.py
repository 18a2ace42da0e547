"""Kills the real window in the midst of work and looks what is left: `make torture`, not part of the tests.

A window (offscreen) opens one and the same case again and again and works on it at random: pictures,
regions, thresholds, tags, notes, details, runs, region searches and their suggestions, undo, redo, leaving
the case and opening it anew. One window in four begins without a case instead: its pictures go into an
untitled one, which is given a name at some time. Whenever a window shows a change as done it prints where the
log ends and what the case then is. At a random moment it is killed as by `kill -9`, every other untitled one
while it is given its name. Then the case must be in one place and hold the last state that was printed, each
of its runs must have its exhibits, and verify must find nothing but an open seal.

    python tests/torture.py [KILLS] [--seed N] [--write docs/torture.md]

Each window is a process of its own, forked from this one once Qt is imported, to save the time of importing.
"""

import argparse
import json
import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from torture_hand import NAMING, Hand, digest  # noqa: E402

from workbench.casefile import untitled  # noqa: E402
from workbench.casefile.blobs import map_name  # noqa: E402
from workbench.casefile.connection import DATABASE  # noqa: E402
from workbench.casefile.store import CaseStore  # noqa: E402
from workbench.casefile.verification import examine  # noqa: E402
from workbench.core.case import Case  # noqa: E402
from workbench.core.mapfile import MapForm  # noqa: E402
from workbench.core.settings import Settings  # noqa: E402
from workbench.gui import app  # noqa: E402
from workbench.gui.main_window import MainWindow  # noqa: E402

PICTURES = 40
MOST_CHANGES = 20
"""After up to that many changes were shown the window is killed."""
LONGEST_REST = 0.1
"""Seconds after the last of them, at most."""
WITHOUT_A_CASE = 0.25
"""Share of the windows that begin without one."""
LONGEST_NAMING = 0.08
"""Seconds after that in which half of these windows are killed."""


QUIET = {"case opened", "case sealed", "case named"}
"""What the log tells of that changes nothing in the case."""


def live(folder: Path, pictures: list[Path], seed: int, out: int, *, untitled: bool) -> None:
    """The life of a window: it ends by being killed."""
    os.dup2(out, 1)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    running = app.application()
    window = MainWindow(Settings(examiner="A. Examiner"))
    window.show()
    hand = Hand(window, folder, pictures, seed, untitled=untitled)
    running.exec()
    del hand


@dataclass(frozen=True)
class Death:
    """What a window had shown when it was killed.

    Attributes:
        told: number of log lines, hash of the last, digest of the case, its folder; for each change shown.
        seconds: how long it lived.
        naming: whether its case was about to be given a name.
    """

    told: list[list[Any]]
    seconds: float
    naming: bool


def kill_one(folder: Path, pictures: list[Path], draw: random.Random, *, untitled: bool) -> Death:
    reading, writing = os.pipe()
    begin, seed = time.monotonic(), draw.getrandbits(32)
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            live(folder, pictures, seed, writing, untitled=untitled)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "r", encoding="utf-8") as stream:
        if untitled and draw.random() < 0.5:
            text = _until_named(stream)
            time.sleep(draw.uniform(0, LONGEST_NAMING))
        else:
            text = "".join(stream.readline() for _ in range(draw.randint(1, MOST_CHANGES)))
            time.sleep(draw.uniform(0, LONGEST_REST))
        os.kill(child, signal.SIGKILL)
        text += stream.read()
    _, status = os.waitpid(child, 0)
    if not text or os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit(f"The window ended by itself (seed {seed}).")
    lines = [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
    told = [line for line in lines if line != NAMING]
    return Death(told, time.monotonic() - begin, naming=NAMING in lines)


def _until_named(stream: TextIO) -> str:
    text = ""
    while line := stream.readline():
        text += line
        if json.loads(line) == NAMING:
            break
    return text


@dataclass(frozen=True)
class Left:
    """What a killed window left.

    Attributes:
        folder: of the case.
        wrong: sentences on what is wrong with it.
        sealed: whether it was found sealed.
        actions: of the lines of its log.
    """

    folder: Path
    wrong: list[str]
    sealed: bool
    actions: list[str]


def look(death: Death, target: Path) -> Left:
    """Find the case, where it was told of last or where it was being moved to, and check it."""
    places = {Path(death.told[-1][3]), target}
    there = [folder for folder in places if (folder / DATABASE).is_file()]
    if len(there) != 1:
        return Left(target, [f"the case is in {len(there)} places: {places}"], False, [])
    wrong, sealed = check(there[0], death)
    if untitled.is_untitled(there[0]) and there[0] not in [left.folder for left in untitled.left_over()]:
        wrong.append("the next start does not offer the untitled case")
    with CaseStore.open(there[0], to_read=True) as store:
        return Left(there[0], wrong, sealed, [line.action for line in store.log()])


def check(folder: Path, death: Death) -> tuple[list[str], bool]:
    """What is wrong with the case, and whether it was found sealed."""
    found = examine(folder)
    wrong = [*found.differences, *found.originals]
    with CaseStore.open(folder, to_read=True) as store:
        if store.remark:
            wrong.append(store.remark)
        lines, case = store.log(), store.case
    for sha256 in case.map_hashes():
        gone = [form for form in MapForm if not (folder / map_name(sha256, form)).is_file()]
        wrong += [f"{sha256[:12]}.{form.value}, an exhibit, is missing" for form in gone]
    count, sha256, state, _ = death.told[-1]
    if len(lines) < count or lines[count - 1].sha256 != sha256:
        wrong.append(f"line {count} of the log, which was shown as done, is not there")
    later = [line.action for line in lines[count:] if line.action not in QUIET]
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
    seen, wrong, actions = Seen(), list[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        os.environ["WORKBENCH_HOME"] = str(Path(name, "home"))
        pictures = make_pictures(Path(name))
        folder = Path(name, "torture.case")
        CaseStore.create(folder).close()
        for number in range(1, kills + 1):
            without = draw.random() < WITHOUT_A_CASE
            target = Path(name, f"named {number}.case") if without else folder
            death = kill_one(target, pictures, draw, untitled=without)
            left = look(death, target)
            wrong += [f"kill {number}: {problem}" for problem in left.wrong]
            seen.add(death, left, untitled=without)
            sys.stderr.write(
                f"kill {number}: {len(death.told)} changes in {death.seconds:.1f} s {left.wrong}\n"
            )
            if without:
                actions.update(action.split(":")[0] for action in left.actions)
                CaseStore.open(left.folder).close()
                wrong += [
                    f"kill {number}, closed: {sentence}" for sentence in examine(left.folder).differences
                ]
                shutil.rmtree(left.folder)
        remark = CaseStore.open(folder).close()
        end = examine(folder)
        if remark or not (end.sealed and end.agrees):
            wrong.append(f"at the end: {remark} {end.differences}")
        with CaseStore.open(folder, to_read=True) as store:
            log, size = store.log(), _size(store.case)
    minutes = (time.monotonic() - begin) / 60
    actions.update(line.action.split(":")[0] for line in log)
    return _report((kills, seed, minutes), seen, (size, actions), wrong), not wrong


@dataclass
class Seen:
    """Counts over all kills.

    Attributes:
        shown: changes shown as done.
        sealed: cases found sealed.
        untitled: windows that began without a case.
        naming: of these, killed after their case was to be given a name.
        moved: of these, found at the new place.
    """

    shown: int = 0
    sealed: int = 0
    untitled: int = 0
    naming: int = 0
    moved: int = 0

    def add(self, death: Death, left: Left, *, untitled: bool) -> None:
        """Count one kill."""
        self.shown += len(death.told)
        self.sealed += left.sealed
        self.untitled += untitled
        self.naming += death.naming
        self.moved += untitled and left.folder.name.startswith("named ")


def _size(case: Case) -> str:
    runs = sum(len(item.analyses) for item in case.items)
    regions = sum(len(item.regions) for item in case.items)
    return f"{len(case.items)} pictures, {runs} runs and {regions} regions"


def _report(
    run: tuple[int, int, float], seen: Seen, end: tuple[str, Counter[str]], wrong: list[str]
) -> list[str]:
    (kills, seed, minutes), (size, actions), without = run, end, seen.untitled
    made = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()}, Python {platform.python_version()}"
    return [
        "# Torture",
        "",
        f"Output of `make torture` ({made}, seed {seed}, {minutes:.0f} minutes): the real",
        f"window, offscreen, killed as by `kill -9` at a random moment, {kills} times: {kills - without}",
        f"times while it worked on one and the same case, {without} times on pictures without one, which go",
        f"into an untitled one; {seen.naming} of these when the case was being given its name or later, and",
        f"{seen.moved} were found at the new place. After each kill the case must be in one place and hold",
        "what the window had shown as done, each run must have its exhibits, and `verify` must find nothing",
        "but a seal that stands open. What is done and how it is checked is told in `tests/torture.py`.",
        "",
        f"**Changes lost or differences found: {len(wrong)}.**",
        *(f"- {sentence}" for sentence in wrong),
        "",
        f"{seen.shown} changes were shown as done before a kill. {seen.sealed} kills met the case sealed,",
        "between leaving it and the next change; the others left it open. At the end the one case held",
        f"{size}, and was sealed without a difference. Lines of all logs, {actions.total()}; a suggestion",
        "that became a region stands under “region drawn”:",
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
