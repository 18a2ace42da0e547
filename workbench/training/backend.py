"""What the backends of Keras differ in when they train."""

import keras

JIT = keras.backend.backend() == "jax"
"""On JAX a step that is not compiled runs operation by operation; on the others compiling brings nothing."""
