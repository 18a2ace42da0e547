"""Tools that draw regions, and actions on regions."""

from workbench.gui.action_spec import QT_TRANSLATE_NOOP, REGIONS, action

REGION_ACTIONS = (
    action(
        "tool_select",
        REGIONS,
        QT_TRANSLATE_NOOP("Actions", "S&elect and pan"),
        "V",
        QT_TRANSLATE_NOOP("Actions", "Select, move and resize regions; drag the ground to pan"),
        "select",
        QT_TRANSLATE_NOOP("Actions", "Select"),
        checkable=True,
    ),
    action(
        "tool_rectangle",
        REGIONS,
        QT_TRANSLATE_NOOP("Actions", "&Rectangle"),
        "R",
        QT_TRANSLATE_NOOP("Actions", "Draw a rectangular region"),
        "rectangle",
        QT_TRANSLATE_NOOP("Actions", "Rectangle"),
        checkable=True,
    ),
    action(
        "add_region",
        REGIONS,
        QT_TRANSLATE_NOOP("Actions", "&Add region in sight"),
        "Ctrl+R",
        QT_TRANSLATE_NOOP(
            "Actions", "Add a region in the middle of what is in sight; the arrow keys move it"
        ),
        line_above=True,
    ),
    action(
        "rename_region",
        REGIONS,
        QT_TRANSLATE_NOOP("Actions", "Re&name region"),
        "F2",
        QT_TRANSLATE_NOOP("Actions", "Give the selected region a name"),
    ),
    action(
        "delete_region",
        REGIONS,
        QT_TRANSLATE_NOOP("Actions", "&Delete region"),
        "Del Backspace",
        QT_TRANSLATE_NOOP("Actions", "Remove the selected region; runs made on it stay"),
    ),
)
