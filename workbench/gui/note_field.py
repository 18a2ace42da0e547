"""A field for the examiner's own words: what is typed is kept by itself, and shown as nothing but text."""

from PySide6.QtCore import QMimeData, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.core.text import visible

LONGEST = 20_000
"""Characters that are laid out; a longer note is shown in part and can't be edited here."""
PAUSE_MS = 1200
KEPT = "\n\t"


class NoteField(QPlainTextEdit):
    """Tells of a change when the hand rests or leaves the field; `lines` 0 takes the height that there is.

    Control characters and overrides of the reading direction are written out, so that nothing is hidden; a
    note that is edited keeps them as they were written out.
    """

    edited = Signal(str, str)
    """The key that was given with the text, and the new text."""

    def __init__(self, name: str, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._known = "", ""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settle)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(True)
        if lines:
            self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 14)
        self.textChanged.connect(self._pause.start)
        self.show_text("", "", editable=False)

    def show_text(self, key: str, text: str, *, editable: bool) -> None:
        """Show the note of something else, or a note changed elsewhere; settles the one before."""
        if key != self._key:
            self.settle()
        shown = visible(text, LONGEST, keep=KEPT)
        self.setReadOnly(not editable or len(text) > LONGEST)
        self.setEnabled(key != "")
        if key == self._key and (shown == self._known or self.toPlainText() == shown):
            self._known = shown
            return
        self._key, self._known = key, shown
        self.blockSignals(True)
        self.setPlainText(shown)
        self.blockSignals(False)

    def settle(self) -> None:
        """Tell of what was typed now."""
        self._pause.stop()
        text = self.toPlainText()
        if self._key and not self.isReadOnly() and text != self._known:
            self._known = text
            self.edited.emit(self._key, text)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - overrides Qt
        """Take in text only, and no more than can be shown."""
        room = LONGEST - len(self.toPlainText()) + len(self.textCursor().selectedText())
        self.insertPlainText(visible(source.text()[: max(0, room)], keep=KEPT))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The hand leaves."""
        super().focusOutEvent(event)
        self.settle()
