"""Groups of commands: each carries out the actions of one theme."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.gui.session import Session
from workbench.gui.stage import Stage
from workbench.gui.window_layout import WindowLayout

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow

_PREFIX = "_on_"


class Commands(QObject):
    """A method `_on_NAME` carries out the action NAME of the table."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.window = window

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What carries out each action of this group, by the action's name."""
        names = [name for name in dir(type(self)) if name.startswith(_PREFIX)]
        return {name.removeprefix(_PREFIX): getattr(self, name) for name in names}

    @property
    def session(self) -> Session:
        """What is open."""
        return self.window.session

    @property
    def parts(self) -> WindowLayout:
        """The parts of the window."""
        return self.window.parts

    @property
    def stage(self) -> Stage:
        """The picture."""
        return self.window.parts.stage
