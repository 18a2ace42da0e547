"""A map is frozen and known by the hash of its numbers."""

import contextlib
import hashlib
import io
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.heatmap import Heatmap, histogram, read_heatmap, statistics


def test_the_hash_is_of_the_little_endian_numbers_row_by_row() -> None:
    expected = hashlib.sha256(struct.pack("<4f", 0.0, 0.25, 0.5, 1.0)).hexdigest()
    rows = np.array([[0, 0.25], [0.5, 1]], np.float32)
    assert Heatmap.of(rows).sha256 == expected
    assert Heatmap.of(rows.astype(">f4")).sha256 == expected
    assert Heatmap.of(np.asfortranarray(rows)).sha256 == expected
    assert Heatmap.of(rows.T).sha256 != expected


def test_a_map_can_not_be_written() -> None:
    heatmap = Heatmap.of(np.zeros((2, 3), np.float32))
    assert heatmap.shape == (2, 3)
    with pytest.raises(ValueError, match="read-only"):
        heatmap.response[0, 0] = 1


def test_statistics_of_known_numbers() -> None:
    response = (np.arange(101, dtype=np.float32) / 100).reshape(1, 101)
    found = statistics(response)
    assert found.pixels == 101
    assert (found.minimum, found.maximum) == (0, 1)
    assert found.mean == pytest.approx(0.5)
    assert found.median == pytest.approx(0.5)
    assert found.percentile_95 == pytest.approx(0.95)


def test_the_mean_of_a_large_map_does_not_drift() -> None:
    assert statistics(np.full((3000, 3000), 0.1, np.float32)).mean == pytest.approx(
        float(np.float32(0.1)), rel=1e-12
    )


def test_the_histogram_counts_each_pixel_once_and_one_belongs_to_the_last_bin() -> None:
    response = np.array([[0, 0.24, 0.25], [0.5, 0.99, 1]], np.float32)
    assert histogram(response, 4).tolist() == [2, 1, 1, 2]
    assert histogram(response, 256).sum() == response.size
    assert len(histogram(response, 256)) == 256


def test_statistics_and_histogram_leave_out_what_is_outside_the_shape() -> None:
    response = np.array([[0, 0.25, 1], [0.5, 0.75, 1]], np.float32)
    inside = np.array([[True, True, False], [False, True, False]])
    found = statistics(response, inside)
    assert (found.pixels, found.minimum, found.median, found.maximum) == (3, 0, 0.25, 0.75)
    assert found.mean == pytest.approx(1 / 3)
    assert histogram(response, 4, inside).tolist() == [1, 1, 0, 1]


@given(position=st.integers(0, 127), value=st.integers(0, 255))
def test_a_damaged_header_is_a_sentence(position: int, value: int) -> None:
    """NumPy parses the header as Python text, which can fail in many ways."""
    stream = io.BytesIO()
    np.save(stream, np.zeros((4, 5), np.float32))
    content = bytearray(stream.getvalue())
    content[position] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.npy"
        path.write_bytes(content)
        with contextlib.suppress(ValueError):
            assert read_heatmap(path).response.size <= 20
