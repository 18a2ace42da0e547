"""Ablations: each variant is built, trained for two steps and measured; a stopped run is gone on with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import pytest
from PIL import Image

from workbench.evaluation import ablations, command_line, generated
from workbench.methods.mantranet.configuration import COMPACT_1, LAYERS
from workbench.training import anomaly_stage, batches, manipulation_stage
from workbench.training.checkpoint import CheckpointError, Progress, save_checkpoint

TINY = replace(
    COMPACT_1, name="tiny", filters=(13, *[6] * 12), outlier_filters=4, lstm_filters=2, pooling=(7,)
)
PARTS = {
    "whole": ((7, 15, 31), (7,), "cLSTM"),
    "not-pooled": ((7, 15, 31), (), "cLSTM"),
    "feature-axis": ((7, 15, 31), (7,), "merge"),
    "without-7": ((15, 31), (7,), "cLSTM"),
    "without-31": ((7, 15), (7,), "cLSTM"),
    "only-31": ((31,), (7,), "cLSTM"),
}
"""Windows, pooling and what joins the windows, of each variant."""


@pytest.fixture(scope="module")
def start() -> Any:
    keras.config.set_dtype_policy("float32")
    return manipulation_stage.build_classifier(TINY)


@pytest.fixture
def plan(start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ablations.Plan:
    monkeypatch.setattr(anomaly_stage, "SIZES", ((1, 48),))
    monkeypatch.setattr(batches, "NICENESS", 0)  # the test waits for it
    monkeypatch.setattr(generated, "SIDE", 48)
    rng = np.random.default_rng(0)
    for number in range(12):
        smooth = cv2.resize(rng.random((7, 8, 3), np.float32), (150, 140), interpolation=cv2.INTER_CUBIC)
        pixels = np.clip(255 * smooth + rng.normal(0, 8, (140, 150, 3)), 0, 255).astype(np.uint8)
        (tmp_path / "photos").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"scene-{number}.png")
    checkpoint = tmp_path / "start.npz"
    save_checkpoint(checkpoint, Progress("manipulations", "tiny", 1, 1, 0.1), start, start.optimizer)
    return ablations.Plan(tmp_path / "photos", checkpoint, 2, tmp_path / "scratch", "float32", forgeries=2)


@pytest.mark.parametrize("variant", ablations.VARIANTS, ids=lambda variant: variant.name)
def test_variants_differ_in_the_part_named(variant: ablations.Variant, start: Any) -> None:
    windows, pooling, joined_by = PARTS[variant.name]
    model = ablations.build(variant, TINY, start)
    parts = {layer.name: layer for layer in model.layers}
    assert parts["nestedAvgFeatex"].windows == windows
    assert {"cLSTM", "merge"} & set(parts) == {joined_by}
    channels, steps, filters = TINY.outlier_filters, len(windows) + 1, TINY.lstm_filters
    if joined_by == "cLSTM":
        assert len(parts["cLSTM"].input) == steps
        assert tuple(parts["cLSTM"].kernel.shape) == (7, 7, channels, 4 * filters)
    else:
        assert tuple(parts["merge"].kernel.shape) == (7, 7, channels * steps, filters)
    assert (parts["nestedAvgState"].windows if "nestedAvgState" in parts else ()) == pooling
    assert parts["pred"].kernel.shape[2] == filters * (1 + len(pooling))
    for name in LAYERS:
        assert not parts[name].trainable_variables, "the extractor is frozen"
        for ours, given in zip(parts[name].get_weights(), start.get_layer(name).get_weights(), strict=True):
            assert np.array_equal(ours, given)


@pytest.mark.usefixtures("eagerly")
def test_a_run_measures_each_variant_and_is_gone_on_with(plan: ablations.Plan) -> None:
    variants = ablations.VARIANTS[1:3]  # without the means, and the feature axis: with them, without ConvLSTM
    figures = ablations.run(plan, variants, TINY)
    assert [entry["name"] for entry in figures["variants"]] == ["not-pooled", "feature-axis"]
    first, second = (entry["auc"]["all"] for entry in figures["variants"])
    assert figures["recipe"]["steps"] == 2
    assert first["n"] == second["n"] == 2 * 4, "two of each kind"
    assert second["difference"]["mean"] == pytest.approx(first["mean"] - second["mean"])
    assert "difference" not in first
    assert json.loads(json.dumps(figures)) == figures
    files = [plan.folder / f"{variant.name}.npz" for variant in variants]
    written = [file.stat().st_mtime_ns for file in files]
    assert ablations.run(plan, variants, TINY) == figures
    assert [file.stat().st_mtime_ns for file in files] == written, "what is there is not trained again"
    with pytest.raises(CheckpointError, match="was trained in another way"):
        ablations.run(replace(plan, steps=3), variants, TINY)


def test_the_command_writes_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start, out = tmp_path / "start.npz", tmp_path / "new" / "figures.json"
    expected = ablations.Plan(tmp_path, start, 3, tmp_path / "scratch", "float32")
    monkeypatch.setattr(ablations, "run", lambda plan: {"as asked": plan == expected})
    words = ["ablations", "--photos", str(tmp_path), "--start", str(start), "--steps", "3"]
    words += ["--folder", str(tmp_path / "scratch"), "--precision", "float32", "--out", str(out)]
    assert command_line.main(words) == 0
    assert json.loads(out.read_text("utf-8")) == {"as asked": True}


def test_every_variant_has_a_name_and_a_title_of_its_own() -> None:
    assert [variant.name for variant in ablations.VARIANTS] == list(PARTS)
    assert len({variant.title for variant in ablations.VARIANTS}) == len(PARTS)
