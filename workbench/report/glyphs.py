"""Which characters the fonts of the PDF can show; a PDF/A may hold no other."""

import re
import struct
from functools import cache
from pathlib import Path

from workbench.core.paths import resources_folder
from workbench.core.text import visible

_LONGEST_WORD = 30
"""Characters after which a word may be broken anywhere; a table's column holds no more."""
_BREAK = "\u200b"
"""The template puts a break without a character in its place: what is copied is what was written."""
_HASH = re.compile("[0-9a-f]{64}")
"""Set small enough for a line, so that it can be copied whole."""
_LATIN = 0x250
_OURS = "–…×\u202f"


def fonts_folder() -> Path:
    """The fonts that ship with the program: no report depends on those of a machine."""
    return resources_folder() / "fonts"


def printable(text: str) -> str:
    """Text as the PDF can show it: a character without a glyph is written out as `[U+4F8B]`."""
    shown = visible(text)
    known = covered()
    return "".join(c if ord(c) in known else f"[U+{ord(c):04X}]" for c in shown)


def plain(text: str) -> str:
    """Text in Latin letters alone: what is left where two fonts share a cluster of characters."""
    return "".join(c if ord(c) < _LATIN or c in _OURS else f"[U+{ord(c):04X}]" for c in visible(text))


def breakable(text: str) -> str:
    """Let words that fit on no line be broken."""
    return " ".join(_breakable(word) for word in text.split(" "))


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_WORD or _HASH.fullmatch(word):
        return word
    return _BREAK.join(word[i : i + 8] for i in range(0, len(word), 8))


@cache
def covered() -> frozenset[int]:
    """Code points for which one of the two text fonts has a glyph."""
    names = "NotoSans-Regular.ttf", "DejaVuSans.ttf"
    return frozenset().union(*(code_points(fonts_folder() / name) for name in names))


def code_points(font: Path) -> frozenset[int]:
    """Code points of a TrueType font, by its `cmap` table (OpenType specification, formats 4 and 12)."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * i) for i in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for i in range(count):
        _, _, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * i)
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if kind in _READERS:
            found |= _READERS[kind](data, start + offset)
    return frozenset(found)


def _format_4(data: bytes, start: int) -> set[int]:
    """Segments of 16-bit code points; where a range offset is 0 a delta leads to the glyph."""
    (twice,) = struct.unpack_from(">H", data, start + 6)
    number = twice // 2
    ends = struct.unpack_from(f">{number}H", data, start + 14)
    starts = struct.unpack_from(f">{number}H", data, start + 16 + twice)
    deltas = struct.unpack_from(f">{number}H", data, start + 16 + 2 * twice)
    at = start + 16 + 3 * twice
    offsets = struct.unpack_from(f">{number}H", data, at)
    found = set()
    for i, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offsets[i]:
                (glyph,) = struct.unpack_from(">H", data, at + 2 * i + offsets[i] + 2 * (code - first))
            if glyph and (glyph + deltas[i]) % 65536:
                found.add(code)
    return found


def _format_12(data: bytes, start: int) -> set[int]:
    """Groups of 32-bit code points."""
    (groups,) = struct.unpack_from(">L", data, start + 12)
    found: set[int] = set()
    for i in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", data, start + 16 + 12 * i)
        found.update(range(first + (glyph == 0), last + 1))
    return found


_READERS = {4: _format_4, 12: _format_12}
