"""Tools that draw regions, and actions on regions."""

from workbench.gui.action_spec import QT_TRANSLATE_NOOP, REGIONS, ActionSpec, action


def _tool(name: str, text: str, keys: str, tip: str, label: str) -> ActionSpec:
    return action(f"tool_{name}", REGIONS, text, keys, tip, name, label, checkable=True)


def _region(
    name: str, text: str, keys: str, tip: str, *, checkable: bool = False, line_above: bool = False
) -> ActionSpec:
    return action(name, REGIONS, text, keys, tip, checkable=checkable, line_above=line_above)


REGION_ACTIONS = (
    _tool(
        "select",
        QT_TRANSLATE_NOOP("Actions", "S&elect and pan"),
        "V",
        QT_TRANSLATE_NOOP("Actions", "Select, move and resize regions; drag the ground to pan"),
        QT_TRANSLATE_NOOP("Actions", "Select"),
    ),
    _tool(
        "rectangle",
        QT_TRANSLATE_NOOP("Actions", "&Rectangle"),
        "R",
        QT_TRANSLATE_NOOP("Actions", "Draw a rectangular region; Shift makes it square"),
        QT_TRANSLATE_NOOP("Actions", "Rectangle"),
    ),
    _tool(
        "ellipse",
        QT_TRANSLATE_NOOP("Actions", "E&llipse"),
        "E",
        QT_TRANSLATE_NOOP("Actions", "Draw an elliptic region; Shift makes it a circle"),
        QT_TRANSLATE_NOOP("Actions", "Ellipse"),
    ),
    _tool(
        "polygon",
        QT_TRANSLATE_NOOP("Actions", "&Polygon"),
        "Y",
        QT_TRANSLATE_NOOP("Actions", "Click corner by corner; Enter or the first corner closes the polygon"),
        QT_TRANSLATE_NOOP("Actions", "Polygon"),
    ),
    _tool(
        "freehand",
        QT_TRANSLATE_NOOP("Actions", "&Freehand"),
        "X",
        QT_TRANSLATE_NOOP("Actions", "Draw an outline with the button held down"),
        QT_TRANSLATE_NOOP("Actions", "Freehand"),
    ),
    _region(
        "add_region",
        QT_TRANSLATE_NOOP("Actions", "&Add region in sight"),
        "Ctrl+R",
        QT_TRANSLATE_NOOP(
            "Actions", "Add a region in the middle of what is in sight; the arrow keys move it"
        ),
        line_above=True,
    ),
    _region(
        "rename_region",
        QT_TRANSLATE_NOOP("Actions", "Re&name region"),
        "F2",
        QT_TRANSLATE_NOOP("Actions", "Give the selected region a name"),
    ),
    _region(
        "delete_region",
        QT_TRANSLATE_NOOP("Actions", "&Delete region"),
        "Del Backspace",
        QT_TRANSLATE_NOOP("Actions", "Remove the selected region; runs made on it stay"),
    ),
    _region(
        "next_region",
        QT_TRANSLATE_NOOP("Actions", "Ne&xt region"),
        "J",
        QT_TRANSLATE_NOOP("Actions", "Select the next region of this picture"),
    ),
    _region(
        "copy_region",
        QT_TRANSLATE_NOOP("Actions", "&Copy region"),
        "Ctrl+C",
        QT_TRANSLATE_NOOP("Actions", "Remember the selected region for this picture or another"),
        line_above=True,
    ),
    _region(
        "paste_region",
        QT_TRANSLATE_NOOP("Actions", "Pa&ste region"),
        "Ctrl+V",
        QT_TRANSLATE_NOOP("Actions", "Put the copied region at the same pixels of this picture"),
    ),
    _region(
        "snap",
        QT_TRANSLATE_NOOP("Actions", "Snap to &8×8 grid"),
        "Shift+G",
        QT_TRANSLATE_NOOP(
            "Actions",
            "Borders move to the blocks of JPEG; on where the file is one. Alt leaves the grid alone",
        ),
        checkable=True,
        line_above=True,
    ),
    _region(
        "snap_region",
        QT_TRANSLATE_NOOP("Actions", "Snap region now"),
        "Ctrl+G",
        QT_TRANSLATE_NOOP("Actions", "Move the borders of the selected region to the 8×8 grid"),
    ),
    _region(
        "enlarge_region",
        QT_TRANSLATE_NOOP("Actions", "Enlar&ge region"),
        "Ctrl++ Ctrl+=",
        QT_TRANSLATE_NOOP("Actions", "Give the selected region more surroundings: twice its sides"),
    ),
    _region(
        "strict_on_release",
        QT_TRANSLATE_NOOP("Actions", "R&un region when let go"),
        "Shift+R",
        QT_TRANSLATE_NOOP(
            "Actions", "Replace the preview of a region by the run of record when the hand lets go"
        ),
        checkable=True,
    ),
    _region(
        "import_regions",
        QT_TRANSLATE_NOOP("Actions", "&Import regions…"),
        "Ctrl+Alt+O",
        QT_TRANSLATE_NOOP("Actions", "Bring in regions from a file of this program or of LabelMe"),
        line_above=True,
    ),
    _region(
        "export_regions",
        QT_TRANSLATE_NOOP("Actions", "E&xport regions…"),
        "Ctrl+Alt+S",
        QT_TRANSLATE_NOOP("Actions", "Write the regions of this picture to a file, ours or LabelMe's"),
    ),
)
