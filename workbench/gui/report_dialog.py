"""What a report is to hold, where it goes, whether it is signed; then its progress and its outcome."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.case import Status
from workbench.core.text import visible
from workbench.gui.exporting import Exporter, Wish, Written, default_name
from workbench.gui.session import Session
from workbench.gui.widgets import LONGEST_LINE, plain_label, plain_tip

NAME_WIDTH = 300
"""Dots of the picture's name at most."""


class ReportDialog(QDialog):
    """Stays open until it is closed, so that the outcome of the integrity check is seen."""

    def __init__(self, session: Session, place: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report"))
        self._session = session
        self._made: Path | None = None
        self.exporter = Exporter(session, self)
        self.exporter.progressed.connect(self._on_progress)
        self.exporter.written.connect(self._on_written)
        self.exporter.refused.connect(self._on_refused)
        self._make_fields(place)
        self._make_outcome()
        self._lay_out()
        self._refresh()

    def _make_fields(self, place: Path) -> None:
        case = self._session.document.case
        self.scope = QComboBox()
        if self._session.item is not None:
            name = visible(self._session.item.name, LONGEST_LINE)
            short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH)
            self.scope.addItem(self.tr("The picture in sight, {name}").format(name=short), False)
            self.scope.setToolTip(plain_tip(name))
        count = len(case.items)
        if count > 1 or self._session.item is None:
            self.scope.addItem(self.tr("All {n} pictures of the case").format(n=count), True)
        self.scope.setMinimumContentsLength(30)
        self.folder = QLineEdit(str(place / default_name(self._session)))
        self.html = _checked(self.tr("&HTML, one file for each picture"))
        self.pdf = _checked(self.tr("&PDF/A with record and exhibits attached"))
        self.exchange = _checked(self.tr("E&xchange: CASE/UCO and CSV"))
        self.sign = QGroupBox(self.tr("&Sign the PDF"))
        self.sign.setCheckable(True)
        self.sign.setChecked(False)
        self.key_file = QLineEdit()
        self.key_file.setPlaceholderText(self.tr("Key and certificate (.p12, .pfx)"))
        self.key_file.setAccessibleName(self.tr("Key file"))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(self.tr("Passphrase"))
        self.opens = _checked(self.tr("Open the &folder afterwards"))
        for field in (self.folder, self.key_file):
            field.textChanged.connect(self._refresh)
            field.textChanged.connect(partial(_show_tip, field))
        _show_tip(self.folder, self.folder.text())
        for box in (self.html, self.pdf, self.sign):
            box.toggled.connect(self._refresh)

    def _make_outcome(self) -> None:
        final = self._session.document.case.details.status is Status.FINAL
        self.status = plain_label(
            self.tr("The report says FINAL.")
            if final
            else self.tr("The report says DRAFT. The File menu marks the case as final."),
            "dim",
            wrap=True,
        )
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the report"))
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.outcome = plain_label("", "summary", wrap=True)
        self.outcome.hide()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("&Report on"), self.scope)
        form.addRow(self.tr("Fol&der"), self._with_button(self.folder, self._on_choose_folder))
        for row, box in enumerate((self.html, self.pdf, self.exchange)):
            form.addRow(self.tr("Holds") if row == 0 else "", box)
        inner = QFormLayout(self.sign)
        inner.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        inner.addRow(self.tr("&Key file"), self._with_button(self.key_file, self._on_choose_key))
        inner.addRow(self.tr("&Passphrase"), self.passphrase)
        inner.addRow("", plain_label(self.tr("The passphrase is used once and never stored."), "dim"))
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Close)
        self.ok = self.buttons.button(kinds.Ok)
        self.ok.setText(self.tr("&Write report"))
        self.close_button = self.buttons.button(kinds.Close)
        self.open_button = self.buttons.addButton(
            self.tr("&Open folder"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.open_button.hide()
        self.open_button.clicked.connect(self._open_folder)
        self.buttons.accepted.connect(self._on_write)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.sign)
        layout.addWidget(self.opens)
        layout.addWidget(self.status)
        layout.addWidget(self.progress)
        layout.addWidget(self.outcome)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(600)

    def _with_button(self, field: QLineEdit, choose: object) -> QWidget:
        button = QPushButton(self.tr("Choose…"))
        button.clicked.connect(choose)
        row = QWidget()
        row.setFocusProxy(field)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(field, 1)
        layout.addWidget(button)
        return row

    def wish(self) -> Wish:
        """As it is set in the dialog."""
        signed = self.sign.isChecked() and self.pdf.isChecked()
        return Wish(
            folder=Path(self.folder.text().strip()).absolute(),
            whole_case=bool(self.scope.currentData()),
            html=self.html.isChecked(),
            pdf=self.pdf.isChecked(),
            exchange=self.exchange.isChecked(),
            key_file=Path(self.key_file.text().strip()) if signed else None,
            passphrase=self.passphrase.text() if signed else "",
        )

    def reject(self) -> None:
        """While a report is written this stops it; then it closes."""
        if self.exporter.running:
            self.exporter.stop()
        else:
            super().reject()

    def _refresh(self, *_: object) -> None:
        running = self.exporter.running
        unsigned = self.sign.isChecked() and not self.key_file.text().strip()
        something = self.html.isChecked() or self.pdf.isChecked()
        ready = bool(self.folder.text().strip()) and something and not (unsigned and self.pdf.isChecked())
        self.sign.setEnabled(self.pdf.isChecked())
        self.ok.setEnabled(ready and not running and self.scope.count() > 0)
        self.close_button.setText(self.tr("Stop") if running else self.tr("Close"))

    def _on_write(self) -> None:
        self._made = None
        self.open_button.hide()
        self.outcome.hide()
        self.exporter.start(self.wish())
        self.progress.setRange(0, 0)
        self.progress.setVisible(self.exporter.running)
        self._refresh()

    def _on_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _on_written(self, written: Written) -> None:
        self._made = written.folder
        checked = (
            self.tr("Every file still has the SHA-256 that it had when it was opened.")
            if written.unchanged
            else self.tr(
                "ATTENTION: the integrity check failed. A file is missing or no longer has the SHA-256 that "
                "it had when it was opened; the report says which."
            )
        )
        text = self.tr("Written to {folder}.").format(folder=visible(str(written.folder), 400))
        self._tell(f"{text}\n{checked}")
        self.open_button.show()
        if self.opens.isChecked():
            self._open_folder()

    def _on_refused(self, sentence: str) -> None:
        self._tell(sentence)

    def _tell(self, words: str) -> None:
        self.passphrase.clear()
        self.progress.hide()
        self.outcome.setText(words)
        self.outcome.show()
        self._refresh()

    def _open_folder(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made)))

    def _on_choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Where to put the folder with the report"))
        if name:
            self.folder.setText(str(Path(name) / default_name(self._session)))

    def _on_choose_key(self) -> None:
        kinds = self.tr("Keys (*.p12 *.pfx);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Key and certificate"), "", kinds)
        if name:
            self.key_file.setText(name)


def _show_tip(field: QLineEdit, text: str) -> None:
    """A path is mostly longer than its field."""
    field.setToolTip(plain_tip(text) if text else "")


def _checked(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(True)
    return box
