"""Whether the coded pixels are all there, where Pillow would fill up what is missing without a word."""

import zlib
from collections.abc import Iterable

from PIL import Image, TiffImagePlugin

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by PNG colour type
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_STRIP_OFFSETS, _ROWS_PER_STRIP, _PLANAR, _SAMPLES = 273, 278, 284, 277
_TILE_WIDTH, _TILE_LENGTH, _TILE_OFFSETS = 322, 323, 324
_STEP = 1 << 20


def png_shortage(header: bytes, parts: Iterable[memoryview]) -> str | None:
    """What is missing in the compressed pixels of a PNG, or None.

    Args:
        header: the 13 bytes of IHDR.
        parts: contents of the IDAT chunks.
    """
    needed, have = _png_bytes(header), 0
    inflate = zlib.decompressobj()
    try:
        for part in parts:
            rest: bytes | memoryview = part
            while rest and have < needed:  # never more memory than a step, whatever the data unfold to
                have += len(inflate.decompress(rest, _STEP))
                rest = inflate.unconsumed_tail
        have += len(inflate.flush()) if have < needed else 0
    except zlib.error as error:
        return f"its compressed pixels are damaged after {have} of {needed} bytes ({error})"
    return f"its pixels end after {have} of {needed} bytes" if have < needed else None


def _png_bytes(header: bytes) -> int:
    """Bytes that the pixels of a PNG unfold to, a filter byte for each row included."""
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    bits = header[8] * _CHANNELS.get(header[9], 1)
    passes = _ADAM7 if header[12] == 1 else ((0, 0, 1, 1),)
    total = 0
    for x, y, across, down in passes:
        columns, rows = -(-max(0, width - x) // across), -(-max(0, height - y) // down)
        total += rows * (1 + -(-columns * bits // 8)) if columns else 0
    return total


def tiff_shortage(image: Image.Image) -> str | None:
    """How many strips or tiles of an opened TIFF are missing, in words, or None."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return None
    tags = image.tag_v2
    width, height = int(tags[256]), int(tags[257])
    planes = int(tags.get(_SAMPLES, 1)) if tags.get(_PLANAR) == 2 else 1
    if _TILE_OFFSETS in tags:
        across, down = int(tags[_TILE_WIDTH]), int(tags[_TILE_LENGTH])
        needed, have = -(-width // across) * -(-height // down) * planes, len(tags[_TILE_OFFSETS])
    elif _STRIP_OFFSETS in tags:
        needed = -(-height // int(tags.get(_ROWS_PER_STRIP, height))) * planes
        have = len(tags[_STRIP_OFFSETS])
    else:
        return None
    return f"{needed - have} of its {needed} strips or tiles are missing" if have < needed else None
