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
        "selftest",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "&Self-test…"),
        "Ctrl+T",
        QT_TRANSLATE_NOOP("Actions", "Whether this installation gives the numbers that it should"),
    ),
    action(
        "about",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "A&bout"),
        "Shift+F1",
        QT_TRANSLATE_NOOP("Actions", "Version, method and licences"),
    ),
)
