"""The network gives the numbers of the original, whole or in tiles."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from runtime_choice import KERAS, RUNTIMES

from workbench.methods.mantranet import network, runtimes, two_pass, weights
from workbench.methods.mantranet.configuration import VARIANTS
from workbench.methods.mantranet.preprocessing import scaled

TOLERANCE = 2e-4
PRED_COMPARABLE = 130 * 130
"""Above this many pixels the original's own rounding shows, so only the exact arrays bind."""


Record = Callable[[str, object], None]


class Golden:
    def __init__(self, folder: Path, variant: int, runtime: str) -> None:
        self.configuration = VARIANTS[variant]
        self.file = folder / f"official_layout_{variant}.h5"
        self.weights = weights.load_weights(self.file, self.configuration)
        self.arrays = dict(np.load(folder / f"golden_{variant}.npz"))
        self.sizes = [name.removeprefix("input_") for name in self.arrays if name.startswith("input_")]
        self.runtime = runtimes.make(runtime, "float32", self.configuration, self.weights)

    def assert_matches(self, size: str, response: np.ndarray, record: Record) -> None:
        record("difference", float(np.abs(response - self.arrays[f"exact_{size}"]).max()))
        np.testing.assert_allclose(response, self.arrays[f"exact_{size}"], rtol=0, atol=TOLERANCE)
        if response.size <= PRED_COMPARABLE:
            np.testing.assert_allclose(response, self.arrays[f"pred_{size}"], rtol=0, atol=TOLERANCE)


@pytest.fixture(scope="module", params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module", params=[4, 0], ids=["variant-4", "variant-0"])
def golden(request: pytest.FixtureRequest, shared: Path, runtime: str) -> Golden:
    return Golden(shared / "golden" / "mantranet", request.param, runtime)


@pytest.mark.parametrize("tile", [48, 100, 256])
def test_tiles_match_the_original(golden: Golden, tile: int, record_property: Record) -> None:
    for size in golden.sizes:
        if tile < 256 and size == "420x310":  # many small tiles of the largest picture: minutes for no news
            continue
        response = two_pass.analyse(golden.arrays[f"input_{size}"], golden.runtime, tile)
        golden.assert_matches(size, response, record_property)


@pytest.mark.parametrize("runtime", [KERAS], indirect=True)
def test_whole_image_graph_matches_the_original(golden: Golden, record_property: Record) -> None:
    model = network.build_network(golden.configuration)
    weights.assign(model, golden.weights)
    assert model.count_params() == sum(a.size for a in golden.weights.values())
    for size in golden.sizes:
        response = keras.ops.convert_to_numpy(model(scaled(golden.arrays[f"input_{size}"])))[0, :, :, 0]
        golden.assert_matches(size, response, record_property)


def test_normalised_features_match_the_original(golden: Golden) -> None:
    features = golden.runtime.features(golden.arrays["input_64x64"])
    np.testing.assert_allclose(features, golden.arrays["bnorm_64x64"], rtol=0, atol=1e-4)


def test_number_of_parameters_of_variant_4(golden: Golden) -> None:
    if golden.configuration is VARIANTS[4]:
        assert sum(np.prod(s) for s in weights.weight_shapes(VARIANTS[4]).values()) == 3_805_078
