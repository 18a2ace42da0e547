"""What in a case or in a report is no longer as it was written: every file is read and compared."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from workbench.casefile.verification import Examination, examine
from workbench.core.text import visible
from workbench.gui.background import Tasks
from workbench.gui.widgets import plain_label

MOST_LISTED = 500


class VerifyDialog(QDialog):
    """Changes nothing; may be left open while work goes on."""

    def __init__(self, tasks: Tasks, folder: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Check case or report"))
        self._tasks = tasks
        self._folder = folder
        self.summary = plain_label("", "summary", wrap=True)
        self.list = QPlainTextEdit()
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName(self.tr("What was found"))
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName(self.tr("Reading every file"))
        about = self.tr(
            "Somebody who rewrites everything, all hashes included, is found only by comparison with a "
            "report or a signature that is kept elsewhere."
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.case_button = buttons.addButton(self.tr("Check this &case"), role)
        self.report_button = buttons.addButton(self.tr("Check a &report…"), role)
        self.case_button.clicked.connect(self.check_case)
        self.report_button.clicked.connect(self._on_choose_report)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.summary)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.progress)
        layout.addWidget(plain_label(about, "dim", wrap=True))
        layout.addWidget(buttons)
        self.resize(700, 420)
        self._tell(self.tr("Nothing was checked yet."), [])

    def set_case(self, folder: Path | None) -> None:
        """The case that is open now."""
        self._folder = folder
        self.case_button.setEnabled(folder is not None and self.report_button.isEnabled())

    def check_case(self) -> None:
        """Read every file of the open case."""
        folder = self._folder
        if folder is None:
            self._tell(self.tr("The case is not saved, so there is nothing on the disk to check."), [])
            return
        self._begin()
        self._tasks.run(lambda: examine(folder), lambda found: self._show_case(folder, found), self._fail)

    def check_report(self, folder: Path) -> None:
        """Read every file of a report, its record and its signature."""
        self._begin()

        def work() -> list[str]:
            from workbench.report.verification import differences  # noqa: PLC0415 - its libraries load here

            return differences(folder)

        self._tasks.run(work, lambda found: self._show_report(folder, found), self._fail)

    def _show_case(self, folder: Path, found: Examination) -> None:
        outcome = (
            self.tr("{name}: nothing differs.") if found.agrees else self.tr("{name}: SOMETHING DIFFERS.")
        ).format(name=visible(folder.name, 100))
        lines = [
            found.state,
            self.tr("The log has {n} lines; the SHA-256 of the last one is {sha256}.").format(
                n=found.head.count, sha256=found.head.sha256
            ),
            *self._block(self.tr("In the case differs:"), found.differences),
            *self._block(self.tr("Of the originals, outside the case, differ:"), found.originals),
            *self._block(self.tr("Originals that were not compared:"), found.missing),
        ]
        self._tell(outcome, lines)

    def _show_report(self, folder: Path, found: list[str]) -> None:
        outcome = self.tr("{name}: SOMETHING DIFFERS.") if found else self.tr("{name}: nothing differs.")
        about = self.tr(
            "Every file of the report was read and compared with the hashes that are written in it."
        )
        self._tell(outcome.format(name=visible(folder.name, 100)), [about, *self._block("", found)])

    def _block(self, heading: str, sentences: list[str]) -> list[str]:
        if not sentences:
            return []
        more = len(sentences) - MOST_LISTED
        rest = [self.tr("… and {n} more").format(n=more)] if more > 0 else []
        return [
            *(("", heading) if heading else ()),
            *(f"– {sentence}" for sentence in sentences[:MOST_LISTED]),
            *rest,
        ]

    def _begin(self) -> None:
        self._tell(self.tr("Reading every file …"), [])
        self.progress.show()
        self.case_button.setEnabled(False)
        self.report_button.setEnabled(False)

    def _fail(self, sentence: str) -> None:
        self._tell(sentence, [])

    def _tell(self, outcome: str, lines: list[str]) -> None:
        self.progress.hide()
        self.summary.setText(outcome)
        self.list.setPlainText("\n".join(lines))
        self.case_button.setEnabled(self._folder is not None)
        self.report_button.setEnabled(True)

    def _on_choose_report(self) -> None:
        choose: Callable[..., str] = QFileDialog.getExistingDirectory
        name = choose(self, self.tr("Folder of a report"))
        if name:
            self.check_report(Path(name))
