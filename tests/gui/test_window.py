"""The window as a whole: keys, names, views, weights, messages of the engine."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSlider, QApplication, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.core import paths
from workbench.core.weights import AUTHORS_LICENCE
from workbench.engine.messages import Progress, Ready, Tile
from workbench.gui.action_table import ACTIONS
from workbench.gui.dialogs import KeysDialog, key_rows
from workbench.gui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]


def test_every_action_has_its_own_key_and_tells_it(window: MainWindow) -> None:
    keys = [key for spec in ACTIONS for key in spec.keys]
    assert len(keys) == len(set(keys))
    for spec in ACTIONS:
        action = window.actions_by_name[spec.name]
        assert action.shortcuts()
        assert action.toolTip().endswith(f"({action.shortcuts()[0].toString()})")


def test_everything_that_takes_the_keyboard_has_a_name(window: MainWindow) -> None:
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, QLineEdit)
        and not widget.accessibleName()
        and not (isinstance(widget, QToolButton) and widget.text())
        and not getattr(widget, "text", str)()
        and widget.isVisible()
    ]
    assert nameless == []


def test_tab_reaches_canvas_threshold_and_tables(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    opened.stage.focus()
    seen = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        seen.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    for wanted in (opened.stage.overlay, opened.layers_list, opened.threshold_slider, opened.findings_table):
        assert wanted in seen
    assert seen.index(opened.layers_list) < seen.index(opened.threshold_slider)
    assert seen.index(opened.threshold_slider) < seen.index(opened.findings_table)


def test_question_mark_shows_the_keys(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Question)
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


def test_the_written_list_of_keys_is_that_of_the_program(qapp: QApplication) -> None:
    written = (ROOT / "docs" / "keys.md").read_text("utf-8")
    for key, name, tip in key_rows():
        assert f"| `{key}` | {name} | {tip} |" in written


def test_letters_can_be_typed_where_text_is_asked(opened: MainWindow, qtbot: QtBot) -> None:
    opened.actions_by_name["case_details"].trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    qtbot.keyClicks(dialog.findChild(QLineEdit), "raf")
    assert dialog.findChild(QLineEdit).text().endswith("raf")
    dialog.reject()
    assert not opened.session.runs.busy


def test_side_by_side_moves_together(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    qtbot.keyClick(opened, Qt.Key.Key_D)
    assert opened.stage.plain.isVisible()
    assert not opened.stage.plain.has_map
    assert opened.stage.overlay.has_map
    opened.stage.viewport.zoom_by(3)
    assert opened.stage.plain.viewport is opened.stage.overlay.viewport
    qtbot.keyClick(opened, Qt.Key.Key_S)
    assert not opened.stage.plain.isVisible()


def test_blink_and_hide(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    qtbot.keyClick(opened, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: not opened.stage.map_visible, timeout=2000)
    qtbot.waitUntil(lambda: opened.stage.map_visible, timeout=2000)
    qtbot.keyClick(opened, Qt.Key.Key_S)
    qtbot.keyClick(opened, Qt.Key.Key_H)
    assert not opened.stage.map_visible
    qtbot.keyClick(opened, Qt.Key.Key_H)
    assert opened.stage.map_visible


def test_opacity_changes_the_picture(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots())
    before = opened.stage.overlay.composed().pixelColor(400, 300)
    slider = opened.parts.layers.opacity
    assert isinstance(slider, QAbstractSlider)
    slider.setValue(0)
    assert opened.stage.overlay.composed().pixelColor(400, 300) != before


def test_grid_is_drawn_when_cells_are_large_enough(opened: MainWindow) -> None:
    opened.stage.viewport.zoom_to(8.0)
    before = opened.stage.overlay.grab().toImage()
    opened.actions_by_name["grid"].trigger()
    assert opened.stage.overlay.grab().toImage() != before


def test_weights_are_named_with_their_terms(window: MainWindow) -> None:
    card = window.session.preferences.card
    assert card is not None
    assert window.parts.weights.currentText() == card.name
    assert f"{card.name} weights (" in window.status_label.text()
    assert "commercial use" in window.status_label.text()


def test_a_damaged_card_is_told_and_the_other_weights_stay(window: MainWindow) -> None:
    folder = paths.user_weights_folder()
    folder.mkdir(parents=True)
    (folder / "bad.json").write_text("{")
    window.session.preferences.load_weights()
    assert "bad" in window.message_bar.text
    assert window.session.preferences.card is not None


def test_the_licence_must_be_accepted(window: MainWindow, tmp_path: Path) -> None:
    window.actions_by_name["import_weights"].trigger()
    dialog = window.analysis_commands.importer.dialog
    assert dialog is not None
    assert dialog.licence.text() == AUTHORS_LICENCE
    dialog.path.setText(str(tmp_path / "weights.h5"))
    assert not dialog.ok.isEnabled()
    dialog.accepted_licence.setChecked(True)
    assert dialog.ok.isEnabled()
    dialog.show_remark("The file does not fit.")
    assert dialog.isVisible()
    dialog.reject()


def test_runtime_is_told(window: MainWindow) -> None:
    assert "Starting the runtime" in window.status_label.text()
    window.session.runs.receive(Ready("Keras on something"))
    assert "Keras on something" in window.status_label.text()


def test_answers_nobody_waits_for_are_dropped(opened: MainWindow) -> None:
    before = opened.session.document.case
    opened.session.runs.receive(Progress("0" * 12, 1, 2, 3.0))
    opened.session.runs.receive(Tile("0" * 12, 0, 0, np.zeros((8, 8), np.float32)))
    assert opened.session.document.case is before
    assert not opened.progress_bar.isVisible()


@pytest.mark.parametrize("theme_size", [(1366, 768), (1100, 640)])
def test_nothing_needs_more_room_than_a_small_laptop(opened: MainWindow, theme_size: tuple[int, int]) -> None:
    opened.resize(*theme_size)
    assert opened.width() == theme_size[0]
    assert opened.height() == theme_size[1]


def test_no_forbidden_word_in_the_window(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots())
    texts = [spec.text + spec.tip for spec in ACTIONS]
    texts += [str(w.property("text")) for w in opened.findChildren(QWidget) if w.property("text")]
    texts += [w.toolTip() for w in opened.findChildren(QWidget)]
    for word in ("fake", "authentic", "probability", "confidence", "proves", "manipulated"):
        assert not [text for text in texts if word in text.lower()]


def test_this_version_of_qt_leaves_reference_counts_alone(qapp: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.11 drops one at each emit and ends the program after some thousand."""
    sender = QAbstractSlider()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for value in range(50):
        sender.sliderMoved.emit(value)
        sender.setObjectName("x")
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert all(abs(a - b) < 25 for a, b in zip(before, after, strict=True)), (
        "pin PySide6-Essentials below 6.12"
    )


RUNNING = """
import signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from workbench.gui import app
from workbench.gui.main_window import MainWindow

def act():
    (window,) = [w for w in qt.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
    sys.excepthook(ZeroDivisionError, ZeroDivisionError(), None)
    print(window.message_bar.text, flush=True)
    signal.raise_signal(signal.SIGINT)

qt = app.application()
QTimer.singleShot(800, act)
sys.exit(app.run([Path(sys.argv[1])]))
"""


def test_ctrl_c_and_unforeseen_errors_in_the_running_program(photo: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUNNING, str(photo)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "did not foresee (ZeroDivisionError)" in done.stdout
    assert "ZeroDivisionError" in done.stderr, "what handled errors before is told as well"
