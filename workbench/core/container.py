"""What a file says of itself before anything is decoded: size, depth, whether it is whole."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

from workbench.core.errors import EvidenceError
from workbench.core.jpeg import JpegRecord, read_headers
from workbench.core.whole import png_shortage

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""First bytes of a TIFF and of a BigTIFF."""
_TIFF_BITS = 258
_READ = {
    _JPEG: "JPEG", _PNG: "PNG", **dict.fromkeys(TIFF, "TIFF"), b"GIF8": "GIF", b"BM": "BMP",
    b"RIFF": "WebP",
}  # fmt: skip
_BOXED = {  # brands of ISO base media files
    b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIF", b"msf1": "HEIF", b"hevc": "HEIC",
    b"avif": "AVIF", b"avis": "AVIF", b"crx ": "Canon CR3 raw",
}  # fmt: skip
_OTHERS = {
    b"%PDF": "PDF document", b"PK\x03\x04": "ZIP archive or office document", b"8BPS": "Photoshop document",
    b"\0\0\0\x0cjP  ": "JPEG 2000 picture", b"\xff\x4f\xff\x51": "JPEG 2000 picture",
    b"<svg": "SVG drawing", b"\xff\x0a": "JPEG XL picture", b"\0\0\0\x0cJXL ": "JPEG XL picture",
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Read from a file's own headers.

    Attributes:
        size: (width, height) as stated, or None where only the decoder can tell.
        depth: bits of a channel, or None where only the decoder can tell.
        jpeg: headers if the file is a JPEG.
        notes: sentences for the decode record.
        shortage: reads the coded pixels through and says what is missing, or gives None; to be called once
            the size is known to be bearable.
    """

    size: tuple[int, int] | None = None
    depth: int | None = None
    jpeg: JpegRecord | None = None
    notes: tuple[str, ...] = ()
    shortage: Callable[[], str | None] = lambda: None


def inspect(data: bytes, name: str) -> Facts:
    """Read the headers of a JPEG, PNG, GIF or BMP; nothing is known of others.

    Raises:
        EvidenceError: a PNG is truncated or its check sums are wrong.
    """
    if data.startswith(_JPEG):
        return _jpeg(data)
    if data.startswith(_PNG):
        return _png(data, name)
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:
        return Facts((_little(data[6:8]), _little(data[8:10])), 8)
    if data.startswith(b"BM") and len(data) >= 30:
        return _bmp(data)
    return Facts()


def not_a_picture(data: bytes, name: str) -> str:
    """The sentence for bytes that no decoder takes."""
    begun = next((what for start, what in _READ.items() if data.startswith(start)), None)
    if begun:
        return (
            f"{name} begins as a {begun} but what follows is cut off, damaged or of a rare kind that is not "
            "read, so it was not opened. Get the file again from its source."
        )
    kind = _BOXED.get(data[8:12]) if data[4:8] == b"ftyp" else None
    kind = kind or next((what for start, what in _OTHERS.items() if data.startswith(start)), None)
    readable = "JPEG, PNG, TIFF, WebP, BMP and GIF are read"
    if kind:
        return (
            f"{name} is a {kind}, which is not read; {readable}. "
            "A converted copy can be opened, but converting changes the traces: say so in the case."
        )
    return (
        f"{name} is not a picture of a kind that is read, or its beginning is damaged; {readable}. "
        "Check what the file is, or get it again from its source."
    )


def tiff_depth(image: Image.Image) -> int:
    """Bits of a channel of an opened TIFF; 8 of other formats, which have no other depth."""
    bits = getattr(image, "tag_v2", {}).get(_TIFF_BITS, (1,) if image.mode == "1" else (8,))
    return int(max(bits)) if isinstance(bits, tuple) else int(bits)


def _jpeg(data: bytes) -> Facts:
    headers = read_headers(data)
    if headers is None:
        return Facts()
    notes: tuple[str, ...] = ()
    if headers.end is None:
        notes = ("The JPEG has no end marker; every pixel was decoded all the same.",)
    elif headers.end < len(data):
        notes = (_trailing(len(data) - headers.end),)
    return Facts((headers.width, headers.height), headers.depth, headers.record, notes)


def _png(data: bytes, name: str) -> Facts:
    chunks = list(_png_chunks(data, name))
    header = next((data[start : start + length] for kind, start, length in chunks if kind == b"IHDR"), b"")
    end = chunks[-1][1] + chunks[-1][2] + 4
    notes = (_trailing(len(data) - end),) if end < len(data) else ()
    if len(header) < 13:
        return Facts()
    view = memoryview(data)
    parts = [view[start : start + length] for kind, start, length in chunks if kind == b"IDAT"]
    return Facts(
        size=(int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")),
        depth=header[8],
        notes=notes,
        shortage=lambda: png_shortage(header, parts),
    )


def _png_chunks(data: bytes, name: str) -> Iterator[tuple[bytes, int, int]]:
    """(kind, offset, length) of every chunk up to IEND, each checked."""
    view, position, kind = memoryview(data), len(_PNG), b""
    while kind != b"IEND":
        length = int.from_bytes(data[position : position + 4], "big")
        kind, start = data[position + 4 : position + 8], position + 8
        position = start + length + 4
        if position > len(data):
            raise EvidenceError(
                f"{name} is incomplete: the PNG stops at byte {len(data)}, before its end marker. A part of "
                "the picture is missing, so it was not opened. Get the file again from its source."
            )
        if zlib.crc32(view[start - 4 : start + length]) != int.from_bytes(
            data[position - 4 : position], "big"
        ):
            raise EvidenceError(
                f"{name} is damaged: the check sum of its part {kind!r} at byte {start - 8} is wrong. Pixels "
                "may have changed, so it was not opened. Get the file again from its source."
            )
        yield kind, start, length


def _bmp(data: bytes) -> Facts:
    if _little(data[14:18]) < 40:
        return Facts()
    width, height = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (18, 22))
    return Facts((width, abs(height)), 5 if _little(data[28:30]) == 16 else 8)


def _trailing(count: int) -> str:
    return f"{count} bytes follow the end of the first picture in the file; they were not analysed."


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
