"""Settings of this user, for all cases."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.core import paths
from workbench.core.analysis import PRECISIONS, RUNTIMES
from workbench.core.settings import Device, Settings, Theme
from workbench.gui.outlook import size_words
from workbench.gui.widgets import plain_label, tabs_to_accept

GIGA = 1e9


class SettingsDialog(QDialog):
    """Three pages: who examines, what the network runs on, how the window looks."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._settings = settings
        self.tabs = tabs_to_accept(
            self,
            520,
            (self.tr("Examiner"), self._examiner_page()),
            (self.tr("Analysis"), self._analysis_page()),
            (self.tr("Window"), self._window_page()),
        )

    def _examiner_page(self) -> QWidget:
        self.examiner = QLineEdit(self._settings.examiner)
        self.organisation = QLineEdit(self._settings.organisation)
        self.assessments = QPlainTextEdit("\n".join(self._settings.assessments))
        self.assessments.setAccessibleName(self.tr("Words for assessments"))
        self.assessments.setTabChangesFocus(True)
        page, form = _page()
        form.addRow(self.tr("&Examiner"), self.examiner)
        form.addRow(self.tr("&Organisation"), self.organisation)
        form.addRow(self.tr("&Assessments"), self.assessments)
        _remark(
            form,
            self.tr(
                "The words of your laboratory for how findings bear on a proposition, one in each line. "
                "While the list is empty no assessment is offered; the program suggests none."
            ),
        )
        return page

    def _analysis_page(self) -> QWidget:
        settings = self._settings
        self.runtime = _choice((name, self._runtime_text(name)) for name in RUNTIMES)
        self.precision = _choice((name, self._precision_text(name)) for name in PRECISIONS)
        self.device = _choice(((Device.AUTO, self.tr("Automatic")), (Device.CPU, self.tr("CPU only"))))
        self.memory = _gigabytes(settings.memory, self.tr("Automatic"))
        self.cache = _gigabytes(settings.feature_cache, self.tr("Keep none"))
        _choose(self.runtime, settings.runtime)
        _choose(self.precision, settings.precision)
        _choose(self.device, settings.device)
        page, form = _page()
        form.addRow(self.tr("&Runtime"), self.runtime)
        form.addRow(self.tr("&Precision"), self.precision)
        form.addRow(self.tr("&Device"), self.device)
        _remark(form, self.tr("A change of the device holds from the next start."))
        form.addRow(self.tr("Most &memory"), self.memory)
        form.addRow(self.tr("Most &disk for previews"), self.cache)
        form.addRow("", self._cache_row())
        return page

    def _cache_row(self) -> QWidget:
        """What is kept can be made again: deleting it costs time, no result."""
        self.cache_size = plain_label("", "dim")
        delete = QPushButton(self.tr("Delete &now"))
        delete.clicked.connect(self._on_delete)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.cache_size, 1)
        layout.addWidget(delete)
        self.delete_cache = delete
        self._show_cache()
        return row

    def _window_page(self) -> QWidget:
        self.theme = _choice(
            (
                (Theme.SYSTEM, self.tr("Like the desktop")),
                (Theme.LIGHT, self.tr("Light")),
                (Theme.DARK, self.tr("Dark")),
            )
        )
        _choose(self.theme, self._settings.theme)
        self.untitled = QSpinBox()
        self.untitled.setRange(0, 999)
        self.untitled.setSpecialValueText(self.tr("All"))
        self.untitled.setValue(self._settings.untitled_cases)
        page, form = _page()
        form.addRow(self.tr("&Theme"), self.theme)
        form.addRow(self.tr("&Cases without a name"), self.untitled)
        _remark(
            form,
            self.tr(
                "Beyond so many, when another begins, the oldest in which pictures were only looked at is "
                "removed, and a message says which. Those that were worked on stay until you discard them."
            ),
        )
        return page

    def _runtime_text(self, name: str) -> str:
        return self.tr("Automatic: the fastest installed") if name == "auto" else NAMES[name]

    def _precision_text(self, name: str) -> str:
        if name == "float32":
            return self.tr("float32, the precision of record")
        return self.tr("bfloat16, faster; maps may differ widely")

    def _show_cache(self) -> None:
        size = folder_size(paths.cache_folder())
        text = self.tr("{size} are kept now") if size else self.tr("Nothing is kept now")
        self.cache_size.setText(text.format(size=size_words(size)))
        self.delete_cache.setEnabled(size > 0)

    def _on_delete(self) -> None:
        shutil.rmtree(paths.cache_folder(), ignore_errors=True)
        self._show_cache()

    def settings(self) -> Settings:
        """As they are set in the dialog."""
        lines = (line.strip() for line in self.assessments.toPlainText().splitlines())
        return replace(
            self._settings,
            examiner=self.examiner.text().strip(),
            organisation=self.organisation.text().strip(),
            assessments=tuple(dict.fromkeys(line for line in lines if line)),
            runtime=self.runtime.currentData(),
            precision=self.precision.currentData(),
            device=Device(self.device.currentData()),
            memory=round(self.memory.value() * GIGA),
            feature_cache=round(self.cache.value() * GIGA),
            theme=Theme(self.theme.currentData()),
            untitled_cases=self.untitled.value(),
        )


NAMES = {"openvino": "OpenVINO", "tensorflow": "TensorFlow", "torch": "PyTorch", "jax": "JAX"}


def folder_size(folder: Path) -> int:
    """Bytes of the files in a folder and those below; what goes away meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(4, 12, 4, 4)
    layout.addLayout(form)
    layout.addStretch(1)
    return page, form


def _remark(form: QFormLayout, text: str) -> None:
    form.addRow("", plain_label(text, "dim", wrap=True))


def _choice(entries: Iterable[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    for value, text in entries:
        box.addItem(text, value.value if isinstance(value, Enum) else value)
    return box


def _choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value.value if isinstance(value, Enum) else value))


def _gigabytes(size: int, none: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0, 1024)
    box.setDecimals(1)
    box.setSingleStep(0.5)
    box.setSuffix(" GB")
    box.setSpecialValueText(none)
    box.setValue(size / GIGA)
    return box
