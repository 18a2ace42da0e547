"""Run again and compare: a row for each run, and what it comes to."""

from typing import Any

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QVBoxLayout, QWidget

from workbench.gui.repeat import Comparison, Repeat
from workbench.gui.session import Session
from workbench.gui.widgets import TableModel, plain_label, table


class RepeatDialog(QDialog):
    """Begins by itself; closing it stops what is under way."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Run again and compare"))
        self._session = session
        self._found: list[Comparison] = []
        self.repeat = Repeat(session.tasks, session.engine, self)
        self.repeat.compared.connect(self._on_compared)
        self.repeat.done.connect(self._on_done)
        headers = [
            self.tr("Run"),
            self.tr("Largest difference"),
            self.tr("Mean difference"),
            self.tr("Tolerance"),
            self.tr("Weights"),
            self.tr("Pixels"),
            self.tr("Map"),
            self.tr("Outcome"),
        ]
        self.model = TableModel(headers, (1, 2, 3))
        self.table = table(self.model, "repeat")
        self.table.setAccessibleName(self.tr("Runs and their repetitions"))
        self.summary = plain_label("", "summary", wrap=True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.setTextVisible(False)
        about = self.tr(
            "Every run is repeated on its runtime, with its weights, precision and tiles, on the same bytes. "
            "Nothing is added to the case but a line in its log."
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.again = buttons.addButton(self.tr("Run &again"), QDialogButtonBox.ButtonRole.ActionRole)
        self.again.clicked.connect(self.begin)
        buttons.rejected.connect(self.reject)
        session.case_changed.connect(self._on_case_changed)
        layout = QVBoxLayout(self)
        layout.addWidget(self.summary)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.progress)
        layout.addWidget(plain_label(about, "dim", wrap=True))
        layout.addWidget(buttons)
        self.resize(900, 360)

    def begin(self) -> None:
        """Repeat every run of the picture in sight."""
        if self.repeat.running:  # closed a moment ago: what is being stopped is told of first
            return
        session, item = self._session, self._session.item
        self._found = []
        self.model.set_rows([])
        if item is None or not item.analyses or session.busy:
            self.progress.hide()
            self.summary.setText(
                self.tr("An analysis is under way. Wait for it, then run again.")
                if session.busy
                else self.tr("No run was made on this picture yet.")
            )
            return
        self._item, self._case_id = item, session.document.case.id
        self.again.setEnabled(False)
        self.progress.setRange(0, len(item.analyses))
        self.progress.setValue(0)
        self.progress.show()
        self.summary.setText(self.tr("Running again …"))
        document = session.document
        self.repeat.start(document.readable(item), session.preferences.cards, document.maps)

    def reject(self) -> None:
        """Close; the worker is free again."""
        self.repeat.stop()
        super().reject()

    def _on_case_changed(self) -> None:
        """Runs of a case that was left are not repeated on."""
        if self.repeat.running and self._session.document.case.id != self._case_id:
            self.repeat.stop()

    def _on_compared(self, comparison: Comparison) -> None:
        self._found.append(comparison)
        self.progress.setValue(len(self._found))
        self.model.set_rows([self._row(found) for found in self._found])

    def _on_done(self) -> None:
        self.progress.hide()
        self.again.setEnabled(True)
        self.summary.setText(self._summary(len(self._item.analyses)))
        if self._session.document.case.id == self._case_id:
            self._log(len(self._item.analyses))

    @property
    def _compared(self) -> list[Comparison]:
        return [found for found in self._found if found.compared]

    @property
    def _not_run(self) -> list[Comparison]:
        """Those that could not be run, weights that are missing, say; what was stopped is not among them."""
        return [found for found in self._found if not (found.compared or found.stopped)]

    def _summary(self, count: int) -> str:
        """What it comes to; it tells only of the runs that were repeated, and how many were not, and why."""
        repeated, m = self._compared, len(self._not_run)
        k, differ = len(repeated), len([found for found in repeated if not found.agrees])
        if k + m < count:
            text = self.tr(
                "It was stopped: {k} of {count} runs were repeated, {n} did not come out the same."
            )
            return text.format(k=k, count=count, n=differ)
        if m == count:
            return self.tr("No run could be run again; the table says why.")
        if m:
            text = self.tr("{m} of {count} runs could not be run again; of the others {n} did not agree.")
            return text.format(m=m, count=count, n=differ)
        if differ:
            return self.tr("{n} of {count} runs did not come out the same.").format(n=differ, count=count)
        if count == 1:
            return self.tr("The run came out the same within the tolerance.")
        return self.tr("All {count} runs came out the same within the tolerance.").format(count=count)

    def _log(self, count: int) -> None:
        """What could not be run is told apart from what did not agree: it says nothing of the run."""
        repeated, not_run = self._compared, self._not_run
        k = len(repeated)
        runs = [{"run": found.run.id, "largest": found.largest, "agrees": found.agrees} for found in repeated]
        detail: dict[str, Any] = {"item": self._item.id, "runs": runs}
        if not_run:
            detail["not run"] = [{"run": found.run.id, "reason": found.problem} for found in not_run]
        stopped = k + len(not_run) < count
        action = f"repetition stopped, {k} of {count}" if stopped else f"runs repeated, {k} of {count}"
        self._session.document.tell("runs repeated" if k == count else action, detail)

    def _row(self, found: Comparison) -> tuple[str, ...]:
        same, other = self.tr("same SHA-256"), self.tr("ANOTHER SHA-256")
        measured = found.largest is not None
        return (
            f"{found.run.title} · {found.run.weights.name}",
            _figure(found.largest),
            _figure(found.mean),
            _figure(found.tolerance) if found.tolerance else self.tr("none stated"),
            same if measured else "–",  # others are not run
            (same if found.same_pixels else other) if measured else "–",
            (same if found.same_map else self.tr("other bytes")) if measured else "–",
            found.problem or (self.tr("agrees") if found.agrees else self.tr("DIFFERENT")),
        )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2g}"
