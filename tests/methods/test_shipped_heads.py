"""A head of families that ships belongs to the weights beside it and is in the wheel."""

import tomllib
from pathlib import Path

import pytest

from workbench.core.families import confusion_of, head_file
from workbench.core.weights import WeightsCard, card_named
from workbench.methods.mantranet.configuration import CONFIGURATIONS
from workbench.methods.mantranet.family_head import load_head

ROOT = Path(__file__).parents[2]


@pytest.fixture
def card() -> WeightsCard:
    shipped = card_named()
    if not head_file(shipped.path).exists():
        pytest.skip("no head of families ships with the default weights yet")
    return shipped


def test_the_head_and_its_table_belong_to_the_default_weights(card: WeightsCard) -> None:
    assert load_head(head_file(card.path), CONFIGURATIONS[card.configuration], card.sha256)
    shares = confusion_of(card.path, card.sha256)
    assert shares is not None
    assert float(shares.diagonal().mean()) > 1.5 / len(shares), "better than chance by half at least"


def test_the_wheel_holds_them(card: WeightsCard) -> None:
    included = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    files = included["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    head = head_file(card.path)
    for path in (head, head.with_suffix(".json")):
        assert f"weights/{path.name}" in files
