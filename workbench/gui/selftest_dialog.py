"""What the self-test compared, and what came of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QVBoxLayout, QWidget

from workbench.core.selftest import SelfTestResult
from workbench.gui.widgets import TableModel, plain_label, table


class SelfTestDialog(QDialog):
    """Stays open while the test is run again."""

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Self-test"))
        about = self.tr(
            "A generated picture is analysed by this installation in tiles of two sizes; the maps are "
            "compared with each other and with values recorded when the weights were made. The result "
            "stands in every report."
        )
        self.summary = plain_label("", "summary", wrap=True)
        self.model = TableModel([self.tr("Compared"), self.tr("Outcome")])
        self.table = table(self.model, "selftest")
        self.table.setAccessibleName(self.tr("Checks of the self-test"))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Close)
        self.button = buttons.addButton(self.tr("Run &again"), QDialogButtonBox.ButtonRole.ActionRole)
        self.button.clicked.connect(self.again)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(plain_label(about, "dim", wrap=True))
        layout.addWidget(self.summary)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        self.resize(680, 300)

    def show_result(self, result: SelfTestResult | None, *, running: bool) -> None:
        """Show what there is."""
        self.button.setEnabled(not running)
        if running:
            self.summary.setText(self.tr("The self-test is running …"))
        elif result is None:
            self.summary.setText(self.tr("There was no self-test of this version yet."))
        else:
            outcome = self.tr("Passed") if result.passed else self.tr("Failed")
            self.summary.setText(
                self.tr("{outcome} on {date} · version {version} · {runtime} · {precision}").format(
                    outcome=outcome,
                    date=result.date.replace("T", " "),
                    version=result.version,
                    runtime=result.runtime or "–",
                    precision=result.precision or "–",
                )
            )
        checks = result.checks if result is not None and not running else ()
        self.model.set_rows([(c.what, c.difference or self.tr("as expected")) for c in checks])
