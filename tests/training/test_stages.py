"""One step of each stage on tiny data, and what leaves the training: the weight file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.network import build_extractor, build_network
from workbench.methods.mantranet.weights import assign, load_weights
from workbench.training import anomaly_stage, commands, extractor_stage, manipulation_stage
from workbench.training.checkpoint import (
    CheckpointError,
    Progress,
    load_checkpoint,
    read_progress,
    save_checkpoint,
    variable_value,
)
from workbench.training.export import ExportError, check_equal, export_weights
from workbench.training.folding import bayar_error, folded_weights
from workbench.training.forgeries import generator
from workbench.training.loop import rate_factor

TINY = Configuration("tiny", filters=(14, *[6] * 12), outlier_filters=5, windows=(7, 15), lstm_filters=2)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (2, 40, 40, 3)).astype("float32")


@pytest.fixture(scope="module")
def classifier(pictures: np.ndarray) -> keras.Model:
    """After two steps: normalisation statistics, kernels and constraint have moved."""
    model = manipulation_stage.build_classifier(TINY)
    truth = np.random.default_rng(1).integers(0, 381, (2, 40, 40))
    for _ in range(2):
        model.train_on_batch(pictures, truth)
    return model


def test_a_step_moves_trainable_kernels_and_keeps_the_constraint(classifier: keras.Model) -> None:
    fresh = manipulation_stage.build_classifier(TINY)
    for name in ("b1c2", "transform", "head"):
        moved, start = (variable_value(model.get_layer(name).kernel) for model in (classifier, fresh))
        assert not np.array_equal(moved, start)
    assert bayar_error(folded_weights(classifier)) < 1e-5


def features(model: keras.Model) -> keras.Model:
    return keras.Model(model.input, model.get_layer("L2").output)


def test_folding_keeps_the_features(classifier: keras.Model) -> None:
    arrays = folded_weights(classifier)
    assert not any("norm" in name or "head" in name for name in arrays)
    extractor = build_extractor(TINY)
    assign(extractor, arrays)
    check_equal(features(classifier), extractor)


def test_a_wrong_fold_is_noticed(classifier: keras.Model) -> None:
    classifier.get_layer("b3c1_norm").epsilon = 0.5
    arrays = folded_weights(classifier)
    classifier.get_layer("b3c1_norm").epsilon = 1e-3
    extractor = build_extractor(TINY)
    assign(extractor, arrays)
    with pytest.raises(ExportError, match="differs"):
        check_equal(features(classifier), extractor)


@pytest.mark.usefixtures("eagerly")
def test_stage_two_keeps_the_normalisation_of_stage_one(
    classifier: keras.Model, pictures: np.ndarray
) -> None:
    detector = anomaly_stage.build_detector(TINY, classifier)
    check_equal(features(classifier), features(detector), tolerance=0)
    before = [variable_value(v) for v in detector.get_layer("b3c1_norm").variables]
    kernel = variable_value(detector.get_layer("b3c1").kernel)
    detector.train_on_batch(pictures, (pictures[..., 0] > 0.9).astype("int16"))
    after = [variable_value(v) for v in detector.get_layer("b3c1_norm").variables]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert not np.array_equal(kernel, variable_value(detector.get_layer("b3c1").kernel))


def test_stage_two_starts_as_a_detector_of_what_deviates(classifier: keras.Model) -> None:
    rng = np.random.default_rng(5)
    picture = rng.normal(0, 0.05, (1, 96, 96, 3)).astype(np.float32)
    picture[:, 30:60, 40:70] = rng.normal(0, 0.4, (1, 30, 30, 3))
    response = keras.ops.convert_to_numpy(anomaly_stage.build_detector(TINY, classifier)(picture))[0, ..., 0]
    inside = np.zeros((96, 96), bool)
    inside[30:60, 40:70] = True
    assert roc_auc_score(inside.ravel(), response.ravel()) > 0.8


def test_the_light_head_learns_first_then_the_extractor_which_is_handed_on(
    classifier: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractor_stage, "_WAIT", 1)
    rng = np.random.default_rng(5)
    truth = np.zeros((4, 64, 64), "int16")
    pictures = rng.normal(0, 0.05, (4, 64, 64, 3)).astype(np.float32)
    for picture, mask, (row, column) in zip(pictures, truth, rng.integers(0, 32, (4, 2)), strict=True):
        picture[row : row + 32, column : column + 32] *= 8
        mask[row : row + 32, column : column + 32] = 1
    localiser = extractor_stage.build_localiser(TINY, classifier)
    kernels = [variable_value(localiser.get_layer("b3c1").kernel)]
    for _ in range(25):
        localiser.train_on_batch(pictures[:3], truth[:3])
        kernels.append(variable_value(localiser.get_layer("b3c1").kernel))
    assert np.array_equal(kernels[1], variable_value(classifier.get_layer("b3c1").kernel)), "the head first"
    assert not np.array_equal(kernels[2], kernels[1])
    response = keras.ops.convert_to_numpy(localiser(pictures[3:]))[0, ..., 0]
    assert response.shape == (64, 64)
    assert roc_auc_score(truth[3].ravel(), response.ravel()) > 0.9
    detector = anomaly_stage.build_detector(TINY)
    anomaly_stage.take_extractor(detector, localiser)
    check_equal(features(localiser), features(detector), tolerance=0)


def test_a_localiser_built_second_fits_the_checkpoint_of_one_built_first(tmp_path: Path) -> None:
    first, second = (extractor_stage.build_localiser(TINY) for _ in range(2))
    save_checkpoint(tmp_path / "x.npz", Progress("extractor", "tiny", 1, 1, 0.1), second, second.optimizer)
    load_checkpoint(tmp_path / "x.npz", first, first.optimizer)
    restored = commands.restored(tmp_path / "x.npz", TINY)
    check_equal(features(second), features(restored), tolerance=0)


def test_a_checkpoint_without_a_network_is_refused_in_a_sentence(tmp_path: Path) -> None:
    model = build_extractor(TINY)
    model.compile(optimizer="sgd")
    save_checkpoint(tmp_path / "x.npz", Progress("families", "tiny", 1, 1, 0.1), model, model.optimizer)
    with pytest.raises(CheckpointError, match="stage families"):
        commands.restored(tmp_path / "x.npz", TINY)


@pytest.mark.usefixtures("eagerly")
def test_stage_two_exports_what_it_learned(
    classifier: keras.Model, pictures: np.ndarray, tmp_path: Path
) -> None:
    detector = anomaly_stage.build_detector(TINY, classifier)
    truth = (pictures[..., 0] > 0.9).astype("int16")
    detector.train_on_batch(pictures, truth)
    export_weights(detector, TINY, tmp_path / "tiny.weights.h5")
    stored = load_weights(tmp_path / "tiny.weights.h5", TINY)
    assert bayar_error(stored) < 1e-4
    network = build_network(TINY)
    assign(network, stored)
    expected = keras.ops.convert_to_numpy(detector(pictures, training=False))
    rounded = keras.ops.convert_to_numpy(network(pictures, training=False))
    assert np.allclose(rounded, expected, atol=2e-3), "float16 in the file"
    with h5py.File(tmp_path / "tiny.weights.h5") as file:
        assert file["Featex/b3c1/kernel:0"].dtype == np.float16
        assert file["Featex/b1c1/bayar_kernel:0"].dtype == np.float32


def test_export_refuses_kernels_that_break_the_constraint(tmp_path: Path) -> None:
    detector = anomaly_stage.build_detector(TINY)
    kernel = detector.get_layer("b1c1").bayar_kernel
    kernel.assign(kernel * 1.01)
    with pytest.raises(ExportError, match="Bayar"):
        export_weights(detector, TINY, tmp_path / "tiny.weights.h5")


def test_small_edits_weigh_more() -> None:
    truth = np.zeros((1, 20, 20), "float32")
    truth[0, :2, :2] = 1
    missed, false = np.full((1, 20, 20), 0.1, "float32"), np.full((1, 20, 20), 0.1, "float32")
    false[0, 10:12, 10:12] = 0.9
    found = missed.copy()
    found[0, :2, :2] = 0.9
    losses = [anomaly_stage.balanced_cross_entropy(truth, response) for response in (found, missed, false)]
    values = [float(keras.ops.convert_to_numpy(loss).mean()) for loss in losses]
    assert values[0] < values[1]
    gain, cost = values[1] - values[0], values[2] - values[1]
    assert gain > 3 * cost  # 4 of 400 pixels: weight sqrt(396 / 4) = 10


def test_ranking_asks_for_the_order_within_a_picture_whatever_its_level() -> None:
    truth = np.zeros((4, 90, 90), "float32")
    truth[:3, 30:60, 30:60] = 1
    response = np.full((4, 90, 90), 0.1, "float32")
    response[0, 30:60, 30:60] = 0.2
    response[1] = 0.8
    response[2, 30:60, 30:60] = 0.05
    losses = keras.ops.convert_to_numpy(anomaly_stage.ranking(truth, response))
    odds = np.log(0.2 / 0.8) - np.log(0.1 / 0.9)
    assert losses[0] == pytest.approx(np.log1p(np.exp(-odds)), abs=1e-5)
    assert losses[1] == pytest.approx(np.log(2), abs=1e-5), "no order, at any level"
    assert losses[2] > np.log(2), "the wrong order"
    assert losses[3] == 0, "a genuine picture has none"


def test_rate_rises_stays_and_falls() -> None:
    assert rate_factor(0, 0.0) < 0.05
    assert rate_factor(500, 0.2) == 1.0
    assert rate_factor(5000, 0.625) == pytest.approx(0.52)
    assert rate_factor(9000, 1.0) == pytest.approx(0.04)


def options(folder: Path, photos: Path, name: str) -> commands.Options:
    return commands.Options(
        1e-6, folder / f"{name}.npz", folder / "log.jsonl", photos, precision="float32", configuration=TINY
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pictures, and few of them to measure on."""
    few = partial(anomaly_stage.measure_localisation, count=1)
    monkeypatch.setattr(anomaly_stage, "measure_localisation", few)
    monkeypatch.setattr(anomaly_stage, "MEASURED_SIDE", 40)
    for stage in (manipulation_stage, anomaly_stage):
        monkeypatch.setattr(stage, "SIZES", ((1, 40),))


def write_classifier(checkpoint: Path) -> None:
    classifier = manipulation_stage.build_classifier(TINY)
    save_checkpoint(
        checkpoint, Progress("manipulations", "tiny", 1, 1, 0.1), classifier, classifier.optimizer
    )


def saved_kernel(checkpoint: Path) -> np.ndarray:
    with np.load(checkpoint) as file:
        return file[f"model/{json.loads(str(file['names'])).index('b3c1/kernel')}"]


@pytest.mark.usefixtures("quick", "eagerly")
def test_both_stages_run_resume_and_export(
    photo_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    first = commands.train_manipulations(options(tmp_path, photo_folder, "first"))
    assert first.step == 1
    begun = tmp_path / "first.npz"
    second = commands.train_anomaly(options(tmp_path, photo_folder, "second"), begun, begun)
    assert second.step == 1
    assert (second.recipe["sizes"], second.recipe["rate"]) == ("1 of 40", anomaly_stage.RATE)
    assert second.recipe["generator"] == generator()
    assert second.recipe["precision"] == "float32"
    again = commands.train_anomaly(options(tmp_path, photo_folder, "second"), start=begun)
    assert "--start is not used" in caplog.text
    assert again == read_progress(tmp_path / "second.npz") == second, "its minutes are spent"
    before = (tmp_path / "second.npz").read_bytes()
    other = tmp_path / "other.npz"
    write_classifier(other)
    commands.train_anomaly(options(tmp_path, photo_folder, "second"), extractor=other)
    assert (tmp_path / "second.npz").read_bytes() == before, "it can't learn with another extractor"
    with pytest.raises(CheckpointError, match=r"seed 20261120\. Give --seed 20261120"):
        commands.train_anomaly(replace(options(tmp_path, photo_folder, "second"), seed=7))
    with pytest.raises(CheckpointError, match="stage manipulations, which is no whole network"):
        commands.export(begun, tmp_path / "none.weights.h5", TINY)
    commands.export(tmp_path / "second.npz", tmp_path / "tiny.weights.h5", TINY)
    assert load_weights(tmp_path / "tiny.weights.h5", TINY)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert len(lines) == 2, "each is measured once, and nothing where no minutes are left"
    assert "held_out_group_accuracy" in lines[0]
    assert 0 <= lines[1]["auc"] <= 1
    moved = np.abs(saved_kernel(tmp_path / "second.npz") - saved_kernel(begun)).max()
    longer = replace(options(tmp_path, photo_folder, "second"), minutes=second.minutes + 1e-6)
    commands.train_anomaly(longer, extractor=begun)
    gone_on = np.abs(saved_kernel(tmp_path / "second.npz") - saved_kernel(begun)).max()
    assert 0 < moved < gone_on, "that extractor was taken over before and is not again"


TRAINING = """
import sys
from functools import partial
from pathlib import Path
from workbench.methods.mantranet.configuration import Configuration
from workbench.training import anomaly_stage, commands, extractor_stage
from workbench.training.loop import Schedule

if __name__ == "__main__":
    folder, photos = map(Path, sys.argv[1:])
    anomaly_stage.measure_localisation = partial(anomaly_stage.measure_localisation, count=1)
    anomaly_stage.MEASURED_SIDE, extractor_stage.SIZES = 40, ((1, 40),)
    commands.Schedule = partial(Schedule, log_every=2)
    tiny = Configuration("tiny", (14, *[6] * 12), outlier_filters=5, windows=(7, 15), lstm_filters=2)
    files = folder / "state.npz", folder / "log.jsonl"
    commands.train_extractor(commands.Options(60, *files, photos, configuration=tiny))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_training_that_is_told_to_stop_keeps_its_state(photo_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "training.py").write_text(TRAINING)
    command = [sys.executable, str(tmp_path / "training.py"), str(tmp_path), str(photo_folder)]
    log = tmp_path / "log.jsonl"
    with subprocess.Popen(command, start_new_session=True) as process:
        while process.poll() is None and not log.exists():  # 2 steps
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl+C does: those that make its batches get it, too
        assert process.wait() == 0
    last = json.loads(log.read_text().splitlines()[-1])
    assert 0 <= last["auc"] <= 1
    assert read_progress(tmp_path / "state.npz").step == last["step"] >= 2


def test_a_checkpoint_of_the_classifier_restores_it(classifier: keras.Model, tmp_path: Path) -> None:
    progress = Progress("manipulations", "tiny", 1, 2, 0.1)
    save_checkpoint(tmp_path / "state.npz", progress, classifier, classifier.optimizer)
    other = manipulation_stage.build_classifier(TINY)
    assert load_checkpoint(tmp_path / "state.npz", other, other.optimizer) == progress
    restored, saved = (variable_value(model.get_layer("head").kernel) for model in (other, classifier))
    assert np.array_equal(restored, saved)
