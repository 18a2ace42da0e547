"""`workbench families` with the real worker, imported weights and a head of random numbers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.cli import DONE, FAILED, main
from workbench.core import paths
from workbench.core.families import FAMILIES
from workbench.core.weights import card_named


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture, and weights named `copy` without a head in the user's folder."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    folder = paths.user_weights_folder()
    folder.mkdir(parents=True)
    card = card_named()
    shutil.copyfile(card.path, folder / "copy.weights.h5")
    replace(card, name="copy", path=folder / "copy.weights.h5").write(folder)
    pixels = np.random.default_rng(0).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def test_families_are_written_with_their_legend(
    picture: Path, tmp_path: Path, put_head: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    put_head(card_named("copy").path)
    out = tmp_path / "out"
    assert main(["families", str(picture), "--weights", "copy", "--out", str(out)]) == DONE
    with Image.open(out / "classes.png") as image:
        classes = np.asarray(image)
    with Image.open(out / "clearness.png") as image:
        clearness = np.asarray(image)
    described = json.loads((out / "families.json").read_text("utf-8"))
    assert classes.shape == (60, 80)
    assert [entry["name"] for entry in described["families"]] == list(FAMILIES)
    for entry in described["families"]:
        if entry["class"]:
            shown = (classes == entry["class"]) & (clearness >= 128)
            assert entry["share"] == pytest.approx(shown.mean())
    assert described["confusion"] is None
    printed = capsys.readouterr().out
    assert "nothing follows from it" in printed
    assert "was not measured" in printed


def test_weights_without_a_head_are_a_sentence(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["families", str(picture), "--weights", "copy"]) == FAILED
    assert "workbench train families" in capsys.readouterr().err
    assert not Path("picture-families").exists()
