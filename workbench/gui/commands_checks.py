"""Commands that check: the installation, the case, and whether a run comes out the same again."""

from typing import TYPE_CHECKING

from workbench.gui.commands import Commands
from workbench.gui.repeat_dialog import RepeatDialog
from workbench.gui.selftest_dialog import SelfTestDialog
from workbench.gui.verify_dialog import VerifyDialog

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


class CheckCommands(Commands):
    """What they find is listed in a window of its own that does not hold up the work."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.selftest_dialog: SelfTestDialog | None = None
        self.verify_dialog: VerifyDialog | None = None
        self.repeat_dialog: RepeatDialog | None = None

    def connect_parts(self) -> None:
        """Once the parts of the window are there."""
        self.parts.status.selftest_asked.connect(self._on_selftest)
        self.session.selftest.changed.connect(self._show_selftest)
        self.session.case_changed.connect(self._follow_case)
        self._show_selftest()

    def _on_verify(self) -> None:
        folder = self.session.document.folder
        if self.verify_dialog is None:
            self.verify_dialog = VerifyDialog(self.session.tasks, folder, self.window)
        self.verify_dialog.set_case(folder)
        self.verify_dialog.show()
        self.verify_dialog.check_case()

    def _follow_case(self) -> None:
        if self.verify_dialog is not None:
            self.verify_dialog.set_case(self.session.document.folder)

    def _on_repeat(self) -> None:
        if self.repeat_dialog is None:
            self.repeat_dialog = RepeatDialog(self.session, self.window)
        self.repeat_dialog.show()
        self.repeat_dialog.begin()

    def start_selftest(self) -> None:
        """Run it in the background, unless the worker has something else to do."""
        if not self.session.busy:
            self.session.selftest.start(self.session.preferences.settings.runtime)

    def _on_selftest(self) -> None:
        if self.selftest_dialog is None:
            self.selftest_dialog = SelfTestDialog(self.window)
            self.selftest_dialog.again.connect(self.start_selftest)
        self._show_selftest()
        self.selftest_dialog.show()
        self.selftest_dialog.activateWindow()

    def _show_selftest(self) -> None:
        test = self.session.selftest
        self.parts.status.show_selftest(test.result, running=test.running)
        if self.selftest_dialog is not None:
            self.selftest_dialog.show_result(test.result, running=test.running)
