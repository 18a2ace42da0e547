"""Makes docs/images/regions-*.png: a real window, real runs on the example of the demo.

    QT_QPA_PLATFORM=offscreen python benchmarks/region_tour.py [--dark] [FOLDER]

With QT_SCALE_FACTOR=2 the pictures are those of a screen at 200 %.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from workbench.cli.example import make_example
from workbench.core.region import Region, Shape
from workbench.core.settings import Settings, Theme
from workbench.gui.main_window import MainWindow

LONGEST = 300_000
EASY = 0.5
"""Least score of the search in the tour: the example is small, and its second edit stands out little."""
POLYGON = ((232.0, 120.0), (300.0, 100.0), (352.0, 132.0), (330.0, 182.0), (250.0, 184.0))


class Tour:
    """Does what the pictures show."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window, self.session, self.canvas = window, window.session, window.stage.overlay
        self.folder = folder

    def wait(self, signal: object, start: Callable[[], object]) -> None:
        loop = QEventLoop()
        signal.connect(lambda *_: loop.quit())  # type: ignore[attr-defined]
        QTimer.singleShot(LONGEST, loop.quit)
        start()
        loop.exec()
        self.rest(600)

    @staticmethod
    def rest(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def shot(self, name: str) -> None:
        self.rest(600)
        self.window.grab().save(str(self.folder / f"regions-{name}.png"))
        print(name)

    def at(self, x: float, y: float) -> QPoint:
        return self.canvas.stored_to_screen().map(QPointF(x, y)).toPoint()

    def drag(self, box: tuple[int, int, int, int]) -> None:
        """Up to the last corner, with the button still down."""
        x, y, width, height = box
        QTest.mousePress(self.canvas, Qt.MouseButton.LeftButton, pos=self.at(x, y))
        for step in range(1, 21):
            QTest.mouseMove(self.canvas, self.at(x + width * step / 20, y + height * step / 20))

    def let_go(self, box: tuple[int, int, int, int]) -> None:
        x, y, width, height = box
        QTest.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, pos=self.at(x + width, y + height))

    def run(self, picture: Path, box: tuple[int, int, int, int]) -> None:
        window, session = self.window, self.session
        do = {name: action.trigger for name, action in window.actions_by_name.items()}
        self.wait(session.picture_opened, lambda: window.open_paths([picture]))
        self.wait(session.analysis_finished, window.analyse)
        do["tool_rectangle"]()
        self.wait(session.preview.previews.settled, lambda: self.drag(box))
        self.shot("preview")
        self.wait(session.analysis_finished, lambda: self.let_go(box))
        do["tool_select"]()
        do["compare"]()
        self.shot("compare")
        do["difference"]()
        self.shot("difference")
        do["single"]()
        self.shapes()
        self.search()

    def shapes(self) -> None:
        session = self.session
        session.regions.draw(Region("", "", 464, 240, 124, 124, Shape.ELLIPSE))
        if session.region is not None:
            session.change_region(replace(session.region, name="grain", colour="#e69f00"))
        session.regions.draw(Region("", "", 232, 100, 120, 84, Shape.POLYGON, POLYGON))
        if session.region is not None:
            session.change_region(replace(session.region, name="eye", note="Fur where there was coffee"))
        self.window.parts.tabs.setCurrentWidget(self.window.parts.regions)
        self.shot("shapes")

    def search(self) -> None:
        session = self.session
        session.choose_region("")
        if session.item is None:
            return
        session.choose_layer(session.item.analyses[0].id)
        self.window.parts.search.least_score.setValue(EASY)
        self.wait(session.search.searches.finished, session.search.start)
        self.window.parts.search.list.setCurrentRow(0)
        self.shot("search")


def main() -> None:
    names = [name for name in sys.argv[1:] if not name.startswith("--")]
    folder = Path(names[0]) if names else Path(__file__).parents[1] / "docs" / "images"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HOME"] = os.environ["XDG_DATA_HOME"] = os.environ["XDG_CACHE_HOME"] = scratch
        application = QApplication([])
        theme = Theme.DARK if "--dark" in sys.argv else Theme.LIGHT
        window = MainWindow(Settings(theme=theme, examiner="A. Examiner"))
        window.session.untitled.stay_in_memory()
        window.resize(1366, 768)
        window.show()
        example = make_example(Path(scratch))
        Tour(window, folder).run(example.picture, example.suggested)
        window.close()
        application.processEvents()


if __name__ == "__main__":
    main()
