"""What the documents and constants say of the shipped weights is of these weights and of the figures kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.core.search import LEAST_SCORE
from workbench.core.weights import WeightsCard, card_named
from workbench.evaluation.accuracy_text import accuracy_text
from workbench.evaluation.region_text import BEGIN, END, results_text

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def card() -> WeightsCard:
    return card_named()


def figures(name: str) -> dict[str, Any]:
    return dict(json.loads((DOCS / name).read_text("utf-8")))


def test_the_accuracy_is_that_of_the_default_weights(card: WeightsCard) -> None:
    measured = figures("accuracy.json")
    assert measured["weights"]["sha256"] == card.sha256
    assert measured["weights"]["threshold"] == card.threshold.value
    assert (DOCS / "accuracy.md").read_text("utf-8") == accuracy_text(measured, measured["ablations"])


def test_the_region_figures_are_those_of_the_default_weights_and_search(card: WeightsCard) -> None:
    measured = figures("regions.json")
    assert measured["weights_sha256"] == card.sha256
    assert measured["parameters"]["threshold"] == card.threshold.value
    assert measured["least_score"] == LEAST_SCORE
    shown = (DOCS / "regions.md").read_text("utf-8").split(BEGIN)[1].split(END)[0]
    assert shown.strip() == results_text(measured, "images/regions.png").strip()
