from collections.abc import Callable

import numpy as np
import pytest

from workbench.methods.mantranet.configuration import COMPACT_1, Configuration
from workbench.methods.mantranet.weights import weight_shapes

Arrays = dict[str, np.ndarray]

SMALL = Configuration(
    name="small",
    filters=(14, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8),
    outlier_filters=6,
    windows=(7, 15, 31),
    pooling=(5, 31),
)
"""All operations of the network, cheap enough for many cases."""


def random_arrays(configuration: Configuration, seed: int = 0) -> Arrays:
    """Weights of a plausible scale, so that no layer saturates or dies."""
    draw = np.random.default_rng(seed)
    arrays = {}
    for name, shape in weight_shapes(configuration).items():
        scale = (2 / max(1, np.prod(shape[:-1]))) ** 0.5 if len(shape) == 4 else 0.1
        arrays[name] = draw.normal(0, scale, shape).astype(np.float32)
    arrays["bnorm/bnorm/moving_variance:0"] = np.full(configuration.outlier_filters, 0.5, np.float32)
    arrays["glbStd/glbStd/min_std:0"] = np.abs(arrays["glbStd/glbStd/min_std:0"]) * 0.01
    return arrays


@pytest.fixture(scope="session")
def make_arrays() -> Callable[..., Arrays]:
    return random_arrays


@pytest.fixture(scope="session")
def small() -> Configuration:
    return SMALL


@pytest.fixture(scope="session")
def compact() -> Configuration:
    return COMPACT_1
