"""Actions that explain."""

from workbench.gui.action_spec import HELP, QT_TRANSLATE_NOOP, action

HELP_ACTIONS = (
    action(
        "keys",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "&Keys"),
        "? F1",
        QT_TRANSLATE_NOOP("Actions", "Show all keys"),
    ),
    action(
        "about",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "A&bout"),
        "Shift+F1",
        QT_TRANSLATE_NOOP("Actions", "Version, method and licences"),
    ),
)
