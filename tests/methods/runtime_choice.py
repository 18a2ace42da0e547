"""Which runtimes the tests of this folder run on.

TensorFlow and OpenVINO by default. `make test-runtimes` calls them once for each runtime there is, with the
environment variables WORKBENCH_TEST_RUNTIMES and KERAS_BACKEND, since Keras keeps the backend that it was
imported on.
"""

import os

RUNTIMES = tuple(os.environ.get("WORKBENCH_TEST_RUNTIMES", "tensorflow openvino").split())
KERAS = next((name for name in RUNTIMES if name != "openvino"), "tensorflow")
"""The runtime that the whole-image graph is computed on."""
EXAMPLES = 25 if "tensorflow" in RUNTIMES else 8
"""Random pictures and tiles that are tried; JAX compiles each size anew."""
