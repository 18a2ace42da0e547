"""Before a case is marked final: what is still missing, as sentences."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from workbench.core.case import Case, CaseDetails
from workbench.core.text import visible
from workbench.core.wording import forbidden_in
from workbench.gui.widgets import plain_label

translate = QCoreApplication.translate
LONGEST_NAME = 80
MOST_NAMED = 20


def missing(case: Case) -> list[str]:
    """Sentences on what a reader of a final report would miss; none if nothing is."""
    return [*_of_details(case.details), *_of_opinion(case.details), *_of_pictures(case)]


def _of_details(details: CaseDetails) -> Iterator[str]:
    for there, sentence in (
        (details.examiner, translate("Final", "The examiner is not named.")),
        (details.organisation, translate("Final", "The organisation is not named.")),
        (details.case_id, translate("Final", "The case has no number.")),
        (details.question, translate("Final", "The question that was asked is not written down.")),
        (details.interpretation, translate("Final", "The interpretation is empty.")),
    ):
        if not there:
            yield sentence


def _of_opinion(details: CaseDetails) -> Iterator[str]:
    for proposition in details.propositions:
        if not proposition.assessment:
            text = translate("Final", "Proposition {name} has no assessment.")
            yield text.format(name=visible(proposition.name, LONGEST_NAME))
    words = forbidden_in(f"{details.interpretation}\n{details.alternatives}")
    if words:
        text = translate("Final", "The interpretation uses words that this evidence can't carry: {words}.")
        yield text.format(words=", ".join(words))
    if not details.review.name:
        yield translate("Final", "No second examiner has reviewed the case.")
    elif not details.review.agreed:
        yield translate("Final", "The second examiner does not agree, or has not said.")


def _of_pictures(case: Case) -> Iterator[str]:
    if not case.items:
        yield translate("Final", "There is no picture in the case.")
    without = [visible(item.name, LONGEST_NAME) for item in case.items if not item.analyses]
    for name in without[:MOST_NAMED]:
        yield translate("Final", "{name} was not analysed.").format(name=name)
    if len(without) > MOST_NAMED:
        yield translate("Final", "{n} more pictures were not analysed.").format(n=len(without) - MOST_NAMED)


class FinalDialog(QDialog):
    """The examiner decides; what is missing does not forbid it."""

    def __init__(self, sentences: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Mark as final"))
        about = (
            self.tr("A reader of the report would miss:")
            if sentences
            else self.tr("Nothing that the program knows of is missing.")
        )
        self.list = QPlainTextEdit("\n".join(f"– {sentence}" for sentence in sentences))
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName(self.tr("What is missing"))
        self.list.setVisible(bool(sentences))
        note = self.tr(
            "The log says that the case was marked as final, when and by whom; reports then carry the word. "
            "Any later change makes the case a draft again."
        )
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.button(kinds.Ok).setText(
            self.tr("Mark as final all the same") if sentences else self.tr("Mark as final")
        )
        if sentences:
            buttons.button(kinds.Ok).setAutoDefault(False)
            buttons.button(kinds.Ok).setDefault(False)
            buttons.button(kinds.Cancel).setDefault(True)
            buttons.button(kinds.Cancel).setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(plain_label(about, wrap=True))
        layout.addWidget(self.list, 1)
        layout.addWidget(plain_label(note, "dim", wrap=True))
        layout.addWidget(buttons)
        self.resize(560, 340 if sentences else 140)
