"""Commands on the case as a whole: open, save, settings, report, undo, help."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from workbench.casefile.store import SUFFIX
from workbench.core.case import Case, CaseDetails, Status
from workbench.gui import wording
from workbench.gui.case_dialog import CaseDialog
from workbench.gui.commands import Commands
from workbench.gui.dialogs import AboutDialog, KeysDialog
from workbench.gui.final_dialog import FinalDialog, missing
from workbench.gui.report_dialog import ReportDialog
from workbench.gui.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


class CaseCommands(Commands):
    """Dialogs stand here; what they ask for goes to the session."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._warned_of: Case | None = None

    def _on_new_case(self) -> None:
        folder = self._ask_folder(self.tr("New case"))
        if folder is not None and self.may_leave():
            self.session.cases.create(folder)

    def _on_close_case(self) -> None:
        if self.may_leave():
            self.session.cases.start_new()

    def _on_open(self) -> None:
        pictures = self.tr("Pictures (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.gif *.webp);;All files (*)")
        names, _ = QFileDialog.getOpenFileNames(self.window, self.tr("Open pictures"), "", pictures)
        self.window.open_paths([Path(name) for name in names])

    def _on_open_case(self) -> None:
        name = QFileDialog.getExistingDirectory(self.window, self.tr("Open case"))
        if name and self.may_leave():
            self.window.open_case(Path(name))

    def _on_save_case(self) -> None:
        folder = self._ask_folder(self.tr("Save case as"))
        if folder is not None:
            self.window.save_case(folder)

    def _ask_folder(self, title: str) -> Path | None:
        name, _ = QFileDialog.getSaveFileName(self.window, title, f"untitled{SUFFIX}")
        if not name:
            return None
        path = Path(name)
        return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)

    def _on_case_details(self) -> None:
        details, assessments = (
            self.session.document.case.details,
            self.session.preferences.settings.assessments,
        )
        dialog = CaseDialog(details, assessments, self.window)
        dialog.accepted.connect(lambda: self._keep_details(dialog.details()))
        dialog.open()

    def _keep_details(self, details: CaseDetails) -> None:
        self.session.document.set_details(details)
        said = f"{details.interpretation}\n{details.alternatives}"
        self.window.message_bar.show_message(wording.words_too_strong(said))

    def _on_mark_final(self) -> None:
        """Or a draft again, without a question: that can be undone, too."""
        document = self.session.document
        if document.case.details.status is Status.FINAL:
            document.set_status(Status.DRAFT)
            return
        dialog = FinalDialog(missing(document.case), self.window)
        dialog.accepted.connect(lambda: document.set_status(Status.FINAL))
        dialog.open()

    def _on_export_report(self) -> None:
        item, folder = self.session.item, self.session.document.folder
        named = folder is not None and not self.session.document.untitled
        place = folder.parent if folder and named else item.path.parent if item else Path.home()
        ReportDialog(self.session, place, self.window).open()

    def _on_settings(self) -> None:
        dialog = SettingsDialog(self.session.preferences.settings, self.window)
        dialog.accepted.connect(lambda: self.session.preferences.change(dialog.settings()))
        dialog.open()

    def _on_quit(self) -> None:
        if self.may_leave():
            self.window.close()

    def may_leave(self) -> bool:
        """What only memory holds is given up at the second try; the first one says so."""
        self.session.untitled.settle()
        case = self.session.document.case
        if not self.session.document.unsaved or self._warned_of is case:
            return True
        self._warned_of = case
        self.window.message_bar.show_message(
            self.tr("This case is not saved. Save it with Ctrl+S, or do the same again to give it up.")
        )
        return False

    def _on_undo(self) -> None:
        self.session.document.undo()

    def _on_redo(self) -> None:
        self.session.document.redo()

    def _on_keys(self) -> None:
        KeysDialog(self.window).open()

    def _on_about(self) -> None:
        AboutDialog(self.window).open()
