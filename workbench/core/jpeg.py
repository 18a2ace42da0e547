"""What the headers of a JPEG say, read from its bytes (ITU-T T.81)."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class JpegRecord:
    """What the JPEG headers say.

    Attributes:
        quality: estimated from the luminance table against the tables of the IJG library, 1..100, or None
            if the tables are nothing like those.
        exact: whether the table is exactly the IJG one of that quality.
        tables: quantisation tables in natural (row by row) order, 64 numbers each.
        subsampling: "4:2:0", say.
        progressive: coded in several scans.
    """

    quality: int | None
    exact: bool
    tables: tuple[tuple[int, ...], ...]
    subsampling: str
    progressive: bool


@dataclass(frozen=True)
class JpegHeaders:
    """A JPEG's headers.

    Attributes:
        record: what is shown of them.
        width, height: pixels, as stated.
        depth: bits of a sample.
        end: offset after the end marker, or None if the file has none.
    """

    record: JpegRecord
    width: int
    height: int
    depth: int
    end: int | None


_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_SOS, _EOI, _DQT = 0xDA, 0xD9, 0xDB
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_RATIOS = {
    (1, 1): "4:4:4",
    (2, 1): "4:2:2",
    (2, 2): "4:2:0",
    (1, 2): "4:4:0",
    (4, 1): "4:1:1",
    (4, 2): "4:1:0",
}

# ITU-T T.81, table K.1: the luminance table that the IJG library scales.
_LUMINANCE = np.array(
    [
        (16, 11, 10, 16, 24, 40, 51, 61),
        (12, 12, 14, 19, 26, 58, 60, 55),
        (14, 13, 16, 24, 40, 57, 69, 56),
        (14, 17, 22, 29, 51, 87, 80, 62),
        (18, 22, 37, 56, 68, 109, 103, 77),
        (24, 35, 55, 64, 81, 104, 113, 92),
        (49, 64, 78, 87, 103, 121, 120, 101),
        (72, 92, 95, 98, 112, 100, 103, 99),
    ],
    dtype=np.int64,
).ravel()
_FARTHEST = 0.2
"""Mean difference over mean entry; above it a table is none of the IJG family, even with rounding."""


def zigzag() -> npt.NDArray[np.int64]:
    """Natural index of the k-th coefficient in zigzag order, (64,)."""
    row, column = np.divmod(np.arange(64), 8)
    diagonal = row + column
    along = np.where(diagonal % 2 == 0, column, row)
    return np.lexsort((along, diagonal))


def ijg_luminance(quality: int) -> npt.NDArray[np.int64]:
    """The IJG library's luminance table for a quality 1..100, natural order, (64,)."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    table: npt.NDArray[np.int64] = np.clip((_LUMINANCE * scale + 50) // 100, 1, 255)
    return table


def estimate_quality(table: tuple[int, ...]) -> tuple[int | None, bool]:
    """The IJG quality whose luminance table is nearest, and whether it is exactly that table."""
    given = np.array(table, dtype=np.int64)
    distance = [int(np.abs(ijg_luminance(quality) - given).sum()) for quality in range(1, 101)]
    best = int(np.argmin(distance))
    if distance[best] > _FARTHEST * max(1, int(given.sum())):
        return None, False
    return best + 1, distance[best] == 0


def read_headers(data: bytes) -> JpegHeaders | None:
    """Walk the segments of the first picture in a JPEG file; None if there is no frame header."""
    tables: dict[int, tuple[int, ...]] = {}
    frame: tuple[int, bytes] | None = None
    position = 2
    end = None
    while (step := _next_marker(data, position)) is not None:
        marker, position = step
        if marker == _EOI:
            end = position
            break
        if marker in _NO_LENGTH:
            continue
        length = int.from_bytes(data[position : position + 2], "big")
        body = data[position + 2 : position + length]
        if marker == _DQT:
            tables |= _tables(body)
        elif marker in _SOF and frame is None and len(body) >= 6:
            frame = marker, body
        position += max(2, length)
        if marker == _SOS:
            position = _scan_end(data, position)
    return _headers(frame, tables, end) if frame else None


def _next_marker(data: bytes, position: int) -> tuple[int, int] | None:
    """Marker at or after a position and the offset behind it; fill bytes are skipped."""
    start = data.find(b"\xff", position)
    while 0 <= start < len(data) - 1:
        if data[start + 1] not in {0x00, 0xFF}:
            return data[start + 1], start + 2
        start = data.find(b"\xff", start + 1)
    return None


def _scan_end(data: bytes, position: int) -> int:
    """Offset of the first marker behind entropy-coded data."""
    found = _AFTER_SCAN.search(data, position)
    return found.start() if found else len(data)


def _tables(body: bytes) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    while len(body) >= 65:
        wide, name = body[0] >> 4, body[0] & 15
        size = 128 if wide else 64
        if len(body) < 1 + size:
            break
        values = np.frombuffer(body[1 : 1 + size], dtype=">u2" if wide else "u1")
        natural = np.empty(64, dtype=np.int64)
        natural[zigzag()] = values
        found[name] = tuple(int(v) for v in natural)
        body = body[1 + size :]
    return found


def _headers(frame: tuple[int, bytes], tables: dict[int, tuple[int, ...]], end: int | None) -> JpegHeaders:
    marker, body = frame
    components = [tuple(body[i : i + 3]) for i in range(6, min(len(body), 6 + 3 * body[5]) - 2, 3)]
    ordered = tuple(tables[name] for name in sorted(tables))
    luminance = tables.get(components[0][2]) if components else None
    quality, exact = estimate_quality(luminance) if luminance else (None, False)
    record = JpegRecord(
        quality=quality,
        exact=exact,
        tables=ordered,
        subsampling=_subsampling([c[1] for c in components]),
        progressive=marker in _PROGRESSIVE,
    )
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    return JpegHeaders(record, width, height, body[0], end)


def _subsampling(factors: list[int]) -> str:
    """Name the chroma subsampling from each component's byte of factors (horizontal << 4 | vertical)."""
    if len(factors) == 1:
        return "grey"
    pairs = [(f >> 4, f & 15) for f in factors]
    plain = ", ".join(f"{h}x{v}" for h, v in pairs)
    if len(pairs) != 3 or pairs[1] != pairs[2] or 0 in pairs[1]:
        return "4:4:4:4" if len(set(pairs)) == 1 and len(pairs) == 4 else plain
    (across, down), (chroma_across, chroma_down) = pairs[:2]
    if across % chroma_across or down % chroma_down:
        return plain
    return _RATIOS.get((across // chroma_across, down // chroma_down), plain)
