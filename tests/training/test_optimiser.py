from __future__ import annotations

import keras
import numpy as np
import pytest

from workbench.training.checkpoint import variable_value
from workbench.training.optimiser import LayeredMuon, orthogonal

RATE = 1e-2


@pytest.mark.parametrize("shape", [(288, 32), (16, 32), (40, 1)])
def test_singular_values_come_near_one_and_singular_vectors_stay(shape: tuple[int, int]) -> None:
    matrix = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    inner = left.T @ keras.ops.convert_to_numpy(orthogonal(keras.ops.convert_to_tensor(matrix))) @ right.T
    diagonal = np.diag(inner)
    assert diagonal.min() > 0.6
    assert diagonal.max() < 1.3
    assert np.abs(inner - np.diag(diagonal)).max() < 1e-3


def moved(wait: int, steps: int) -> dict[str, np.ndarray]:
    """Return by how much the kernels of two convolutions moved."""
    keras.utils.set_random_seed(1)
    first = keras.Input((8, 8, 3))
    slow = keras.layers.Conv2D(4, 3, name="slow")(first)
    model = keras.Model(first, keras.layers.Conv2D(2, 3, name="fast")(slow))
    model.compile(optimizer=LayeredMuon(RATE, {"slow": 0.1}, wait=wait), loss="mse", jit_compile=False)
    before = {layer.name: variable_value(layer.kernel) for layer in model.layers[1:]}
    pictures = np.random.default_rng(2).normal(size=(4, 8, 8, 3)).astype("float32")
    for _ in range(steps):
        model.train_on_batch(pictures, np.ones((4, 4, 4, 2), "float32"))
    return {layer.name: variable_value(layer.kernel) - before[layer.name] for layer in model.layers[1:]}


def test_a_kernel_moves_in_all_its_directions_as_far_as_adam_would() -> None:
    change = moved(wait=0, steps=1)
    for name, rate in (("fast", RATE), ("slow", 0.1 * RATE)):
        matrix = change[name].reshape(-1, change[name].shape[-1])
        sizes = np.linalg.svd(matrix, compute_uv=False) / (rate * 0.2 * np.sqrt(max(matrix.shape)))
        assert sizes.min() > 0.6
        assert sizes.max() < 1.3


def test_chosen_layers_wait_while_the_others_learn() -> None:
    assert not moved(wait=2, steps=2)["slow"].any()
    assert moved(wait=2, steps=2)["fast"].any()
    assert moved(wait=2, steps=3)["slow"].any()
