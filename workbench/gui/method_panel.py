"""METHOD: what to look for in this layer, what to ignore, and where the limits bite."""

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from workbench.core.case import Item
from workbench.core.weights import WeightsCard
from workbench.gui import wording
from workbench.report.method_card import method_card


class MethodPanel(QWidget):
    """Read-only text; never markup."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit()
        self.text.setObjectName("method")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("What to look for and what to ignore"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 0)
        layout.addWidget(self.text)

    def show_for(self, item: Item | None, card: WeightsCard | None) -> None:
        """Set the text for a picture and the weights in use."""
        method = method_card()
        here = wording.limits_of_picture(item, card.configuration if card else "") if item else []
        limits = [*here, *method.limits, *(card.limits if card else ())]
        parts = [
            f"{self.tr('LOOK FOR')}\n{method.look_for}",
            f"{self.tr('IGNORE')}\n{method.ignore}",
            self.tr("LIMITS") + "\n" + "\n".join(f"– {limit}" for limit in limits),
            f"{method.name}\n{method.citation}",
        ]
        text = "\n\n".join(parts)
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
