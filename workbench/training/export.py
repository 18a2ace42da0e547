"""Weight files for use, from checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from workbench.core.errors import WorkbenchError
from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.network import build_network
from workbench.methods.mantranet.weights import assign, load_weights, save_weights
from workbench.training.checkpoint import CheckpointError
from workbench.training.folding import bayar_error, folded_weights

_LARGEST_DIFFERENCE = 1e-4
_LARGEST_ROUNDING = 1e-2
_LARGEST_BAYAR_ERROR = 1e-4


class ExportError(WorkbenchError):
    """A weight file would not be what was trained. The message is a sentence for the user."""


def export_weights(model: Any, configuration: Configuration, path: Path) -> float:
    """Write a trained network's weights as float16 and check the file against the training graph.

    Returns:
        How far the file's responses are from the trained ones at most, on the check picture: rounding of the
        weights to float16. On photographs it was 0.0024 at most and 0.00005 in the mean.

    Raises:
        ExportError: the network built from the unrounded arrays answers otherwise than the training graph
            (more than 1e-4), the one from the file is more than 0.01 off, or the Bayar constraint does not
            hold in the file.
    """
    arrays = folded_weights(model)
    network = build_network(configuration)
    assign(network, arrays)
    check_equal(model, network)
    save_weights(path, arrays, configuration, dtype="float16")
    arrays = load_weights(path, configuration)
    if bayar_error(arrays) > _LARGEST_BAYAR_ERROR:
        raise ExportError("The Bayar kernels of the exported file do not satisfy their constraint.")
    assign(network, arrays)
    return check_equal(model, network, _LARGEST_ROUNDING)


def check_equal(trained: Any, exported: Any, tolerance: float = _LARGEST_DIFFERENCE, side: int = 72) -> float:
    """Compare two float32 graphs on one noisy picture and return their largest difference.

    Raises:
        ExportError: they differ by more than the tolerance.
        CheckpointError: the training graph was built in another precision than float32.
    """
    if trained.compute_dtype != "float32":
        raise CheckpointError("Weights are exported from a graph in float32 only.")
    ramp = np.linspace(-1, 1, side, dtype=np.float32)[None, :, None, None]
    noise = np.random.default_rng(0).normal(0, 0.2, (1, side, side, 3)).astype(np.float32)
    picture = np.clip(ramp + noise, -1, 1)
    answers = [keras.ops.convert_to_numpy(graph(picture, training=False)) for graph in (trained, exported)]
    difference = float(np.abs(answers[0] - answers[1]).max())
    if not difference <= tolerance:
        raise ExportError(f"The exported network differs from the trained one by {difference:.2g}.")
    return difference
