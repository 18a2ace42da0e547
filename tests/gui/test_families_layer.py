"""The layer of families in the window, by the real worker and a head of random numbers."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.casefile.store import CaseStore
from workbench.core.families import CLEAR, COLOURS, FAMILIES, FamilyMap, Worth, head_file
from workbench.core.weights import card_named
from workbench.gui.family_layer import FAMILIES_LAYER, FamilyPyramid, layer_of
from workbench.gui.family_table import FamilyTable
from workbench.gui.main_window import MainWindow
from workbench.gui.stage import Mode

LONG = 240_000


def give_weights(window: MainWindow, path: Path) -> None:
    """Let the window use a copy of the shipped weights."""
    card, preferences = card_named(), window.session.preferences
    path.write_bytes(card.path.read_bytes())
    preferences.cards = tuple(replace(c, path=path) if c.name == card.name else c for c in preferences.cards)
    preferences.weights_changed.emit()


@pytest.fixture
def with_head(opened: MainWindow, tmp_path: Path, put_head: Callable[[Path], None]) -> MainWindow:
    """The window with weights that have a head and its table beside them."""
    card, copy = card_named(), tmp_path / "copy.weights.h5"
    table = {
        "weights_sha256": card.sha256,
        "sha256": "ab" * 32,
        "likely": (np.eye(8, dtype=int) * 9 + 1).tolist(),
        "shown": (np.eye(8, dtype=int) * 7 + 1).tolist(),
        "faint": np.eye(8, dtype=int).tolist(),
    }
    head_file(copy).with_suffix(".json").write_text(json.dumps(table))
    copy.write_bytes(card.path.read_bytes())
    put_head(copy)
    give_weights(opened, copy)
    return opened


def entry_of(window: MainWindow) -> QListWidgetItem:
    entries = [window.layers_list.item(row) for row in range(window.layers_list.count())]
    return next(entry for entry in entries if entry.data(Qt.ItemDataRole.UserRole) == FAMILIES_LAYER)


def is_enabled(entry: QListWidgetItem) -> bool:
    return bool(entry.flags() & Qt.ItemFlag.ItemIsEnabled)


def choose_families(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["families"].trigger()
    qtbot.waitUntil(lambda: window.session.families.layer is not None, timeout=LONG)


def test_the_layer_is_made_when_it_is_chosen(with_head: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window, session = with_head, with_head.session
    with qtbot.waitSignal(session.saved):
        window.save_case(tmp_path / "a.case")
    assert is_enabled(entry_of(window))
    window.layers_list.setCurrentItem(entry_of(window))
    assert session.busy
    assert not window.actions_by_name["analyse"].isEnabled()
    qtbot.waitUntil(lambda: session.families.layer is not None, timeout=LONG)
    assert not session.busy
    layer = session.families.layer
    assert layer is not None
    number, share = layer.pyramid.at(30, 20)
    told = window.stage.numbers_at(30, 20)
    assert f"{FAMILIES[number]}, share {share:.2f}" in told
    assert told.endswith("(not clear)") == (share < CLEAR)
    shown = [float(label.text().partition(" %")[0]) for label in window.parts.families.shares]
    assert sum(shown) == pytest.approx(100, abs=4)
    assert "53 % of the coloured pixels had the right colour" in window.parts.families.worth.text()
    assert window.parts.families.isVisible()
    assert not window.parts.response.isVisible()
    assert not window.stage.legend.isVisible()
    assert "may be wrong" in window.parts.findings.summary.text()
    session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case") as store:
        (line,) = (line for line in store.log() if line.action == "families mapped")
    assert line.detail["head_sha256"] == "ab" * 32
    assert set(line.detail["shares"]) == set(FAMILIES)


def test_the_table_is_one_click_away(with_head: MainWindow, qtbot: QtBot) -> None:
    choose_families(with_head, qtbot)
    qtbot.mouseClick(with_head.parts.families.button, Qt.MouseButton.LeftButton)
    table = with_head.findChild(FamilyTable)
    assert table is not None
    assert table.isVisible()
    assert "87.5 % of those that were changed too little to be seen" in table.summary.text()
    assert "right for 59 %" in table.about_likely.text(), "10 of 17"
    assert table.shown.rowCount() == table.likely.rowCount() == len(FAMILIES)
    assert table.shown.index(1, 2).data() == "53"
    assert table.likely.index(1, 2).data() == "59"


def test_another_layer_takes_its_place_and_back_without_a_second_pass(
    with_head: MainWindow, put_map: PutMap, qtbot: QtBot
) -> None:
    window = with_head
    choose_families(window, qtbot)
    coloured = window.stage.overlay.composed()
    put_map(window, two_spots())
    assert window.parts.response.isVisible()
    assert window.stage.legend.isVisible()
    assert "response 0.900" in window.stage.numbers_at(210, 110)
    window.actions_by_name["families"].trigger()
    assert not window.session.busy
    assert window.stage.overlay.composed() == coloured
    window.parts.layers.opacity.setValue(100)
    assert window.stage.overlay.composed() != coloured
    window.stage.hide_map(hidden=True)
    assert not window.stage.map_visible
    assert window.stage.mode is Mode.SINGLE


def test_cancel_goes_back_to_the_picture(with_head: MainWindow, qtbot: QtBot) -> None:
    session = with_head.session
    with_head.actions_by_name["families"].trigger()
    assert session.busy
    with_head.actions_by_name["cancel"].trigger()
    qtbot.waitUntil(lambda: not session.busy, timeout=LONG)
    assert session.families.layer is None
    assert session.layer_id == ""
    assert is_enabled(entry_of(with_head))


def test_a_damaged_head_is_told(with_head: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    head_file(tmp_path / "copy.weights.h5").write_bytes(b"no HDF5")
    with qtbot.waitSignal(with_head.session.failed, timeout=LONG):
        with_head.actions_by_name["families"].trigger()
    assert "workbench train families" in with_head.message_bar.text
    assert with_head.session.layer_id == ""
    assert not with_head.session.busy


def test_weights_without_a_head_say_why_not(with_head: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    choose_families(with_head, qtbot)
    give_weights(with_head, tmp_path / "bare.weights.h5")
    entry, action = entry_of(with_head), with_head.actions_by_name["families"]
    assert not is_enabled(entry)
    assert not action.isEnabled()
    for tip in (entry.toolTip(), action.toolTip()):
        assert "have no classifier of families" in tip
    assert with_head.session.layer_id == "", "what can not be chosen is no longer in sight"


def test_the_colours_lie_where_the_families_are(opened: MainWindow) -> None:
    classes = np.zeros((300, 451), np.uint8)
    classes[100:200, 200:300] = 4
    worth = Worth(np.eye(8), np.eye(8), 1.0, 1.0, 0.0, "00" * 32)
    layer = layer_of(FamilyMap.of(classes, np.full((300, 451), 255, np.uint8)), worth)
    stage = opened.stage
    stage.set_opacity(1.0)
    plain = stage.overlay.composed()
    stage.show_families(layer)
    drawn, to_screen = stage.overlay.composed(), stage.overlay.stored_to_screen()
    ratio = stage.overlay.devicePixelRatioF()
    for x, y in ((250, 150), (205, 195), (100, 150), (440, 10)):
        point = to_screen.map(x + 0.5, y + 0.5)
        at = int(point[0] * ratio), int(point[1] * ratio)
        if classes[y, x]:
            assert drawn.pixelColor(*at).getRgb()[:3] == COLOURS[4]
        else:
            assert drawn.pixelColor(*at) == plain.pixelColor(*at)


def test_families_that_are_hardly_ever_shown_are_marked(opened: MainWindow) -> None:
    shown = np.eye(8)
    shown[3] = [0.995, 0, 0, 0.005, 0, 0, 0, 0]
    layer = layer_of(
        FamilyMap.of(np.zeros((300, 451), np.uint8), np.zeros((300, 451), np.uint8)),
        Worth(np.eye(8), shown, 1.0, 1.0, 0.0, "00" * 32),
    )
    legend = opened.parts.families
    legend.show_layer(layer)
    marked = [name for name, label in zip(FAMILIES, legend.shares, strict=True) if "†" in label.text()]
    assert marked == [FAMILIES[3]]
    assert "† Hardly ever shown" in legend.worth.text()


def test_coarser_levels_are_pixels_of_the_map() -> None:
    classes = (np.add.outer(np.arange(700), np.arange(1301)) % 8).astype(np.uint8)
    pyramid = FamilyPyramid(FamilyMap.of(classes, classes))
    assert [level[0].shape for level in pyramid.levels] == [(700, 1301), (350, 651), (175, 326)]
    assert np.array_equal(pyramid.levels[2][0], classes[::4, ::4])
    assert pyramid.at(9, 0) == (1, pytest.approx(1 / 255))
