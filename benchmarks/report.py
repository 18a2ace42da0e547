"""How long a report on twenty pictures of two megapixels takes, and where the time goes.

Run `python benchmarks/report.py`. Pictures are photographs of scikit-image, magnified, with grain; maps are
made up (smooth, with places above the threshold), since no network is measured here. The case lies on the
disk. The time of the processor is told beside that of the clock, as other programs may be running.
"""

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from skimage import data

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from workbench.casefile.store import CaseStore  # noqa: E402
from workbench.core.analysis import Outcome, Provenance, analysis_of, request_for  # noqa: E402
from workbench.core.case import Case, Item  # noqa: E402
from workbench.core.evidence import open_evidence, reopen  # noqa: E402
from workbench.core.heatmap import Heatmap  # noqa: E402
from workbench.core.weights import card_named  # noqa: E402
from workbench.report.export import Options, export_case  # noqa: E402
from workbench.report.verification import differences  # noqa: E402

WIDTH, HEIGHT = 1732, 1155


def picture(path: Path, seed: int) -> None:
    """A JPEG of two megapixels with grain, so that it packs like a photograph."""
    source = (data.coffee(), data.rocket(), data.chelsea(), data.astronaut())[seed % 4]
    large = cv2.resize(source, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(seed).normal(0, 4, large.shape)
    Image.fromarray(np.clip(large + grain, 0, 255).astype(np.uint8)).save(path, quality=92)


def response(seed: int) -> np.ndarray:
    """A map with the texture that real ones have, a few places above 0.5."""
    rng = np.random.default_rng(seed)
    coarse = cv2.GaussianBlur(rng.random((HEIGHT, WIDTH), dtype=np.float32), (0, 0), 9)
    coarse = (coarse - coarse.min()) / np.ptp(coarse) * 0.75
    return np.clip(coarse + rng.random((HEIGHT, WIDTH), dtype=np.float32) * 0.02, 0, 1).astype(np.float32)


def make_case(folder: Path, pictures: int) -> CaseStore:
    card = card_named()
    store = CaseStore.create(folder / "benchmark.case")
    case: Case = store.case
    for number in range(pictures):
        path = folder / f"{number}.jpg"
        picture(path, number)
        item = Item.of(open_evidence(path))
        heatmap = Heatmap.of(response(number))
        store.put_map(heatmap)
        sha256 = item.decode.decoded_sha256
        made = Provenance("made up", "float32", 512, 1.0, "2026-11-20T10:00:00+01:00", sha256)
        request = request_for(path, item.sha256, None, card)
        case = case.with_item(item.with_analysis(analysis_of(request, Outcome(heatmap, made), card, "")))
    store.commit(case, "benchmark", {}, "")
    return store


def timed(what: str, store: CaseStore, out: Path, options: Options) -> None:
    begin, used = time.perf_counter(), time.process_time()
    export_case(
        out, store.case, lambda item: reopen(store.picture_file(item), item.sha256), store, options=options
    )
    seconds, used = time.perf_counter() - begin, time.process_time() - used
    print(f"{what:42} {seconds:6.1f} s, processor {used:6.1f} s", flush=True)


def size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=20)
    pictures = parser.parse_args().pictures
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = make_case(folder, pictures)
        with store:
            bare = Options(html=False, pdf=False, exchange=False)
            timed(f"{pictures} pictures: exhibits and records", store, folder / "bare", bare)
            timed("with HTML", store, folder / "html", replace(bare, html=True))
            timed("everything, PDF/A-3a too (aim: under 10)", store, folder / "whole", Options())
        begin = time.perf_counter()
        assert differences(folder / "whole") == []
        print(f"{'verifying it':42} {time.perf_counter() - begin:6.1f} s")
        pdf = (folder / "whole/report.pdf").stat().st_size / 1e6
        print(f"{'size of the report; of it the PDF':42} {size(folder / 'whole'):6.0f} MB; {pdf:.0f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{'memory at the peak':42} {peak:6.2f} GB")


if __name__ == "__main__":
    main()
