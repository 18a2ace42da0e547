"""Names, EXIF, XMP, notes and case details made to mislead: shown as text, and the window stays quick."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import skimage.data
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.casefile.store import CaseStore
from workbench.core.case import Case, CaseDetails, Proposition
from workbench.core.maps import MemoryMaps
from workbench.gui.case_dialog import CaseDialog
from workbench.gui.main_window import MainWindow

OVERRIDE = "\u202e"
BEEP = "\x07"
MARKUP = "<img src='http://example.org/x.png'><b>bold</b>&amp;=cmd|' /C calc'!A1"
NASTY = f"{MARKUP}{OVERRIDE}gpj.{BEEP}\nsecond line\u2028third"
MEGABYTES = "🦊 " + "word " * 2_000_000  # 10 MB
MOST_COLUMNS = 20
MOST_LAID_OUT = 30_000
"""Characters; what is longer is what makes a window slow."""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A picture whose name, EXIF and XMP are all markup and overrides."""
    image = Image.fromarray(skimage.data.chelsea())
    exif = Image.Exif()
    exif[0x010E] = MARKUP + OVERRIDE + "x" * 60_000
    exif[0x013B] = NASTY
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{NASTY * 20_000}</x:xmpmeta>")
    name = f"{MARKUP.replace('/', '')}{OVERRIDE}gnp.{BEEP}\n.png"
    path = tmp_path / name
    image.save(path, exif=exif, pnginfo=info)
    return path


def shown_texts(window: QWidget) -> Iterator[str]:
    """Every text that a user can see in a window, rows of lists, tables and trees included."""
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText or "<" not in label.text()
        yield QLabel.text(label)
    for widget in window.findChildren(QLineEdit):
        yield widget.text()
    for area in window.findChildren(QPlainTextEdit):
        yield area.toPlainText()
    for view in window.findChildren(QAbstractItemView):
        if view.model() is not None:
            yield from _cells(view.model(), QModelIndex())
    for action in window.findChildren(QAction):
        yield action.text()
    yield window.windowTitle()


def _cells(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for row in range(model.rowCount(parent)):
        for column in range(MOST_COLUMNS):
            index = model.index(row, column, parent)
            if not index.isValid():
                break
            yield str(index.data() or "")
            tip = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            assert "<img" not in tip
            yield tip
            if column == 0:
                yield from _cells(model, index)


def assert_harmless(window: QWidget) -> None:
    for text in shown_texts(window):
        assert OVERRIDE not in text
        assert BEEP not in text
        assert "\u2028" not in text
        assert len(text) < MOST_LAID_OUT


def test_a_hostile_picture_is_shown_as_text(
    window: MainWindow, hostile: Path, put_map: PutMap, tmp_path: Path, qtbot: QtBot
) -> None:
    open_and_wait(qtbot, window, hostile)
    window.parts.tabs.setCurrentWidget(window.parts.record)
    run = put_map(window, two_spots())
    item = window.session.item
    assert item is not None
    assert item.name == hostile.name
    window.session.document.describe_item(item.id, (NASTY, "tag"), NASTY)
    window.session.document.describe_run(item.id, run.id, NASTY)
    window.message_bar.show_message(NASTY)
    window.runs_table.selectRow(0)
    QApplication.processEvents()
    assert_harmless(window)
    assert "[U+202E]" in window.parts.evidence.model.index(0, 0).data()
    assert "<b>bold<b>" in window.windowTitle()
    assert window.grab().width() > 0


def test_hostile_words_from_somebody_elses_case(
    opened: MainWindow, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    item = opened.session.item
    assert item is not None
    item = item.with_region(10, 10, 80, 60)
    region = replace(item.regions[0], name=NASTY)
    details = CaseDetails(NASTY, NASTY, NASTY, NASTY, NASTY, (Proposition(NASTY, NASTY, NASTY),), NASTY)
    case = Case("c", details, (replace(item, regions=(region,), note=NASTY, tags=(NASTY,)),))
    CaseStore.save_as(tmp_path / f"x{OVERRIDE}.case", case, MemoryMaps(), NASTY).close()
    opened.session.cases.start_new()
    opened.open_case(tmp_path / f"x{OVERRIDE}.case")
    qtbot.waitUntil(lambda: opened.session.picture is not None)
    opened.session.choose_region(region.id)
    opened.actions_by_name["case_details"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CaseDialog)
    assert_harmless(dialog)
    dialog.reject()
    opened.session.cases.start_new()


def test_words_that_were_only_looked_at_stay_as_they_were(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    details = CaseDetails(NASTY, NASTY, NASTY, NASTY, NASTY, (Proposition(NASTY, NASTY, NASTY),), NASTY)
    opened.session.document.set_details(details)
    opened.actions_by_name["case_details"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CaseDialog)
    dialog.accept()
    assert opened.session.document.case.details == details


def test_of_ten_megabytes_of_words_only_a_part_is_laid_out(opened: MainWindow, put_map: PutMap) -> None:
    run = put_map(opened, two_spots())
    item = opened.session.item
    assert item is not None
    document = opened.session.document
    document.describe_item(item.id, ("a",), MEGABYTES)
    document.describe_run(item.id, run.id, MEGABYTES)
    opened.message_bar.show_message(MEGABYTES)
    opened.runs_table.selectRow(0)
    opened.parts.evidence.filter.setText("word")
    assert_harmless(opened)
    assert opened.parts.evidence.note.isReadOnly()
    assert document.case.item(item.id).note == MEGABYTES
    document.set_details(CaseDetails(question=MEGABYTES, interpretation=MEGABYTES))
    opened.actions_by_name["case_details"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CaseDialog)
    dialog.case_id.setText("7")
    dialog.accept()
    assert document.case.details == CaseDetails(case_id="7", question=MEGABYTES, interpretation=MEGABYTES)


def test_ten_megabytes_can_not_be_pasted(opened: MainWindow) -> None:
    QApplication.clipboard().setText(MEGABYTES)
    opened.parts.evidence.note.paste()
    assert 19_000 < len(opened.parts.evidence.note.toPlainText()) <= 20_000


def test_a_name_of_bytes_that_are_no_text(window: MainWindow, photo: Path, qtbot: QtBot) -> None:
    odd = photo.with_name("a\udcffb.png")
    try:
        photo.rename(odd)
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system takes only names that are text")
    open_and_wait(qtbot, window, odd)
    assert "a[U+DCFF]b.png" in window.parts.evidence.model.index(0, 0).data()
    assert_harmless(window)
