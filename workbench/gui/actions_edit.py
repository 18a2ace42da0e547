"""Undo."""

from workbench.gui.action_spec import EDIT, QT_TRANSLATE_NOOP, action

EDIT_ACTIONS = (
    action(
        "undo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Undo"),
        "Ctrl+Z",
        QT_TRANSLATE_NOOP("Actions", "Take back the last change"),
    ),
    action(
        "redo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Redo"),
        "Ctrl+Shift+Z Ctrl+Y",
        QT_TRANSLATE_NOOP("Actions", "Make the change again that was taken back"),
    ),
)
