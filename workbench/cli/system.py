"""Names the system library that a window needs and this computer lacks."""

import ctypes
import os
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from workbench.core.errors import WorkbenchError

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
}
"""Debian package of each library that Qt opens and a bare system may lack."""


def import_window() -> ModuleType:
    """`workbench.gui.app`.

    Raises:
        WorkbenchError: a system library is missing; the sentence gives the command that installs it.
    """
    try:
        return import_module("workbench.gui.app")
    except ImportError as error:
        raise WorkbenchError(missing_library(error)) from error


def missing_library(error: ImportError | OSError) -> str:
    """A sentence for a failed import of Qt."""
    found = re.search(r"lib[\w.+-]+\.so[.\d]*", str(error))
    if found is None:
        return (
            f"The window can't be loaded ({error}). The installation is incomplete; "
            "run make venv, or install the program again."
        )
    library = found.group()
    package = PACKAGES.get(library)
    remedy = (
        f"On Debian and Ubuntu: sudo apt-get install {package}"
        if package
        else f"Install the package of your system that holds {library}"
    )
    return f"The window needs the system library {library}, which is missing here. {remedy}."


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(os.environ.get("DISPLAY")) and _x_server_answers()


def _x_server_answers() -> bool:
    """Qt would abort the whole program where the server that DISPLAY names does not answer."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt says itself what it lacks
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers


def main() -> int:
    """Check at installation that a window can be loaded."""
    try:
        qt = import_module("PySide6.QtWidgets")
    except ImportError as error:
        sys.stderr.write(f"{missing_library(error)}\n")
        return 1
    plugin = Path(str(qt.__file__)).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    try:
        if plugin.exists():
            ctypes.CDLL(str(plugin))
    except OSError as error:  # without a display the program works all the same
        sys.stderr.write(f"{missing_library(error)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
