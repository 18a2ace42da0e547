"""A line above the picture: cases without a name are left from before. It waits and hides nothing."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from workbench.casefile.untitled import Left
from workbench.core.text import visible
from workbench.gui.outlook import size_words
from workbench.gui.widgets import plain_label

translate = QCoreApplication.translate
MOST_NAMED = 2
LONGEST_NAME = 40


class UntitledBar(QFrame):
    """Shown as long as it was not sent away and something is left."""

    open_asked = Signal()
    """The newest one."""
    list_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.label = plain_label("", "message_text", wrap=True)
        self.label.setAccessibleName(self.tr("Cases without a name"))
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.open_button = QPushButton(self.tr("Open the newest"))
        self.list_button = QPushButton(self.tr("Show or discard…"))
        self.later_button = QPushButton(self.tr("Later"))
        self.later_button.setToolTip(self.tr("Keep them; they stay in the File menu"))
        self.open_button.clicked.connect(self.open_asked)
        self.list_button.clicked.connect(self.list_asked)
        self.later_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 5, 6, 5)
        layout.addWidget(self.label, 1)
        for button in (self.open_button, self.list_button, self.later_button):
            layout.addWidget(button)
        self.hide()

    def offer(self, left: Sequence[Left], most: int) -> None:
        """Say what is left; `most` are kept, 0 means all."""
        self.setVisible(bool(left))
        if not left:
            return
        newest = left[0]
        if len(left) == 1:
            text = self.tr("A case without a name is left: {case}.")
            self.open_button.setText(self.tr("Open it"))
        else:
            text = self.tr("{n} cases without a name are left, the newest: {case}.")
            self.open_button.setText(self.tr("Open the newest"))
        said = text.format(n=len(left), case=self._words(newest))
        if most and len(left) >= most:
            more = self.tr(
                "Beyond {n} (settings), the oldest that was only looked at goes when the next one begins."
            )
            said = f"{said} {more.format(n=most)}"
        self.label.setText(said)

    def _words(self, left: Left) -> str:
        return " · ".join((f"{left.changed:%Y-%m-%d %H:%M}", contents_words(left), room_words(left)))


def contents_words(left: Left) -> str:
    """Its pictures by name, and how many runs."""
    if left.damage:
        return translate("Untitled", "can't be read")
    names = ", ".join(visible(name, LONGEST_NAME) for name in left.names[:MOST_NAMED])
    if len(left.names) > MOST_NAMED:
        more = translate("Untitled", "{names} and {n} more")
        names = more.format(names=names, n=len(left.names) - MOST_NAMED)
    if left.runs == 1:
        return f"{names} · {translate('Untitled', '1 run')}"
    runs = translate("Untitled", "{n} runs") if left.runs else translate("Untitled", "no runs")
    return f"{names} · {runs.format(n=left.runs)}"


def room_words(left: Left) -> str:
    """What it takes on the disk, in whole megabytes at least."""
    return size_words(max(left.size, 1_000_000))
