"""Qt actions made from the table."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.gui.action_spec import ActionSpec
from workbench.gui.action_table import ACTIONS


def translated(text: str) -> str:
    """A text of the table in the user's language."""
    return QCoreApplication.translate("Actions", text)


def key_text(spec: ActionSpec) -> str:
    """The first key as the desktop writes it."""
    return QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def make(parent: QWidget, handlers: Mapping[str, Callable[[], None]]) -> dict[str, QAction]:
    """Make a QAction of each row, with its keys, its tool tip and its handler."""
    made = {}
    for spec in ACTIONS:
        action = QAction(translated(spec.text), parent)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(f"{translated(spec.tip)} ({key_text(spec)})")
        action.setStatusTip("")
        action.setCheckable(spec.checkable)
        if spec.label:
            action.setIconText(translated(spec.label))
        action.triggered.connect(lambda _=False, handler=handlers[spec.name]: handler())
        made[spec.name] = action
    return made
