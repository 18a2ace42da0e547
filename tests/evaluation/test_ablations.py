"""Ablations: each variant is built, trained for a step and measured; an interrupted run is gone on with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest
from PIL import Image

from workbench.evaluation import ablations
from workbench.methods.mantranet.configuration import COMPACT_1
from workbench.training import anomaly_stage, batches, manipulation_stage
from workbench.training.checkpoint import Progress, save_checkpoint

TINY = replace(
    COMPACT_1, name="tiny", filters=(13, *[6] * 12), outlier_filters=4, lstm_filters=2, pooling=(7,)
)


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ablations.Plan:
    monkeypatch.setattr(anomaly_stage, "SIZES", ((1, 48),))
    monkeypatch.setattr(anomaly_stage, "MEASURED_SIDE", 48)
    monkeypatch.setattr(anomaly_stage, "KINDS", anomaly_stage.KINDS[:2])
    monkeypatch.setattr(batches, "NICENESS", 0)  # the test waits for it
    rng = np.random.default_rng(0)
    for number in range(12):
        smooth = cv2.resize(rng.random((7, 8, 3), np.float32), (150, 140), interpolation=cv2.INTER_CUBIC)
        pixels = np.clip(255 * smooth + rng.normal(0, 8, (140, 150, 3)), 0, 255).astype(np.uint8)
        (tmp_path / "photos").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"scene-{number}.png")
    keras.config.set_dtype_policy("float32")
    classifier = manipulation_stage.build_classifier(TINY)
    start = tmp_path / "start.npz"
    save_checkpoint(start, Progress("manipulations", "tiny", 1, 1, 0.1), classifier, classifier.optimizer)
    return ablations.Plan(tmp_path / "photos", start, 1e-6, tmp_path / "scratch", "float32")


def test_variants_differ_in_the_part_named(plan: ablations.Plan) -> None:
    figures = ablations.run(plan, ablations.VARIANTS[:3], TINY)
    assert [entry["name"] for entry in figures["variants"]] == ["whole", "not-pooled", "feature-axis"]
    for entry in figures["variants"]:
        assert entry["steps"] == 1
        assert set(entry["auc"]) >= {"auc", "auc_splicing"}
        assert 0 <= entry["auc"]["auc"] <= 1
    again = ablations.run(plan, ablations.VARIANTS[:3], TINY)
    assert again == figures, "what is there is gone on with, and its minutes are spent"


def test_titles_and_windows_agree() -> None:
    names = [variant.name for variant in ablations.VARIANTS]
    assert len(set(names)) == len(names)
    assert all(variant.windows and set(variant.windows) <= {7, 15, 31} for variant in ablations.VARIANTS)
