"""Weight files: what fits is read by path, what does not is refused with a sentence."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from workbench.core.errors import WeightsError
from workbench.methods.mantranet import method, weights
from workbench.methods.mantranet.configuration import COMPACT_1, VARIANTS

Arrays = dict[str, np.ndarray]


@pytest.fixture
def file(tmp_path: Path, make_arrays: Callable[..., Arrays]) -> Path:
    path = tmp_path / "some.h5"
    weights.save_weights(path, make_arrays(VARIANTS[4]), VARIANTS[4], "float32")
    return path


def test_saved_weights_come_back(file: Path, make_arrays: Callable[..., Arrays]) -> None:
    loaded = weights.load_weights(file, VARIANTS[4])
    for name, array in make_arrays(VARIANTS[4]).items():
        np.testing.assert_array_equal(loaded[name], array)


def test_half_precision_is_read_as_float32(tmp_path: Path, make_arrays: Callable[..., Arrays]) -> None:
    path = tmp_path / "half.h5"
    weights.save_weights(path, make_arrays(COMPACT_1), COMPACT_1)
    loaded = weights.load_weights(path, COMPACT_1)
    assert {a.dtype for a in loaded.values()} == {np.dtype(np.float32)}
    assert path.stat().st_size < 1 << 20


def test_stored_order_does_not_matter(tmp_path: Path, make_arrays: Callable[..., Arrays]) -> None:
    arrays = make_arrays(VARIANTS[0])
    path = tmp_path / "reversed.h5"
    with h5py.File(path, "w", track_order=True) as out:
        for name in reversed(arrays):
            out.create_dataset(name, data=arrays[name])
    loaded = weights.load_weights(path, VARIANTS[0])
    np.testing.assert_array_equal(loaded["Featex/b3c2/kernel:0"], arrays["Featex/b3c2/kernel:0"])


def test_unknown_hash_with_right_shapes_is_labelled(file: Path) -> None:
    assert method.inspect(file, 4) == ("mantranet-4", "not one of the five released files")


def test_another_variants_shapes_are_refused(file: Path) -> None:
    with pytest.raises(WeightsError, match="belongs to another variant"):
        method.inspect(file, 0)


def test_released_file_as_another_variant_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(weights.RELEASED, weights.blob_id(file), 2)  # the real files may not be here
    with pytest.raises(WeightsError, match="released file of variant 2, not 4"):
        method.inspect(file, 4)


def test_blob_id_is_gits(tmp_path: Path) -> None:
    path = tmp_path / "hello"
    path.write_bytes(b"hello\n")
    assert weights.blob_id(path) == "ce013625030ba8dba906f756967f9e9ca394464a"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(file: Path, bad: float) -> None:
    with h5py.File(file, "r+") as out:
        out["Featex/b4c2/kernel:0"][0, 0, 0, 0] = bad
    with pytest.raises(WeightsError, match=r"b4c2/kernel:0 holds values that are no numbers"):
        weights.load_weights(file, VARIANTS[4])


def test_missing_array_is_refused(file: Path) -> None:
    with h5py.File(file, "r+") as out:
        del out["cLSTM/cLSTM/bias:0"]
    with pytest.raises(WeightsError, match="has no array cLSTM/cLSTM/bias:0"):
        weights.load_weights(file, VARIANTS[4])


@pytest.mark.parametrize("content", [b"", b"not HDF5 at all", b"\x89HDF\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_weight_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.h5"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="could not be read as a weight file"):
        weights.load_weights(path, VARIANTS[4])


def test_unknown_configuration_is_refused(file: Path) -> None:
    with pytest.raises(WeightsError, match="does not know"):
        method.load(file, "mantranet-9")
