"""Bytes of a file -> the array that is analysed, and a record of how; nothing is turned or composited."""

import hashlib
import io
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import PIL
from PIL import ExifTags, Image, TiffImagePlugin, UnidentifiedImageError, features

from workbench.core import channels, container, metadata, native
from workbench.core.errors import EvidenceError
from workbench.core.frame import displayed, inverse
from workbench.core.jpeg import JpegRecord
from workbench.core.whole import tiff_shortage

Pixels = npt.NDArray[np.uint8]

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")
"""What is read (JPEG with MPO); each is in the tests."""
MOST_PIXELS = 300_000_000
"""The largest phone cameras give 200 million; three bytes each fit into a laptop's memory."""


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
class Decoded:
    """What came out of a file's bytes.

    Attributes:
        pixels: read-only (height, width, 3) uint8 RGB in the stored frame.
        record: how.
        thumbnail: embedded thumbnail as the bytes of its JPEG, or None.
    """

    pixels: Pixels = field(repr=False)
    record: DecodeRecord
    thumbnail: bytes | None = field(default=None, repr=False)


_pillow = threading.Lock()


def decode(data: bytes, name: str) -> Decoded:
    """Decode the first picture in a file.

    Args:
        data: the file's bytes.
        name: of the file, as it is to stand in an error's sentence.

    Raises:
        EvidenceError: with a sentence, for anything that is no whole picture.
    """
    facts = container.inspect(data, name)
    _refuse_size(facts.size, name)
    with _quiet_pillow() as caught:
        try:
            decoded = _decode_listening(data, facts, name)
        except EvidenceError:
            raise
        except UnidentifiedImageError as error:
            raise EvidenceError(container.not_a_picture(data, name)) from error
        except MemoryError as error:
            raise EvidenceError(
                f"{name} does not fit into this computer's memory, so it was not opened. "
                "Close other programs or open it on a computer with more memory."
            ) from error
        except metadata.DAMAGED as error:
            raise EvidenceError(_damaged(name, str(error) or type(error).__name__)) from error
    return _with_notes(decoded, _remarks(str(warning.message) for warning in caught))


def _decode_listening(data: bytes, facts: container.Facts, name: str) -> Decoded:
    """Decode, and take what the C libraries say of damage into the record, or refuse by it."""
    damage, lines = native.jpeg_damage(data) if facts.jpeg else (facts.shortage(), [])
    if damage:
        raise EvidenceError(_damaged(name, damage))
    if data.startswith(container.TIFF):
        with native.heard() as lines:
            decoded = _decode(data, facts, name)
    else:
        decoded = _decode(data, facts, name)
    return _with_notes(decoded, _remarks(lines))


def _with_notes(decoded: Decoded, notes: list[str]) -> Decoded:
    record = replace(decoded.record, notes=(*decoded.record.notes, *notes))
    return replace(decoded, record=record)


def _decode(data: bytes, facts: container.Facts, name: str) -> Decoded:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        _refuse_size(image.size, name)
        shortage = tiff_shortage(image)
        if shortage:
            raise EvidenceError(_damaged(name, shortage))
        xmp = metadata.take_xmp(image)
        exif, exif_notes = metadata.read_exif(image)
        orientation = metadata.orientation_of(exif)
        pairs = metadata.exif_as_text(exif)
        icc = image.info.get("icc_profile")
        thumbnail = metadata.thumbnail_of(exif, image.info.get("exif", b""))
        frames, frame_notes = _frames(image)
        source = _first_frame(image, data, facts)
        converted = channels.to_rgb(source, icc, name)
        pixels = _in_stored_frame(converted.pixels, image, orientation)
    pixels.setflags(write=False)
    record = DecodeRecord(
        decoder=_decoder(image.format or "", source.by_tifffile),
        format=image.format or "",
        width=pixels.shape[1],
        height=pixels.shape[0],
        mode=source.mode,
        bit_depth=source.depth,
        orientation=orientation,
        icc_profile=metadata.icc_name(icc),
        frames=frames,
        notes=(*exif_notes, *frame_notes, *converted.notes, *facts.notes),
        decoded_sha256=hashlib.sha256(pixels.data).hexdigest(),
        jpeg=facts.jpeg,
        exif=pairs,
        xmp=xmp,
    )
    return Decoded(pixels, record, thumbnail)


def _first_frame(image: Image.Image, data: bytes, facts: container.Facts) -> channels.Source:
    """Decode what is stored, without changing it."""
    depth = facts.depth or container.tiff_depth(image)
    if channels.needs_tifffile(image, depth):
        return channels.by_tifffile(data, image.mode, depth)
    image.load()
    return channels.Source(image, image.mode, depth)


def _frames(image: Image.Image) -> tuple[int, tuple[str, ...]]:
    try:
        frames = int(getattr(image, "n_frames", 1))
    except metadata.DAMAGED as error:
        image.seek(0)
        return 1, (f"Further frames can't be counted ({error}); the first was analysed.",)
    image.seek(0)
    return frames, (f"{frames} frames, first analysed.",) if frames > 1 else ()


def _in_stored_frame(pixels: Pixels, image: Image.Image, orientation: int) -> Pixels:
    """Undo what Pillow does to a TIFF: it turns it by its orientation tag and then removes the tag."""
    turned = (
        isinstance(image, TiffImagePlugin.TiffImageFile)
        and orientation > 1
        and ExifTags.Base.Orientation not in image.tag_v2
    )
    return np.ascontiguousarray(displayed(pixels, inverse(orientation)) if turned else pixels)


def _decoder(file_format: str, by_tifffile: bool) -> str:
    if by_tifffile:
        return channels.tifffile_version()
    library = {
        "JPEG": "libjpeg_turbo",
        "MPO": "libjpeg_turbo",
        "PNG": "zlib",
        "TIFF": "libtiff",
        "WEBP": "webp",
    }
    name = library.get(file_format)
    version = features.version(name) if name else None
    return f"Pillow {PIL.__version__}" + (f", {name.replace('_', '-')} {version}" if name and version else "")


def _refuse_size(size: tuple[int, int] | None, name: str) -> None:
    """Before any memory is taken for pixels."""
    if size is None:
        return
    width, height = size
    if width <= 0 or height <= 0:
        raise EvidenceError(
            f"{name} states a size of {width} × {height} pixels, so it holds no picture. "
            "Get the file again from its source."
        )
    if width * height > MOST_PIXELS:
        raise EvidenceError(
            f"{name} states a size of {width} × {height} pixels, more than the {MOST_PIXELS // 1_000_000} "
            "million that are opened; such files are made to fill a computer's memory. "
            "If it is a real picture, cut the part of interest out of a copy without resampling "
            "and say so in the case."
        )


def _damaged(name: str, reason: str) -> str:
    return (
        f"{name} is damaged or incomplete: {reason.rstrip('.')}. A part of the picture is missing and a "
        "decoder would make it up, so it was not opened. Get the file again from its source."
    )


def _remarks(said: Iterable[str]) -> list[str]:
    """What a decoder warned of, each once."""
    lines = (" ".join(line.split()).rstrip(".") for line in said)
    return [f"The decoder remarked: {line}." for line in dict.fromkeys(lines)]


@contextmanager
def _quiet_pillow() -> Iterator[list[warnings.WarningMessage]]:
    """Catch Pillow's warnings and lift its limit of pixels: ours is checked before anything is decoded."""
    with _pillow, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield caught
        finally:
            Image.MAX_IMAGE_PIXELS = limit
