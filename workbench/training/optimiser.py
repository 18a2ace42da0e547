"""Adam with a rate for each layer."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


class LayeredAdam(keras.optimizers.Optimizer):
    """Adam (Kingma and Ba, 2015); chosen layers learn at a share of the rate.

    Args:
        learning_rate: of all other variables; may be assigned between steps.
        relative: layer name to the factor of its rate.
        clipnorm: largest norm of each variable's gradient.
        wait: steps after which the chosen layers begin to move.
    """

    def __init__(
        self, learning_rate: float, relative: dict[str, float], clipnorm: float | None = None, wait: int = 0
    ) -> None:
        super().__init__(learning_rate=learning_rate, clipnorm=clipnorm, name="layered_adam")
        self._relative, self._wait = relative, wait
        self._beta_1, self._beta_2, self._epsilon = 0.9, 0.999, 1e-8

    def build(self, variables: list[Any]) -> None:
        """Create both moments of each variable."""
        if self.built:
            return
        super().build(variables)
        # By index: on TensorFlow, `update_step` gets bare variables that do not know their layer.
        self._factors = [self._relative.get(str(v.path).split("/")[-2]) for v in variables]
        self._means, self._squares = self.add_optimizer_variables(variables, ["momentum", "velocity"])

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one variable; Keras calls this for each."""
        index = self._get_variable_index(variable)
        mean, square, factor = self._means[index], self._squares[index], self._factors[index]
        gradient = ops.cast(gradient, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        rate = ops.cast(learning_rate, variable.dtype)
        rate = rate * ops.sqrt(1 - ops.power(self._beta_2, step)) / (1 - ops.power(self._beta_1, step))
        if factor is not None:
            rate = rate * factor * ops.cast(step > self._wait, variable.dtype)
        self.assign_add(mean, (gradient - mean) * (1 - self._beta_1))
        self.assign_add(square, (ops.square(gradient) - square) * (1 - self._beta_2))
        self.assign_sub(variable, rate * mean / (ops.sqrt(square) + self._epsilon))
