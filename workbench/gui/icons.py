"""Icons drawn in the colour of the theme's text."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QIcon, QImageReader, QPixmap

from workbench.core import paths

SIDE = 18
RATIOS = (1, 2, 3)


def icon(name: str, colour: str, disabled: str) -> QIcon:
    """An icon of resources/icons in two colours, sharp at 100 % to 300 %."""
    source = (paths.resources_folder() / "icons" / f"{name}.svg").read_text("utf-8")
    made = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        data = QByteArray(source.replace("currentColor", tint).encode())
        for ratio in RATIOS:
            made.addPixmap(_pixmap(data, ratio), mode)
    return made


def _pixmap(data: QByteArray, ratio: int) -> QPixmap:
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setBackgroundColor(Qt.GlobalColor.transparent)
    reader.setScaledSize(QSize(SIDE * ratio, SIDE * ratio))
    pixmap = QPixmap.fromImage(reader.read())
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
