"""Weight files: read by path, shapes checked, the authors' five known by their git blob id.

The file format is plain HDF5 (no pickle, no `load_model`): extractor arrays at
`Featex/<layer>/<weight>:0`, the others at `<layer>/<layer>/<weight>:0`.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
import numpy.typing as npt

from workbench.core.errors import WeightsError
from workbench.methods.mantranet.configuration import CONFIGURATIONS, LAYERS, VARIANTS, Configuration

Arrays = Mapping[str, npt.NDArray[np.float32]]

RELEASED: Final = {
    "1a4aaec7879830e6b46288a32279b544c3c6437d": 0,
    "24058293e5eb084ff574c07aa435207b34191494": 1,
    "c5ed6a182c371a6e5859da9dc5d94766f0e66bba": 2,
    "1a3d1d30e4f8828edd52b70c5d9f959fe1c14c03": 3,
    "1f46864d32778df35208c6e1ae1af511aaf33a66": 4,
}
"""Git blob id of each released file `ManTraNet_Ptrain<variant>.h5`."""


def weight_shapes(configuration: Configuration) -> dict[str, tuple[int, ...]]:
    """Path in the file and shape of every array that the network needs."""
    first, *rest = configuration.filters
    shapes: dict[str, tuple[int, ...]] = {
        "Featex/b1c1/regular_kernel:0": (5, 5, 3, first - 12),
        "Featex/b1c1/bayar_kernel:0": (5, 5, 3, 3),
    }
    for name, before, filters in zip(LAYERS[1:], configuration.filters, rest, strict=False):
        shapes[f"Featex/{name}/kernel:0"] = (3, 3, before, filters)
        shapes[f"Featex/{name}/bias:0"] = (filters,)
    c, lstm = configuration.outlier_filters, configuration.lstm_filters
    return shapes | {
        "outlierTrans/outlierTrans/kernel:0": (1, 1, configuration.filters[-1], c),
        "bnorm/bnorm/moving_mean:0": (c,),
        "bnorm/bnorm/moving_variance:0": (c,),
        "glbStd/glbStd/min_std:0": (1, 1, 1, c),
        "cLSTM/cLSTM/kernel:0": (7, 7, c, 4 * lstm),
        "cLSTM/cLSTM/recurrent_kernel:0": (7, 7, lstm, 4 * lstm),
        "cLSTM/cLSTM/bias:0": (4 * lstm,),
        "pred/pred/kernel:0": (7, 7, lstm * (1 + len(configuration.pooling)), 1),
        "pred/pred/bias:0": (1,),
    }


def load_weights(path: Path, configuration: Configuration) -> dict[str, npt.NDArray[np.float32]]:
    """Read every array of `weight_shapes` as float32.

    Raises:
        WeightsError: not HDF5, an array is missing, has another shape, or holds a value that is no number.
    """
    try:
        with h5py.File(path, "r") as file:
            return {name: _read(file, name, shape) for name, shape in weight_shapes(configuration).items()}
    except OSError as error:
        raise WeightsError(
            f"{path.name} could not be read as a weight file (HDF5). It may be damaged or something else; "
            "get it again from where it came."
        ) from error


def _read(file: h5py.File, name: str, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    item = file.get(name)
    file_name = Path(file.filename).name
    if not isinstance(item, h5py.Dataset):
        raise WeightsError(
            f"{file_name} has no array {name}, so it does not belong to this network. "
            "Choose the file or the variant that fits."
        )
    if item.shape != shape:
        raise WeightsError(
            f"{file_name}: {name} has shape {item.shape}, this network needs {shape}. "
            "The file belongs to another variant; choose that one."
        )
    if item.dtype.kind != "f":
        raise WeightsError(f"{file_name}: {name} holds no floating-point numbers. The file is damaged.")
    array: npt.NDArray[np.float32] = item[()].astype(np.float32)
    if not np.isfinite(array).all():
        raise WeightsError(
            f"{file_name}: {name} holds values that are no numbers (NaN or infinite). "
            "Results would mean nothing, so the file is refused."
        )
    return array


EXACT: Final = frozenset({"Featex/b1c1/bayar_kernel:0"})
"""Always written as float32: rounded to float16 these kernels would not satisfy their constraint."""


def configuration_of(path: Path) -> Configuration:
    """The network that a weight file of this program names.

    Raises:
        WeightsError: the file is missing or damaged, or names none that is known.
    """
    try:
        with h5py.File(path, "r") as file:
            return CONFIGURATIONS[str(file.attrs["configuration"])]
    except (OSError, KeyError) as error:
        raise WeightsError(
            f"{path} is no weight file of this program, or of a network that this version does not know."
        ) from error


def save_weights(path: Path, arrays: Arrays, configuration: Configuration, dtype: str = "float16") -> None:
    """Write arrays in the layout of `weight_shapes`; `configuration` gives the shapes to check against.

    They are read as float32 again, whatever they were written as.
    """
    shapes = weight_shapes(configuration)
    if wrong := [name for name, shape in shapes.items() if name not in arrays or arrays[name].shape != shape]:
        raise WeightsError(f"Weights for {configuration.name} are incomplete: {', '.join(wrong)}.")
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs["configuration"] = configuration.name
        for name in shapes:
            file.create_dataset(
                name, data=arrays[name].astype("float32" if name in EXACT else dtype), track_times=False
            )


def assign(model: Any, arrays: Arrays) -> None:
    """Put arrays into the layers of a Keras model by name; arrays of layers that it lacks are left out."""
    for layer in model.layers:
        for variable in layer.weights:
            variable.assign(arrays[variable_path(layer.name, variable.name)])


def variable_path(layer: str, variable: str) -> str:
    """Path in the file of a layer's variable."""
    return f"Featex/{layer}/{variable}:0" if layer in LAYERS else f"{layer}/{layer}/{variable}:0"


def blob_id(path: Path) -> str:
    """Git blob id of a file: SHA-1 over `blob <size>`, a zero byte and the content."""
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def identify(path: Path, variant: int) -> str:
    """Say what a file in the authors' layout is, in words for the record.

    Raises:
        WeightsError: it is one of the five released files but of another variant.
    """
    if not 0 <= variant < len(VARIANTS):
        raise WeightsError(
            f"There is no variant {variant}; the released variants are 0 to {len(VARIANTS) - 1}."
        )
    known = RELEASED.get(blob_id(path))
    if known is None:
        return "not one of the five released files"
    if known != variant:
        raise WeightsError(
            f"{path.name} is the authors' released file of variant {known}, not {variant}. "
            f"Choose variant {known}: windows and activation are not in the file."
        )
    return f"the authors' released ManTraNet_Ptrain{known}.h5"
