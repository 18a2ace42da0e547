"""Import of weights in the authors' layout: file, variant, name, and the licence, which must be accepted."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.weights import AUTHORS_LICENCE
from workbench.gui.widgets import plain_label

VARIANTS = range(5)
MOST_USED = 4


class WeightsDialog(QDialog):
    """Stays open until the file was found to fit; what does not fit is said in the dialog itself."""

    asked = Signal(object, int, str)
    """Path, variant and name to be checked and imported."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import the authors' weights"))
        self.path = QLineEdit()
        self.path.setPlaceholderText(self.tr("Weight file (.h5)"))
        self.variant = QComboBox()
        for number in VARIANTS:
            self.variant.addItem(self.tr("Variant {n}").format(n=number), number)
        self.variant.setCurrentIndex(MOST_USED)
        self.name = QLineEdit(f"mantranet-{MOST_USED}")
        self.variant.currentIndexChanged.connect(lambda n: self.name.setText(f"mantranet-{n}"))
        self.licence = plain_label(AUTHORS_LICENCE, "licence", wrap=True)
        self.accepted_licence = QCheckBox(self.tr("I &accept this licence"))
        self.remark = plain_label("", "remark", wrap=True)
        self._lay_out()
        self.path.textChanged.connect(self._refresh)
        self.name.textChanged.connect(self._refresh)
        self.accepted_licence.toggled.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        choose = QPushButton(self.tr("&Choose…"))
        choose.clicked.connect(self._on_choose)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(choose)
        form = QFormLayout()
        label = QLabel(self.tr("&File"))
        label.setBuddy(self.path)
        form.addRow(label, row)
        form.addRow(self.tr("&Variant"), self.variant)
        form.addRow(self.tr("&Name"), self.name)
        form.addRow(self.tr("Licence"), self.licence)
        form.addRow("", self.accepted_licence)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.ok = buttons.button(kinds.Ok)
        self.ok.setText(self.tr("Import"))
        buttons.accepted.connect(self._on_ok)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.remark)
        layout.addWidget(buttons)
        self.setMinimumWidth(520)

    def show_remark(self, sentence: str) -> None:
        """Say why the file could not be imported."""
        self.remark.setText(sentence)
        self._refresh()

    def _refresh(self) -> None:
        ready = self.path.text().strip() and self.name.text().strip() and self.accepted_licence.isChecked()
        self.ok.setEnabled(bool(ready))

    def _on_choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Weight file"), "", self.tr("Weights (*.h5 *.hdf5);;All files (*)")
        )
        if name:
            self.path.setText(name)

    def _on_ok(self) -> None:
        self.remark.setText(self.tr("Checking the file …"))
        self.ok.setEnabled(False)
        self.asked.emit(Path(self.path.text().strip()), self.variant.currentData(), self.name.text().strip())
