"""Window means and statistics stay exact where a running sum over the picture would not."""

import numpy as np
import pytest
from keras.ops import convert_to_numpy

from workbench.methods.mantranet.configuration import VARIANTS
from workbench.methods.mantranet.layers import window_mean
from workbench.methods.mantranet.statistics import RunningStatistics
from workbench.methods.mantranet.tiles import tiles


@pytest.mark.parametrize(("height", "width"), [(6000, 8000), (8660, 11547)], ids=["48MP", "100MP"])
@pytest.mark.parametrize("window", [*VARIANTS[0].windows, 127])
def test_window_means_in_the_last_tile_of_a_large_picture(height: int, width: int, window: int) -> None:
    """Features that are a plane over the whole picture: their mean is the value amid the window."""
    part = tiles(height, width, 96, VARIANTS[0].anomaly_halo)[-1]
    y, x = (np.arange(s.start, s.stop, dtype=np.float64) for s in part.window)
    slope = 1 / width
    plane = (np.add.outer(y, x) * slope).astype(np.float32)[None, :, :, None]
    means = convert_to_numpy(window_mean(plane, window))[0, :, :, 0][part.inner]
    rows, columns = part.core
    expected = np.add.outer(_amid(rows, height, window), _amid(columns, width, window)) * slope
    np.testing.assert_allclose(means, expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize(("height", "width"), [(6000, 8000), (8660, 11547)], ids=["48MP", "100MP"])
def test_statistics_of_a_large_picture(height: int, width: int) -> None:
    """The same plane, a strip at a time as tiles come; its mean and deviation follow from its sides."""
    merged, columns = RunningStatistics(1), np.arange(width, dtype=np.float64)
    for top in range(0, height, 500):
        rows = np.arange(top, min(top + 500, height))
        strip = RunningStatistics(1)
        strip.add((1000 + np.add.outer(rows, columns) / width).astype(np.float32)[..., None])
        merged.merge(strip)
    assert merged.count == height * width
    mean = 1000 + (height + width - 2) / 2 / width
    deviation = ((height**2 + width**2 - 2) / 12) ** 0.5 / width
    np.testing.assert_allclose(merged.mean, mean, rtol=1e-8)  # a float32 near 1000 is known to 3e-5
    np.testing.assert_allclose(merged.deviation, deviation, rtol=1e-6)


def _amid(core: slice, length: int, window: int) -> np.ndarray:
    """Middle of each window, clipped to the picture."""
    place, radius = np.arange(core.start, core.stop), window // 2
    return (np.maximum(place - radius, 0) + np.minimum(place + radius, length - 1)) / 2


def test_an_integral_image_in_float32_would_not_do() -> None:
    """The reason for the test above: at 48 megapixels even counting pixels goes wrong."""
    total = np.float32(6000 * 8000 - 7)
    assert np.float32(total + np.float32(1)) == total


def test_statistics_of_many_pixels_far_from_zero() -> None:
    """100 megapixels of features near 1000 that differ by 0.01, as one small part that comes again."""
    part = (1000 + 0.01 * np.random.default_rng(0).standard_normal((10, 1000, 2))).astype(np.float32)
    running = RunningStatistics(2)
    for _ in range(300):
        running.add(part)
    running.count *= 33  # as if it had come ten thousand times: counts reach 10^8
    running._square *= 33
    running.add(part)
    wide = part.astype(np.float64)
    np.testing.assert_allclose(running.mean, wide.mean(axis=(0, 1)), rtol=1e-13)
    np.testing.assert_allclose(running.deviation, wide.std(axis=(0, 1)), rtol=1e-9)
