"""EXIF, XMP, thumbnails and what JPEG headers say."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from workbench.core.evidence import open_evidence
from workbench.core.jpeg import estimate_quality, ijg_luminance, read_headers, zigzag

SHARED = Path(os.environ.get("WORKBENCH_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def _encoded(photo: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(photo).save(stream, "JPEG", **options)
    return stream.getvalue()


@pytest.mark.parametrize("quality", [*range(1, 101, 7), 2, 3, 10, 49, 50, 75, 95, 99, 100])
def test_the_quality_a_file_was_saved_with_is_found(photo: np.ndarray, quality: int) -> None:
    headers = read_headers(_encoded(photo[:40, :40], quality=quality))
    assert headers is not None
    record = headers.record
    assert record.exact
    assert tuple(ijg_luminance(quality)) == record.tables[0]
    # At the very lowest qualities every entry is clipped to 255 and several qualities share a table.
    assert record.quality == quality or tuple(ijg_luminance(record.quality or 0)) == record.tables[0]


def test_tables_are_in_natural_order_as_pillow_gives_them(photo: np.ndarray) -> None:
    data = _encoded(photo, quality=60)
    headers = read_headers(data)
    assert headers is not None
    with Image.open(io.BytesIO(data)) as image:
        assert [list(t) for t in headers.record.tables] == [list(image.quantization[k]) for k in (0, 1)]
    assert list(zigzag()[:6]) == [0, 1, 8, 16, 9, 2]


def test_a_table_near_an_ijg_one_is_estimated_and_not_called_exact() -> None:
    table = [int(v) for v in ijg_luminance(80)]
    table[5] += 1
    assert estimate_quality(tuple(table)) == (80, False)
    assert estimate_quality(tuple(range(1, 65))) == (None, False)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [True, False])
def test_subsampling_and_progressive(photo: np.ndarray, subsampling: str, progressive: bool) -> None:
    data = _encoded(photo, subsampling=subsampling, progressive=progressive)
    headers = read_headers(data)
    assert headers is not None
    assert (headers.record.subsampling, headers.record.progressive) == (subsampling, progressive)
    assert (headers.width, headers.height, headers.depth) == (301, 200, 8)
    assert headers.end == len(data)


def test_a_grey_jpeg(photo: np.ndarray) -> None:
    headers = read_headers(_encoded(photo[..., 0]))
    assert headers is not None
    assert headers.record.subsampling == "grey"


def test_exif_thumbnail_and_orientation(tmp_path: Path, photo: np.ndarray) -> None:
    path = _with_thumbnail(tmp_path / "t.jpg", photo)
    evidence = open_evidence(path)
    assert evidence.thumbnail is not None
    with Image.open(io.BytesIO(evidence.thumbnail)) as image:
        assert image.size == (80, 53)
    exif = dict(evidence.decode.exif)
    assert exif["Make"] == "Maker <b>"
    assert exif["Orientation"] == "6"
    assert exif["ExposureTime"]


def _with_thumbnail(path: Path, photo: np.ndarray) -> Path:
    small = _encoded(np.asarray(Image.fromarray(photo).resize((80, 53))))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker <b>"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = 0.01
    block = exif.tobytes()
    # A second directory with the thumbnail, by hand: Pillow writes none.
    tiff = block.removeprefix(b"Exif\0\0")
    order = "little" if tiff[:2] == b"II" else "big"
    first = int.from_bytes(tiff[4:8], order)
    link = first + 2 + 12 * int.from_bytes(tiff[first : first + 2], order)
    at = len(tiff)
    entries = [(0x0201, at + 2 + 24 + 4), (0x0202, len(small))]
    directory = len(entries).to_bytes(2, order)
    for tag, value in entries:
        directory += tag.to_bytes(2, order) + (4).to_bytes(2, order) + (1).to_bytes(4, order)
        directory += value.to_bytes(4, order)
    whole = tiff[:link] + at.to_bytes(4, order) + tiff[link + 4 :] + directory + bytes(4) + small
    Image.fromarray(photo).save(path, exif=b"Exif\0\0" + whole)
    return path


def test_long_values_are_bounded(tmp_path: Path, photo: np.ndarray) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "x" * 50_000
    exif[0x9999] = bytes(range(256))
    path = tmp_path / "long.jpg"
    Image.fromarray(photo).save(path, exif=exif)
    values = dict(open_evidence(path).decode.exif)
    assert values["ImageDescription"] == "x" * 1000
    assert values["Tag 0x9999"].startswith("256 bytes: 00 01")


def test_damaged_exif_does_not_cost_the_picture(tmp_path: Path, photo: np.ndarray) -> None:
    path = tmp_path / "bad.jpg"
    Image.fromarray(photo).save(path, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0" * 9)
    evidence = open_evidence(path)
    assert evidence.pixels.shape == photo.shape
    assert any("remarked" in note or "damaged" in note for note in evidence.decode.notes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the folder of shared photographs (WORKBENCH_SHARED)")
def test_photographs_of_many_makers_open() -> None:
    paths = sorted((SHARED / "data/photos/camera_jpeg").iterdir())[:8]
    opened = [open_evidence(path) for path in paths]
    assert all(e.decode.jpeg and e.decode.exif for e in opened)
    assert sum(e.thumbnail is not None for e in opened) >= 5
