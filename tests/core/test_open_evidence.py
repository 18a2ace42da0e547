"""Opening evidence: every row of the table of decoding, on real files."""

import hashlib
import io
import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from workbench.core.errors import EvidenceChangedError, EvidenceError
from workbench.core.evidence import open_evidence, reopen


def _save(path: Path, pixels: np.ndarray, mode: str | None = None, **options: object) -> Path:
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(path, **options)
    return path


def test_an_rgb_png_is_taken_as_it_is(tmp_path: Path, photo: np.ndarray) -> None:
    path = _save(tmp_path / "a b 'c' <script>é.png", photo)
    evidence = open_evidence(path)
    assert np.array_equal(evidence.pixels, photo)
    assert not evidence.pixels.flags.writeable
    assert evidence.name == path.name
    assert evidence.size == path.stat().st_size
    assert evidence.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert evidence.modified[-6] in "+-"
    decode = evidence.decode
    assert (decode.width, decode.height, decode.mode, decode.bit_depth) == (301, 200, "RGB", 8)
    assert (decode.format, decode.orientation, decode.frames, decode.notes) == ("PNG", 1, 1, ())
    assert decode.decoded_sha256 == hashlib.sha256(photo.tobytes()).hexdigest()
    assert decode.decoder.startswith("Pillow ")


def test_the_file_is_only_read(jpeg: Path) -> None:
    os.utime(jpeg, (1_000_000_000, 1_000_000_000))
    jpeg.chmod(0o444)
    before = jpeg.read_bytes(), jpeg.stat().st_mtime_ns, sorted(jpeg.parent.iterdir())
    evidence = open_evidence(jpeg)
    reopen(jpeg, evidence.sha256)
    assert (jpeg.read_bytes(), jpeg.stat().st_mtime_ns, sorted(jpeg.parent.iterdir())) == before
    assert evidence.modified.startswith("2001-09-09T")


@pytest.mark.parametrize("suffix", ["png", "tif", "bmp"])
def test_grey_is_repeated(tmp_path: Path, photo: np.ndarray, suffix: str) -> None:
    evidence = open_evidence(_save(tmp_path / f"g.{suffix}", photo[..., 1]))
    assert np.array_equal(evidence.pixels, np.repeat(photo[..., 1:2], 3, axis=2))
    assert "Grey, repeated in three channels." in evidence.decode.notes


@pytest.mark.parametrize("suffix", ["png", "tif", "gif", "bmp"])
def test_a_palette_is_looked_up(tmp_path: Path, photo: np.ndarray, suffix: str) -> None:
    indexed = Image.fromarray(photo).quantize(64)
    indexed.save(tmp_path / f"p.{suffix}")
    evidence = open_evidence(tmp_path / f"p.{suffix}")
    assert np.array_equal(evidence.pixels, np.asarray(indexed.convert("RGB")))
    assert evidence.decode.mode == "P"
    assert "Palette looked up." in evidence.decode.notes


def test_black_and_white(tmp_path: Path, photo: np.ndarray) -> None:
    evidence = open_evidence(_save(tmp_path / "1.png", photo, "1"))
    assert set(np.unique(evidence.pixels)) == {0, 255}
    assert evidence.decode.bit_depth == 1


def _deep(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 65536, shape, dtype=np.uint16)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_16_bit_png_is_shifted_not_clipped(tmp_path: Path, channels: int) -> None:
    values = _deep((20, 31, channels)).squeeze()
    path = tmp_path / "deep.png"
    cv2.imwrite(str(path), values if channels == 1 else values[..., [2, 1, 0, 3][:channels]])
    evidence = open_evidence(path)
    expected = np.repeat(values[..., None], 3, 2) if channels == 1 else values[..., :3]
    assert np.array_equal(evidence.pixels, expected >> 8)
    assert evidence.decode.bit_depth == 16
    assert any("low 8 bits not analysed" in note for note in evidence.decode.notes)


TIFF_WAYS = [
    {},
    {"byteorder": ">"},
    {"compression": "zlib"},
    {"compression": "zlib", "predictor": True},
    {"tile": (16, 16)},
    {"planarconfig": "separate"},
    {"planarconfig": "separate", "byteorder": ">"},
    {"planarconfig": "separate", "compression": "zlib"},
    {"planarconfig": "separate", "tile": (16, 16)},
]


@pytest.mark.parametrize("way", TIFF_WAYS, ids=str)
def test_16_bit_rgb_tiff_however_it_is_stored(tmp_path: Path, way: dict[str, object]) -> None:
    values = _deep((20, 31, 3))
    planar = way.get("planarconfig") == "separate"
    path = tmp_path / "deep.tif"
    tifffile.imwrite(path, np.moveaxis(values, 2, 0) if planar else values, photometric="rgb", **way)
    evidence = open_evidence(path)
    assert np.array_equal(evidence.pixels, values >> 8)
    assert evidence.decode.bit_depth == 16


@pytest.mark.parametrize("way", TIFF_WAYS[:5], ids=str)
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_16_bit_grey_tiff(tmp_path: Path, way: dict[str, object], photometric: str) -> None:
    values = _deep((20, 31))
    path = tmp_path / "deep.tif"
    tifffile.imwrite(path, values, photometric=photometric, **way)
    if photometric == "miniswhite" and way.get("byteorder") == ">":
        with pytest.raises(EvidenceError, match="rare kind"):
            open_evidence(path)
        return
    expected = values >> 8 if photometric == "minisblack" else 255 - (values >> 8)
    assert np.array_equal(open_evidence(path).pixels[..., 0], expected)


@pytest.mark.parametrize("suffix", ["png", "tif", "webp"])
def test_alpha_is_dropped_never_composited(tmp_path: Path, photo: np.ndarray, suffix: str) -> None:
    alpha = np.full((200, 301, 1), 255, np.uint8)
    alpha[:50] = 0
    alpha[50:100] = 100
    path = tmp_path / f"a.{suffix}"
    options = {"lossless": True, "exact": True} if suffix == "webp" else {}
    Image.fromarray(np.concatenate([photo, alpha], axis=2)).save(path, **options)
    evidence = open_evidence(path)
    assert np.array_equal(evidence.pixels, photo)
    assert "Alpha present and dropped; 50 % not opaque." in evidence.decode.notes


def test_transparent_palette_and_colour_key(tmp_path: Path, photo: np.ndarray) -> None:
    indexed = Image.fromarray(photo).quantize(16)
    indexed.save(tmp_path / "key.png", transparency=3)
    indexed.save(tmp_path / "each.png", transparency=bytes(range(0, 160, 10)))
    Image.fromarray(photo).save(tmp_path / "rgb.png", transparency=tuple(int(v) for v in photo[0, 0]))
    for name in ("key", "each"):
        evidence = open_evidence(tmp_path / f"{name}.png")
        assert np.array_equal(evidence.pixels, np.asarray(indexed.convert("RGB")))
        assert any(note.startswith("Alpha present") for note in evidence.decode.notes)
    evidence = open_evidence(tmp_path / "rgb.png")
    assert np.array_equal(evidence.pixels, photo)
    assert any(note.startswith("Alpha present") for note in evidence.decode.notes)


def test_cmyk_without_profile_is_converted_naively(tmp_path: Path, photo: np.ndarray) -> None:
    evidence = open_evidence(_save(tmp_path / "c.tif", photo, "CMYK"))
    assert np.array_equal(evidence.pixels, photo)
    assert evidence.decode.mode == "CMYK"
    assert any("naively" in note for note in evidence.decode.notes)


def test_cmyk_jpeg_has_the_right_polarity(tmp_path: Path, photo: np.ndarray) -> None:
    evidence = open_evidence(_save(tmp_path / "c.jpg", photo, "CMYK", quality=95))
    assert np.abs(evidence.pixels.astype(int) - photo).mean() < 5


def test_cmyk_with_a_useless_profile_says_so(tmp_path: Path, photo: np.ndarray) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    evidence = open_evidence(_save(tmp_path / "c.jpg", photo, "CMYK", icc_profile=srgb))
    assert any("its ICC profile can't be used" in note for note in evidence.decode.notes)
    assert "sRGB" in (evidence.decode.icc_profile or "")


def test_an_rgb_profile_is_named_and_not_applied(tmp_path: Path, photo: np.ndarray) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    evidence = open_evidence(_save(tmp_path / "i.png", photo, icc_profile=srgb))
    assert np.array_equal(evidence.pixels, photo)
    assert "sRGB" in (evidence.decode.icc_profile or "")


@pytest.mark.parametrize("suffix", ["gif", "webp", "tif", "png"])
def test_of_several_frames_the_first_is_analysed(tmp_path: Path, photo: np.ndarray, suffix: str) -> None:
    first, second = Image.fromarray(photo).quantize(64), Image.fromarray(photo[::-1]).quantize(64)
    path = tmp_path / f"f.{suffix}"
    options = {"lossless": True} if suffix == "webp" else {}
    first.save(path, save_all=True, append_images=[second, first], **options)
    evidence = open_evidence(path)
    assert np.array_equal(evidence.pixels, np.asarray(first.convert("RGB")))
    assert evidence.decode.frames == 3
    assert "3 frames, first analysed." in evidence.decode.notes


def test_mpo_is_a_jpeg_with_more_frames(tmp_path: Path, photo: np.ndarray) -> None:
    path = tmp_path / "m.jpg"
    Image.fromarray(photo).save(path, "MPO", save_all=True, append_images=[Image.fromarray(photo[::-1])])
    evidence = open_evidence(path)
    assert evidence.decode.frames == 2
    assert np.abs(evidence.pixels.astype(int) - photo).mean() < 10


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "lzw.tif", "webp"])
def test_orientation_is_recorded_and_not_applied(
    tmp_path: Path, photo: np.ndarray, orientation: int, suffix: str
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    options = {"lzw.tif": {"compression": "tiff_lzw"}, "webp": {"lossless": True}}.get(suffix, {})
    path = _save(tmp_path / f"o.{suffix}", photo, exif=exif, **options)
    evidence = open_evidence(path)
    assert evidence.decode.orientation == orientation
    assert evidence.pixels.shape == photo.shape
    assert np.abs(evidence.pixels.astype(int) - photo).mean() < (10 if suffix == "jpg" else 1e-9)


@pytest.mark.parametrize("suffix", ["jpg", "tif", "png"])
def test_an_orientation_in_xmp_is_not_taken(tmp_path: Path, photo: np.ndarray, suffix: str) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf tiff:Orientation="6"/></x:xmpmeta>'
    path = tmp_path / f"x.{suffix}"
    if suffix == "tif":
        _save(path, photo, tiffinfo={700: xmp})
    else:
        _save(path, photo, xmp=xmp)
    evidence = open_evidence(path)
    assert evidence.decode.orientation == 1
    assert evidence.pixels.shape == photo.shape
    assert 'tiff:Orientation="6"' in evidence.decode.xmp or suffix == "png"


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (31, 7)])
def test_small_pictures_open(tmp_path: Path, size: tuple[int, int]) -> None:
    evidence = open_evidence(_save(tmp_path / "s.png", np.full((*size, 3), 9, np.uint8)))
    assert evidence.pixels.shape == (*size, 3)


def test_reopening_refuses_other_bytes(jpeg: Path) -> None:
    evidence = open_evidence(jpeg)
    assert reopen(jpeg, evidence.sha256).decode == evidence.decode
    jpeg.write_bytes(jpeg.read_bytes() + b"\0")
    with pytest.raises(EvidenceChangedError, match="has changed since it was opened"):
        reopen(jpeg, evidence.sha256)


def test_bytes_behind_the_picture_are_said(jpeg: Path) -> None:
    jpeg.write_bytes(jpeg.read_bytes() + b"hidden")
    notes = open_evidence(jpeg).decode.notes
    assert "6 bytes follow the end of the first picture in the file; they were not analysed." in notes


# --- what is refused -------------------------------------------------------------------------------------


def _refusal(path: Path) -> str:
    with pytest.raises(EvidenceError) as caught:
        open_evidence(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence.split()) >= 8
    return sentence


def _written(tmp_path: Path, data: bytes, name: str = "x.jpg") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_not_an_image(tmp_path: Path) -> None:
    assert "is not a picture" in _refusal(_written(tmp_path, b"hello, this is text\n" * 20))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7 ...........", "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "HEIC"),
        (b"PK\x03\x04" * 9, "ZIP"),
    ],
)
def test_known_kinds_are_named(tmp_path: Path, head: bytes, kind: str) -> None:
    assert kind in _refusal(_written(tmp_path, head))


def test_empty_missing_and_folder(tmp_path: Path) -> None:
    assert "is empty (0 bytes)" in _refusal(_written(tmp_path, b""))
    assert "does not exist" in _refusal(tmp_path / "nowhere" / "x.png")
    assert "is a folder" in _refusal(tmp_path)
    assert "too long" in _refusal(tmp_path / ("n" * 300))


def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "pipe, not a file" in _refusal(tmp_path / "pipe")


def test_a_device(tmp_path: Path) -> None:
    assert "device" in _refusal(Path("/dev/zero"))


def test_no_permission(jpeg: Path) -> None:
    jpeg.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.chmod(jpeg.parent, 0o755)
        os.seteuid(65534)
    try:
        assert "may not be read by this user" in _refusal(jpeg)
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize("suffix", ["jpg", "progressive.jpg", "png", "tif", "lzw.tif", "webp", "bmp", "gif"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.99])
def test_truncated_files_are_refused(tmp_path: Path, photo: np.ndarray, suffix: str, part: float) -> None:
    options = {"lzw.tif": {"compression": "tiff_lzw"}, "progressive.jpg": {"progressive": True}}.get(
        suffix, {}
    )
    path = _save(tmp_path / f"t.{suffix}", photo, **options)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    assert "Get the file again" in _refusal(path)


def test_a_png_with_a_wrong_check_sum_is_refused(tmp_path: Path, photo: np.ndarray) -> None:
    path = _save(tmp_path / "c.png", photo)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "check sum of its part b'IDAT'" in _refusal(path)


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (0, 0)])
def test_a_picture_without_pixels(tmp_path: Path, size: tuple[int, int]) -> None:
    assert f"{size[0]} × {size[1]} pixels" in _refusal(_written(tmp_path, _png(*size), "0.png"))


def test_a_decompression_bomb_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    sentence = _refusal(_written(tmp_path, _png(60_000, 60_000), "bomb.png"))
    assert "more than the 300 million" in sentence


def test_a_bomb_in_a_format_only_the_decoder_knows(tmp_path: Path) -> None:
    image = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(image, "TIFF", compression="group4")
    assert "more than the 300 million" in _refusal(_written(tmp_path, image.getvalue(), "bomb.tif"))


def test_more_pixels_than_pillow_likes_are_fine(tmp_path: Path) -> None:
    image = io.BytesIO()
    Image.new("1", (100_000, 1_000)).save(image, "TIFF", compression="group4")  # over Pillow's own warning
    assert open_evidence(_written(tmp_path, image.getvalue(), "long.tif")).pixels.shape == (1000, 100_000, 3)


@pytest.mark.parametrize("mode", ["F", "I", "LAB"])
def test_modes_without_a_fixed_range(tmp_path: Path, photo: np.ndarray, mode: str) -> None:
    assert "as 8 or 16 bits" in _refusal(_save(tmp_path / "f.tif", photo, mode)) or mode == "LAB"


def test_a_hostile_name_is_written_out_in_sentences(tmp_path: Path) -> None:
    path = _written(tmp_path, b"", "a\u202egpj.exe\n.png")
    assert _refusal(path).startswith("a[U+202E]gpj.exe[U+000A].png is empty")
