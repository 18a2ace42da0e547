"""Every text of the window goes through Qt's translation: in a language made of brackets all have them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from workbench.core.settings import Settings, Theme
from workbench.gui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
OPEN, CLOSE = "⟦", "⟧"
OF_QT = {"OK", "Cancel", "Close", "&OK", "&Cancel", "&Close", "Scroll Left", "Scroll Right", "Clear"}
"""Texts of Qt's own widgets, which its own translations translate."""


def tool(name: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{name}")
    if not program.exists():
        pytest.skip(f"{program.name} is not installed")
    subprocess.run([program, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def brackets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A compiled translation in which every text stands in brackets."""
    folder = tmp_path_factory.mktemp("language")
    source, compiled = folder / "workbench_xx.ts", folder / "workbench_xx.qm"
    tool(
        "lupdate",
        *(str(path) for path in sorted((ROOT / "workbench" / "gui").glob("*.py"))),
        "-ts",
        str(source),
    )
    tree = ElementTree.parse(source)
    for message in tree.iter("message"):
        translation, text = message.find("translation"), message.findtext("source")
        assert translation is not None
        translation.attrib.pop("type", None)
        translation.text = f"{OPEN}{text}{CLOSE}"
    tree.write(source, "utf-8", xml_declaration=True)
    tool("lrelease", str(source), "-qm", str(compiled))
    return compiled


@pytest.fixture
def foreign(qapp: QApplication, brackets: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    translator = QTranslator()
    assert translator.load(str(brackets))
    qapp.installTranslator(translator)
    window = MainWindow(Settings(theme=Theme.LIGHT))
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    qapp.removeTranslator(translator)


def untranslated(window: QWidget) -> set[str]:
    texts = {QLabel.text(label) for label in window.findChildren(QLabel)}
    texts |= {button.text() for button in window.findChildren(QPushButton)}
    texts |= {action.text() for action in window.findChildren(QAction)}
    texts |= {widget.accessibleName() for widget in window.findChildren(QWidget)}
    return {text for text in texts if any(c.isalpha() for c in text) and OPEN not in text} - OF_QT


def test_every_text_of_the_window_can_be_translated(foreign: MainWindow) -> None:
    names = {card.name for card in foreign.session.preferences.cards}
    assert untranslated(foreign) - names == set()
    assert foreign.windowTitle().startswith(OPEN)


@pytest.mark.parametrize("action", ["case_details", "settings", "mark_final", "selftest", "verify", "about"])
def test_every_text_of_the_dialogs_can_be_translated(foreign: MainWindow, action: str) -> None:
    foreign.actions_by_name[action].trigger()
    dialog = next(
        w for w in QApplication.topLevelWidgets() if w.isWindow() and w.isVisible() and w is not foreign
    )
    assert untranslated(dialog) == set()
    dialog.close()
