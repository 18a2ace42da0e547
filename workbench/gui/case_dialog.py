"""What the examiner says of the case: details, interpretation, and a second examiner's review."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from workbench.core.case import CaseDetails, Review
from workbench.core.text import visible
from workbench.gui import wording
from workbench.gui.propositions import Propositions
from workbench.gui.widgets import plain_label, tabs_to_accept

KEPT = "\n\t"
LONGEST = 20_000
LONGEST_LINE = 1000
Field = QLineEdit | QPlainTextEdit


class CaseDialog(QDialog):
    """Facts, opinion and review on pages of their own, as the report keeps them apart.

    Texts of somebody else's case are shown with what hides in them written out; one that was only looked at
    comes out as it went in.
    """

    def __init__(
        self, details: CaseDetails, assessments: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Case details"))
        self._details = details
        self._given: dict[Field, tuple[str, str]] = {}  # (text as it was, as it is shown)
        self.tabs = tabs_to_accept(
            self,
            640,
            (self.tr("Case"), self._case_page()),
            (self.tr("Interpretation"), self._opinion_page(assessments)),
            (self.tr("Second examiner"), self._review_page()),
        )

    def _case_page(self) -> QWidget:
        details = self._details
        self.examiner = self._line(details.examiner)
        self.organisation = self._line(details.organisation)
        self.case_id = self._line(details.case_id)
        self.question = self._area(details.question, 6)
        page, form = _page()
        form.addRow(self.tr("&Examiner"), self.examiner)
        form.addRow(self.tr("&Organisation"), self.organisation)
        form.addRow(self.tr("&Case number"), self.case_id)
        form.addRow(self.tr("&Question asked"), self.question)
        return page

    def _opinion_page(self, assessments: Sequence[str]) -> QWidget:
        details = self._details
        self.propositions = Propositions(details.propositions, assessments)
        self.interpretation = self._area(details.interpretation, 7)
        self.alternatives = self._area(details.alternatives, 4)
        self.warning = plain_label("", "warning", wrap=True)
        for field in (self.interpretation, self.alternatives):
            field.textChanged.connect(self._warn)
        self.propositions.table.itemChanged.connect(self._warn)
        page, form = _page()
        form.addRow(self.tr("&Propositions"), self.propositions)
        if not assessments:
            hint = self.tr("Words for assessments can be listed in the settings.")
            form.addRow("", plain_label(hint, "dim", wrap=True))
        form.addRow(self.tr("&Interpretation"), self.interpretation)
        form.addRow(self.tr("&Other explanations"), self.alternatives)
        form.addRow("", self.warning)
        note = self.tr("This page is your opinion; the report keeps it apart from the findings.")
        form.addRow("", plain_label(note, "dim", wrap=True))
        self._warn()
        return page

    def _review_page(self) -> QWidget:
        review = self._details.review
        self.reviewer = self._line(review.name)
        self.reviewed = QDateEdit()
        self.reviewed.setCalendarPopup(True)
        self.reviewed.setDisplayFormat("yyyy-MM-dd")
        day = QDate.fromString(review.date, "yyyy-MM-dd")
        self.reviewed.setDate(day if day.isValid() else QDate.currentDate())
        self.agreed = QComboBox()
        for answer, text in (
            (None, self.tr("not said")),
            (True, self.tr("agrees")),
            (False, self.tr("has remarks, does not agree")),
        ):
            self.agreed.addItem(text, answer)
        self.agreed.setCurrentIndex((None, True, False).index(review.agreed))
        self.remarks = self._area(review.remarks, 6)
        page, form = _page()
        form.addRow(self.tr("&Name"), self.reviewer)
        form.addRow(self.tr("&Date"), self.reviewed)
        form.addRow(self.tr("O&utcome"), self.agreed)
        form.addRow(self.tr("&Remarks"), self.remarks)
        note = self.tr("Without a name there is no review, and the report says so.")
        form.addRow("", plain_label(note, "dim", wrap=True))
        return page

    def _line(self, text: str) -> QLineEdit:
        field = QLineEdit(visible(text, LONGEST_LINE))
        field.setReadOnly(len(text) > LONGEST_LINE)
        self._given[field] = text, field.text()
        return field

    def _area(self, text: str, lines: int) -> QPlainTextEdit:
        field = QPlainTextEdit(visible(text, LONGEST, keep=KEPT))
        field.setReadOnly(len(text) > LONGEST)
        field.setTabChangesFocus(True)
        field.setFixedHeight(field.fontMetrics().lineSpacing() * lines + 14)
        self._given[field] = text, field.toPlainText()
        return field

    def _written(self, field: Field) -> str:
        now = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        text, shown = self._given[field]
        return text if now == shown else now.strip()

    def _warn(self) -> None:
        """Beside the field, while it is written."""
        said = "\n".join(
            (
                self.interpretation.toPlainText(),
                self.alternatives.toPlainText(),
                *(proposition.text for proposition in self.propositions.propositions()),
            )
        )
        self.warning.setText(wording.words_too_strong(said))
        self.warning.setVisible(bool(self.warning.text()))

    def details(self) -> CaseDetails:
        """As they are written in the dialog; the status stays."""
        return replace(
            self._details,
            examiner=self._written(self.examiner),
            organisation=self._written(self.organisation),
            case_id=self._written(self.case_id),
            question=self._written(self.question),
            interpretation=self._written(self.interpretation),
            propositions=self.propositions.propositions(),
            alternatives=self._written(self.alternatives),
            review=self._review(),
        )

    def _review(self) -> Review:
        name = self._written(self.reviewer)
        if not name:
            return Review()
        day = self.reviewed.date().toString("yyyy-MM-dd")
        return Review(name, day, self.agreed.currentData(), self._written(self.remarks))


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(4, 12, 4, 4)
    layout.addLayout(form)
    layout.addStretch(1)
    return page, form
