"""Cases without a name: made once the first picture is seen, named by saving, found again later."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from workbench.casefile import untitled
from workbench.casefile.connection import case_errors
from workbench.casefile.store import CaseStore
from workbench.casefile.untitled import Left
from workbench.core import paths
from workbench.gui.background import Tasks

if TYPE_CHECKING:
    from workbench.gui.session import Session

AFTER_MS = 100
"""From taking a picture in to making its case: it is painted before its file is copied."""


class _Job:
    """A case that is made or moved in the thread.

    Attributes:
        done: set when it ended, well or not.
        then: what follows in the GUI thread if it went well.
    """

    def __init__(self, then: Callable[[], None]) -> None:
        self.done = threading.Event()
        self.well = False
        self.then = then


class UntitledDesk(QObject):
    """What the session does with cases that have no name; one job at a time, in a thread of its own."""

    ready = Signal()
    """A case was made or moved, or could not be: pictures that waited for it can be taken in."""
    found = Signal(object)
    """`list[Left]`: the untitled cases that no window has open."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session, self._document = session, session.document
        self._tasks = Tasks(self, threads=1)
        self._job: _Job | None = None
        self._refused = self._off = False
        self._wanted: Path | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AFTER_MS)
        self._soon.timeout.connect(self._begin)
        # Queued: what waits to run next begins first.
        session.busy_changed.connect(self._name_when_free, Qt.ConnectionType.QueuedConnection)

    @property
    def working(self) -> bool:
        """Whether a case is about to be made or moved."""
        return self._job is not None or self._soon.isActive()

    def stay_in_memory(self) -> None:
        """Make no case without a name in this window: it shows an example, not evidence."""
        self._off = True

    def begin_soon(self) -> None:
        """Make a case for what memory holds, once it is seen."""
        wanted = not (self._off or self._refused or self.working)
        if wanted and self._document.folder is None:
            self._soon.start()

    def _begin(self) -> None:
        self._soon.stop()
        made: list[CaseStore] = []
        make = self._document.untitled_maker()

        def refused(sentence: str) -> None:
            self._refused = True
            text = self.tr("{reason} Until then this case is only in memory: save it with Ctrl+S.")
            self._session.failed.emit(text.format(reason=sentence) if sentence else "")

        self._start(lambda: made.append(make()), lambda: self._adopt(made[0]), refused)

    def _adopt(self, store: CaseStore) -> None:
        if not self._document.adopt_untitled(store):
            self._refused = True
            return
        most = self._session.preferences.settings.untitled_cases
        if most:
            self._tasks.run(
                lambda: untitled.keep_at_most(most - 1), self._tell_removed, self._session.failed.emit
            )

    def _tell_removed(self, removed: Sequence[Left]) -> None:
        if not removed:
            return
        text = self.tr(
            "Beyond {most} untitled cases (settings), those only looked at go. This was removed: {cases}."
        )
        cases = "; ".join(f"{left.changed:%Y-%m-%d %H:%M}, {', '.join(left.names[:3])}" for left in removed)
        most = self._session.preferences.settings.untitled_cases
        self._session.failed.emit(text.format(most=most, cases=cases))
        self.look()  # what is listed or offered is no longer all there

    def name(self, folder: Path) -> None:
        """Move the untitled case to a folder; while something runs on its files, as soon as that is done."""
        if self._session.busy:
            self._wanted = folder
            text = self.tr("The case will be at {folder} as soon as what runs now is done.")
            self._session.failed.emit(text.format(folder=folder))
        else:
            self._move(folder)

    def _move(self, folder: Path) -> None:
        move = self._document.namer(folder)

        def refused(sentence: str) -> None:
            self._session.failed.emit(sentence)
            self._document.changed.emit()

        def moved() -> None:
            self._document.changed.emit()
            self._session.cases.tell_saved(folder)

        self._start(move, moved, refused)

    def _name_when_free(self) -> None:
        if self._wanted is not None and not self._session.busy:
            folder, self._wanted = self._wanted, None
            self.settle()
            if self._document.untitled:
                self.name(folder)

    def _start(
        self, work: Callable[[], object], then: Callable[[], None], failed: Callable[[str], None]
    ) -> None:
        self._job = job = _Job(then)

        def do() -> None:
            try:
                work()
                job.well = True
            finally:
                job.done.set()

        def refused(sentence: str) -> None:
            failed(sentence)
            self._finish(job)

        self._tasks.run(do, lambda _: self._finish(job), refused)

    def _finish(self, job: _Job) -> None:
        """Once: either by the answer of the thread or by who could not wait for it."""
        if job is self._job:
            self._job = None
            if job.well:
                job.then()
            self.ready.emit()

    def settle(self) -> None:
        """Wait until the case is where it is to be: it is left, or saved elsewhere."""
        if self._soon.isActive():
            self._begin()
        if self._job is not None:
            self._job.done.wait()
            self._finish(self._job)

    def leave(self) -> None:
        """The case is left: do what is still to be done with it, and begin anew with the next one."""
        self.settle()
        if self._wanted is not None and self._document.untitled:
            self._move(self._wanted)  # what runs on its files is given up
            self.settle()
        self._refused, self._wanted = False, None

    def close(self) -> None:
        """Nothing is begun any more."""
        self.leave()
        self._off = True
        self._tasks.close()

    # What is left from before

    def look(self) -> None:
        """Look in a thread what is left; answered by `found`."""
        self._tasks.run(_left_over, self.found.emit, self._session.failed.emit)

    def discard(self, folders: Sequence[Path]) -> None:
        """Remove untitled cases for good, then look again."""

        def failed(sentence: str) -> None:
            self._session.failed.emit(sentence)
            self.look()

        def work() -> None:
            for folder in folders:
                untitled.discard(folder)

        self._tasks.run(work, lambda _: self.look(), failed)


def _left_over() -> list[Left]:
    with case_errors(paths.untitled_folder()):
        return untitled.left_over()
