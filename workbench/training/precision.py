"""Which numbers to train with on this machine."""

from __future__ import annotations

import time

import keras
from keras import ops

AUTO = "auto"
_SIDE = 512
_ROUNDS = 3


def set_precision(asked: str) -> str:
    """Set Keras's dtype policy and return it; `auto` takes bfloat16 where matrix products are faster in it.

    A processor without instructions for bfloat16 imitates them: a step then takes ten times as long.
    """
    policy = asked
    if asked == AUTO:
        seconds = {dtype: _seconds(dtype) for dtype in ("float32", "bfloat16")}
        policy = "mixed_bfloat16" if seconds["bfloat16"] < seconds["float32"] else "float32"
    keras.config.set_dtype_policy(policy)
    return policy


def _seconds(dtype: str) -> float:
    matrix = ops.ones((_SIDE, _SIDE), dtype=dtype)
    ops.convert_to_numpy(ops.cast(ops.matmul(matrix, matrix), "float32"))  # the first time costs more
    begin = time.perf_counter()
    for _ in range(_ROUNDS):
        ops.convert_to_numpy(ops.cast(ops.matmul(matrix, matrix), "float32"))
    return time.perf_counter() - begin
