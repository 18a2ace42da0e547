"""Damage that decoders fill up without a word: it is refused or said, and nothing else ever happens."""

import io
import os
import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from workbench.core.decode import decode
from workbench.core.errors import EvidenceError
from workbench.core.evidence import open_evidence
from workbench.core.native import heard


def _coded(photo: np.ndarray, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(photo).save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 2}], ids=str)
def test_a_jpeg_cut_off_and_closed_again_is_refused(photo: np.ndarray, options: dict[str, object]) -> None:
    data = _coded(photo, "JPEG", quality=90, **options)
    with pytest.raises(EvidenceError, match="premature end of data segment"):
        decode(data[: len(data) // 2] + b"\xff\xd9", "cut.jpg")


def test_a_jpeg_with_wrong_codes_is_refused(photo: np.ndarray) -> None:
    data = bytearray(_coded(photo, "JPEG", progressive=True))
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    with pytest.raises(EvidenceError, match="is damaged or incomplete"):
        decode(bytes(data), "bad.jpg")


def test_stray_bytes_in_a_jpeg_are_said(photo: np.ndarray) -> None:
    data = _coded(photo, "JPEG")
    decoded = decode(data[:-2] + bytes(range(1, 65)) + data[-2:], "stray.jpg")
    assert any("extraneous bytes" in note for note in decoded.record.notes)
    assert np.array_equal(decoded.pixels, decode(data, "x.jpg").pixels)


def _with_height(data: bytes, height: int) -> bytes:
    header = data[12:20] + struct.pack(">I", height) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


def test_a_png_that_holds_fewer_rows_than_it_states_is_refused(photo: np.ndarray) -> None:
    data = _coded(photo, "PNG")
    assert decode(_with_height(data, 200), "x.png").pixels.shape == (200, 301, 3)
    with pytest.raises(EvidenceError, match="its pixels end after 180800 of 181704 bytes"):
        decode(_with_height(data, 201), "x.png")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (9, 13), (1, 9)])
def test_whole_pngs_of_every_kind_pass(photo: np.ndarray, mode: str, size: tuple[int, int]) -> None:
    image = Image.fromarray(photo).resize(size).convert(mode)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    assert decode(stream.getvalue(), "x.png").pixels.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (8, 8), (9, 13), (1, 9), (30, 1)])
@pytest.mark.parametrize(("depth", "colour"), [(8, 2), (8, 0), (16, 6), (1, 0)])
def test_whole_interlaced_pngs_pass(size: tuple[int, int], depth: int, colour: int) -> None:
    data = _interlaced(size, depth, colour)
    assert decode(data, "x.png").pixels.shape == (size[1], size[0], 3)


def _interlaced(size: tuple[int, int], depth: int, colour: int) -> bytes:
    """A black interlaced PNG; Pillow writes none."""
    passes = (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    )
    bits = depth * {0: 1, 2: 3, 6: 4}[colour]
    raw = b""
    for x, y, across, down in passes:
        columns, rows = len(range(x, size[0], across)), len(range(y, size[1], down))
        raw += bytes(1 + (columns * bits + 7) // 8) * rows if columns else b""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 1))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def test_a_tiff_with_too_few_strips_is_refused(photo: np.ndarray) -> None:
    data = bytearray(_coded(photo, "TIFF"))
    with Image.open(io.BytesIO(data)) as image:
        first = struct.pack("<HHII", 257, 4, 1, 200)
        at = data.find(first) if first in data else data.find(struct.pack("<HHIH", 257, 3, 1, 200))
        assert image.size == (301, 200)
    struct.pack_into("<I", data, at + 8, 60_000)
    with pytest.raises(EvidenceError, match="strips or tiles are missing"):
        decode(bytes(data), "x.tif")


def test_what_libtiff_prints_becomes_a_note_not_noise(
    tmp_path: Path, photo: np.ndarray, capfd: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(_coded(photo, "TIFF", compression="tiff_lzw"))
    for number in range(40):
        torn = bytearray(data)
        torn[200 + number * 150 : 210 + number * 150] = bytes(10)
        _outcome(bytes(torn))
    assert capfd.readouterr() == ("", "")


def test_what_other_threads_print_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    with heard("JPEG") as lines:
        os.write(2, b"of another thread\nCorrupt JPEG data\n")
    assert lines == ["Corrupt JPEG data"]
    assert capfd.readouterr().err == "of another thread\n"


def _seeds(photo: np.ndarray) -> list[bytes]:
    small = photo[:40, :50]
    exif = Image.Exif()
    exif[274] = 6
    exif[271] = "Maker"
    planar = io.BytesIO()
    tifffile.imwrite(planar, np.zeros((3, 20, 30), np.uint16), photometric="rgb", planarconfig="separate")
    frames = {"save_all": True, "append_images": [Image.fromarray(small[::-1])]}
    return [
        _coded(small, "JPEG", exif=exif),
        _coded(small, "JPEG", progressive=True),
        _coded(small, "PNG", exif=exif),
        _coded(small, "TIFF"),
        _coded(small, "TIFF", compression="tiff_lzw"),
        _coded(small, "GIF", **frames),
        _coded(small, "WEBP", exif=exif),
        _coded(small, "BMP"),
        _coded(small, "MPO", **frames),
        planar.getvalue(),
    ]


@pytest.mark.parametrize("seed", range(8))
def test_random_damage_ends_in_a_picture_or_a_sentence(photo: np.ndarray, seed: int) -> None:
    chance = random.Random(seed)
    for data in _seeds(photo):
        for _ in range(12):
            torn = bytearray(data)
            for _ in range(chance.choice((1, 2, 5))):
                torn[int(chance.random() ** 2 * len(torn))] = chance.randrange(256)
            assert _outcome(bytes(torn)).endswith(".")


def _outcome(data: bytes) -> str:
    try:
        pixels = decode(data, "x").pixels
    except EvidenceError as error:
        return str(error)
    return f"{pixels.shape[1]} × {pixels.shape[0]} pixels."


def test_a_quantisation_table_that_is_cut_off_does_no_harm(tmp_path: Path, photo: np.ndarray) -> None:
    data = bytearray(_coded(photo, "JPEG"))
    at = data.find(b"\xff\xdb")
    data[at + 4] = 0x10  # says 16 bits, holds 8
    path = tmp_path / "x.jpg"
    path.write_bytes(data)
    with pytest.raises(EvidenceError):
        open_evidence(path)
