"""The window as a program."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from workbench.core import paths
from workbench.core import settings as settings_file
from workbench.core.settings import Device, Settings
from workbench.gui.main_window import MainWindow, open_when_shown

LISTEN_MS = 250
"""How often Python looks whether Ctrl-C was pressed; Qt's loop alone would never let it."""


def application() -> QApplication:
    """The one application object."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(sys.argv[:1])
    made.setApplicationName("mantra-workbench")
    made.setApplicationDisplayName("ManTra Workbench")
    made.setDesktopFileName("mantra-workbench")
    translator = QTranslator(made)
    if translator.load(QLocale(), "workbench", "_", str(paths.resources_folder() / "translations")):
        made.installTranslator(translator)
    return made


def make_window(settings: Settings, remark: str = "") -> MainWindow:
    """The window with a user's settings, and what is to be said of them."""
    if settings.device is Device.CPU:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # read by the runtime in the worker
    window = MainWindow(settings)
    window.message_bar.show_message(remark)
    return window


def run(files: list[Path]) -> int:
    """Show the window with pictures or cases, until it is closed; the exit status."""
    running = application()
    window = make_window(*settings_file.load())
    window.show()
    open_when_shown(window, files)
    with on_ctrl_c(window.close), errors_told(window):
        return running.exec()


@contextmanager
def on_ctrl_c(act: Callable[[], object]) -> Iterator[None]:
    """Call `act` when Ctrl-C is pressed in the terminal, instead of an exception in whatever runs then."""
    before = signal.signal(signal.SIGINT, lambda *_: act())
    listen = QTimer()
    listen.timeout.connect(lambda: None)
    listen.start(LISTEN_MS)
    try:
        yield
    finally:
        listen.stop()
        signal.signal(signal.SIGINT, before)


@contextmanager
def errors_told(window: MainWindow) -> Iterator[None]:
    """An error that nothing foresaw is told where all others are, and goes to the terminal as well."""
    before = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        sentence = QCoreApplication.translate(
            "Application",
            "Something went wrong that the program did not foresee ({error}). "
            "What was shown as done is kept; save the case and start the program again.",
        )
        window.message_bar.show_message(sentence.format(error=kind.__name__))

    sys.excepthook = tell
    try:
        yield
    finally:
        sys.excepthook = before
