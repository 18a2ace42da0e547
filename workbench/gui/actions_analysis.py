"""Actions that run the network."""

from workbench.gui.action_spec import ANALYSIS, QT_TRANSLATE_NOOP, action

ANALYSIS_ACTIONS = (
    action(
        "analyse",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Analyse picture"),
        "A",
        QT_TRANSLATE_NOOP("Actions", "Run the network on the whole picture"),
        "analyse",
        QT_TRANSLATE_NOOP("Actions", "Analyse"),
    ),
    action(
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
    action(
        "search_regions",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Search regions"),
        "Shift+S",
        QT_TRANSLATE_NOOP("Actions", "Look for places that the run of the whole picture misses"),
        "search",
        QT_TRANSLATE_NOOP("Actions", "Search regions"),
    ),
    action(
        "accept_suggestion",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "Accep&t suggestion"),
        "Ctrl+Return",
        QT_TRANSLATE_NOOP("Actions", "Make the chosen suggestion a region and run it"),
    ),
    action(
        "dismiss_suggestion",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Dismiss suggestion"),
        "Ctrl+Del",
        QT_TRANSLATE_NOOP("Actions", "Put the chosen suggestion aside, or take it back; it stays listed"),
    ),
    action(
        "cancel",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Cancel"),
        "Esc",
        QT_TRANSLATE_NOOP("Actions", "Stop the analysis; nothing is kept of it"),
        "cancel",
        QT_TRANSLATE_NOOP("Actions", "Cancel"),
    ),
    action(
        "choose_weights",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "Choose &weights"),
        "W",
        QT_TRANSLATE_NOOP("Actions", "Go to the list of weights"),
        line_above=True,
    ),
    action(
        "import_weights",
        ANALYSIS,
        QT_TRANSLATE_NOOP("Actions", "&Import the authors' weights…"),
        "Ctrl+Shift+I",
        QT_TRANSLATE_NOOP(
            "Actions", "Import a weight file of the authors' release; its licence is shown first"
        ),
    ),
)
