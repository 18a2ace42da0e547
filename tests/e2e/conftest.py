"""Drives the real program: `main()` runs with its own event loop, and a story acts in it as a user would."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from workbench.cli import main
from workbench.gui.main_window import MainWindow

Condition = Callable[[], object]
Story = Callable[[MainWindow], Generator[Condition, None, None]]
PATIENCE = 60
"""Seconds that a story may wait for one condition; the machine may be busy."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


class Player:
    """Runs a story step by step: it yields conditions and goes on when each holds."""

    def __init__(self, story: Story) -> None:
        self._story, self._steps = story, None
        self._condition: Condition = lambda: True
        self._ticks = 0
        self.failure: BaseException | None = None
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(10)

    def _tick(self) -> None:
        shown = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
        if (window := next(shown, None)) is None:
            return
        try:
            self._steps = self._steps or self._story(window)
            self._ticks += 1
            if self._condition():
                self._ticks = 0
                self._condition = next(self._steps)
            elif self._ticks > PATIENCE * 100:
                raise TimeoutError(f"waited in vain; messages: {window.message_bar.messages}")
        except StopIteration:
            self._end(window)
        except BaseException as error:  # noqa: BLE001 - raised again in the test, once the program has ended
            self.failure = error
            self._end(window)

    def _end(self, window: MainWindow) -> None:
        self._timer.stop()
        window.close()


@pytest.fixture
def play(qapp: QApplication) -> Callable[..., int]:
    """Start the program with arguments, play a story in it and return the exit status."""

    def start(story: Story, *arguments: object) -> int:
        player = Player(story)
        status = main([str(a) for a in arguments])
        if player.failure is not None:
            raise player.failure
        return status

    return start


@pytest.fixture
def two_photos(photo: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two pictures, the second beside the first."""
    import skimage.data
    from PIL import Image

    other = tmp_path / "coffee.jpg"
    Image.fromarray(skimage.data.coffee()).save(other, quality=90)
    return photo, other
