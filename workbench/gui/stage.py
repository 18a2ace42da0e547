"""The stage: one or two linked canvases, legend, captions and the line of numbers under the pointer."""

from enum import Enum

from PySide6.QtCore import QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.region import Region
from workbench.core.search import Box, Suggestion
from workbench.gui import wording
from workbench.gui.canvas import Canvas
from workbench.gui.canvas_mouse import Tool
from workbench.gui.compare import Pair, signed
from workbench.gui.family_layer import FamilyLayer, FamilyPyramid
from workbench.gui.frame import Frame
from workbench.gui.layers import Layer
from workbench.gui.legend import DIFFERENCE, RESPONSE, Legend
from workbench.gui.pictures import Picture
from workbench.gui.pyramid import MapPyramid
from workbench.gui.viewport import Viewport
from workbench.gui.widgets import fixed_font, plain_label

BLINK_MS = 650
"""Well under three flashes a second."""


class Mode(Enum):
    """How picture and map are compared."""

    SINGLE = "single"
    SIDE_BY_SIDE = "side_by_side"
    BLINK = "blink"
    COMPARE = "compare"
    BLINK_MAPS = "blink_maps"
    DIFFERENCE = "difference"

    @property
    def needs_pair(self) -> bool:
        """Whether the maps of the whole picture and of a region are compared."""
        return self in {Mode.COMPARE, Mode.BLINK_MAPS, Mode.DIFFERENCE}


class Stage(QWidget):
    """Passes what is set to both canvases; `overlay` is the one with the map."""

    region_drawn = Signal(object)
    region_changed = Signal(object)
    region_dragged = Signal(object)
    region_picked = Signal(str)
    mode_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport(self)
        self.plain = Canvas(self.viewport, leads=False)
        self.overlay = Canvas(self.viewport)
        self.canvases = (self.plain, self.overlay)
        self.legend = Legend()
        self.readout = plain_label("", "readout")
        self.readout.setFont(fixed_font())
        self.readout.setAccessibleName(self.tr("Numbers under the pointer"))
        self.mode = Mode.SINGLE
        self._picture: Picture | None = None
        self._layer: Layer | None = None
        self._families: FamilyLayer | None = None
        self._pair: Pair | None = None
        self._region_turn = True
        self._hidden = False
        self._pointer: tuple[int, int] | None = None
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_MS)
        self._blink.timeout.connect(self._on_blink)
        self._columns = (QWidget(), QWidget())
        self._captions = (plain_label("", "caption"), plain_label("", "caption"))
        self._lay_out()
        self._connect()
        self.set_mode(Mode.SINGLE)

    def _lay_out(self) -> None:
        self.plain.setAccessibleName(self.tr("Picture"))
        self.overlay.setAccessibleName(self.tr("Picture with map"))
        middle = QHBoxLayout()
        middle.setSpacing(4)
        for column, canvas, caption in zip(self._columns, self.canvases, self._captions, strict=True):
            inside = QVBoxLayout(column)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(0)
            inside.addWidget(caption)
            inside.addWidget(canvas, 1)
            middle.addWidget(column, 1)
        room = self.legend.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # so that the picture stays where it is
        self.legend.setSizePolicy(room)
        middle.addWidget(self.legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.viewport.changed.connect(self._show_readout)
        for canvas in self.canvases:
            canvas.hovered.connect(self._on_hovered)
            canvas.region_drawn.connect(self.region_drawn)
            canvas.region_changed.connect(self.region_changed)
            canvas.region_dragged.connect(self.region_dragged)
            canvas.region_picked.connect(self.region_picked)

    # What is shown

    def show_picture(self, picture: Picture | None, hint: str) -> None:
        """Show another picture as a whole, or words where there is none."""
        if picture is self._picture and picture is not None:
            return
        self._picture = picture
        frame = Frame(1, 1)
        if picture is not None:
            decode = picture.evidence.decode
            frame = Frame(decode.width, decode.height, decode.orientation)
        for canvas in self.canvases:
            canvas.hint = hint
            canvas.show_picture(picture.pyramid if picture else None, frame)
            canvas.show_finding(None)
        self.viewport.set_picture(*frame.displayed_size)
        self._show_readout()

    def show_layer(self, layer: Layer | None) -> None:
        """Show another map over the picture, or none."""
        self._layer = layer
        self._show_map(visible=not self._hidden)
        self.overlay.show_finding(None)
        self.overlay.badge = layer.remark.upper() if layer else ""
        self.legend.set_remark(self._remark())
        self._show_captions()
        self._show_readout()

    def show_families(self, layer: FamilyLayer | None) -> None:
        """Show the families in the place of a map of responses, or not."""
        if layer is not self._families:
            self._families = layer
            self._show_map(visible=not self._hidden)
            self._show_captions()
            self._show_readout()

    def show_pair(self, pair: Pair | None) -> None:
        """Have two maps to compare, or none."""
        self._pair = pair
        self._show_map(visible=not self._hidden)
        self._show_captions()
        self._show_readout()

    def refresh(self) -> None:
        """The map in sight has got another tile."""
        self.overlay.update()
        self.legend.set_remark(self._remark())
        self._show_readout()

    def show_regions(self, regions: tuple[Region, ...], selected: str) -> None:
        """Draw these regions on both canvases."""
        for canvas in self.canvases:
            canvas.show_regions(regions, selected)

    def show_suggestions(
        self, suggestions: tuple[Suggestion, ...], rank: int, windows: tuple[Box, ...]
    ) -> None:
        """Draw what a search suggests on both canvases."""
        for canvas in self.canvases:
            canvas.show_suggestions(suggestions, rank, windows)

    def show_finding(self, box: QRect | None) -> None:
        """Mark a stored box and bring it into the middle, or unmark."""
        for canvas in self.canvases:
            canvas.show_finding(box)
        if box is not None:
            self.viewport.show_rect(self.overlay.frame.to_displayed.mapRect(QRectF(box)))

    def bring_into_sight(self, box: QRect) -> None:
        """Move to a stored box if any of it is out of sight."""
        if not self.overlay.visible_stored_box().contains(box):
            self.viewport.show_rect(self.overlay.frame.to_displayed.mapRect(QRectF(box)))

    def set_threshold(self, threshold: float) -> None:
        """Move the contours and the mark on the legend."""
        for canvas in self.canvases:
            canvas.set_threshold(threshold)
        self.legend.set_threshold(threshold if self._layer else None)

    def set_opacity(self, opacity: float) -> None:
        """Draw the map more or less transparent."""
        for canvas in self.canvases:
            canvas.set_opacity(opacity)

    def set_grid(self, shown: bool) -> None:
        """Draw lines where 8×8 blocks meet."""
        for canvas in self.canvases:
            canvas.grid = shown
            canvas.update()

    def set_snap(self, *, snap: bool) -> None:
        """Whether regions snap to the 8×8 grid."""
        for canvas in self.canvases:
            canvas.snap = snap

    def set_tool(self, tool: Tool) -> None:
        """What the left button does."""
        for canvas in self.canvases:
            canvas.set_tool(tool)

    def set_editable(self, *, editable: bool) -> None:
        """Whether regions can be drawn and changed."""
        for canvas in self.canvases:
            canvas.editable = editable

    def set_ground(self, colour: QColor) -> None:
        """Neutral surround of the picture."""
        for canvas in self.canvases:
            palette = canvas.palette()
            palette.setColor(QPalette.ColorRole.Base, colour)
            canvas.setPalette(palette)

    def set_mode(self, mode: Mode) -> None:
        """One canvas, two, or one that blinks."""
        self.mode = mode
        self._columns[0].setVisible(mode in {Mode.SIDE_BY_SIDE, Mode.COMPARE})
        for caption in self._captions:
            caption.setVisible(mode not in {Mode.SINGLE, Mode.BLINK})
        if mode in {Mode.BLINK, Mode.BLINK_MAPS}:
            self._blink.start()
        else:
            self._blink.stop()
        self.mode_changed.emit()
        self._show_map(visible=not self._hidden)
        self._show_captions()

    def hide_map(self, hidden: bool) -> None:
        """Show the picture without the map."""
        self._hidden = hidden
        self._show_map(visible=not hidden)

    def middle(self) -> tuple[int, int] | None:
        """The stored pixel in the middle of what is in sight, if there is a picture."""
        if self._picture is None:
            return None
        frame, centre = self.overlay.frame, self.viewport.centre
        stored = frame.to_stored.map(centre)
        return min(max(int(stored.x()), 0), frame.width - 1), min(max(int(stored.y()), 0), frame.height - 1)

    def focus(self) -> None:
        """Move the keyboard to the picture."""
        self.overlay.setFocus()

    @property
    def map_visible(self) -> bool:
        """Whether the map is on the screen at this moment."""
        return self.overlay.has_map

    def _show_map(self, *, visible: bool) -> None:
        left, right = self._maps() if visible else (None, None)
        diverging = self.mode is Mode.DIFFERENCE and self._compared is not None
        self.plain.show_map(left)
        self.overlay.show_map(right, diverging=diverging)
        self.legend.setVisible(self._coloured is None)
        self.legend.show_scale(DIFFERENCE if diverging else RESPONSE)
        self.legend.set_threshold(self.overlay.threshold if self._layer else None)

    def _maps(self) -> tuple[MapPyramid | None, MapPyramid | FamilyPyramid | None]:
        """What is drawn on the left and the right canvas; a preview goes before the map that it replaces."""
        if self._coloured is not None:
            return None, self._coloured.pyramid
        shown, pair = self._layer.pyramid if self._layer else None, self._compared
        if pair is None:
            whole = self._pair.whole.pyramid if self._pair and self.mode is Mode.COMPARE else None
            return whole, shown
        if self.mode is Mode.DIFFERENCE:
            return None, pair.difference
        if self.mode is Mode.COMPARE:
            return pair.whole.pyramid, pair.region.pyramid
        return None, (pair.region if self._region_turn else pair.whole).pyramid

    @property
    def _compared(self) -> Pair | None:
        """The two maps that are compared at this moment; a preview has none of its own."""
        preview = self._layer is not None and bool(self._layer.remark)
        return self._pair if self.mode.needs_pair and not preview else None

    @property
    def _coloured(self) -> FamilyLayer | None:
        """The families, if no map of responses or comparison of two goes before them."""
        return self._families if self._layer is None and self._compared is None else None

    def _on_blink(self) -> None:
        if self.mode is Mode.BLINK_MAPS:
            self._region_turn = not self._region_turn
            self._show_map(visible=not self._hidden)
            self._show_captions()
        else:
            self._show_map(visible=not self.overlay.has_map)

    def _remark(self) -> str:
        """Under the legend, what of the map in sight is not of record."""
        if self._layer is not None and self._layer.pyramid.has_provisional:
            return self.tr("Hatched:\nprovisional")
        return self._layer.remark if self._layer else ""

    def _show_captions(self) -> None:
        response = self.tr("Response: {title}")
        left, right = (
            self.tr("Picture"),
            response.format(title=self._layer.title if self._layer else self.tr("no map")),
        )
        if self._coloured is not None:
            right = self.tr("Manipulation families")
        pair = self._compared
        if pair is None and self._pair is not None and self.mode is Mode.COMPARE:
            left = response.format(title=self._pair.whole.title)
        if pair is not None:
            whole, region = pair.whole.title, pair.region.title
            shown = region if self._region_turn or self.mode is Mode.COMPARE else whole
            left, right = response.format(title=whole), response.format(title=shown)
            if self.mode is Mode.DIFFERENCE:
                right = self.tr("Difference: {region} − {whole}").format(region=region, whole=whole)
        self._captions[0].setText(left)
        self._captions[1].setText(right)

    # The line of numbers

    def _on_hovered(self, pixel: tuple[int, int] | None) -> None:
        self._pointer = pixel
        self._show_readout()

    def _show_readout(self) -> None:
        self.readout.setText(self.numbers_at(*self._pointer) if self._pointer else self._resting_text())

    def _resting_text(self) -> str:
        if self._picture is None:
            return ""
        zoom = self.viewport.scale * 100
        return self.tr("zoom {percent} %").format(percent=f"{zoom:.0f}" if zoom >= 10 else f"{zoom:.1f}")

    def numbers_at(self, x: int, y: int) -> str:
        """Stored position, colour and response of a pixel."""
        if self._picture is None:
            return ""
        height, width = self._picture.evidence.pixels.shape[:2]
        if not (0 <= x < width and 0 <= y < height):
            return ""
        red, green, blue = (int(v) for v in self._picture.evidence.pixels[y, x])
        text = self.tr("x {x:>5}  y {y:>5}   R {r:>3} G {g:>3} B {b:>3}")
        return f"{text.format(x=x, y=y, r=red, g=green, b=blue)}   {self._response_at(x, y)}"

    def _response_at(self, x: int, y: int) -> str:
        if self._coloured is not None:
            return wording.family_at(*self._coloured.pyramid.at(x, y))
        if self._compared is not None:
            return self._responses_at(self._compared, x, y)
        response = self._layer.pyramid.at(x, y) if self._layer else None
        line = self.tr("response {response}").format(response=_figure(response))
        if self._layer is None or not self._layer.provisional or response is None:
            return line
        return f"{line} ({self._layer.remark or self.tr('provisional')})"

    def _responses_at(self, pair: Pair, x: int, y: int) -> str:
        kept = pair.difference.at(x, y)
        figures = (
            f"{pair.whole.title} {_figure(pair.whole.pyramid.at(x, y))}",
            f"{pair.region.title} {_figure(pair.region.pyramid.at(x, y))}",
            self.tr("difference {value}").format(
                value="–" if kept is None else f"{signed(kept):+.3f}".replace("-", "−")
            ),
        )
        return "   ".join(figures)


def _figure(response: float | None) -> str:
    return "–" if response is None else f"{response:.3f}"
