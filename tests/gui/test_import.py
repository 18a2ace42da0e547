"""Import of weights in the authors' layout, with the real worker looking at the file."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from workbench.core.paths import user_weights_folder
from workbench.gui.main_window import MainWindow
from workbench.methods.mantranet.configuration import VARIANTS
from workbench.methods.mantranet.weights import save_weights, weight_shapes


@pytest.fixture
def authors_file(tmp_path: Path) -> Path:
    """Variant 4 with small random numbers."""
    draw = np.random.default_rng(0)
    shapes = weight_shapes(VARIANTS[4])
    arrays = {name: draw.normal(0, 0.02, shape).astype(np.float32) for name, shape in shapes.items()}
    save_weights(tmp_path / "theirs.h5", arrays, VARIANTS[4])
    return tmp_path / "theirs.h5"


def test_a_file_is_checked_then_imported_and_chosen(
    window: MainWindow, authors_file: Path, qtbot: QtBot
) -> None:
    window.actions_by_name["import_weights"].trigger()
    dialog = window.analysis_commands.importer.dialog
    assert dialog is not None
    dialog.path.setText(str(authors_file))
    dialog.accepted_licence.setChecked(True)
    dialog.variant.setCurrentIndex(1)
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.remark.text().endswith(".") and dialog.ok.isEnabled(), timeout=30_000)
    assert dialog.isVisible()
    assert not user_weights_folder().exists()

    dialog.variant.setCurrentIndex(4)
    dialog.name.setText("theirs")
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=30_000)
    assert (user_weights_folder() / "theirs.h5").is_file()
    assert window.parts.weights.currentText() == "theirs"
    assert window.session.preferences.settings.weights == "theirs"
    assert "theirs weights (no commercial use)" in window.status_label.text()
