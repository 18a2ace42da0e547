"""Work off the GUI thread: a function in, its result back in the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from workbench.core.errors import WorkbenchError

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Done:
    future: Future[Any]
    then: Callable[[Any], None]
    failed: Callable[[str], None]


class Tasks(QObject):
    """Runs functions in a few threads; they must not touch widgets."""

    _done = Signal(object)

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="workbench")
        self._open = True
        self.waiting = 0
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[str], None]) -> None:
        """Call `then` with the result, or `failed` with a sentence; both in the GUI thread.

        An error that nothing foresaw calls `failed` with no words and is raised.
        """
        if not self._open:
            return
        self.waiting += 1
        future = self._pool.submit(work)
        future.add_done_callback(lambda f: self._hand_over(_Done(f, then, failed)))

    def close(self) -> None:
        """Wait for what runs, drop what waits and all answers."""
        self._open = False
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _hand_over(self, done: _Done) -> None:
        if self._open:
            self._done.emit(done)

    def _on_done(self, done: _Done) -> None:
        self.waiting -= 1
        if not self._open or done.future.cancelled():
            return
        error = done.future.exception()
        if error is None:
            done.then(done.future.result())
        elif isinstance(error, MemoryError):
            done.failed(out_of_memory())
        elif isinstance(error, (WorkbenchError, OSError)):
            done.failed(str(error))
        else:
            done.failed("")  # nobody is left waiting; the error itself is told by who catches it
            raise error


def out_of_memory() -> str:
    """The sentence for a MemoryError."""
    return QCoreApplication.translate(
        "Tasks",
        "There is not enough memory for this picture. Close other programs or pictures and try again.",
    )
