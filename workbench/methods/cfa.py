"""CFA1: where the fingerprint of the colour filter array's interpolation is missing.

P. Ferrara, T. Bianchi, A. De Rosa, A. Piva: Image Forgery Localization via Fine-Grained Analysis of CFA
Artifacts. IEEE Transactions on Information Forensics and Security 7 (2012). A camera measures green at every
second pixel and interpolates the others: there a prediction from the neighbours errs less. A block where both
lattices err alike has lost that trace.
"""

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Response

Plane = npt.NDArray[np.float32]

BLOCK = 8
_SIGMA = 1.2
_ROUNDS = 30
_LEAST_VARIANCE = 1e-3
_CUMULATED = 5


def missing_interpolation(picture: npt.NDArray[np.uint8]) -> Response:
    """Posterior that a block holds no trace of interpolation, by a mixture of two Gaussians.

    Args:
        picture: height x width x 3, RGB, in its own resolution: a reduced picture has no such trace.

    Returns:
        height x width, 0..1; the same in each block of 8 x 8.
    """
    height, width = picture.shape[:2]
    if min(height, width) < 2 * BLOCK:
        return np.full((height, width), 0.5, np.float32)
    feature = imbalance(picture[..., 1].astype(np.float32))
    likelihood = cv2.medianBlur(log_likelihood_ratio(feature), _CUMULATED)
    posterior = 1 / (1 + np.exp(np.clip(likelihood, -30, 30)))
    full = np.repeat(np.repeat(posterior, BLOCK, 0), BLOCK, 1)
    full = np.pad(full, ((0, height - full.shape[0]), (0, width - full.shape[1])), mode="edge")
    return np.asarray(full, np.float32)


def imbalance(green: Plane) -> Plane:
    """Log of the error variance on one lattice over that on the other, geometric means in each whole block.

    The lattice whose errors are larger over the picture is taken as the measured one, so that the feature is
    above zero where the trace is.
    """
    cross = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4
    error = green - cv2.filter2D(green, -1, cross)
    rows, columns = np.indices(green.shape)
    even = ((rows + columns) % 2 == 0).astype(np.float32)
    logs = [
        np.where(lattice > 0, np.log(_local_variance(error, lattice) + _LEAST_VARIANCE), 0)
        for lattice in (even, 1 - even)
    ]
    difference = _block_mean(logs[0] - logs[1]) * 2  # each lattice holds half of the pixels
    return np.asarray(difference if difference.mean() >= 0 else -difference, np.float32)


def log_likelihood_ratio(feature: Plane) -> Plane:
    """Log likelihood that a block has the trace over that it has not, by expectation and maximisation.

    Blocks without the trace are normal about 0, those with it about a mean above 0.
    """
    mean, share = float(max(feature.mean(), 0.1)), 0.5
    variances = [float(feature.var()) + 1e-4] * 2
    ratio = np.zeros_like(feature)
    for _ in range(_ROUNDS):
        with_trace = _log_normal(feature, mean, variances[1])
        ratio = with_trace - _log_normal(feature, 0, variances[0])
        odds = np.log(share / (1 - share))
        weight = 1 / (1 + np.exp(-np.clip(ratio + odds, -30, 30)))
        share = float(np.clip(weight.mean(), 0.01, 0.99))
        mean = max(float((weight * feature).sum() / weight.sum()), 1e-3)
        variances = [
            float(((1 - weight) * feature**2).sum() / (1 - weight).sum()) + 1e-4,
            float((weight * (feature - mean) ** 2).sum() / weight.sum()) + 1e-4,
        ]
    return np.asarray(ratio, np.float32)


def _local_variance(error: Plane, lattice: Plane) -> Plane:
    """Weighted variance of the errors on one lattice around each pixel."""
    size, border = (7, 7), cv2.BORDER_REFLECT_101  # keeps the lattice's parity at the border
    weight = cv2.GaussianBlur(lattice, size, _SIGMA, borderType=border)
    mean = cv2.GaussianBlur(error * lattice, size, _SIGMA, borderType=border) / weight
    square = cv2.GaussianBlur(error**2 * lattice, size, _SIGMA, borderType=border) / weight
    return np.asarray(np.maximum(square - mean**2, 0), np.float32)


def _block_mean(values: npt.NDArray[np.floating]) -> Plane:
    rows, columns = (side // BLOCK for side in values.shape)
    whole = values[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return np.asarray(whole.mean(axis=(1, 3)), np.float32)


def _log_normal(values: Plane, mean: float, variance: float) -> Plane:
    return np.asarray(-((values - mean) ** 2) / (2 * variance) - np.log(variance) / 2, np.float32)
