"""The window as a program."""

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from workbench.core import settings as settings_file
from workbench.core.settings import Device, Settings
from workbench.gui.main_window import MainWindow, open_when_shown


def application() -> QApplication:
    """The one application object."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(sys.argv[:1])
    made.setApplicationName("mantra-workbench")
    made.setApplicationDisplayName("ManTra Workbench")
    return made


def make_window(settings: Settings, remark: str = "") -> MainWindow:
    """The window with a user's settings, and what is to be said of them."""
    if settings.device is Device.CPU:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # read by the runtime in the worker
    window = MainWindow(settings)
    window.message_bar.show_message(remark)
    return window


def run(paths: list[Path]) -> int:
    """Show the window with pictures or cases, until it is closed; the exit status."""
    running = application()
    window = make_window(*settings_file.load())
    window.show()
    open_when_shown(window, paths)
    return running.exec()
