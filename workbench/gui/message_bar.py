"""The one place for errors: sentences that stay until they have been read."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from workbench.core.text import visible
from workbench.gui.widgets import plain_label

LONGEST = 1000
"""Characters of a sentence that are shown; a name in it may be as long as a file allows."""


class MessageBar(QFrame):
    """Shows the newest message; dismissing it shows the one before."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.messages: list[str] = []
        self.label = plain_label("", "message_text", wrap=True)
        self.label.setAccessibleName(self.tr("Message"))
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._count = plain_label("", "dim")
        self.button = QPushButton(self.tr("Dismiss"))
        self.button.setToolTip(self.tr("Take this message away (M)"))
        self.button.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 5, 6, 5)
        layout.addWidget(self.label, 1)
        layout.addWidget(self._count)
        layout.addWidget(self.button)
        self.hide()

    @property
    def text(self) -> str:
        """The message in sight, or empty."""
        return self.messages[-1] if self.messages else ""

    def show_message(self, sentence: str) -> None:
        """Add a message; the same one twice is shown once."""
        if sentence and sentence not in self.messages:
            self.messages.append(sentence)
            self._refresh()

    def dismiss(self) -> None:
        """Take away the message in sight."""
        if self.messages:
            self.messages.pop()
            self._refresh()

    def _refresh(self) -> None:
        self.label.setText(visible(self.text, LONGEST, keep="\n"))
        more = len(self.messages) - 1
        self._count.setText(self.tr("{n} more").format(n=more) if more else "")
        self.setVisible(bool(self.messages))
        self.changed.emit()
