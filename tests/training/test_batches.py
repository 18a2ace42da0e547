from __future__ import annotations

import signal
from pathlib import Path

import numpy as np

from workbench.training.batches import (
    BatchPlan,
    _start_worker,
    batches,
    classified_patch,
    make_batch,
    to_network,
)
from workbench.training.photos import Photo, load_photos


def test_classified_patches_name_what_was_done(photos: list[Photo]) -> None:
    patches = [classified_patch(photos, np.random.default_rng([3, i]), 64) for i in range(12)]
    classes = {int(leaf) for _, truth in patches for leaf in np.unique(truth)}
    assert len(classes) > 12
    assert 0 in classes
    assert all(0 <= leaf <= 380 for leaf in classes)
    assert all(picture.shape == (64, 64, 3) and truth.dtype == np.int16 for picture, truth in patches)


def test_a_batch_is_fixed_by_seed_and_step(photos: list[Photo]) -> None:
    plan = BatchPlan("anomaly", Path(), "training", seed=1, sizes=((2, 64),))
    first, again, later = (make_batch(plan, photos, step) for step in (7, 7, 8))
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], later[0])
    assert set(np.unique(first[1])) <= {0, 1}


def test_sizes_take_turns(photos: list[Photo]) -> None:
    plan = BatchPlan("anomaly", Path(), "training", seed=1, sizes=((3, 48), (1, 96)))
    shapes = [make_batch(plan, photos, step)[0].shape[:3] for step in range(3)]
    assert shapes == [(3, 48, 48), (1, 96, 96), (3, 48, 48)]


def test_background_processes_give_the_same_batches(photo_folder: Path) -> None:
    plan = BatchPlan("manipulations", photo_folder, "training", seed=1, sizes=((2, 48), (1, 64)))
    source = batches(plan, first_step=5)
    received = [next(source) for _ in range(2)]
    source.close()
    photos = load_photos(photo_folder, "training")
    for (step, (pictures, truth)), expected in zip(received, (5, 6), strict=True):
        assert step == expected
        assert np.array_equal(pictures, make_batch(plan, photos, step)[0])
        assert np.array_equal(truth, make_batch(plan, photos, step)[1])


def test_the_interrupt_is_left_to_the_training(photo_folder: Path) -> None:
    plan = BatchPlan("anomaly", photo_folder, "training", seed=1, sizes=((1, 48),))
    before = signal.getsignal(signal.SIGINT)
    try:
        _start_worker(plan, niceness=0)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_network_input_spans_minus_one_to_one() -> None:
    scaled = to_network(np.array([[0, 255]], np.uint8))
    assert scaled.dtype == np.float32
    assert scaled.tolist() == [[-1.0, 1.0]]
