from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from workbench.core.digest import sha256_of_file
from workbench.core.errors import WorkbenchError
from workbench.core.families import FAMILIES, head_file, worth_of
from workbench.methods.mantranet.configuration import COMPACT_1
from workbench.methods.mantranet.family_head import load_head
from workbench.methods.mantranet.family_network import assign_all, build_families
from workbench.methods.mantranet.network import build_network
from workbench.methods.mantranet.weights import load_weights, save_weights
from workbench.training import family_stage
from workbench.training.checkpoint import CheckpointError, variable_value
from workbench.training.family_patches import FAINT
from workbench.training.folding import folded_weights
from workbench.training.loop import Training

TINY = replace(COMPACT_1, name="tiny", filters=(13, *[6] * 12), outlier_filters=4, lstm_filters=2)


@pytest.fixture
def fitting(tmp_path: Path, photo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> family_stage.Fitting:
    monkeypatch.setattr(family_stage, "SIDE", 40)
    monkeypatch.setattr(family_stage, "COUNT", 2)
    monkeypatch.setattr(family_stage, "ROUNDS", 2)
    keras.config.set_dtype_policy("float32")
    weights = tmp_path / "tiny.weights.h5"
    save_weights(weights, folded_weights(build_network(TINY)), TINY)
    return family_stage.Fitting(weights, TINY, photo_folder, 1e-6, tmp_path / "scratch")


def test_the_loss_is_that_of_the_family_and_leaves_faint_changes_out() -> None:
    truth = np.array([[[0, 3, 3 + FAINT]]], np.int16)
    logits = np.zeros((1, 1, 3, len(FAMILIES)), np.float32)
    logits[0, 0, 0, 0] = logits[0, 0, 1, 3] = logits[0, 0, 2, 5] = 20
    right = keras.ops.convert_to_numpy(family_stage.FamilyLoss()(truth, logits))
    wrong = keras.ops.convert_to_numpy(family_stage.FamilyLoss()(truth, np.roll(logits, 1, axis=-1)))
    assert right < 1e-3
    assert wrong > 5


def test_only_the_head_trains(fitting: family_stage.Fitting) -> None:
    model = family_stage.build(fitting)
    layer = model.network.get_layer
    before = variable_value(layer("b3c1").kernel).copy()
    head = variable_value(layer("hidden").kernel).copy()
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 40, 40, 3)).astype(np.float32)
    model.train_on_batch(pictures, np.full((2, 40, 40), 7, np.int16))
    assert np.array_equal(variable_value(layer("b3c1").kernel), before)
    assert not np.array_equal(variable_value(layer("hidden").kernel), head)


def test_the_written_head_answers_as_the_trained_one(fitting: family_stage.Fitting) -> None:
    model = family_stage.build(fitting)
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 40, 40, 3)).astype(np.float32)
    model.train_on_batch(pictures, np.full((2, 40, 40), 7, np.int16))
    expected = model.logits(model.features(pictures))
    plain = build_families(TINY)
    assign_all(plain, load_weights(fitting.weights, TINY), family_stage.folded_head(model.network))
    assert np.abs(expected).max() > 0
    assert np.allclose(plain.predict_on_batch(pictures), expected, atol=2e-2), "features are kept as float16"


def test_a_fitted_head_is_written_with_its_confusion(fitting: family_stage.Fitting) -> None:
    path = family_stage.fit(fitting)
    digest = sha256_of_file(fitting.weights)
    card = json.loads(path.with_suffix(".json").read_text("utf-8"))
    likely, shown, faint = (np.array(card[name]) for name in ("likely", "shown", "faint"))
    assert likely.shape == shown.shape == faint.shape == (8, 8)
    assert likely.sum() + faint.sum() == 2 * 2 * 40 * 40
    assert np.array_equal(likely.sum(axis=1), shown.sum(axis=1)), "of the same pixels"
    assert shown[:, 0].sum() >= likely[:, 0].sum()
    worth = worth_of(fitting.weights, digest)
    assert worth is not None
    assert worth.accuracy == pytest.approx(card["balanced_accuracy"], abs=1e-4)
    assert card["weights_sha256"] == digest
    assert card["sha256"] == sha256_of_file(path)
    assert card["steps"] == 1
    head = load_head(path, TINY, digest)
    again = load_head(family_stage.fit(fitting), TINY, digest)
    assert all(np.array_equal(head[name], again[name]) for name in head), "its minutes are spent"


def test_an_interrupted_fit_leaves_the_head_that_is_there(
    fitting: family_stage.Fitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(training: Training) -> None:
        training._stop = True

    written = [head_file(fitting.weights), head_file(fitting.weights).with_suffix(".json")]
    family_stage.fit(fitting)
    before = [file.read_bytes() for file in written]
    monkeypatch.setattr(Training, "_listen", stopped)
    with pytest.raises(WorkbenchError, match="The same command goes on"):
        family_stage.fit(replace(fitting, minutes=5))
    assert [file.read_bytes() for file in written] == before


def test_a_checkpoint_of_other_weights_is_refused(fitting: family_stage.Fitting) -> None:
    family_stage.fit(fitting)
    arrays = folded_weights(build_network(TINY))
    save_weights(fitting.weights, arrays, TINY)
    with pytest.raises(CheckpointError, match="other weights"):
        family_stage.fit(fitting)


def test_balanced_accuracy_weighs_families_alike() -> None:
    counts = np.diag([1000, *[1] * 7])
    counts[1] = [1, *[0] * 7]
    assert family_stage.balanced(counts) == pytest.approx(7 / 8)
