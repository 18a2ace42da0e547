"""A wider network goes on from a narrower one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import keras
import numpy as np
import pytest

from workbench.methods.mantranet.configuration import Configuration
from workbench.training import anomaly_stage, commands
from workbench.training.checkpoint import CheckpointError, Progress, save_checkpoint, variable_value
from workbench.training.widening import widen

NARROW = Configuration(
    "narrow", filters=(14, *[5] * 11, 6), outlier_filters=4, windows=(7, 15), lstm_filters=2
)
WIDE = replace(NARROW, name="wide", filters=(14, *[7] * 11, 6), outlier_filters=5, lstm_filters=3)
POOLED = replace(WIDE, name="pooled", pooling=(7, 15))


@pytest.fixture(scope="module")
def narrow() -> keras.Model:
    keras.utils.set_random_seed(3)
    return anomaly_stage.build_detector(NARROW)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (1, 40, 48, 3)).astype("float32")


def response(model: keras.Model, pictures: np.ndarray) -> np.ndarray:
    return keras.ops.convert_to_numpy(model(pictures, training=False))[0, ..., 0]


def test_wider_layers_begin_with_the_same_response(narrow: keras.Model, pictures: np.ndarray) -> None:
    model = anomaly_stage.build_detector(WIDE)
    widen(model, narrow, WIDE)
    expected = response(narrow, pictures)
    assert np.ptp(expected) > 1e-3
    np.testing.assert_allclose(response(model, pictures), expected, atol=1e-5)


def test_what_is_new_can_learn(narrow: keras.Model) -> None:
    model = anomaly_stage.build_detector(WIDE)
    widen(model, narrow, WIDE)
    kernel = variable_value(model.get_layer("b3c1").kernel)
    assert np.abs(kernel[..., 5:]).min(axis=(0, 1, 2)).max() > 0, "new channels see something"
    assert not kernel[:, :, 5:, :5].any(), "old ones do not see them yet"


def test_half_of_the_response_comes_from_the_means(narrow: keras.Model, pictures: np.ndarray) -> None:
    model = anomaly_stage.build_detector(POOLED)
    widen(model, narrow, POOLED)
    before, after = (np.log(r / (1 - r)) for r in (response(narrow, pictures), response(model, pictures)))
    kernel = variable_value(model.get_layer("pred").kernel).reshape(7, 7, 3, 3)
    old = variable_value(narrow.get_layer("pred").kernel)[..., 0]
    np.testing.assert_allclose(kernel[:, :, 0, :2], old / 2)
    np.testing.assert_allclose(kernel[:, :, 1:, :2].sum(axis=2), old / 2, rtol=1e-6)
    assert 0.4 < np.std(after) / np.std(before) < 1, "smoother, of the same level"
    assert abs(after.mean() - before.mean()) < 0.2


@pytest.mark.parametrize("other", [WIDE, replace(NARROW, pooling=(7,))])
def test_what_is_wider_or_pooled_already_is_refused(other: Configuration) -> None:
    with pytest.raises(CheckpointError, match="not a narrower one"):
        widen(anomaly_stage.build_detector(NARROW), anomaly_stage.build_detector(other), NARROW)


@pytest.mark.usefixtures("eagerly")
def test_a_training_starts_from_a_narrower_one(
    narrow: keras.Model, photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "CONFIGURATIONS", {"narrow": NARROW})
    monkeypatch.setattr(anomaly_stage, "SIZES", ((1, 40),))
    monkeypatch.setattr(anomaly_stage, "MEASURED_SIDE", 40)
    few = partial(anomaly_stage.measure_localisation, count=1)
    monkeypatch.setattr(anomaly_stage, "measure_localisation", few)
    progress = Progress("anomaly", "narrow", 1, 70, 30.0)
    save_checkpoint(tmp_path / "narrow.npz", progress, narrow, narrow.optimizer)
    options = commands.Options(
        1e-6,
        tmp_path / "pooled.npz",
        tmp_path / "log.jsonl",
        photo_folder,
        precision="float32",
        configuration=POOLED,
    )
    assert commands.train_anomaly(options, tmp_path / "narrow.npz").step == 1
    arrays = np.load(tmp_path / "pooled.npz", allow_pickle=False)
    kernels = [arrays[name] for name in arrays.files if name.startswith("model/")]
    old = variable_value(narrow.get_layer("b3c1").kernel)
    near = [k for k in kernels if k.shape == (3, 3, 7, 7) and np.abs(k[:, :, :5, :5] - old).max() < 0.01]
    assert near, "the narrower kernel is there, moved by one step"
