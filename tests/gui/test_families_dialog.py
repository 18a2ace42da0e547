"""The map of families in the window, by the real worker and a head of random numbers."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from workbench.core.families import FAMILIES, head_file
from workbench.core.weights import card_named
from workbench.gui.families_dialog import FamiliesDialog
from workbench.gui.main_window import MainWindow
from workbench.methods.mantranet.configuration import COMPACT_1
from workbench.methods.mantranet.family_head import head_shapes, save_head


@pytest.fixture
def with_head(opened: MainWindow, tmp_path: Path) -> MainWindow:
    """The window with a copy of the shipped weights that has a head and its table beside it."""
    card = card_named()
    copy = tmp_path / "copy.weights.h5"
    copy.write_bytes(card.path.read_bytes())
    rng = np.random.default_rng(0)
    head = {n: rng.normal(0, 1, shape).astype(np.float32) for n, shape in head_shapes(COMPACT_1).items()}
    save_head(head_file(copy), head, COMPACT_1, card.sha256)
    table = {"weights_sha256": card.sha256, "confusion": (np.eye(8, dtype=int) * 9 + 1).tolist()}
    head_file(copy).with_suffix(".json").write_text(json.dumps(table))
    preferences = opened.session.preferences
    preferences.cards = tuple(replace(c, path=copy) if c.name == card.name else c for c in preferences.cards)
    assert preferences.card is not None
    assert preferences.card.path == copy
    return opened


def dialog_of(window: MainWindow, qtbot: QtBot) -> FamiliesDialog:
    window.actions_by_name["families"].trigger()
    dialog = window.findChild(FamiliesDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.progress.isHidden, timeout=240_000)
    return dialog


def test_families_are_shown_with_shares_and_with_how_often_they_are_right(
    with_head: MainWindow, qtbot: QtBot
) -> None:
    dialog = dialog_of(with_head, qtbot)
    assert "nothing follows from it" in dialog.summary.text()
    shares = [float(label.text().rstrip("%")) for label in dialog.shares]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    assert dialog.model.rowCount() == len(FAMILIES)
    assert dialog.model.index(1, 2).data() == "59%", "10 of 17"
    coloured = dialog.picture.pixmap().toImage()
    dialog.show_colours.setChecked(False)
    assert dialog.picture.pixmap().toImage() != coloured
    assert dialog.picture.pixmap().size() == coloured.size()


def test_weights_without_a_head_are_told(opened: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    preferences = opened.session.preferences
    copy = tmp_path / "bare.weights.h5"
    copy.write_bytes(card_named().path.read_bytes())
    preferences.cards = tuple(replace(card, path=copy) for card in preferences.cards)
    dialog = dialog_of(opened, qtbot)
    assert "workbench train families" in dialog.summary.text()
    assert dialog.picture.pixmap().isNull()
    assert dialog.model.rowCount() == 0
