"""What the examiner writes: details, propositions, review, final or draft; and the settings behind it."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.casefile.store import CaseStore
from workbench.core import paths
from workbench.core.case import Case, CaseDetails, Proposition, Review, Status
from workbench.core.settings import Settings
from workbench.gui.case_dialog import CaseDialog
from workbench.gui.final_dialog import FinalDialog, missing
from workbench.gui.main_window import MainWindow
from workbench.gui.settings_dialog import SettingsDialog

COMPLETE = CaseDetails(
    examiner="A. Examiner",
    organisation="Lab",
    case_id="2026/7",
    question="Was the car put in?",
    interpretation="The car differs from its surroundings.",
    propositions=(Proposition("H1", "The car was put in.", "limited support"),),
    alternatives="Strong sharpening in the camera.",
    review=Review("B. Second", "2026-11-20", True, "Seen."),
)


def test_what_is_shown_is_what_is_kept(qtbot: QtBot) -> None:
    dialog = CaseDialog(COMPLETE, ("limited support", "strong support"))
    qtbot.addWidget(dialog)
    assert dialog.details() == COMPLETE


def test_everything_can_be_written(window: MainWindow, qtbot: QtBot) -> None:
    preferences = window.session.preferences
    preferences.change(replace(preferences.settings, assessments=("limited support", "strong support")))
    window.actions_by_name["case_details"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CaseDialog)
    dialog.case_id.setText("2026/7")
    dialog.propositions.add.click()
    dialog.propositions.table.item(0, 1).setText("The car was put in.")
    box = dialog.propositions.table.cellWidget(0, 2)
    assert isinstance(box, QComboBox)
    assert [box.itemText(n) for n in range(box.count())] == ["none", "limited support", "strong support"]
    box.setCurrentIndex(1)
    dialog.propositions.add.click()  # left empty: not kept
    dialog.alternatives.setPlainText("Sharpening.")
    dialog.reviewer.setText("B. Second")
    dialog.agreed.setCurrentIndex(2)
    dialog.accept()
    details = window.session.document.case.details
    assert details.propositions == (Proposition("H1", "The car was put in.", "limited support"),)
    assert details.alternatives == "Sharpening."
    assert (details.review.name, details.review.agreed) == ("B. Second", False)
    assert len(details.review.date) == len("2026-11-20")


def test_no_assessment_is_offered_by_default(qtbot: QtBot) -> None:
    assert Settings().assessments == ()
    dialog = CaseDialog(CaseDetails())
    qtbot.addWidget(dialog)
    dialog.propositions.add.click()
    box = dialog.propositions.table.cellWidget(0, 2)
    assert isinstance(box, QComboBox)
    assert box.count() == 1
    assert not box.isEnabled()


def test_an_assessment_that_left_the_list_stays_where_it_was_given(qtbot: QtBot) -> None:
    dialog = CaseDialog(COMPLETE, ("another word",))
    qtbot.addWidget(dialog)
    assert dialog.details().propositions == COMPLETE.propositions


def test_too_strong_words_are_told_beside_the_field_while_they_are_written(qtbot: QtBot) -> None:
    dialog = CaseDialog(COMPLETE)
    qtbot.addWidget(dialog)
    assert dialog.warning.isHidden()
    dialog.interpretation.setPlainText("This proves it.")
    assert not dialog.warning.isHidden()
    assert "proves" in dialog.warning.text()
    dialog.interpretation.setPlainText("It differs.")
    assert dialog.warning.isHidden()
    dialog.propositions.table.item(0, 1).setText("The picture is fake.")
    assert "fake" in dialog.warning.text()


def test_without_a_name_there_is_no_review(qtbot: QtBot) -> None:
    dialog = CaseDialog(COMPLETE)
    qtbot.addWidget(dialog)
    dialog.reviewer.setText(" ")
    assert dialog.details().review == Review()


def test_what_a_final_report_would_lack(opened: MainWindow, put_map: PutMap) -> None:
    assert len(missing(Case("c"))) == 7
    put_map(opened, two_spots())
    case = opened.session.document.case
    assert missing(replace(case, details=COMPLETE)) == []
    lacking = replace(COMPLETE, review=Review(), propositions=(Proposition("H1", "x"),), examiner="")
    assert missing(replace(case, details=lacking)) == [
        "The examiner is not named.",
        "Proposition H1 has no assessment.",
        "No second examiner has reviewed the case.",
    ]


def test_final_is_logged_and_any_change_makes_a_draft(
    opened: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot
) -> None:
    put_map(opened, two_spots())
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    document = opened.session.document
    opened.actions_by_name["mark_final"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FinalDialog)
    assert "The case has no number." in dialog.list.toPlainText()
    dialog.accept()
    assert document.case.details.status is Status.FINAL
    assert opened.status_label.text().endswith("final")
    opened.threshold_number.setValue(0.31)
    assert document.case.details.status is Status.DRAFT
    assert "draft again" in opened.message_bar.text
    document.undo()
    assert document.case.details.status is Status.FINAL
    put_map(opened, two_spots())
    assert document.case.details.status is Status.DRAFT
    opened.session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case") as store:
        assert "marked as final" in [line.action for line in store.log()]


def test_settings_come_out_as_they_went_in(qtbot: QtBot) -> None:
    chosen = Settings(
        "Ä. Example",
        "Lab",
        runtime="openvino",
        precision="bfloat16",
        memory=2_500_000_000,
        feature_cache=4_000_000_000,
        assessments=("none", "limited"),
    )
    dialog = SettingsDialog(chosen)
    qtbot.addWidget(dialog)
    assert dialog.settings() == chosen
    dialog.assessments.setPlainText("one\n\n two \none")
    dialog.memory.setValue(0)
    assert dialog.settings().assessments == ("one", "two")
    assert dialog.settings().memory == 0


def test_kept_features_can_be_deleted(qtbot: QtBot) -> None:
    kept = paths.cache_folder() / "features" / "a"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(bytes(3_000_000))
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    assert dialog.cache_size.text().startswith("3 MB")
    dialog.delete_cache.click()
    assert not kept.exists()
    assert not dialog.delete_cache.isEnabled()


@pytest.mark.parametrize("text", ["<b>bold</b>", "a\u202eb", "x" * 50_000])
def test_hostile_details_are_shown_as_text(qtbot: QtBot, text: str) -> None:
    dialog = CaseDialog(replace(COMPLETE, question=text, examiner=text, interpretation=text))
    qtbot.addWidget(dialog)
    dialog.show()
    assert "\u202e" not in dialog.question.toPlainText() + dialog.examiner.text()
    assert len(dialog.question.toPlainText()) < 21_000
