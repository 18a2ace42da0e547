"""EXIF, XMP and ICC of an opened file as text, bounded, and the embedded thumbnail."""

import io
import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any

from PIL import ExifTags, Image, ImageCms

LONGEST_VALUE = 1000
"""Characters kept of one EXIF value."""
MOST_TAGS = 500
LONGEST_XMP = 200_000
"""Characters."""

_GROUPS = (
    ("", None, ExifTags.TAGS),
    ("", ExifTags.IFD.Exif, ExifTags.TAGS),
    ("GPS ", ExifTags.IFD.GPSInfo, ExifTags.GPSTAGS),
)
_POINTERS = frozenset({ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.Interop})
_THUMBNAIL_OFFSET, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_XMP_KEYS = ("xmp", "XML:com.adobe.xmp")

DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, SyntaxError, TypeError,
    ValueError, struct.error,
)  # fmt: skip
"""What Pillow raises where a file is not as its format says; it has no error of its own for this."""


def take_xmp(image: Image.Image) -> str:
    """Remove XMP from what Pillow knows and give it as text.

    Pillow would take an orientation from it and turn a TIFF by that, which viewers do not.
    """
    packets = [image.info.pop(key, None) for key in _XMP_KEYS]
    packet = next((p for p in packets if p), "")
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)
    return text[:LONGEST_XMP].strip("\0 \r\n\t")


def read_exif(image: Image.Image) -> tuple[Image.Exif, tuple[str, ...]]:
    """EXIF of an opened file; if it is damaged, nothing and a sentence that says so."""
    try:
        return image.getexif(), ()
    except DAMAGED as error:
        return Image.Exif(), (f"EXIF is damaged and was not read ({error}); orientation taken as 1.",)


def orientation_of(exif: Image.Exif) -> int:
    """EXIF tag 274 if it is one of 1..8, else 1."""
    value = exif.get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def exif_as_text(exif: Image.Exif) -> tuple[tuple[str, str], ...]:
    """(name, value) of every tag, `MOST_TAGS` at most; damaged groups are left out."""
    return tuple(islice(_pairs(exif), MOST_TAGS))


def thumbnail_of(exif: Image.Exif, raw: bytes) -> bytes | None:
    """The JPEG that EXIF block `raw` holds as a thumbnail, or None."""
    try:
        tags = exif.get_ifd(ExifTags.IFD.IFD1)
        offset, length = int(tags[_THUMBNAIL_OFFSET]), int(tags[_THUMBNAIL_LENGTH])
    except DAMAGED:
        return None
    block = raw.removeprefix(b"Exif\0\0")
    jpeg = block[offset : offset + length] if offset >= 0 and length > 0 else b""
    return jpeg if jpeg.startswith(b"\xff\xd8") else None


def icc_name(icc: bytes | None) -> str | None:
    """Description of an ICC profile; None if there is none."""
    if not icc:
        return None
    try:
        description = ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile.profile_description
    except DAMAGED:
        description = None
    return (description or f"unnamed profile of {len(icc)} bytes").strip("\0 \n")[:LONGEST_VALUE]


def _pairs(exif: Image.Exif) -> Iterator[tuple[str, str]]:
    for prefix, group, names in _GROUPS:
        try:
            tags = dict(exif) if group is None else exif.get_ifd(group)
        except DAMAGED:
            continue
        for tag, value in tags.items():
            if tag not in _POINTERS:
                yield prefix + names.get(tag, f"Tag 0x{tag:04X}"), value_as_text(value)


def value_as_text(value: Any) -> str:
    """An EXIF value in words, cut to `LONGEST_VALUE`; bytes as text if they are that, else in hex."""
    if isinstance(value, bytes):
        text = value.rstrip(b"\0")
        if text.isascii() and text.decode("ascii").isprintable():
            return text[:LONGEST_VALUE].decode("ascii")
        return f"{len(value)} bytes: {value[:32].hex(' ')}{' …' if len(value) > 32 else ''}"
    if isinstance(value, tuple | list):
        shown = ", ".join(value_as_text(v) for v in value[:64])
        return (shown if len(value) <= 64 else f"{shown}, … ({len(value)} values)")[:LONGEST_VALUE]
    if isinstance(value, str):
        return value.rstrip("\0 ")[:LONGEST_VALUE]
    return str(value)[:LONGEST_VALUE]
