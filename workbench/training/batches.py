"""Training batches, made in background processes: each depends on seed and step number only."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.training.family_patches import family_patch
from workbench.training.forgeries import make_forgery
from workbench.training.history import random_compression
from workbench.training.manipulations import UNTOUCHED, apply, draw_manipulation
from workbench.training.masks import random_mask
from workbench.training.photos import Photo, Picture, draw_patch, load_photos

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from workbench.training.split import Part

Stage = Literal["manipulations", "families", "anomaly"]
Batch = tuple[NDArray[np.uint8], NDArray[np.int16]]
"""Pictures (count, side, side, 3) and truth (count, side, side): leaf class, family, or 1 where edited."""

Sizes = tuple[tuple[int, int], ...]
"""Number of pictures and their side in pixels, batch by batch."""

_AHEAD = 6
NICENESS = 19
"""Of the background processes: steps of the network go first."""


@dataclass(frozen=True)
class BatchPlan:
    """What the batches of a training are made of. The position in the data is the step number.

    Attributes:
        stage: what the pictures are.
        folder: of photographs.
        part: of the split.
        seed: of everything.
        sizes: number of pictures and their side in pixels, of one batch after the other, then anew.
    """

    stage: Stage
    folder: Path
    part: Part
    seed: int
    sizes: Sizes


def make_batch(plan: BatchPlan, photos: Sequence[Photo], step: int) -> Batch:
    """Make the batch of a step: the same at every call with the same plan, photographs and step."""
    make = {"manipulations": _classified, "families": family_patch, "anomaly": _forged}[plan.stage]
    count, side = plan.sizes[step % len(plan.sizes)]
    samples = [make(photos, np.random.default_rng([plan.seed, step, i]), side) for i in range(count)]
    return np.stack([picture for picture, _ in samples]), np.stack([truth for _, truth in samples])


def to_network(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Scale 0..255 to the network's -1..1."""
    return pictures.astype(np.float32) / np.float32(127.5) - np.float32(1)


def classified_patch(photos: Sequence[Photo], rng: np.random.Generator, side: int) -> Batch:
    """Make a patch of up to five regions, each manipulated in another way, with the leaf class per pixel.

    A quarter are compressed as a whole afterwards (quality 80 to 100), so that what is learned survives
    the way from the editor to the evidence.
    """
    picture = draw_patch(photos, rng, side)
    truth = np.full((side, side), UNTOUCHED, np.int16)
    result = picture
    whole = rng.random() < 0.7
    for number in range(int(rng.integers(1, 5))):
        manipulation = draw_manipulation(rng)
        changed = apply(manipulation, picture, rng)
        mask = (
            np.ones((side, side), np.bool_)
            if whole and number == 0
            else random_mask(rng, side, picture, float(rng.uniform(0.1, 0.5)))
        )
        result = np.where(mask[..., None], changed, result)
        truth[mask] = manipulation.leaf
    if rng.random() < 0.25:
        result = random_compression(result, rng, 80, 100)
    return result, truth


def _classified(photos: Sequence[Photo], rng: np.random.Generator, side: int) -> Batch:
    return classified_patch(photos, rng, side)


def _forged(
    photos: Sequence[Photo], rng: np.random.Generator, side: int
) -> tuple[Picture, NDArray[np.int16]]:
    forgery = make_forgery(photos, rng, side)
    return forgery.picture, forgery.mask.astype(np.int16)


_photos: list[Photo] = []
"""The photographs of a background process: loaded once, when it starts."""


def _start_worker(plan: BatchPlan, niceness: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the training, which ends this process
    os.nice(niceness)
    cv2.setNumThreads(1)
    _photos[:] = load_photos(plan.folder, plan.part)


def _work(plan: BatchPlan, step: int) -> Batch:
    return make_batch(plan, _photos, step)


def batches(plan: BatchPlan, first_step: int, workers: int = 1) -> Generator[tuple[int, Batch]]:
    """Yield (step, batch) from `first_step` on without end, made ahead in background processes.

    Close the generator to end the processes. Any number of workers gives the same batches.
    """
    context = get_context("spawn")  # a fork after the neural runtime has started threads hangs
    with ProcessPoolExecutor(workers, context, _start_worker, (plan, NICENESS)) as pool:
        waiting: deque[Future[Batch]] = deque()
        step = first_step
        try:
            while True:
                while len(waiting) < _AHEAD:
                    waiting.append(pool.submit(_work, plan, step + len(waiting)))
                yield step, waiting.popleft().result()
                step += 1
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
