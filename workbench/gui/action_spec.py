"""A row of the table of actions: its words, keys, menu and icon."""

from dataclasses import dataclass


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that lupdate looks for
    """Mark a text for translation and leave it as it is; PySide6's own returns an untyped object."""
    del context
    return text


FILE = QT_TRANSLATE_NOOP("Actions", "&File")
EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
REGIONS = QT_TRANSLATE_NOOP("Actions", "&Regions")
ANALYSIS = QT_TRANSLATE_NOOP("Actions", "&Analysis")
VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
MENUS = (FILE, EDIT, REGIONS, ANALYSIS, VIEW, HELP)


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        name: `on_NAME` of a group of commands carries it out.
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


def action(
    name: str, menu: str, text: str, keys: str, tip: str, icon: str = "", label: str = "", **more: bool
) -> ActionSpec:
    """A row; the keys stand in one text with blanks between them."""
    return ActionSpec(name, text, tuple(keys.split()), menu, tip, label, icon, **more)
