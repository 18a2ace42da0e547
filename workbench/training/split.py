"""The one division of the photographs into training and held-out pictures."""

from __future__ import annotations

import hashlib
from typing import Literal

Part = Literal["training", "held-out"]

_BUCKETS = 10
_HELD_OUT_BUCKETS = 2


def bucket(file_name: str) -> int:
    """Return the bucket, 0 to 9, of a picture by its file name without folder.

    The name alone decides, so a picture keeps its part when other pictures come or go.
    """
    return int(hashlib.sha256(file_name.encode("utf-8")).hexdigest()[:8], 16) % _BUCKETS


def part_of(file_name: str) -> Part:
    """Return the part a picture belongs to: buckets 0 and 1 are held out from every training."""
    return "held-out" if bucket(file_name) < _HELD_OUT_BUCKETS else "training"
