"""Small dialogs: keys, about."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QVBoxLayout,
    QWidget,
)

from workbench import __version__
from workbench.core.analysis import CITATION
from workbench.gui.action_spec import QT_TRANSLATE_NOOP
from workbench.gui.action_table import ACTIONS
from workbench.gui.actions import key_text, translated
from workbench.gui.widgets import TableModel, plain_label, table


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.rejected.connect(dialog.reject)
    return box


translate = QCoreApplication.translate
CANVAS_KEYS = (
    (
        "←  ↑  →  ↓",
        QT_TRANSLATE_NOOP("Dialogs", "Move the selected region by 1 pixel; without one, the picture"),
    ),
    ("Shift+arrow", QT_TRANSLATE_NOOP("Dialogs", "The same by 8 pixels")),
    ("Ctrl+arrow", QT_TRANSLATE_NOOP("Dialogs", "Resize the selected region by 1 pixel")),
    (",  .", QT_TRANSLATE_NOOP("Dialogs", "Go to the corner before or after; the arrow keys then move it")),
    ("Ins", QT_TRANSLATE_NOOP("Dialogs", "Add a corner after the chosen one; Del removes it, Esc leaves it")),
    ("Enter", QT_TRANSLATE_NOOP("Dialogs", "Close the polygon that is drawn; Backspace takes a corner back")),
    ("Alt+drag", QT_TRANSLATE_NOOP("Dialogs", "Leave the 8×8 grid alone while drawing or moving")),
    ("Double click", QT_TRANSLATE_NOOP("Dialogs", "On an edge of a polygon: add a corner there")),
    ("Wheel", QT_TRANSLATE_NOOP("Dialogs", "Zoom at the pointer")),
    ("Drag", QT_TRANSLATE_NOOP("Dialogs", "Pan, or move and resize a region")),
    ("Tab", QT_TRANSLATE_NOOP("Dialogs", "Go to the next part of the window")),
)


def key_rows() -> list[tuple[str, str, str]]:
    """(key, action, what it does) of every action, then the keys of the picture."""
    rows = []
    for spec in ACTIONS:
        name = translated(spec.text).replace("&", "").rstrip("…")
        rows.append((key_text(spec), name, translated(spec.tip)))
    where = translate("Dialogs", "In the picture")
    rows += [(key, where, translate("Dialogs", text)) for key, text in CANVAS_KEYS]
    return rows


class KeysDialog(QDialog):
    """All keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.model = TableModel([self.tr("Key"), self.tr("Action"), self.tr("What it does")])
        self.model.set_rows([tuple(row) for row in key_rows()])
        view = table(self.model, "keys")
        view.setAccessibleName(self.tr("Keys"))
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.addWidget(view)
        layout.addWidget(_close_button(self))
        self.resize(820, 620)


class AboutDialog(QDialog):
    """Version, method, licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About"))
        text = self.tr(
            "ManTra Workbench {version}\n\nMethod: {citation}\n\n"
            "The program is under the Apache License 2.0. Weights have licences of their own; "
            "the status bar says whether commercial use is allowed.\n\n"
            "A map shows where a picture differs from its surroundings in its traces of processing. "
            "It is no verdict on the picture."
        ).format(version=__version__, citation=CITATION)
        label = plain_label(text, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setMinimumWidth(440)
        layout = QVBoxLayout(self)
        layout.addWidget(label)
        layout.addWidget(_close_button(self))
