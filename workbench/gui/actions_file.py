"""Actions on the case as a whole."""

from workbench.gui.action_spec import FILE, QT_TRANSLATE_NOOP, action

FILE_ACTIONS = (
    action(
        "new_case",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&New case…"),
        "Ctrl+N",
        QT_TRANSLATE_NOOP("Actions", "Make the folder of a new case; every change is saved in it at once"),
    ),
    action(
        "open",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Open pictures…"),
        "Ctrl+O",
        QT_TRANSLATE_NOOP("Actions", "Open pictures into this case; the files are only ever read"),
        "open",
        QT_TRANSLATE_NOOP("Actions", "Open"),
    ),
    action(
        "open_case",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Open &case…"),
        "Ctrl+Shift+O",
        QT_TRANSLATE_NOOP("Actions", "Open a saved case with its maps"),
    ),
    action(
        "untitled",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Cases without a &name…"),
        "Ctrl+Shift+N",
        QT_TRANSLATE_NOOP("Actions", "Open or discard cases that were never saved under a name"),
    ),
    action(
        "save_case",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Save case as…"),
        "Ctrl+S",
        QT_TRANSLATE_NOOP("Actions", "Give the case a folder of its own; every change is saved at once"),
        line_above=True,
    ),
    action(
        "close_case",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "C&lose case"),
        "Ctrl+W",
        QT_TRANSLATE_NOOP("Actions", "Leave this case; its folder is sealed"),
    ),
    action(
        "case_details",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Case &details…"),
        "Ctrl+I",
        QT_TRANSLATE_NOOP("Actions", "Examiner, question, interpretation, second examiner"),
    ),
    action(
        "mark_final",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Mark as &final…"),
        "Ctrl+Shift+F",
        QT_TRANSLATE_NOOP(
            "Actions", "Say that the examination is final, or a draft again; what is missing is listed first"
        ),
    ),
    action(
        "export_report",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Export report…"),
        "Ctrl+E",
        QT_TRANSLATE_NOOP("Actions", "Write the report with its exhibits into a folder"),
        "report",
        QT_TRANSLATE_NOOP("Actions", "Report"),
    ),
    action(
        "verify",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "C&heck case or report…"),
        "Ctrl+Shift+V",
        QT_TRANSLATE_NOOP("Actions", "Say what in this case, or in a report, is no longer as it was written"),
    ),
    action(
        "settings",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Se&ttings…"),
        "Ctrl+,",
        QT_TRANSLATE_NOOP("Actions", "Examiner, organisation, runtime, memory and theme"),
        line_above=True,
    ),
    action(
        "quit",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Quit"),
        "Ctrl+Q",
        QT_TRANSLATE_NOOP("Actions", "Close the workbench"),
        line_above=True,
    ),
)
