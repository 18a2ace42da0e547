"""What all tests share: a home of their own, photographs, and the data that lies beside a checkout."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from hypothesis import settings
from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

settings.register_profile("workbench", deadline=None)  # times depend on what else the machine does
settings.load_profile("workbench")

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder, so that no test sees or changes the user's own settings and weights."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("WORKBENCH_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference arrays and measuring pictures that are not in the project; WORKBENCH_SHARED names them."""
    folder = Path(os.environ.get("WORKBENCH_SHARED", CHECKOUT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"reference data is not here ({folder}); set WORKBENCH_SHARED")
    return folder


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph of 451 x 300 pixels as PNG."""
    path = tmp_path / "chelsea.png"
    Image.fromarray(skimage.data.chelsea()).save(path)
    return path


@pytest.fixture
def eagerly() -> Iterator[None]:
    """Steps of a training run operation by operation: for one or two, compiling takes most of the time."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def put_head() -> Callable[[Path], None]:
    """Put a head of families of random numbers beside a weight file."""
    from workbench.core.digest import sha256_of_file
    from workbench.core.families import head_file
    from workbench.methods.mantranet.family_head import head_shapes, save_head
    from workbench.methods.mantranet.weights import configuration_of

    def put(weights: Path) -> None:
        network, rng = configuration_of(weights), np.random.default_rng(0)
        head = {name: rng.normal(0, 1, shape).astype("f4") for name, shape in head_shapes(network).items()}
        save_head(head_file(weights), head, network, sha256_of_file(weights))

    return put
