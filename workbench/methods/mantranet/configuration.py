"""The shapes of ManTra-Net: the five released variants and our own compact one."""

from dataclasses import dataclass
from typing import Final

LAYERS: Final = (
    "b1c1", "b1c2", "b2c1", "b2c2", "b3c1", "b3c2", "b3c3",
    "b4c1", "b4c2", "b4c3", "b5c1", "b5c2", "transform",
)  # fmt: skip
"""Convolutions of the trace feature extractor, in order."""

EXTRACTOR_HALO: Final = 14
"""Pixels on each side that a feature depends on: 2 for the 5x5 layer and 1 for each of twelve 3x3 layers."""


@dataclass(frozen=True)
class Configuration:
    """What must be known beside the weight file to build the network.

    Attributes:
        name: written into caches and records together with the weights.
        filters: output channels of the convolutions in `LAYERS`.
        tanh: whether `transform` ends in tanh (released variant 0 only).
        outlier_filters: channels after `outlierTrans`.
        windows: sides in pixels of the local windows; the global mean follows them.
        lstm_filters: channels of the ConvLSTM.
        pooling: sides in pixels of the windows over which the ConvLSTM's last state is averaged; `pred` sees
            these means beside the state itself. None in the paper and in the released variants.
    """

    name: str
    filters: tuple[int, ...]
    tanh: bool = False
    outlier_filters: int = 64
    windows: tuple[int, ...] = (7, 15, 31)
    lstm_filters: int = 8
    pooling: tuple[int, ...] = ()

    @property
    def anomaly_halo(self) -> int:
        """Pixels on each side that a response depends on, beyond the global statistics.

        A window's radius, then 3 for the ConvLSTM's 7x7 kernel at its own step and at each later one, then
        the largest radius that the state is averaged over, then 3 for `pred`.
        """
        steps = len(self.windows) + 1
        state = max(w // 2 + 3 * (steps - i) for i, w in enumerate(self.windows))
        return state + max(self.pooling, default=1) // 2 + 3


_FULL: Final = (32, 64, 64, 128, 128, 128, 256, 256, 256, 256, 256, 256)

VARIANTS: Final = tuple(
    Configuration(
        name=f"mantranet-{variant}",
        filters=(32 if variant < 2 else 16, *_FULL),
        tanh=variant == 0,
        windows=(7, 15, 31) if variant == 4 else (7, 15, 31, 63),
    )
    for variant in range(5)
)
"""The authors' five released variants, by number."""

COMPACT_1: Final = Configuration(
    name="compact-1",
    filters=(16, 24, 32, 32, 48, 48, 48, 64, 64, 64, 64, 64, 64),
    outlier_filters=24,
)
"""The same topology with 0.34 million parameters, for CPUs."""

COMPACT_2: Final = Configuration(
    name="compact-2",
    filters=(16, 24, 24, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32),
    outlier_filters=12,
    lstm_filters=6,
)
"""The same topology with 0.12 million parameters: a third of the work, so a CPU can train it for longer."""

COMPACT_3: Final = Configuration(
    name="compact-3",
    filters=(16, *12 * (32,)),
    outlier_filters=16,
    pooling=(15, 31, 63, 127),
)
"""Widths that fill vectors of 16, and the state averaged over four windows before `pred`.

A response from 7 x 7 pixels of the state is noisy inside an edit; averaging it over tens of pixels afterwards
already raises the mean pixel AUC on generated forgeries by 0.03 to 0.05 (docs/training-log.md, trial 6).
"""

CONFIGURATIONS: Final = {c.name: c for c in (*VARIANTS, COMPACT_1, COMPACT_2, COMPACT_3)}
"""Every known configuration by name."""
