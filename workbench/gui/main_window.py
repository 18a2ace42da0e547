"""The main window.

For tests and scripts: `MainWindow(settings)` makes the window with a `session`; the engine's worker is
started by `start_engine()` or by the first run. Stable names:

- `open_paths(paths)`, `analyse()`, `analyse_region(region_id)`, `cancel()`, `save_case(folder)`,
  `open_case(folder)`, `export_report(folder)`: as the actions do, without dialogs. They return at once.
- `session` (see `session.py`): signals `analysis_finished(Analysis)`, `analysis_stopped()`, `failed(str)`,
  `picture_opened(item_id)`, `findings_changed(Findings | None)`, `saved(folder)`; `runs.busy`;
  `document.case`.
- `report_written(folder)`: after an export.
- `threshold_slider`, `threshold_number`, `findings_table`, `layers_list`, `runs_table`, `regions_table`,
  `message_bar` (`.text`, `.messages`), `status_label`, `tiles_label`, `progress_bar`, `stage`
  (`.overlay`, `.plain`, `.legend`, `.readout`, `.numbers_at(x, y)`), `actions_by_name[...]`.
"""

from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow

from workbench.core.settings import Settings
from workbench.core.text import visible
from workbench.gui import actions, exporting, theme
from workbench.gui.commands_analysis import AnalysisCommands
from workbench.gui.commands_case import CaseCommands
from workbench.gui.commands_checks import CheckCommands
from workbench.gui.commands_regions import RegionCommands
from workbench.gui.commands_untitled import UntitledCommands
from workbench.gui.commands_view import ViewCommands
from workbench.gui.document import is_case
from workbench.gui.evidence_presenter import EvidencePresenter
from workbench.gui.icons import icon
from workbench.gui.presenter import Presenter
from workbench.gui.session import Session
from workbench.gui.window_layout import WindowLayout

SELFTEST_MS = 1500
"""After the window is shown: pictures that were asked for come first."""
OFFER_MS = 700
LONGEST_NAME = 160
FIRST_SIZE = QSize(1366, 768)


class MainWindow(QMainWindow):
    """Actions of the user are carried out by groups of commands; what is seen is kept by the presenter."""

    report_written = Signal(object)
    """The folder of an exported report."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("ManTra Workbench"))
        self.setAcceptDrops(True)
        self.session = Session(settings, self)
        self.case_commands = CaseCommands(self)
        self.analysis_commands = AnalysisCommands(self)
        self.check_commands = CheckCommands(self)
        self.untitled_commands = UntitledCommands(self)
        groups = (
            self.case_commands,
            RegionCommands(self),
            self.analysis_commands,
            ViewCommands(self),
            self.check_commands,
            self.untitled_commands,
        )
        handlers = {name: handler for group in groups for name, handler in group.handlers().items()}
        self.actions_by_name = actions.make(self, handlers)
        self.parts = WindowLayout(self, self.actions_by_name)
        self._expose()
        self._presenter = Presenter(self.session, self.parts, self)
        self._evidence = EvidencePresenter(self.session, self.parts.evidence, self.parts.runs, self)
        self.check_commands.connect_parts()
        self.untitled_commands.connect_parts()
        self._connect()
        self._dress()
        self._show_recent()
        self._show_undo()
        self.session.preferences.load_weights()
        self.session.choose_layer("")
        self._size_to_screen()
        self.stage.focus()

    def _expose(self) -> None:
        parts = self.parts
        self.stage = parts.stage
        self.message_bar = parts.message_bar
        self.threshold_slider = parts.response.slider
        self.threshold_number = parts.response.number
        self.findings_table = parts.findings.table
        self.layers_list = parts.layers.list
        self.runs_table = parts.runs.table
        self.regions_table = parts.regions.table
        self.status_label = parts.status.state
        self.tiles_label = parts.status.tiles
        self.progress_bar = parts.status.progress

    def _connect(self) -> None:
        self.session.preferences.changed.connect(self._on_preferences_changed)
        self.session.case_changed.connect(self._show_title)
        self.session.item_chosen.connect(self._show_title)
        self.session.saved.connect(self._show_title)
        self.report_written.connect(self._on_report_written)
        stack = self.session.document.undo_stack
        stack.indexChanged.connect(self._show_undo)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._theme = self.session.preferences.settings.theme

    # For tests and scripts, and for the actions

    def start_engine(self) -> None:
        """Let the worker import its runtime, in its own process."""
        self.session.engine.start()

    def open_paths(self, paths: list[Path]) -> None:
        """Open pictures and cases."""
        self.session.cases.open_paths(paths)

    def analyse(self) -> None:
        """Analyse the whole picture in sight."""
        self.session.running.analyse()

    def analyse_region(self, region_id: str) -> None:
        """Analyse a region of the picture in sight."""
        self.session.choose_region(region_id)
        if self.session.region is not None:
            self.session.running.analyse(self.session.region)

    def cancel(self) -> None:
        """Stop the run under way."""
        self.session.running.cancel()

    def save_case(self, folder: Path) -> None:
        """Write the case into a new folder."""
        self.session.cases.save(folder)

    def open_case(self, folder: Path) -> None:
        """Open a saved case."""
        self.session.cases.open(folder)

    def export_report(self, folder: Path) -> None:
        """Write the report on the picture in sight into a new folder; a number is added if it is there."""
        exporting.export(self.session, folder, self.report_written.emit)

    # Events

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the worker and the threads; a user who closes an unsaved case is told first."""
        if event.spontaneous() and not self.case_commands.may_leave():
            event.ignore()
            return
        self._evidence.close()
        self.session.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self._open_asked(paths)

    def _open_asked(self, paths: list[Path]) -> None:
        if not any(is_case(path) for path in paths) or self.case_commands.may_leave():
            self.open_paths(paths)

    # The window itself

    def _on_report_written(self, folder: Path) -> None:
        self.message_bar.show_message(self.tr("The report was written to {folder}.").format(folder=folder))

    def _on_preferences_changed(self) -> None:
        settings = self.session.preferences.settings
        self.session.document.by = settings.examiner
        self._show_recent()
        if settings.theme is not self._theme:
            self._theme = settings.theme
            self._dress()

    def _dress(self, *_: object) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            chosen = self.session.preferences.settings.theme
            colours = theme.apply(application, chosen)
            self.parts.dress(chosen, colours)
            self.setWindowIcon(icon("window", colours.accent, colours.dim))

    def _show_recent(self) -> None:
        menu = self.parts.recent
        menu.clear()
        for name in self.session.preferences.settings.recent:
            action = QAction(visible(name, LONGEST_NAME).replace("&", "&&"), menu)
            action.triggered.connect(lambda _=False, path=Path(name): self._open_asked([path]))
            menu.addAction(action)
        menu.setEnabled(not menu.isEmpty())

    def _show_undo(self, *_: object) -> None:
        stack = self.session.document.undo_stack
        undo, redo = self.actions_by_name["undo"], self.actions_by_name["redo"]
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())
        undo.setText(self.tr("&Undo {what}").format(what=visible(stack.undoText(), LONGEST_NAME)).strip())
        redo.setText(self.tr("&Redo {what}").format(what=visible(stack.redoText(), LONGEST_NAME)).strip())

    def _show_title(self, *_: object) -> None:
        item, folder = self.session.item, self.session.document.folder
        place = folder.name if folder else ""
        if self.session.document.untitled:
            place = self.tr("untitled case")
        if self.session.document.read_only:
            place = self.tr("{name} (read-only)").format(name=place)
        parts = [
            visible(item.name, LONGEST_NAME) if item else "",
            visible(place, LONGEST_NAME),
            self.tr("ManTra Workbench"),
        ]
        self.setWindowTitle(" – ".join(part for part in parts if part))

    def _size_to_screen(self) -> None:
        screen = QGuiApplication.primaryScreen()
        real = screen is not None and QGuiApplication.platformName() != "offscreen"
        self.resize(FIRST_SIZE.boundedTo(screen.availableSize()) if real else FIRST_SIZE)


def open_when_shown(window: MainWindow, paths: list[Path]) -> None:
    """Start what takes time once the window is on the screen."""
    window.session.selftest.recall()
    QTimer.singleShot(0, lambda: window.open_paths(paths))
    QTimer.singleShot(0, window.start_engine)
    QTimer.singleShot(OFFER_MS, window.untitled_commands.offer)
    QTimer.singleShot(SELFTEST_MS, window.check_commands.start_selftest)
    QTimer.singleShot(600, window.parts.response.build_histogram)
