"""Layers against numpy."""

import numpy as np
import pytest
from keras.ops import convert_to_numpy

from workbench.methods.mantranet.kernels import bayar_projection, srm_kernel
from workbench.methods.mantranet.layers import (
    ConvLSTM,
    PooledState,
    banded_window_mean,
    symmetric_pad,
    window_mean,
)


@pytest.mark.parametrize("pad", [1, 2])
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (2, 3), (9, 5)])
def test_padding_is_numpys_symmetric(shape: tuple[int, int], pad: int) -> None:
    x = np.random.default_rng(0).random((2, *shape, 3), np.float32)
    expected = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="symmetric")
    np.testing.assert_array_equal(convert_to_numpy(symmetric_pad(x, pad)), expected)


@pytest.mark.parametrize("window", [1, 3, 7, 15, 31, 63])
@pytest.mark.parametrize("shape", [(1, 1), (2, 70), (20, 41)])
def test_window_means_are_clipped_to_the_picture(shape: tuple[int, int], window: int) -> None:
    x = np.random.default_rng(0).normal(size=(1, *shape, 2)).astype(np.float32)
    expected = clipped_means(x[0], window)
    for way in (window_mean, banded_window_mean):
        np.testing.assert_allclose(convert_to_numpy(way(x, window))[0], expected, atol=1e-6)


def test_the_state_is_pooled_beside_itself() -> None:
    state = np.random.default_rng(0).normal(size=(1, 20, 41, 2)).astype(np.float32)
    pooled = convert_to_numpy(PooledState((7, 31))(state))[0]
    np.testing.assert_array_equal(pooled[..., :2], state[0])
    for number, window in enumerate((7, 31), start=1):
        means = pooled[..., 2 * number : 2 * number + 2]
        np.testing.assert_allclose(means, clipped_means(state[0], window), atol=1e-6)


def clipped_means(x: np.ndarray, window: int) -> np.ndarray:
    """Means over windows of (H, W, C) in float64, pixel by pixel."""
    radius, wide, means = window // 2, x.astype(np.float64), np.empty(x.shape)
    for i, j in np.ndindex(x.shape[:2]):
        inside = wide[max(0, i - radius) : i + radius + 1, max(0, j - radius) : j + radius + 1]
        means[i, j] = inside.mean(axis=(0, 1))
    return means


def test_srm_kernels_remove_what_is_flat_and_see_one_channel() -> None:
    kernel = srm_kernel()
    assert kernel.shape == (5, 5, 3, 9)
    np.testing.assert_allclose(kernel.sum(axis=(0, 1, 2)), 0, atol=1e-6)
    channels = np.abs(kernel).sum(axis=(0, 1)).argmax(axis=0)
    assert channels.tolist() == [0, 1, 2] * 3
    assert (np.count_nonzero(np.abs(kernel).sum(axis=(0, 1)), axis=0) == 1).all()
    assert kernel[2, 2].max(axis=0).tolist() == [0] * 9
    np.testing.assert_allclose(kernel[2, 2].min(axis=0), [-1] * 9, rtol=1e-6)


def test_bayar_projection() -> None:
    kernel = bayar_projection(np.random.default_rng(0).uniform(0.5, 1, (5, 5, 3, 3)).astype(np.float32))
    np.testing.assert_allclose(kernel[2, 2], -1)
    np.testing.assert_allclose(kernel.sum(axis=(0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(bayar_projection(kernel), kernel, atol=1e-6)


def test_convlstm_against_its_equations() -> None:
    """One pixel: every convolution is a product with the kernel's centre."""
    draw = np.random.default_rng(0)
    steps = [draw.normal(size=(1, 1, 1, 3)).astype(np.float32) for _ in range(4)]
    layer = ConvLSTM(2)
    out = convert_to_numpy(layer(steps)).ravel()
    kernel, recurrent, bias = (w.numpy() for w in layer.weights)
    h = c = np.zeros(2)
    for x in steps:
        i, f, g, o = np.split(x.ravel() @ kernel[3, 3] + h @ recurrent[3, 3] + bias, 4)
        i, f, o = (np.clip(0.2 * v + 0.5, 0, 1) for v in (i, f, o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
    np.testing.assert_allclose(out, h, atol=1e-6)
