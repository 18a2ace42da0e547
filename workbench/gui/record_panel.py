"""RECORD: what the file says of itself, how it was decoded, and its embedded thumbnail."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.core.evidence import DecodeRecord, Evidence, JpegRecord
from workbench.core.text import visible
from workbench.gui import wording
from workbench.gui.pictures import Picture
from workbench.gui.thumbnails import thumbnail
from workbench.gui.widgets import fixed_font, plain_label, plain_tip

SIDE = 96
LONGEST_NAME = 80
LONGEST_VALUE = 4000
"""Characters of a value that are laid out: enough to read, too few to stall the window."""
Rows = list[tuple[str, str]]


class RecordPanel(QWidget):
    """Two small pictures side by side, and a tree of names and values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._embedded = QLabel(), QLabel()
        self._remark = plain_label("", "dim", wrap=True)
        self.tree = QTreeWidget()
        self.tree.setObjectName("record")
        self.tree.setAccessibleName(self.tr("Record of the file"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(10)
        self.tree.header().setStretchLastSection(True)  # what is longer is cut; its tool tip has all of it
        self.tree.setUniformRowHeights(False)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        small = QHBoxLayout()
        for label, name in (
            (self._picture, self.tr("Picture, small")),
            (self._embedded, self.tr("Thumbnail embedded in the file")),
        ):
            label.setAccessibleName(name)
            label.setToolTip(name)
            small.addWidget(label)
        small.addWidget(self._remark, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(small)
        layout.addWidget(self.tree, 1)

    def show_picture(self, picture: Picture | None) -> None:
        """Show the record of a picture, or nothing."""
        self.tree.clear()
        self._picture.clear()
        self._embedded.clear()
        self._remark.setText("")
        if picture is not None:
            self._show_small(picture)
            self._fill(picture.evidence)

    def _show_small(self, picture: Picture) -> None:
        evidence = picture.evidence
        icon = thumbnail(picture.pyramid.levels[-1], evidence.decode.orientation)
        self._picture.setPixmap(icon.pixmap(SIDE, SIDE))
        embedded = QImage.fromData(evidence.thumbnail) if evidence.thumbnail else QImage()
        if embedded.isNull():
            self._remark.setText(self.tr("The file holds no embedded thumbnail."))
            return
        size = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self._embedded.setPixmap(QPixmap.fromImage(embedded.scaled(SIDE, SIDE, *size)))
        self._remark.setText(
            self.tr(
                "Left: the picture. Right: the thumbnail embedded in the file, {width} × {height}."
            ).format(width=embedded.width(), height=embedded.height())
        )

    def _fill(self, evidence: Evidence) -> None:
        decode = evidence.decode
        self._add(self.tr("File"), self._file_rows(evidence), opened=True)
        self._add(self.tr("Decoding"), self._decode_rows(decode), opened=True)
        if decode.jpeg is not None:
            self._add(self.tr("JPEG"), self._jpeg_rows(decode.jpeg), opened=True)
            for number, numbers in enumerate(decode.jpeg.tables):
                self._add_table(self.tr("Quantisation table {n}").format(n=number), numbers)
        if decode.exif:
            self._add(self.tr("EXIF"), list(decode.exif), opened=False)
        if decode.xmp:
            self._add(self.tr("XMP"), [("", decode.xmp)], opened=False)
        self.tree.resizeColumnToContents(0)

    def _file_rows(self, evidence: Evidence) -> Rows:
        return [
            (self.tr("Name"), evidence.name),
            (self.tr("Path"), str(evidence.path)),
            (self.tr("Size"), self.tr("{size} bytes").format(size=f"{evidence.size:,}")),
            (self.tr("SHA-256"), evidence.sha256),
            (self.tr("Time of this copy"), evidence.modified),
        ]

    def _decode_rows(self, decode: DecodeRecord) -> Rows:
        rows = [
            (self.tr("Decoder"), decode.decoder),
            (self.tr("Format"), decode.format),
            (self.tr("Stored size"), f"{decode.width} × {decode.height}"),
            (self.tr("Colour mode"), decode.mode),
            (self.tr("Bits per channel"), str(decode.bit_depth)),
            (self.tr("Orientation"), wording.orientation(decode.orientation)),
            (self.tr("ICC profile"), decode.icc_profile or self.tr("none")),
            (self.tr("Frames"), str(decode.frames)),
            (self.tr("Decoded SHA-256"), decode.decoded_sha256),
        ]
        return rows + [(self.tr("Note"), note) for note in decode.notes]

    def _jpeg_rows(self, jpeg: JpegRecord) -> Rows:
        if jpeg.quality is None:
            quality = self.tr("not estimated: the tables are not like those of the IJG library")
        elif jpeg.exact:
            quality = self.tr("{q} (exactly the IJG table)").format(q=jpeg.quality)
        else:
            quality = self.tr("about {q} (nearest IJG table)").format(q=jpeg.quality)
        progressive = self.tr("yes") if jpeg.progressive else self.tr("no")
        return [
            (self.tr("Estimated quality"), quality),
            (self.tr("Chroma subsampling"), jpeg.subsampling),
            (self.tr("Progressive"), progressive),
        ]

    def _add(self, heading: str, rows: Rows, *, opened: bool) -> None:
        top = QTreeWidgetItem(self.tree, [heading])
        top.setFirstColumnSpanned(True)
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        for name, value in rows:
            child = QTreeWidgetItem(
                top, [visible(name, LONGEST_NAME), visible(value, LONGEST_VALUE, keep="\n")]
            )
            child.setToolTip(1, plain_tip(value))
        top.setExpanded(opened)

    def _add_table(self, heading: str, numbers: tuple[int, ...]) -> None:
        lines = [" ".join(f"{n:3d}" for n in numbers[row : row + 8]) for row in range(0, len(numbers), 8)]
        top = QTreeWidgetItem(self.tree, [heading])
        top.setFirstColumnSpanned(True)
        child = QTreeWidgetItem(top, ["\n".join(lines)])
        child.setFirstColumnSpanned(True)
        child.setFont(0, fixed_font())
