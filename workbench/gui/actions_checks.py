"""Actions that check what was done."""

from workbench.gui.action_spec import ANALYSIS, QT_TRANSLATE_NOOP, action

CHECK_ACTIONS = (
    action(
        "repeat",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "Run again and &compare…"),
        "Ctrl+Shift+R",
        QT_TRANSLATE_NOOP(
            "Actions", "Repeat every run of this picture and say how far the new maps are from the old"
        ),
    ),
)
