"""Times of a large case against the aim of the project: 500 pictures and 2,000 runs open in under 1 s.

Run `python benchmarks/case.py`. The pictures and maps are small, as opening reads none of them; the rows are
as large as those of photographs, EXIF included.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from workbench.casefile.store import CaseStore  # noqa: E402
from workbench.casefile.verification import examine  # noqa: E402
from workbench.core.analysis import (  # noqa: E402
    Outcome,
    Provenance,
    WeightsCard,
    analysis_of,
    new_id,
    request_for,
)
from workbench.core.case import Case, Item  # noqa: E402
from workbench.core.evidence import open_evidence  # noqa: E402
from workbench.core.heatmap import Heatmap  # noqa: E402
from workbench.core.maps import MemoryMaps  # noqa: E402
from workbench.core.weights import Threshold  # noqa: E402

PICTURES, RUNS = 500, 4
CARD = WeightsCard(
    "compact-1",
    Path("x.h5"),
    "compact-1",
    "ab" * 32,
    "Apache-2.0",
    True,
    "trained here",
    Threshold(0.5, "card"),
)


def photographs(folder: Path) -> list[Item]:
    """Items of photographs that differ, with EXIF as a camera writes it."""
    items = []
    scene = skimage.data.coffee()[:96, :128]
    for number in range(PICTURES):
        exif = Image.Exif()
        for tag in (0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298):
            exif[tag] = f"value {number} of tag {tag}"
        pixels = scene.copy()
        pixels[0, :3, 0] = number % 250, number // 250, 0
        path = folder / f"IMG_{number:04d}.jpg"
        Image.fromarray(pixels).save(path, exif=exif, quality=95)
        items.append(Item.of(open_evidence(path)))
    return items


def with_runs(item: Item, maps: MemoryMaps, number: int) -> Item:
    item = item.with_region(8, 8, 64, 64)
    for run in range(RUNS):
        region = item.regions[0] if run else None
        shape = (64, 64) if region else (96, 128)
        heatmap = Heatmap.of(np.random.default_rng((number, run)).random(shape, dtype=np.float32))
        maps.put_map(heatmap)
        made = Provenance("OpenVINO 2026.4", "float32", 512, 4.2, "2026-11-20T10:00:00+01:00", "cd" * 32)
        request = request_for(item.path, item.sha256, region, CARD)
        item = item.with_analysis(analysis_of(request, Outcome(heatmap, made), CARD, "A. Examiner"))
    return replace(item, tags=("night", "car"), note="Seen twice.")


def timed(what: str, work: Callable[[], object], times: int = 5, aim: str = "") -> None:
    """By the clock, and as processor time, which other jobs on the machine do not lengthen."""
    taken, worked = [], []
    for _ in range(times):
        begin, work_begin = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - begin)
        worked.append(time.process_time() - work_begin)
    middle, own = statistics.median(taken), statistics.median(worked)
    print(f"{what:30} {middle:7.3f} s, longest {max(taken):.3f} s, of it processor time {own:.3f} s{aim}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, maps = Path(name, "large.case"), MemoryMaps()
        items = [with_runs(item, maps, n) for n, item in enumerate(photographs(Path(name)))]
        begin = time.perf_counter()
        store = CaseStore.save_as(folder, Case(new_id(), items=tuple(items)), maps, "A. Examiner")
        print(f"{PICTURES} pictures, {PICTURES * RUNS} runs, saved in {time.perf_counter() - begin:.1f} s")
        noted = replace(store.case.items[0], note="Seen once.")
        store.commit(store.case.with_item(noted), "picture described", {}, "A. Examiner")
        timed("one change, on the disk", lambda: store.commit(store.case, "x", {}, "A. Examiner"))
        timed("sealing and closing", store.close, times=1)
        timed("opening", lambda: CaseStore.open(folder).close(), aim=" (aim: under 1 s)")
        timed("opening to read", lambda: CaseStore.open(folder, to_read=True).close())
        timed("verify, every file read", lambda: examine(folder), times=3)
        assert examine(folder).agrees


if __name__ == "__main__":
    main()
