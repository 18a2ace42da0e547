"""The steps of the demo, driven through the window as a user would."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal

from workbench.cli.example import Example
from workbench.core.analysis import Analysis, Kind
from workbench.gui.main_window import MainWindow

SETTLE = 1000
"""Milliseconds until the last repaint and the findings table are done."""


class Story(QObject):
    """Opens the example, analyses it, draws a region around the pasted part and analyses that.

    Attributes:
        failure: the sentence of the first thing that went wrong, or "".
    """

    finished = Signal()

    def __init__(self, window: MainWindow, example: Example) -> None:
        super().__init__(window)
        self.failure = ""
        self._window, self._example = window, example
        self._analyses: list[Analysis] = []
        session = window.session
        # The picture is chosen right after it is opened, so the run waits for the event loop.
        session.picture_opened.connect(lambda _: QTimer.singleShot(0, window.analyse))
        session.analysis_finished.connect(self._on_analysis_finished)
        session.failed.connect(self._on_failed)
        window.report_written.connect(lambda _: self.finished.emit())
        QTimer.singleShot(0, lambda: window.open_paths([example.picture]))

    def export(self, folder: Path) -> None:
        """Write the report; `finished` follows."""
        self._window.export_report(folder)

    def stop(self) -> None:
        """End the story where it is."""
        self._on_failed("Stopped. What was finished before lies in the folder of the demo.")

    def summary(self) -> str:
        """How the response inside the edits compares with the rest, since here the truth is known."""
        whole = next(a for a in self._analyses if a.kind is Kind.WHOLE)
        response = self._window.session.document.maps.get_map(whole.map_sha256).response
        edited = np.asarray(Image.open(self._example.truth)) > 0
        inside, outside = response[edited].mean(), response[~edited].mean()
        return f"Whole picture: mean response {inside:.3f} inside the two edits, {outside:.3f} elsewhere."

    def _on_analysis_finished(self, analysis: Analysis) -> None:
        self._analyses.append(analysis)
        session = self._window.session
        if analysis.kind is Kind.WHOLE and session.item and not session.item.regions:
            session.add_region(*self._example.suggested)
            self._window.analyse_region(session.region_id)
        elif len(self._analyses) == 2:
            session.choose_layer(self._analyses[0].id)
            QTimer.singleShot(SETTLE, self.finished.emit)

    def _on_failed(self, sentence: str) -> None:
        self.failure = self.failure or sentence
        self.finished.emit()
