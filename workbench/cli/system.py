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
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
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
    """A sentence for a failed import of Qt, with every library that is missing, not the first alone."""
    found = re.search(r"lib[\w.+-]+\.so[.\d]*", str(error))
    if found is None:
        return (
            f"The window can't be loaded ({error}). The installation is incomplete; "
            "run make venv, or install the program again."
        )
    missing = sorted({found.group(), *(name for name in PACKAGES if not _loads(name))})
    packages = sorted({PACKAGES[name] for name in missing if name in PACKAGES})
    unknown = [name for name in missing if name not in PACKAGES]
    remedies = [f"On Debian and Ubuntu: sudo apt-get install {' '.join(packages)}."] if packages else []
    if unknown:
        remedies.append(f"Install the package of your system that holds {', '.join(unknown)}.")
    what = "a system library that is" if len(missing) == 1 else "system libraries that are"
    return f"The window needs {what} missing here: {', '.join(missing)}. {' '.join(remedies)}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


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
