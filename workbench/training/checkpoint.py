"""Checkpoints: all that a training needs to go on exactly where it was, as compressed arrays."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np
from numpy.typing import NDArray

from workbench.core.errors import WorkbenchError

_LOGGER = logging.getLogger(__name__)


class CheckpointError(WorkbenchError):
    """A checkpoint cannot be used. The message is a sentence for the user."""


@dataclass(frozen=True)
class Progress:
    """Where a training stands.

    Attributes:
        stage: `manipulations`, `extractor`, `anomaly` or `families`.
        configuration: name of the network's.
        seed: of the data.
        step: number of the next one; also the position in the data.
        minutes: spent.
        recipe: numbers of the recipe that it was last trained with, by name.
    """

    stage: str
    configuration: str
    seed: int
    step: int
    minutes: float
    recipe: dict[str, float | str] = field(default_factory=dict)


def save_checkpoint(path: Path, progress: Progress, model: Any, optimiser: Any) -> None:
    """Write model and optimiser variables beside the progress; an older file is replaced in one move."""
    arrays: dict[str, NDArray[Any]] = {
        f"model/{index}": value for index, value in enumerate(_values(model.variables))
    }
    arrays |= {f"optimiser/{index}": value for index, value in enumerate(_values(optimiser.variables))}
    arrays["names"] = np.array(json.dumps([variable.path for variable in model.variables]))
    arrays["optimiser_names"] = np.array(json.dumps([variable.path for variable in optimiser.variables]))
    arrays["progress"] = np.array(json.dumps(asdict(progress)))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, allow_pickle=False, **arrays)
    os.replace(partial, path)


def load_checkpoint(path: Path, model: Any, optimiser: Any | None) -> Progress:
    """Put a checkpoint's values into a model and (where given) its built optimiser.

    The state of another kind of optimiser is left aside, and the log says so.

    Raises:
        CheckpointError: the file is missing, damaged, or of another network.
    """
    progress, names, optimiser_names, arrays = _read(path)
    fits = names == [variable.path for variable in model.variables] and all(
        arrays[f"model/{index}"].shape == tuple(variable.shape)
        for index, variable in enumerate(model.variables)
    )
    if not fits:
        raise CheckpointError(f"{path.name} belongs to another network than the one to be trained.")
    for index, variable in enumerate(model.variables):
        variable.assign(arrays[f"model/{index}"])
    if optimiser is None:
        return progress
    if optimiser_names != [variable.path for variable in optimiser.variables]:
        _LOGGER.info(
            "%s was written with another optimiser: this one begins without its averages.", path.name
        )
        return progress
    for index, variable in enumerate(optimiser.variables):
        variable.assign(arrays[f"optimiser/{index}"])
    return progress


def read_progress(path: Path) -> Progress:
    """Return where the training stood that wrote a checkpoint."""
    return _read(path)[0]


def _read(path: Path) -> tuple[Progress, list[str], list[str], dict[str, NDArray[Any]]]:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        progress = Progress(**json.loads(str(arrays.pop("progress"))))
        names, optimiser_names = (json.loads(str(arrays.pop(key))) for key in ("names", "optimiser_names"))
        return progress, names, optimiser_names, arrays
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise CheckpointError(f"{path} could not be read as a checkpoint of a training.") from error


def variable_value(variable: Any) -> NDArray[Any]:
    """Return a Keras variable as an array, on any backend."""
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.copy(variable)))


def _values(variables: Any) -> list[NDArray[Any]]:
    return [variable_value(variable) for variable in variables]
