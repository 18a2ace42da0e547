"""Muon for kernels and Adam for the rest, with a rate for each layer."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

_QUINTIC = 3.4445, -4.7750, 2.0315
_ITERATIONS = 6
_AS_ADAM = 0.2
"""Root mean square of a step of Adam over its rate where gradients are noisy: Muon's are as large."""


class LayeredMuon(keras.optimizers.Optimizer):
    """Muon (Jordan et al., 2024) for kernels of convolutions, Adam (Kingma and Ba, 2015) for the rest.

    A kernel moves by its averaged gradient made orthogonal, seen as a matrix (k k C, filters), so that
    directions with small gradients are learned, too (docs/training-log.md, trial 9). Steps are scaled so that
    one rate fits both (Liu et al., "Muon is scalable for LLM training", 2025, section 2.2).
    Keras's own Muon has one rate for all layers.

    Args:
        learning_rate: of all other variables; may be assigned between steps.
        relative: layer name to the factor of its rate.
        clipnorm: largest norm of each variable's gradient.
        wait: steps after which the chosen layers begin to move.
    """

    def __init__(
        self, learning_rate: float, relative: dict[str, float], clipnorm: float | None = None, wait: int = 0
    ) -> None:
        super().__init__(learning_rate=learning_rate, clipnorm=clipnorm, name="layered_muon")
        self._relative, self._wait = relative, wait
        self._momentum, self._beta_1, self._beta_2, self._epsilon = 0.95, 0.9, 0.999, 1e-8

    def build(self, variables: list[Any]) -> None:
        """Create both moments of each variable; of a kernel the first alone is used."""
        if self.built:
            return
        super().build(variables)
        # By index: on TensorFlow, `update_step` gets bare variables that do not know their layer.
        self._factors = [self._relative.get(str(v.path).split("/")[-2]) for v in variables]
        self._means, self._squares = self.add_optimizer_variables(variables, ["momentum", "velocity"])

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one variable; Keras calls this for each."""
        index = self._get_variable_index(variable)
        factor = self._factors[index]
        rate = ops.cast(learning_rate, variable.dtype)
        if factor is not None:
            rate = rate * factor * ops.cast(self.iterations >= self._wait, variable.dtype)
        direction = self._muon if len(variable.shape) == 4 else self._adam
        self.assign_sub(variable, rate * direction(ops.cast(gradient, variable.dtype), index))

    def _muon(self, gradient: Any, index: int) -> Any:
        mean = self._means[index]
        self.assign_add(mean, (gradient - mean) * (1 - self._momentum))
        ahead = mean + (gradient - mean) * (1 - self._momentum)  # Nesterov's
        matrix = ops.reshape(ahead, (-1, ahead.shape[-1]))
        scale = _AS_ADAM * math.sqrt(max(matrix.shape))
        return ops.reshape(orthogonal(matrix) * scale, gradient.shape)

    def _adam(self, gradient: Any, index: int) -> Any:
        mean, square = self._means[index], self._squares[index]
        step = ops.cast(self.iterations + 1, gradient.dtype)
        self.assign_add(mean, (gradient - mean) * (1 - self._beta_1))
        self.assign_add(square, (ops.square(gradient) - square) * (1 - self._beta_2))
        correction = ops.sqrt(1 - ops.power(self._beta_2, step)) / (1 - ops.power(self._beta_1, step))
        return correction * mean / (ops.sqrt(square) + self._epsilon)


def orthogonal(matrix: Any) -> Any:
    """Return a matrix (m, n) with its singular values brought near 1 (0.7 to 1.2) by Newton-Schulz steps."""
    a, b, c = _QUINTIC
    wide = matrix.shape[0] <= matrix.shape[1]
    x = matrix if wide else ops.transpose(matrix)
    x = x / (ops.sqrt(ops.sum(ops.square(x))) + 1e-7)
    for _ in range(_ITERATIONS):
        square = ops.matmul(x, ops.transpose(x))
        x = a * x + ops.matmul(b * square + c * ops.matmul(square, square), x)
    return x if wide else ops.transpose(x)
