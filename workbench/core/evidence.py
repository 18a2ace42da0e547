"""Evidence: a file opened once, hashed, decoded in its stored orientation, and never written."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


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
class DecodeRecord:
    """How the analysed array came out of the file; a second laboratory tells decode drift from it.

    Attributes:
        decoder: name and version.
        format: "JPEG", "PNG", ...
        width, height: stored frame, in pixels.
        mode: colour mode as stored, "RGB", "L", "CMYK", ...
        bit_depth: bits of a channel as stored.
        orientation: EXIF tag 1..8; applied to the display only.
        icc_profile: description of the embedded profile, or None; not applied to RGB.
        frames: pictures in the file; the first is analysed.
        notes: sentences on what was dropped or converted.
        decoded_sha256: of the analysed array's bytes, (height, width, 3) row by row.
        jpeg: headers if the file is a JPEG.
        exif: (name, value) as text.
        xmp: as text.
    """

    decoder: str
    format: str
    width: int
    height: int
    mode: str
    bit_depth: int
    orientation: int
    icc_profile: str | None
    frames: int
    notes: tuple[str, ...]
    decoded_sha256: str
    jpeg: JpegRecord | None = None
    exif: tuple[tuple[str, str], ...] = ()
    xmp: str = ""


@dataclass(frozen=True, eq=False)
class Evidence:
    """An opened picture.

    Attributes:
        path: as received.
        name: file name.
        size: bytes.
        sha256: of the file's bytes at opening.
        modified: file time of this copy, ISO 8601 with offset.
        pixels: read-only (height, width, 3) uint8 RGB in the stored frame.
        decode: how `pixels` was made.
        thumbnail: embedded thumbnail as the bytes of its JPEG, or None.
    """

    path: Path
    name: str
    size: int
    sha256: str
    modified: str
    pixels: Pixels = field(repr=False)
    decode: DecodeRecord
    thumbnail: bytes | None = field(default=None, repr=False)


def open_evidence(path: Path) -> Evidence:
    """Read a file once, hash it and decode it.

    Raises:
        EvidenceError: with a sentence, for anything that is no whole picture.
    """
    raise NotImplementedError


def displayed(pixels: Pixels, orientation: int) -> Pixels:
    """Turn an array (H, W, ...) by the EXIF orientation 1..8, as viewers show it."""
    raise NotImplementedError
