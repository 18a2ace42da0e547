"""Neutral greys and one accent: a coloured surround biases the judgement of a picture."""

from dataclasses import asdict, dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from workbench.core import paths
from workbench.core.settings import Theme


@dataclass(frozen=True)
class Colours:
    """All colours of the window; the picture's surround is `ground`."""

    window: str
    panel: str
    ground: str
    text: str
    dim: str
    line: str
    button: str
    hover: str
    accent: str
    on_accent: str
    notice: str


LIGHT = Colours(
    window="#e9e9e9",
    panel="#f7f7f7",
    ground="#c9c9c9",
    text="#1c1c1c",
    dim="#5a5a5a",
    line="#b9b9b9",
    button="#f3f3f3",
    hover="#dddddd",
    accent="#1f6fb2",
    on_accent="#ffffff",
    notice="#fff3cf",
)
DARK = Colours(
    window="#2b2b2b",
    panel="#232323",
    ground="#3a3a3a",
    text="#e4e4e4",
    dim="#a6a6a6",
    line="#4a4a4a",
    button="#383838",
    hover="#454545",
    accent="#5aa9e6",
    on_accent="#0b1a26",
    notice="#4b4226",
)


def colours_for(theme: Theme) -> Colours:
    """The colours of a theme; `system` asks the desktop."""
    if theme is Theme.SYSTEM:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if theme is Theme.DARK else LIGHT


def palette_of(colours: Colours) -> QPalette:
    """Colours as Qt knows them; `Base` is the picture's surround only on a canvas."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.panel,
        QPalette.ColorRole.AlternateBase: colours.window,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.button,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.ToolTipBase: colours.panel,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.dim,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Link: colours.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.dim))
    return palette


def apply(application: QApplication, theme: Theme) -> Colours:
    """Dress the whole application."""
    colours = colours_for(theme)
    if application.style().objectName().lower() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(palette_of(colours))
    sheet = (paths.resources_folder() / "style" / "window.qss").read_text("utf-8")
    for name, colour in asdict(colours).items():
        sheet = sheet.replace(f"@{name};", f"{colour};")
    folder = (paths.resources_folder() / "style").as_posix()
    sheet = sheet.replace("@style;", folder)
    sheet = sheet.replace("@small;", f"{QFontInfo(application.font()).pointSizeF() - 1}pt;")
    application.setStyleSheet(sheet)
    return colours


def ground_of(theme: Theme) -> QColor:
    """The surround of the picture."""
    return QColor(colours_for(theme).ground)
