"""Global mean and deviation of the features, gathered tile by tile in float64."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Scale = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
"""Mean and divisor of the Z-score of each channel, (channels,) each."""

_ROWS = 8


class RunningStatistics:
    """Mean and population standard deviation of each channel (merge rule of Chan, Golub and LeVeque)."""

    def __init__(self, channels: int) -> None:
        self.count = 0
        self.mean = np.zeros(channels)
        self._square = np.zeros(channels)

    def add(self, features: npt.NDArray[np.float32]) -> None:
        """Take in a part (h, w, channels), a few rows at a time: in float64 it would be large."""
        for start in range(0, len(features), _ROWS):
            self._add(features[start : start + _ROWS])

    def merge(self, other: "RunningStatistics") -> None:
        """Take in another part."""
        if other.count:
            self._merge(other.count, other.mean, other._square)

    def _add(self, features: npt.NDArray[np.float32]) -> None:
        count = features.shape[0] * features.shape[1]
        mean = features.mean(axis=(0, 1), dtype=np.float64)
        self._merge(count, mean, np.square(features - mean, dtype=np.float64).sum(axis=(0, 1)))

    def _merge(self, count: int, mean: FloatArray, square: FloatArray) -> None:
        total = self.count + count
        shift = mean - self.mean
        self._square += square + shift**2 * (self.count * count / total)
        self.mean += shift * (count / total)
        self.count = total

    @property
    def deviation(self) -> FloatArray:
        """Population standard deviation, (channels,)."""
        return np.sqrt(self._square / self.count)

    def scale(self, min_std: npt.NDArray[np.float32]) -> Scale:
        """What the Z-score of pass B takes; `min_std` is learned, (channels,)."""
        return scale_of(self.mean, self.deviation, min_std)


def scale_of(mean: FloatArray, deviation: FloatArray, min_std: npt.NDArray[np.float32]) -> Scale:
    """Mean, and deviation where that is above the least that was learned; (channels,) each."""
    divisor = np.maximum(deviation, min_std.astype(np.float64) + 1e-6)
    return mean.astype(np.float32), divisor.astype(np.float32)
