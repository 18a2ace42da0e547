"""Small dialogs: settings, case details, keys, about."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from workbench import __version__
from workbench.core.analysis import CITATION
from workbench.core.case import CaseDetails
from workbench.core.settings import Device, Settings, Theme
from workbench.gui.action_spec import QT_TRANSLATE_NOOP
from workbench.gui.action_table import ACTIONS
from workbench.gui.actions import key_text, translated
from workbench.gui.widgets import TableModel, plain_label, table


def _buttons(dialog: QDialog, *, only_close: bool = False) -> QDialogButtonBox:
    kinds = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(kinds.Close if only_close else kinds.Ok | kinds.Cancel)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box


class SettingsDialog(QDialog):
    """Examiner, organisation, device, theme."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._settings = settings
        self.examiner = QLineEdit(settings.examiner)
        self.organisation = QLineEdit(settings.organisation)
        self.device = QComboBox()
        self.device.addItem(self.tr("Automatic"), Device.AUTO.value)
        self.device.addItem(self.tr("CPU only"), Device.CPU.value)
        self.device.setCurrentIndex(self.device.findData(settings.device.value))
        self.theme = QComboBox()
        for theme, text in (
            (Theme.SYSTEM, self.tr("Like the desktop")),
            (Theme.LIGHT, self.tr("Light")),
            (Theme.DARK, self.tr("Dark")),
        ):
            self.theme.addItem(text, theme.value)
        self.theme.setCurrentIndex(self.theme.findData(settings.theme.value))
        form = QFormLayout()
        form.addRow(self.tr("&Examiner"), self.examiner)
        form.addRow(self.tr("&Organisation"), self.organisation)
        form.addRow(self.tr("&Device"), self.device)
        form.addRow("", plain_label(self.tr("A change of the device holds from the next start."), "dim"))
        form.addRow(self.tr("&Theme"), self.theme)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(_buttons(self))
        self.setMinimumWidth(420)

    def settings(self) -> Settings:
        """As they are set in the dialog."""
        return replace(
            self._settings,
            examiner=self.examiner.text().strip(),
            organisation=self.organisation.text().strip(),
            device=Device(self.device.currentData()),
            theme=Theme(self.theme.currentData()),
        )


class CaseDialog(QDialog):
    """What the examiner says of the case, facts and interpretation apart."""

    def __init__(self, details: CaseDetails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Case details"))
        self.examiner = QLineEdit(details.examiner)
        self.organisation = QLineEdit(details.organisation)
        self.case_id = QLineEdit(details.case_id)
        self.question = _text_field(details.question, 3)
        self.interpretation = _text_field(details.interpretation, 7)
        form = QFormLayout()
        form.addRow(self.tr("&Examiner"), self.examiner)
        form.addRow(self.tr("&Organisation"), self.organisation)
        form.addRow(self.tr("&Case number"), self.case_id)
        form.addRow(self.tr("&Question asked"), self.question)
        form.addRow(self.tr("&Interpretation"), self.interpretation)
        form.addRow(
            "",
            plain_label(
                self.tr("The interpretation is your opinion; the report keeps it apart from the findings."),
                "dim",
                wrap=True,
            ),
        )
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(_buttons(self))
        self.setMinimumWidth(520)

    def details(self) -> CaseDetails:
        """As they are written in the dialog."""
        return CaseDetails(
            examiner=self.examiner.text().strip(),
            organisation=self.organisation.text().strip(),
            case_id=self.case_id.text().strip(),
            question=self.question.toPlainText().strip(),
            interpretation=self.interpretation.toPlainText().strip(),
        )


def _text_field(text: str, lines: int) -> QPlainTextEdit:
    field = QPlainTextEdit(text)
    field.setTabChangesFocus(True)
    field.setFixedHeight(field.fontMetrics().lineSpacing() * lines + 14)
    return field


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
        layout.addWidget(_buttons(self, only_close=True))
        self.resize(760, 620)


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
        layout.addWidget(_buttons(self, only_close=True))
