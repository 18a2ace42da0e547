"""Where the limits of the method bite on a run: the rules, which window and report put into words."""

from enum import Enum

from workbench.core.analysis import Analysis, Kind
from workbench.core.decode import DecodeRecord
from workbench.core.findings import Findings

WEAK_QUALITY = 80
"""Estimated JPEG quality below which response falls markedly (section 4 of the method notes)."""
HIGH_QUALITY = 95
"""Above it, differences of compression respond weakly."""
MAJORITY = 0.5
"""The method is relative: a majority turns the picture of it round."""

_WIDE = frozenset({"mantranet-0", "mantranet-1", "mantranet-2", "mantranet-3"})
"""Configurations whose widest window has 63 pixels; of the others it has 31."""


class Limit(Enum):
    """A limit that bites."""

    HIGH_JPEG_QUALITY = "high JPEG quality"
    WEAK_JPEG_QUALITY = "weak JPEG quality"
    INVERSION = "inversion"
    REGION_ALONE = "region alone"
    FEW_WINDOWS = "few windows"


def of_file(decode: DecodeRecord) -> tuple[Limit, ...]:
    """Those that the file's compression brings."""
    quality = decode.jpeg.quality if decode.jpeg else None
    if quality is None:
        return ()
    if quality > HIGH_QUALITY:
        return (Limit.HIGH_JPEG_QUALITY,)
    return (Limit.WEAK_JPEG_QUALITY,) if quality < WEAK_QUALITY else ()


def widest_window(configuration: str) -> int:
    """Side in pixels of the widest window in which the network compares.

    The means over up to 127 pixels in compact-3 do not count: they gather what has been compared before.
    """
    return 63 if configuration in _WIDE else 31


def of_size(shape: tuple[int, int], configuration: str) -> tuple[Limit, ...]:
    """Those that the size of what is analysed brings: (height, width) in pixels."""
    return (Limit.FEW_WINDOWS,) if min(shape) < 2 * widest_window(configuration) else ()


def of_run(run: Analysis, findings: Findings, decode: DecodeRecord) -> tuple[Limit, ...]:
    """All that bite on a run at its threshold."""
    relative: tuple[Limit, ...] = ()
    if findings.analysed_share > MAJORITY:
        relative = (Limit.INVERSION,)
    elif run.kind is Kind.REGION:
        relative = (Limit.REGION_ALONE,)
    return *of_file(decode), *relative, *of_size(run.map_shape, run.weights.configuration)
