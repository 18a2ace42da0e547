"""The head that tells families of manipulations apart on the features of the frozen extractor.

Each pixel's trace features (of unit length) go through a linear layer with ReLU, are averaged over 15 x 15
pixels, go through a second such layer and are classified linearly. Its arrays lie in a small HDF5 file of
their own beside the weight file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import h5py
import numpy as np
import numpy.typing as npt

from workbench.core.errors import WeightsError
from workbench.core.families import FAMILIES
from workbench.methods.mantranet.configuration import EXTRACTOR_HALO, Configuration

HeadArrays = Mapping[str, npt.NDArray[np.float32]]

HIDDEN: Final = 48
WINDOW: Final = 15
HALO: Final = EXTRACTOR_HALO + WINDOW // 2
"""Pixels on each side that a class depends on."""


def head_shapes(configuration: Configuration) -> dict[str, tuple[int, ...]]:
    """Path in the file and shape of every array."""
    return {
        "families/hidden/kernel:0": (1, 1, configuration.filters[-1], HIDDEN),
        "families/hidden/bias:0": (HIDDEN,),
        "families/mixed/kernel:0": (1, 1, HIDDEN, HIDDEN),
        "families/mixed/bias:0": (HIDDEN,),
        "families/classes/kernel:0": (1, 1, HIDDEN, len(FAMILIES)),
        "families/classes/bias:0": (len(FAMILIES),),
    }


def load_head(
    path: Path, configuration: Configuration, weights_sha256: str
) -> dict[str, npt.NDArray[np.float32]]:
    """Read every array of `head_shapes` as float32.

    Raises:
        WeightsError: the file is missing or damaged, or the head was fitted to other weights.
    """
    try:
        with h5py.File(path, "r") as file:
            fitted = bytes(file.attrs["weights_sha256"]).decode("ascii")
            arrays = {name: file[name][()].astype(np.float32) for name in head_shapes(configuration)}
    except (OSError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise WeightsError(
            f"There is no usable file {path.name}, so no families can be shown for these weights. Make it "
            "with workbench train families, or choose weights that ship with one."
        ) from error
    if fitted != weights_sha256:
        raise WeightsError(
            f"{path.name} was fitted to other weights than those beside it; its families would mean nothing. "
            "Fit it again with workbench train families."
        )
    for name, shape in head_shapes(configuration).items():
        if arrays[name].shape != shape or not np.isfinite(arrays[name]).all():
            raise WeightsError(f"{path.name}: {name} is damaged or of another network; fit it again.")
    return arrays


def save_head(path: Path, arrays: HeadArrays, configuration: Configuration, weights_sha256: str) -> None:
    """Write the arrays of `head_shapes` and the hash of the weights that they belong to."""
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs["configuration"] = np.bytes_(configuration.name)
        file.attrs["weights_sha256"] = np.bytes_(weights_sha256)
        for name, shape in head_shapes(configuration).items():
            if arrays[name].shape != shape:
                raise WeightsError(f"{name} has shape {arrays[name].shape}, {shape} is needed.")
            file.create_dataset(name, data=arrays[name].astype(np.float32), track_times=False)
