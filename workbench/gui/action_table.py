"""Every action of the window in one table: its words, keys, menu and icon. The key list is made from it."""

from dataclasses import dataclass


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that lupdate looks for
    """Mark a text for translation and leave it as it is; PySide6's own returns an untyped object."""
    del context
    return text


FILE = QT_TRANSLATE_NOOP("Actions", "&File")
EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
ANALYSIS = QT_TRANSLATE_NOOP("Actions", "&Analysis")
VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
MENUS = (FILE, EDIT, ANALYSIS, VIEW, HELP)


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        name: `_on_NAME` of the window carries it out.
        text: in the menu, with its access key.
        label: on the tool bar.
        keys: the first is shown.
        menu: where it stands; a leading "-" asks for a line above it.
        icon: file name in resources/icons, without its ending.
        tip: what it does.
        checkable: stays pressed.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    menu: str
    tip: str
    label: str = ""
    icon: str = ""
    checkable: bool = False
    line_above: bool = False


def _a(
    name: str, menu: str, text: str, keys: str, tip: str, icon: str = "", label: str = "", **more: bool
) -> ActionSpec:
    return ActionSpec(name, text, tuple(keys.split()), menu, tip, label, icon, **more)


ACTIONS: tuple[ActionSpec, ...] = (
    _a(
        "new_case",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&New case"),
        "Ctrl+N",
        QT_TRANSLATE_NOOP("Actions", "Leave this case and begin an empty one"),
    ),
    _a(
        "open",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Open pictures…"),
        "Ctrl+O",
        QT_TRANSLATE_NOOP("Actions", "Open pictures into this case; the files are only ever read"),
        "open",
        QT_TRANSLATE_NOOP("Actions", "Open"),
    ),
    _a(
        "open_case",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Open &case…"),
        "Ctrl+Shift+O",
        QT_TRANSLATE_NOOP("Actions", "Open a saved case with its maps"),
    ),
    _a(
        "save_case",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Save case as…"),
        "Ctrl+S",
        QT_TRANSLATE_NOOP("Actions", "Save the case in a folder; from then on every change is saved at once"),
        line_above=True,
    ),
    _a(
        "case_details",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Case &details…"),
        "Ctrl+I",
        QT_TRANSLATE_NOOP("Actions", "Examiner, case number, question and interpretation"),
    ),
    _a(
        "export_report",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Export report…"),
        "Ctrl+E",
        QT_TRANSLATE_NOOP("Actions", "Write the report with its exhibits into a folder"),
        "report",
        QT_TRANSLATE_NOOP("Actions", "Report"),
    ),
    _a(
        "settings",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Se&ttings…"),
        "Ctrl+,",
        QT_TRANSLATE_NOOP("Actions", "Examiner, organisation, device and theme"),
        line_above=True,
    ),
    _a(
        "quit",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Quit"),
        "Ctrl+Q",
        QT_TRANSLATE_NOOP("Actions", "Close the workbench"),
        line_above=True,
    ),
    _a(
        "undo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Undo"),
        "Ctrl+Z",
        QT_TRANSLATE_NOOP("Actions", "Take back the last change"),
    ),
    _a(
        "redo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Redo"),
        "Ctrl+Shift+Z Ctrl+Y",
        QT_TRANSLATE_NOOP("Actions", "Make the change again that was taken back"),
    ),
    _a(
        "add_region",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Add region in sight"),
        "Ctrl+R",
        QT_TRANSLATE_NOOP(
            "Actions", "Add a region in the middle of what is in sight; the arrow keys move it"
        ),
        line_above=True,
    ),
    _a(
        "rename_region",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Re&name region"),
        "F2",
        QT_TRANSLATE_NOOP("Actions", "Give the selected region a name"),
    ),
    _a(
        "delete_region",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Delete region"),
        "Del Backspace",
        QT_TRANSLATE_NOOP("Actions", "Remove the selected region; runs made on it stay"),
    ),
    _a(
        "analyse",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Analyse picture"),
        "A",
        QT_TRANSLATE_NOOP("Actions", "Run the network on the whole picture"),
        "analyse",
        QT_TRANSLATE_NOOP("Actions", "Analyse"),
    ),
    _a(
        "analyse_region",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "Analyse &region"),
        "Shift+A",
        QT_TRANSLATE_NOOP(
            "Actions", "Run the network on the selected region alone; its map is a layer of its own"
        ),
        "analyse-region",
        QT_TRANSLATE_NOOP("Actions", "Analyse region"),
    ),
    _a(
        "cancel",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Cancel"),
        "Esc",
        QT_TRANSLATE_NOOP("Actions", "Stop the analysis; nothing is kept of it"),
        "cancel",
        QT_TRANSLATE_NOOP("Actions", "Cancel"),
    ),
    _a(
        "choose_weights",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "Choose &weights"),
        "W",
        QT_TRANSLATE_NOOP("Actions", "Go to the list of weights"),
        line_above=True,
    ),
    _a(
        "import_weights",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Import the authors' weights…"),
        "Ctrl+Shift+I",
        QT_TRANSLATE_NOOP(
            "Actions", "Import a weight file of the authors' release; its licence is shown first"
        ),
    ),
    _a(
        "tool_select",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "S&elect and pan"),
        "V",
        QT_TRANSLATE_NOOP("Actions", "Select, move and resize regions; drag the ground to pan"),
        "select",
        QT_TRANSLATE_NOOP("Actions", "Select"),
        checkable=True,
    ),
    _a(
        "tool_rectangle",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Rectangle"),
        "R",
        QT_TRANSLATE_NOOP("Actions", "Draw a rectangular region"),
        "rectangle",
        QT_TRANSLATE_NOOP("Actions", "Rectangle"),
        checkable=True,
    ),
    _a(
        "fit",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Fit"),
        "F",
        QT_TRANSLATE_NOOP("Actions", "Show the whole picture"),
        "fit",
        QT_TRANSLATE_NOOP("Actions", "Fit"),
        line_above=True,
    ),
    _a(
        "one_to_one",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&1:1"),
        "1",
        QT_TRANSLATE_NOOP("Actions", "One picture pixel on one screen pixel"),
        "one",
        QT_TRANSLATE_NOOP("Actions", "1:1"),
    ),
    _a(
        "zoom_in",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom &in"),
        "+ =",
        QT_TRANSLATE_NOOP("Actions", "Zoom in; the wheel does it, too"),
    ),
    _a(
        "zoom_out",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom &out"),
        "-",
        QT_TRANSLATE_NOOP("Actions", "Zoom out"),
    ),
    _a(
        "single",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Single"),
        "S",
        QT_TRANSLATE_NOOP("Actions", "One view: the map over the picture"),
        "single",
        QT_TRANSLATE_NOOP("Actions", "Single"),
        checkable=True,
        line_above=True,
    ),
    _a(
        "side_by_side",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Side &by side"),
        "D",
        QT_TRANSLATE_NOOP("Actions", "Picture on the left, the map over it on the right, moving together"),
        "side",
        QT_TRANSLATE_NOOP("Actions", "Side by side"),
        checkable=True,
    ),
    _a(
        "blink",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "B&link"),
        "B",
        QT_TRANSLATE_NOOP("Actions", "Show and hide the map in turn"),
        "blink",
        QT_TRANSLATE_NOOP("Actions", "Blink"),
        checkable=True,
    ),
    _a(
        "hide_map",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Hide map"),
        "H",
        QT_TRANSLATE_NOOP("Actions", "Show the picture without the map"),
        checkable=True,
        line_above=True,
    ),
    _a(
        "grid",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "8×8 &grid"),
        "G",
        QT_TRANSLATE_NOOP(
            "Actions", "Lines every eight pixels, where JPEG blocks meet; shown when zoomed in"
        ),
        "grid",
        QT_TRANSLATE_NOOP("Actions", "Grid"),
        checkable=True,
    ),
    _a(
        "focus_threshold",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Go to &threshold"),
        "T",
        QT_TRANSLATE_NOOP("Actions", "Move the keyboard to the threshold"),
        line_above=True,
    ),
    _a(
        "threshold_up",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Threshold up"),
        "]",
        QT_TRANSLATE_NOOP("Actions", "Raise it by 0.01"),
    ),
    _a(
        "threshold_down",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Threshold down"),
        "[",
        QT_TRANSLATE_NOOP("Actions", "Lower it by 0.01"),
    ),
    _a(
        "focus_opacity",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Go to o&pacity"),
        "O",
        QT_TRANSLATE_NOOP("Actions", "Move the keyboard to the opacity of the map"),
    ),
    _a(
        "focus_canvas",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Go to the pi&cture"),
        "C",
        QT_TRANSLATE_NOOP("Actions", "Move the keyboard to the picture"),
    ),
    _a(
        "next_finding",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Next finding"),
        "N",
        QT_TRANSLATE_NOOP("Actions", "Show the next finding in the picture"),
        line_above=True,
    ),
    _a(
        "previous_finding",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Pre&vious finding"),
        "P",
        QT_TRANSLATE_NOOP("Actions", "Show the finding before"),
    ),
    _a(
        "next_picture",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Next picture"),
        "Ctrl+PgDown",
        QT_TRANSLATE_NOOP("Actions", "Go to the next picture of the case"),
    ),
    _a(
        "previous_picture",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Previous picture"),
        "Ctrl+PgUp",
        QT_TRANSLATE_NOOP("Actions", "Go to the picture before"),
    ),
    _a(
        "dismiss",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Dismiss message"),
        "M",
        QT_TRANSLATE_NOOP("Actions", "Take away the message that has been read"),
    ),
    _a(
        "keys",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "&Keys"),
        "? F1",
        QT_TRANSLATE_NOOP("Actions", "Show all keys"),
    ),
    _a(
        "about",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "A&bout"),
        "Shift+F1",
        QT_TRANSLATE_NOOP("Actions", "Version, method and licences"),
    ),
)
