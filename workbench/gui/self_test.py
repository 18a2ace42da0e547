"""The self-test in the window: run by the real worker in the background, its result kept for the reports."""

import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.core import selfcheck
from workbench.core.analysis import Outcome
from workbench.core.errors import WeightsError
from workbench.core.selftest import SelfTestResult, last_result
from workbench.core.weights import WeightsCard, card_named
from workbench.engine.messages import Cancelled, Failed, Finished, FromWorker
from workbench.gui.background import Tasks
from workbench.gui.engine_bridge import EngineBridge


class SelfTest(QObject):
    """One at a time; it waits its turn behind what the worker has to do.

    Attributes:
        result: the last one of this installation, or None.
    """

    changed = Signal()
    """It was begun, or is done."""
    failed = Signal(str)
    """A sentence on what differs."""

    def __init__(self, tasks: Tasks, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bridge = bridge
        self._card: WeightsCard | None = None
        self._folder: Path | None = None
        self._waiting: list[str] = []
        self._outcomes: list[Outcome] = []
        self.result: SelfTestResult | None = None
        bridge.message.connect(self._on_message)

    @property
    def running(self) -> bool:
        """Whether a self-test is under way."""
        return self._folder is not None

    def recall(self) -> None:
        """Take up the result of the last start."""
        self.result = last_result()
        self.changed.emit()

    def start(self, runtime: str = "auto") -> None:
        """Ask the worker for the maps; `changed` tells when they are compared."""
        if self.running:
            return
        try:
            self._card = card_named()
            self._folder = Path(tempfile.mkdtemp(prefix="workbench-selftest-"))
            requests = selfcheck.requests(self._folder, self._card, runtime)
        except (WeightsError, OSError) as error:
            self.close()
            self.failed.emit(self.tr("The self-test could not be run: {reason}").format(reason=error))
            return
        self._outcomes, self._waiting = [], [request.id for request in requests]
        for request in requests:
            self._bridge.submit(request)
        self.changed.emit()

    def close(self) -> None:
        """Leave nothing behind."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder, self._waiting = None, []

    def _on_message(self, message: FromWorker) -> None:
        if getattr(message, "request_id", None) not in self._waiting or self._card is None:
            return
        if isinstance(message, Finished):
            self._waiting.remove(message.request_id)
            self._outcomes.append(message.outcome)
            if not self._waiting:
                self._compare(self._card)
        elif isinstance(message, Failed):
            self._keep(selfcheck.not_run(self._card, message.sentence))
        elif isinstance(message, Cancelled):  # a run on another runtime came between
            self.close()
            self.changed.emit()

    def _compare(self, card: WeightsCard) -> None:
        outcomes = self._outcomes
        self._tasks.run(lambda: selfcheck.result_of(card, outcomes), self._keep, self._on_not_compared)

    def _on_not_compared(self, sentence: str) -> None:
        if self._card is not None:
            self._keep(selfcheck.not_run(self._card, sentence))

    def _keep(self, result: SelfTestResult) -> None:
        self.close()
        self.result = result
        try:
            result.save()
        except OSError as error:
            words = self.tr("The result of the self-test could not be kept: {reason}.")
            self.failed.emit(words.format(reason=error.strerror))
        self.changed.emit()
        if not result.passed:
            self.failed.emit(self._sentence(result))

    def _sentence(self, result: SelfTestResult) -> str:
        """What differs, what that means, and what to do."""
        what = "; ".join(f"{check.what}: {check.difference}" for check in result.checks if check.difference)
        return self.tr(
            "The self-test failed ({what}). Maps made by this installation now may differ from those of "
            "others; every report says so. Run it again from the Help menu; if it fails again, install the "
            "program anew."
        ).format(what=what)
