from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from workbench.training.checkpoint import (
    CheckpointError,
    Progress,
    load_checkpoint,
    read_progress,
    save_checkpoint,
    variable_value,
)
from workbench.training.optimiser import LayeredMuon

PROGRESS = Progress("anomaly", "tiny", seed=3, step=2, minutes=1.5, recipe={"rate": 1e-3})


def tiny(units: int = 4) -> keras.Model:
    keras.utils.set_random_seed(1)
    first = keras.Input((3,), name="picture")
    hidden = keras.layers.BatchNormalization(name="norm")(keras.layers.Dense(units, name="slow")(first))
    model = keras.Model(first, keras.layers.Dense(1, name="fast")(hidden))
    model.compile(optimizer=LayeredMuon(1e-2, {"slow": 0.1}), loss="mse", jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    return model


def train(model: keras.Model, steps: range) -> None:
    for step in steps:
        rng = np.random.default_rng(step)
        model.train_on_batch(rng.normal(size=(8, 3)).astype("float32"), np.ones((8, 1), "float32"))


def values(model: keras.Model) -> list[np.ndarray]:
    return [variable_value(variable) for variable in model.variables]


def test_a_resumed_training_goes_on_exactly(tmp_path: Path) -> None:
    through, first, second = tiny(), tiny(), tiny()
    train(through, range(4))
    train(first, range(2))
    save_checkpoint(tmp_path / "state.npz", PROGRESS, first, first.optimizer)
    assert load_checkpoint(tmp_path / "state.npz", second, second.optimizer) == PROGRESS
    train(second, range(2, 4))
    assert all(np.array_equal(a, b) for a, b in zip(values(through), values(second), strict=True))


def test_no_partial_file_is_left_and_progress_is_readable(tmp_path: Path) -> None:
    model = tiny()
    for step in (1, 2):
        save_checkpoint(tmp_path / "state.npz", replace(PROGRESS, step=step), model, model.optimizer)
    assert [path.name for path in tmp_path.iterdir()] == ["state.npz"]
    assert read_progress(tmp_path / "state.npz").step == 2


def test_another_network_is_refused(tmp_path: Path) -> None:
    model = tiny()
    save_checkpoint(tmp_path / "state.npz", PROGRESS, model, model.optimizer)
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="else")])
    with pytest.raises(CheckpointError, match="another network"):
        load_checkpoint(tmp_path / "state.npz", other, None)


def test_another_width_is_refused(tmp_path: Path) -> None:
    model = tiny()
    save_checkpoint(tmp_path / "state.npz", PROGRESS, model, model.optimizer)
    with pytest.raises(CheckpointError, match="another network"):
        load_checkpoint(tmp_path / "state.npz", tiny(units=5), None)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04broken"])
def test_a_damaged_checkpoint_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.npz"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="could not be read"):
        read_progress(path)


def test_the_state_of_another_optimiser_is_left_aside_with_a_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = tiny(), tiny()
    train(first, range(2))
    first.compile(optimizer=keras.optimizers.SGD(1e-2, momentum=0.9), loss="mse", jit_compile=False)
    first.optimizer.build(first.trainable_variables)
    save_checkpoint(tmp_path / "state.npz", PROGRESS, first, first.optimizer)
    with caplog.at_level("INFO"):
        load_checkpoint(tmp_path / "state.npz", second, second.optimizer)
    assert "another optimiser" in caplog.text
    assert all(np.array_equal(a, b) for a, b in zip(values(first), values(second), strict=True))
    assert int(variable_value(second.optimizer.iterations)) == 0


def test_chosen_layers_learn_at_a_share_of_the_rate() -> None:
    model = tiny()
    kernels = [model.get_layer(name).kernel for name in ("fast", "slow")]
    before = [variable_value(kernel) for kernel in kernels]
    train(model, range(1))
    steps = [np.abs(variable_value(kernel) - old).max() for kernel, old in zip(kernels, before, strict=True)]
    assert steps == pytest.approx([1e-2, 1e-3], rel=0.02)  # Adam's first step is the rate itself
