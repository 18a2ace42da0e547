"""Colour modes -> uint8 RGB by one table: see docs/glossary.md, 'decode record'."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import tifffile
from PIL import Image, ImageCms, TiffImagePlugin

from workbench.core.errors import EvidenceError

Pixels = npt.NDArray[np.uint8]
_PLANAR, _COMPRESSION, _PHOTOMETRIC = 284, 259, 262


@dataclass(frozen=True)
class Source:
    """A frame as decoded, before it becomes RGB.

    Attributes:
        image: Pillow's, or None where tifffile read it.
        mode: colour mode as stored.
        depth: bits of a channel as stored.
        array: (height, width, channels) uint16 where tifffile read it.
    """

    image: Image.Image | None
    mode: str
    depth: int
    array: npt.NDArray[np.uint16] | None = None

    @property
    def by_tifffile(self) -> bool:
        """Whether Pillow could not be trusted with it."""
        return self.array is not None


@dataclass(frozen=True)
class Converted:
    """(height, width, 3) uint8 RGB, and sentences on what was dropped or converted."""

    pixels: Pixels
    notes: tuple[str, ...] = ()


def needs_tifffile(image: Image.Image, depth: int) -> bool:
    """Pillow takes uncompressed 16-bit colour planes for 8-bit ones and shows noise (seen in Pillow 13)."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    tags = image.tag_v2
    return (
        depth == 16
        and tags.get(_PLANAR) == 2
        and tags.get(_COMPRESSION, 1) == 1
        and len(image.getbands()) > 1
    )


def by_tifffile(data: bytes, mode: str, depth: int) -> Source:
    """Read the first page of a TIFF whose planes Pillow can't read."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[0]
        array = page.asarray().reshape(-1, page.imagelength, page.imagewidth)
    return Source(None, mode, depth, np.moveaxis(array, 0, -1))


def tifffile_version() -> str:
    """For the decode record."""
    return f"tifffile {tifffile.__version__}"


def to_rgb(source: Source, icc: bytes | None, name: str) -> Converted:
    """Convert by the table.

    Args:
        source: the frame.
        icc: embedded profile; used for CMYK only.
        name: of the file, for a sentence.

    Raises:
        EvidenceError: the colour mode has no defined range or no conversion.
    """
    low = _low_bits(source.depth)
    if source.array is not None:
        return _planes(source.array, low)
    image = source.image
    assert image is not None
    if image.mode.startswith("I;16") or (image.mode == "I" and source.depth == 16):
        return _grey(_wide_grey(image, source.depth), low + _key_note(image))
    if image.mode == "CMYK":
        return _cmyk(image, icc)
    if image.mode == "YCbCr":
        return Converted(_array(image.convert("RGB")), ("Converted from YCbCr to RGB.",))
    if image.mode in {"1", "L"}:
        alpha = _alpha_of(image) if "transparency" in image.info else ()
        return _grey(_array(image.convert("L")), low + alpha)
    if image.mode in {"LA", "La", "RGB", "RGBA", "RGBa", "RGBX", "P", "PA"}:
        return _colour(image, low)
    if image.mode not in {"I", "F"}:
        raise EvidenceError(
            f"{name} holds {image.mode} colours, for which this program has no conversion to RGB, so it was "
            "not opened. An exported RGB copy can be opened; say in the case who converted it and how."
        )
    raise EvidenceError(
        f"{name} holds values of the kind {image.mode} ({source.depth} bits), which have no fixed range "
        "from black to white, so there is no picture to analyse without a choice of yours. "
        "Export it as 8 or 16 bits a channel."
    )


def _low_bits(depth: int) -> tuple[str, ...]:
    if depth <= 8:
        return ()
    return (f"{depth} bits a channel: the high 8 bits were analysed, the low {depth - 8} bits not analysed.",)


def _planes(array: npt.NDArray[np.uint16], low: tuple[str, ...]) -> Converted:
    high = (array >> 8).astype(np.uint8)
    notes = low + (_alpha_note(high[..., 3]) if high.shape[2] > 3 else ())
    return Converted(np.ascontiguousarray(high[..., :3]), notes)


def _wide_grey(image: Image.Image, depth: int) -> Pixels:
    values = np.asarray(image).astype(np.int64) >> (depth - 8)
    grey: Pixels = np.clip(values, 0, 255).astype(np.uint8)
    inverted = isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(_PHOTOMETRIC) == 0
    return 255 - grey if inverted else grey


def _grey(grey: Pixels, notes: tuple[str, ...]) -> Converted:
    return Converted(np.repeat(grey[..., None], 3, axis=2), ("Grey, repeated in three channels.", *notes))


def _colour(image: Image.Image, low: tuple[str, ...]) -> Converted:
    notes = list(low)
    if image.mode in {"P", "PA"}:
        notes.append("Palette looked up.")
    if image.mode in {"LA", "La"}:
        notes.append("Grey, repeated in three channels.")
    if image.mode == "RGB":
        return Converted(_array(image), (*notes, *(_alpha_of(image) if "transparency" in image.info else ())))
    # A palette with transparency goes through RGBA: straight to RGB Pillow would warn and may blend.
    straight = image.convert("LA") if image.mode == "La" else image
    whole = _array(straight.convert("RGBA"))
    has_alpha = image.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in image.info
    notes += _alpha_note(whole[..., 3]) if has_alpha else ()
    return Converted(np.ascontiguousarray(whole[..., :3]), tuple(notes))


def _cmyk(image: Image.Image, icc: bytes | None) -> Converted:
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            turned = ImageCms.profileToProfile(
                image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError) as error:
            note = f"CMYK converted naively, because its ICC profile can't be used ({error})."
            return Converted(_array(image.convert("RGB")), (note,))
        assert turned is not None
        return Converted(_array(turned), ("CMYK converted to sRGB by its ICC profile, perceptual intent.",))
    return Converted(
        _array(image.convert("RGB")),
        ("CMYK converted naively, R = (1 - C)(1 - K) and so on: no ICC profile.",),
    )


def _alpha_of(image: Image.Image) -> tuple[str, ...]:
    return _alpha_note(_array(image.convert("RGBA").getchannel("A")))


def _alpha_note(alpha: Pixels) -> tuple[str, ...]:
    """Dropped, never composited: composited colours would be the program's, not the file's."""
    share = 100 * float(np.count_nonzero(alpha < 255)) / max(1, alpha.size)
    return (f"Alpha present and dropped; {share:.4g} % not opaque.",)


def _key_note(image: Image.Image) -> tuple[str, ...]:
    return (
        ("One grey value is marked transparent; that was not applied.",)
        if "transparency" in image.info
        else ()
    )


def _array(image: Image.Image) -> Pixels:
    array: Pixels = np.array(image, dtype=np.uint8)
    return array
