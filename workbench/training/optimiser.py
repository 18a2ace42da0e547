"""Adam with another rate for some of the variables."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


class LayeredAdam(keras.optimizers.Optimizer):
    """Adam (Kingma and Ba, 2015) whose rate is multiplied for chosen layers.

    Args:
        learning_rate: rate of all other layers; may be assigned between steps.
        factors: layer name to the factor of its variables' rate.
        clipnorm: largest norm of each variable's gradient.
    """

    def __init__(
        self, learning_rate: float, factors: dict[str, float], clipnorm: float | None = None
    ) -> None:
        super().__init__(learning_rate=learning_rate, clipnorm=clipnorm, name="layered_adam")
        self._factors = factors
        self._beta_1, self._beta_2, self._epsilon = 0.9, 0.999, 1e-7

    def build(self, variables: list[Any]) -> None:
        """Create both moments of each variable."""
        if self.built:
            return
        super().build(variables)
        # By index: on TensorFlow, `update_step` gets bare variables that do not know their layer.
        self._rates = [self._factors.get(str(v.path).split("/")[-2], 1.0) for v in variables]
        self._means, self._squares = self.add_optimizer_variables(variables, ["momentum", "velocity"])

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one variable; Keras calls this for each."""
        index = self._get_variable_index(variable)
        mean, square = self._means[index], self._squares[index]
        gradient = ops.cast(gradient, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        rate = ops.cast(learning_rate, variable.dtype) * self._rates[index]
        rate = rate * ops.sqrt(1 - ops.power(self._beta_2, step)) / (1 - ops.power(self._beta_1, step))
        self.assign_add(mean, (gradient - mean) * (1 - self._beta_1))
        self.assign_add(square, (ops.square(gradient) - square) * (1 - self._beta_2))
        self.assign_sub(variable, rate * mean / (ops.sqrt(square) + self._epsilon))
