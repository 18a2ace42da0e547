from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from workbench.training.command_line import main
from workbench.training.examples import contact_sheet, make_examples, write_examples
from workbench.training.forgeries import KINDS
from workbench.training.photos import Photo


def test_files_hold_what_was_made(photos: list[Photo], tmp_path: Path) -> None:
    examples = make_examples(photos, seed=2, count=2, side=48)
    write_examples(examples, tmp_path)
    for kind in KINDS:
        stored = np.asarray(Image.open(tmp_path / kind / "images" / "001.png"))
        assert np.array_equal(stored, examples[kind][1].picture)
        assert (tmp_path / kind / "masks").exists() == (kind != "genuine")
    mask = np.asarray(Image.open(tmp_path / "removal" / "masks" / "000.png"))
    assert np.array_equal(mask == 255, examples["removal"][0].mask)


def test_contact_sheet_has_two_rows_a_kind(photos: list[Photo]) -> None:
    examples = make_examples(photos, seed=2, count=3, side=48)
    assert contact_sheet(examples).shape == (2 * len(KINDS) * 48, 3 * 48, 3)


def test_command_writes_examples_of_held_out_photographs(photo_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "examples"
    words = ["examples", "--photos", str(photo_folder), "--out", str(out), "--count", "1", "--side", "48"]
    assert main(words) == 0
    assert (out / "contact-sheet.png").is_file()
