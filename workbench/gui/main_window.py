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
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow

from workbench.casefile.store import SUFFIX
from workbench.core.case import Case, CaseDetails
from workbench.core.settings import Settings
from workbench.gui import actions, exporting, theme, wording
from workbench.gui.action_table import ACTIONS
from workbench.gui.canvas_mouse import Tool
from workbench.gui.dialogs import AboutDialog, CaseDialog, KeysDialog, SettingsDialog
from workbench.gui.document import is_case
from workbench.gui.icons import icon
from workbench.gui.importing import WeightsImport
from workbench.gui.presenter import Presenter
from workbench.gui.session import Session
from workbench.gui.stage import Mode
from workbench.gui.window_layout import WindowLayout

FIRST_SIZE = QSize(1366, 768)
STEP = 0.01


class MainWindow(QMainWindow):
    """Actions of the user; what they do is in the session, what is seen is kept by the presenter."""

    report_written = Signal(object)
    """The folder of an exported report."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("ManTra Workbench"))
        self.setAcceptDrops(True)
        self.session = Session(settings, self)
        handlers = {spec.name: getattr(self, f"_on_{spec.name}") for spec in ACTIONS}
        self.actions_by_name = actions.make(self, handlers)
        self.parts = WindowLayout(self, self.actions_by_name)
        self._expose()
        self._presenter = Presenter(self.session, self.parts, self)
        self._importer = WeightsImport(self.session, self)
        self._warned_of: Case | None = None
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
        self.session.open_paths(paths)

    def analyse(self) -> None:
        """Analyse the whole picture in sight."""
        self.session.analyse()

    def analyse_region(self, region_id: str) -> None:
        """Analyse a region of the picture in sight."""
        self.session.choose_region(region_id)
        if self.session.region is not None:
            self.session.analyse(self.session.region)

    def cancel(self) -> None:
        """Stop the run under way."""
        self.session.cancel()

    def save_case(self, folder: Path) -> None:
        """Write the case into a new folder."""
        self.session.save_case(folder)

    def open_case(self, folder: Path) -> None:
        """Open a saved case."""
        self.session.open_case(folder)

    def export_report(self, folder: Path) -> None:
        """Write the report on the picture in sight into a new folder; a number is added if it is there."""
        exporting.export(self.session, folder, self.report_written.emit)

    # Events

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the worker and the threads; a user who closes an unsaved case is told first."""
        if event.spontaneous() and not self._may_leave():
            event.ignore()
            return
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
        if not any(is_case(path) for path in paths) or self._may_leave():
            self.open_paths(paths)

    # File

    def _on_new_case(self) -> None:
        if self._may_leave():
            self.session.new_case()

    def _on_open(self) -> None:
        pictures = self.tr("Pictures (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.gif *.webp);;All files (*)")
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Open pictures"), "", pictures)
        self.open_paths([Path(name) for name in names])

    def _on_open_case(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Open case"))
        if name and self._may_leave():
            self.open_case(Path(name))

    def _on_save_case(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save case as"), f"untitled{SUFFIX}")
        if name:
            path = Path(name)
            self.save_case(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    def _on_case_details(self) -> None:
        dialog = CaseDialog(self.session.document.case.details, self)
        dialog.accepted.connect(lambda: self._keep_details(dialog.details()))
        dialog.open()

    def _keep_details(self, details: CaseDetails) -> None:
        self.session.document.set_details(details)
        self.message_bar.show_message(wording.words_too_strong(details.interpretation))

    def _on_export_report(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Where to put the folder with the report"))
        if name:
            self.export_report(Path(name) / exporting.default_name(self.session))

    def _on_settings(self) -> None:
        dialog = SettingsDialog(self.session.preferences.settings, self)
        dialog.accepted.connect(lambda: self.session.preferences.change(dialog.settings()))
        dialog.open()

    def _on_quit(self) -> None:
        if self._may_leave():
            self.close()

    def _may_leave(self) -> bool:
        """Runs that only memory holds are given up at the second try; the first one says so."""
        case = self.session.document.case
        if not self.session.document.unsaved or self._warned_of is case:
            return True
        self._warned_of = case
        self.message_bar.show_message(
            self.tr("This case is not saved. Save it with Ctrl+S, or do the same again to give it up.")
        )
        return False

    def _on_report_written(self, folder: Path) -> None:
        self.message_bar.show_message(self.tr("The report was written to {folder}.").format(folder=folder))

    # Edit

    def _on_undo(self) -> None:
        self.session.document.undo()

    def _on_redo(self) -> None:
        self.session.document.redo()

    def _on_add_region(self) -> None:
        box = self.stage.overlay.box_in_sight()
        self.session.add_region(box.x(), box.y(), box.width(), box.height())
        self.stage.focus()

    def _on_rename_region(self) -> None:
        self.parts.tabs.setCurrentWidget(self.parts.regions)
        self.parts.regions.rename()

    def _on_delete_region(self) -> None:
        self.session.remove_region()

    # Analysis

    def _on_analyse(self) -> None:
        self.analyse()

    def _on_analyse_region(self) -> None:
        self.analyse_region(self.session.region_id)

    def _on_cancel(self) -> None:
        self.cancel()

    def _on_choose_weights(self) -> None:
        if self.parts.weights.isVisible():
            self.parts.weights.setFocus()
            self.parts.weights.showPopup()
        else:  # a narrow window has no room for the list
            self.parts.weights_menu.popup(self.mapToGlobal(self.rect().center()))

    def _on_import_weights(self) -> None:
        self._importer.open()

    # View

    def _on_tool_select(self) -> None:
        self.stage.set_tool(Tool.SELECT)

    def _on_tool_rectangle(self) -> None:
        self.stage.set_tool(Tool.RECTANGLE)

    def _on_fit(self) -> None:
        self.stage.viewport.fit()

    def _on_one_to_one(self) -> None:
        self.stage.viewport.zoom_to(1.0)

    def _on_zoom_in(self) -> None:
        self.stage.viewport.zoom_by(1)

    def _on_zoom_out(self) -> None:
        self.stage.viewport.zoom_by(-1)

    def _on_single(self) -> None:
        self.stage.set_mode(Mode.SINGLE)

    def _on_side_by_side(self) -> None:
        self.stage.set_mode(Mode.SIDE_BY_SIDE)

    def _on_blink(self) -> None:
        self.stage.set_mode(Mode.BLINK)

    def _on_hide_map(self) -> None:
        self.stage.hide_map(self.actions_by_name["hide_map"].isChecked())

    def _on_grid(self) -> None:
        self.stage.set_grid(self.actions_by_name["grid"].isChecked())

    def _on_focus_threshold(self) -> None:
        self.threshold_slider.setFocus()

    def _on_threshold_up(self) -> None:
        self.parts.response.step(STEP)

    def _on_threshold_down(self) -> None:
        self.parts.response.step(-STEP)

    def _on_focus_opacity(self) -> None:
        self.parts.layers.opacity.setFocus()

    def _on_focus_canvas(self) -> None:
        self.stage.focus()

    def _on_next_finding(self) -> None:
        self._step_finding(1)

    def _on_previous_finding(self) -> None:
        self._step_finding(-1)

    def _step_finding(self, by: int) -> None:
        self.parts.tabs.setCurrentWidget(self.parts.findings)
        self.parts.findings.step(by)

    def _on_next_picture(self) -> None:
        self._step_picture(1)

    def _on_previous_picture(self) -> None:
        self._step_picture(-1)

    def _step_picture(self, by: int) -> None:
        items = [item.id for item in self.session.document.case.items]
        if self.session.item_id in items:
            self.session.choose_item(items[(items.index(self.session.item_id) + by) % len(items)])

    def _on_dismiss(self) -> None:
        self.message_bar.dismiss()

    # Help

    def _on_keys(self) -> None:
        KeysDialog(self).open()

    def _on_about(self) -> None:
        AboutDialog(self).open()

    # The window itself

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
            action = QAction(name.replace("&", "&&"), menu)
            action.triggered.connect(lambda _=False, path=Path(name): self._open_asked([path]))
            menu.addAction(action)
        menu.setEnabled(not menu.isEmpty())

    def _show_undo(self, *_: object) -> None:
        stack = self.session.document.undo_stack
        undo, redo = self.actions_by_name["undo"], self.actions_by_name["redo"]
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())
        undo.setText(self.tr("&Undo {what}").format(what=stack.undoText()).strip())
        redo.setText(self.tr("&Redo {what}").format(what=stack.redoText()).strip())

    def _show_title(self, *_: object) -> None:
        item, folder = self.session.item, self.session.document.folder
        place = folder.name if folder else ""
        if self.session.document.read_only:
            place = self.tr("{name} (read-only)").format(name=place)
        parts = [item.name if item else "", place, self.tr("ManTra Workbench")]
        self.setWindowTitle(" – ".join(part for part in parts if part))

    def _size_to_screen(self) -> None:
        screen = QGuiApplication.primaryScreen()
        real = screen is not None and QGuiApplication.platformName() != "offscreen"
        self.resize(FIRST_SIZE.boundedTo(screen.availableSize()) if real else FIRST_SIZE)


def open_when_shown(window: MainWindow, paths: list[Path]) -> None:
    """Start what takes time once the window is on the screen."""
    QTimer.singleShot(0, lambda: window.open_paths(paths))
    QTimer.singleShot(0, window.start_engine)
    QTimer.singleShot(600, window.parts.response.build_histogram)
