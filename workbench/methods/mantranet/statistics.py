"""Global mean and deviation of the features, gathered tile by tile in float64."""

import numpy as np
import numpy.typing as npt

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

    def _add(self, features: npt.NDArray[np.float32]) -> None:
        count = features.shape[0] * features.shape[1]
        mean = features.mean(axis=(0, 1), dtype=np.float64)
        square = np.square(features - mean, dtype=np.float64).sum(axis=(0, 1))
        total = self.count + count
        shift = mean - self.mean
        self._square += square + shift**2 * (self.count * count / total)
        self.mean += shift * (count / total)
        self.count = total

    @property
    def deviation(self) -> npt.NDArray[np.float64]:
        """Population standard deviation, (channels,)."""
        return np.sqrt(self._square / self.count)
