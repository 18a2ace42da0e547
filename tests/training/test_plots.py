from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.training import command_line
from workbench.training.plots import LogError, read_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Forty steps with three measures, resumed once from an older checkpoint."""
    path = tmp_path / "anomaly.jsonl"
    lines = []
    for step in (*range(20, 420, 20), *range(300, 820, 20)):
        where = {"stage": "anomaly", "step": step, "minutes": step / 40}
        lines.append(where | {"loss": 1 / np.sqrt(step)})
        if step % 200 == 0:
            lines.append(where | {"auc": 0.5 + step / 2000, "auc_splicing": 0.6 + step / 2000})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_steps_trained_twice_count_once(log: Path) -> None:
    steps = [entry["step"] for entry in read_log(log) if "loss" in entry]
    assert steps == list(range(20, 820, 20))


def test_a_log_becomes_a_picture_the_same_each_time(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "images"
    assert command_line.main(["plots", str(log), "--out", str(out)]) == 0
    first = (out / "training-anomaly.png").read_bytes()
    with Image.open(out / "training-anomaly.png") as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape[1] > 800
    halves = pixels[:, : pixels.shape[1] // 2], pixels[:, pixels.shape[1] // 2 :]
    assert all((half.min(axis=-1) < 100).mean() > 0.005 for half in halves), "something is drawn in both"
    command_line.main(["plots", str(log), "--out", str(out)])
    assert (out / "training-anomaly.png").read_bytes() == first


@pytest.mark.parametrize("text", ["no json", '{"step": 1}', "[]", ""])
def test_what_is_no_log_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(LogError):
        read_log(path)
