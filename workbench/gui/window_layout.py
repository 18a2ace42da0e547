"""Where things stand in the window."""

from itertools import pairwise

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QComboBox,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.settings import Theme
from workbench.gui import theme
from workbench.gui.action_spec import MENUS
from workbench.gui.action_table import ACTIONS
from workbench.gui.actions import translated
from workbench.gui.evidence_panel import EvidencePanel
from workbench.gui.family_legend import FamilyLegend
from workbench.gui.findings_panel import FindingsPanel
from workbench.gui.icons import icon
from workbench.gui.layers_panel import LayersPanel
from workbench.gui.message_bar import MessageBar
from workbench.gui.method_panel import MethodPanel
from workbench.gui.record_panel import RecordPanel
from workbench.gui.regions_panel import RegionsPanel
from workbench.gui.response_panel import ResponsePanel
from workbench.gui.runs_panel import RunsPanel
from workbench.gui.search_panel import SearchPanel
from workbench.gui.stage import Stage
from workbench.gui.status import StatusBar
from workbench.gui.untitled_bar import UntitledBar

translate = QCoreApplication.translate
TOOL_BAR = (
    "open",
    "",
    "analyse",
    "analyse_region",
    "search_regions",
    "cancel",
    "",
    "tool_select",
    "tool_rectangle",
    "tool_ellipse",
    "tool_polygon",
    "tool_freehand",
    "",
    "fit",
    "one_to_one",
    "",
    "single",
    "side_by_side",
    "blink",
    "compare",
    "grid",
    "",
    "WEIGHTS",
    "export_report",
)
DRAWING = ("tool_select", "tool_rectangle", "tool_ellipse", "tool_polygon", "tool_freehand")
ICON_ONLY = frozenset({*DRAWING, "search_regions", "compare", "grid"})
"""Their icons say it; the words would not fit beside all others."""
GROUPS = (DRAWING, ("single", "side_by_side", "blink", "compare", "blink_maps", "difference"))


class WindowLayout:
    """All parts of the window, made and put in place."""

    def __init__(self, window: QMainWindow, actions: dict[str, QAction]) -> None:
        self.actions = actions
        self.message_bar = MessageBar()
        self.untitled = UntitledBar()
        self.evidence = EvidencePanel()
        self.stage = Stage()
        self.layers = LayersPanel()
        self.response = ResponsePanel()
        self.families = FamilyLegend()
        self.findings = FindingsPanel()
        self.regions = RegionsPanel(actions)
        self.search = SearchPanel(actions)
        self.method = MethodPanel()
        self.record = RecordPanel()
        self.runs = RunsPanel()
        self.status = StatusBar()
        self.weights = QComboBox()
        self.recent = QMenu()
        self.weights_menu = QMenu()
        self.tabs = self._make_tabs(window)
        self._group_actions(window)
        self._fill_menus(window)
        self.tool_bar = self._make_tool_bar(window)
        window.setCentralWidget(self._make_body())
        window.setStatusBar(self.status)
        self._set_tab_order()

    def dress(self, chosen: Theme, colours: theme.Colours) -> None:
        """Take on the colours of a theme."""
        self.stage.set_ground(theme.ground_of(chosen))
        self.response.dress(colours)
        for spec in ACTIONS:
            if spec.icon:
                primary = spec.name == "analyse"
                colour = colours.on_accent if primary else colours.text
                self.actions[spec.name].setIcon(icon(spec.icon, colour, colours.dim))

    def _make_tabs(self, window: QMainWindow) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setObjectName("tabs")
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        for part in (tabs, tabs.tabBar()):
            part.setAccessibleName(translate("Window", "Findings, regions, search, method, record"))
        tabs.addTab(self.findings, translate("Window", "Findings"))
        tabs.addTab(self.regions, translate("Window", "Regions"))
        tabs.addTab(self.search, translate("Window", "Search"))
        tabs.addTab(self.method, translate("Window", "Method"))
        tabs.addTab(self.record, translate("Window", "Record"))
        return tabs

    def _group_actions(self, window: QMainWindow) -> None:
        for names in GROUPS:
            group = QActionGroup(window)
            for name in names:
                group.addAction(self.actions[name])
            self.actions[names[0]].setChecked(True)

    def _fill_menus(self, window: QMainWindow) -> None:
        bar = window.menuBar()
        menus = {name: bar.addMenu(translated(name)) for name in MENUS}
        for spec in ACTIONS:
            if spec.line_above:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(self.actions[spec.name])
            if spec.name == "open_case":
                self.recent = menus[spec.menu].addMenu(translate("Window", "Open &recent"))
            if spec.name == "choose_weights":
                self.weights_menu = menus[spec.menu].addMenu(translate("Window", "&Weights for the next run"))

    def _make_tool_bar(self, window: QMainWindow) -> QToolBar:
        bar = QToolBar(translate("Window", "Tools"))
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in TOOL_BAR:
            if not name:
                bar.addSeparator()
            elif name == "WEIGHTS":
                bar.addWidget(_spacer())
                bar.addWidget(self._dressed_weights(window))
            else:
                bar.addAction(self.actions[name])
                _prepare_button(bar, self.actions[name])
        window.addToolBar(bar)
        return bar

    def _dressed_weights(self, window: QMainWindow) -> QComboBox:
        self.weights.setObjectName("weights")
        self.weights.setAccessibleName(translate("Window", "Weights"))
        self.weights.setToolTip(translate("Window", "Weights that the next run uses (W)"))
        self.weights.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.weights.setMinimumWidth(110)
        self.weights.setMaximumWidth(190)
        return self.weights

    def _make_body(self) -> QWidget:
        upper = _splitter(Qt.Orientation.Horizontal, [self.evidence, self.stage], [172, 900])
        left = _splitter(Qt.Orientation.Vertical, [upper, self.runs], [560, 132])
        column = _splitter(Qt.Orientation.Vertical, [self._upper_right(), self.tabs], [300, 330])
        column.setContentsMargins(4, 6, 6, 4)
        body = _splitter(Qt.Orientation.Horizontal, [left, column], [992, 368])
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.untitled)
        layout.addWidget(body, 1)
        return whole

    def _upper_right(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(8)
        layout.addWidget(self.layers, 1)
        layout.addWidget(self.response)
        layout.addWidget(self.families)
        return box

    def _set_tab_order(self) -> None:
        order: list[QWidget] = [
            self.evidence.filter,
            self.evidence.order,
            self.evidence.list,
            self.evidence.tags,
            self.evidence.note,
            self.stage.plain,
            self.stage.overlay,
            self.layers.list,
            self.layers.opacity,
            self.families.button,
            self.response.slider,
            self.response.number,
            self.response.reset,
            self.response.calibrated,
            self.tabs,
            self.findings.table,
            self.regions.table,
            self.regions.shape,
            self.regions.colour,
            self.regions.note,
            self.regions.guide.button,
            self.search.list,
            self.search.windows,
            self.method.text,
            self.record.tree,
            self.runs.table,
            self.runs.note,
            self.message_bar.button,
            self.untitled.open_button,
            self.untitled.list_button,
            self.untitled.later_button,
        ]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)


def _splitter(orientation: Qt.Orientation, parts: list[QWidget], sizes: list[int]) -> QSplitter:
    """The larger part takes what room there is."""
    made = QSplitter(orientation)
    for number, part in enumerate(parts):
        made.addWidget(part)
        made.setCollapsible(number, False)
        made.setStretchFactor(number, 1 if sizes[number] == max(sizes) else 0)
    made.setSizes(sizes)
    made.setHandleWidth(5)
    return made


def _spacer() -> QWidget:
    room = QWidget()
    room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return room


def _prepare_button(bar: QToolBar, action: QAction) -> None:
    button = bar.widgetForAction(action)
    if isinstance(button, QToolButton):
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text().replace("&", ""))
        if action.objectName() == "analyse":
            button.setObjectName("primary")
        if action.objectName() in ICON_ONLY:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
