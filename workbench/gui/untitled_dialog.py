"""The untitled cases that no window has open: open one, or discard them for good."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QMessageBox, QVBoxLayout, QWidget

from workbench.casefile.untitled import Left
from workbench.core.text import visible
from workbench.gui.untitled_bar import contents_words, room_words
from workbench.gui.widgets import TableModel, plain_label, table

MOST_TOLD = 30


class UntitledDialog(QDialog):
    """Several may be chosen; only discarding asks, as nothing brings a case back after it."""

    def __init__(
        self,
        open_case: Callable[[Left], None],
        discard: Callable[[Sequence[Left]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Cases without a name"))
        self._open_case, self._discard = open_case, discard
        self._left: list[Left] = []
        heads = [self.tr("Last change"), self.tr("Pictures and runs"), self.tr("Size")]
        self.model = TableModel(heads)
        self.view = table(self.model, "untitled")
        self.view.setAccessibleName(self.tr("Cases without a name"))
        self.view.setSelectionMode(self.view.SelectionMode.ExtendedSelection)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.view.horizontalHeader().setStretchLastSection(False)
        self.view.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.view.selectionModel().selectionChanged.connect(self._enable)
        self.view.activated.connect(self._on_open)
        self.about = plain_label("", "dim", wrap=True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.about)
        layout.addWidget(self._buttons())
        self.resize(720, 360)

    def _buttons(self) -> QWidget:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.open_button = buttons.addButton(self.tr("&Open"), role)
        self.discard_button = buttons.addButton(self.tr("&Discard…"), role)
        self.open_button.clicked.connect(self._on_open)
        self.discard_button.clicked.connect(self._on_discard)
        buttons.rejected.connect(self.reject)
        return buttons

    def show_left(self, left: Sequence[Left], most: int) -> None:
        """List them, the newest first; `most` are kept, 0 means all."""
        self._left = list(left)
        self.model.set_rows(
            [(f"{one.changed:%Y-%m-%d %H:%M}", contents_words(one), room_words(one)) for one in left]
        )
        kept = self.tr("All are kept (settings).")
        if most:
            kept = self.tr(
                "Beyond {n} (settings), when another begins, the oldest that was only looked at goes; one "
                "with runs, regions or words in it stays until you discard it."
            )
            kept = kept.format(n=most)
        save = self.tr("Open one and save it with Ctrl+S to give it a folder of its own.")
        self.about.setText(f"{save} {kept}" if left else self.tr("No case without a name is left."))
        if left:
            self.view.selectRow(0)
        self._enable()

    def _chosen(self) -> list[Left]:
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self._left[row] for row in rows if row < len(self._left)]

    def _enable(self, *_: object) -> None:
        chosen = self._chosen()
        self.open_button.setEnabled(len(chosen) == 1)
        self.discard_button.setEnabled(bool(chosen))

    def _on_open(self, *_: object) -> None:
        chosen = self._chosen()
        if len(chosen) == 1:
            self.accept()
            self._open_case(chosen[0])

    def _on_discard(self) -> None:
        chosen = self._chosen()
        self.question = question = QMessageBox(self)
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(self.tr("Discard"))
        question.setText(self.tr("Discard for good? Runs, notes and copies of the pictures are removed."))
        told = [f"{one.changed:%Y-%m-%d %H:%M} · {contents_words(one)}" for one in chosen[:MOST_TOLD]]
        question.setInformativeText(visible("\n".join(told), 4000, keep="\n"))
        discard = question.addButton(self.tr("&Discard"), QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton(self.tr("&Keep"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        discard.clicked.connect(lambda: self._discard(chosen))
        question.open()
