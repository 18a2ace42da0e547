from __future__ import annotations

from collections.abc import Iterator

import keras
import pytest

from workbench.training import precision
from workbench.training.precision import AUTO, set_precision


@pytest.fixture(autouse=True)
def policy() -> Iterator[None]:
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize(
    ("seconds", "policy"),
    [({"float32": 1.0, "bfloat16": 0.5}, "mixed_bfloat16"), ({"float32": 1.0, "bfloat16": 9.0}, "float32")],
)
def test_the_faster_is_taken(monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float], policy: str) -> None:
    monkeypatch.setattr(precision, "_seconds", seconds.__getitem__)
    assert set_precision(AUTO) == policy
    assert keras.config.dtype_policy().name == policy


def test_what_is_asked_for_is_set_and_both_can_be_measured() -> None:
    assert set_precision("float32") == "float32"
    assert set_precision(AUTO) in {"float32", "mixed_bfloat16"}
