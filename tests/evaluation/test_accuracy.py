"""The report with its tables and pictures, from small sets; ELA is in the network's place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from workbench.core.weights import card_named
from workbench.evaluation import accuracy, accuracy_pictures, command_line, generated, map_cache
from workbench.evaluation.accuracy_pictures import draw_all
from workbench.evaluation.accuracy_text import accuracy_text
from workbench.evaluation.calibration import for_calibration
from workbench.evaluation.map_cache import KeptMaps
from workbench.evaluation.methods import BESIDE, MapOf
from workbench.methods import mantranet
from workbench.methods.ela import error_level
from workbench.training.split import part_of

MEASURED = {"mean": 0.8, "interval": [0.7, 0.9]}
LESS = {
    "mean": 0.75,
    "interval": [0.6, 0.8],
    "difference": {"mean": 0.05, "interval": [0.01, 0.09]},
}
ABLATIONS = {
    "recipe": {"steps": 9},
    "variants": [
        {"title": "the network", "auc": {"splicing": MEASURED, "all": MEASURED}},
        {"title": "no window", "auc": {"splicing": LESS, "all": LESS}},
    ],
}


def picture(seed: int, height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    smooth = cv2.resize(rng.random((6, 6, 3), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(255 * smooth + rng.normal(0, 8, (height, width, 3)), 0, 255).astype(np.uint8)


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> accuracy.Plan:
    root = tmp_path_factory.mktemp("accuracy")
    for number in range(6):
        mask = np.zeros((60, 80), np.uint8)
        mask[10:30, 10:40] = 255
        save(root / "edited" / "images" / f"{number}.png", picture(number, 60, 80))
        save(root / "edited" / "masks" / f"{number}.png", mask)
        save(root / "genuine" / "images" / f"{number}.png", picture(100 + number, 60, 80))
        name = [n for n in map(str, range(99)) if part_of(f"{n}.png") == "held-out"][number]
        save(root / "photos" / "gb82" / f"{name}.png", picture(200 + number, 330, 340))
    folders = (root / "edited", root / "genuine")
    return accuracy.Plan(card_named(), folders, root / "photos", root / "scratch", limit=6)


@pytest.fixture(scope="module")
def methods(plan: accuracy.Plan) -> dict[str, MapOf]:
    return {"network": KeptMaps(error_level, plan.scratch)} | BESIDE


@pytest.fixture(scope="module")
def figures(plan: accuracy.Plan, methods: dict[str, MapOf]) -> dict:
    small = accuracy.Plan(plan.card, plan.folders, plan.photos, plan.scratch, limit=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated, "PATCH", 64)
        patch.setattr(generated, "SIDE", 96)
        measured = accuracy.measure(small, methods)
    return measured | {"sets": accuracy._sets(plan, methods)}


def test_every_method_is_measured_on_the_same_pictures(figures: dict) -> None:
    edited, genuine = figures["sets"]["datasets"]
    assert edited["images"] == 6
    assert set(BESIDE) == {name.removeprefix("beside_") for name in edited if name.startswith("beside_")}
    assert edited["beside_ela"]["difference"] == {"mean": 0, "interval": [0, 0]}
    assert genuine["images"] == sum(not for_calibration(f"{number}.png") for number in range(6))


def test_figures_are_json(figures: dict) -> None:
    assert json.loads(json.dumps(figures)) == figures


def test_the_page_shows_what_matters(figures: dict) -> None:
    text = accuracy_text(figures, ABLATIONS)
    for needed in ("centre control", "NOI1", "CFA1", "| edited | 6 |", "interval", "negated"):
        assert needed in text
    assert "| the network | 0.800 | 0.800 [0.700, 0.900] |" in text
    assert "| no window | 0.750 | 0.750 [0.600, 0.800] |" in text
    assert "| no window | **+0.050** [+0.010, +0.090] | **+0.050** [+0.010, +0.090] |" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)
    for word in ("probability", "confidence", "fake", "authentic "):
        assert word not in text


def test_pictures_are_drawn(
    figures: dict, methods: dict[str, MapOf], plan: accuracy.Plan, tmp_path: Path
) -> None:
    drawn = draw_all(figures, methods, plan.photos, tmp_path)
    assert [path.name for path in drawn] == [
        "accuracy-sensitivity.png",
        "accuracy-robustness.png",
        "accuracy-examples.jpg",
    ]
    for path in drawn:
        with Image.open(path) as image:
            assert np.asarray(image.convert("L")).std() > 10
            assert path.stat().st_size < 600_000


def test_the_command_writes_the_page(
    figures: dict, plan: accuracy.Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(asked: accuracy.Plan, methods: dict[str, MapOf]) -> dict:
        assert asked == accuracy.Plan(plan.card, plan.folders, plan.photos, tmp_path / "scratch", limit=2)
        assert methods["network"](picture(0, 40, 50)).shape == (40, 50), "the real network"
        return figures

    monkeypatch.setattr(accuracy, "measure", measure)
    monkeypatch.setattr(accuracy_pictures, "draw_all", lambda *_: [])
    page, ablations = tmp_path / "new" / "page.md", tmp_path / "ablations.json"
    ablations.write_text(json.dumps(ABLATIONS))
    words = ["accuracy", *map(str, plan.folders), "--photos", str(plan.photos), "--limit", "2"]
    words += ["--scratch", str(tmp_path / "scratch"), "--out", str(page)]
    assert command_line.main([*words, "--ablations", str(ablations)]) == 0
    assert command_line.main(words) == 0, "those that the page has stay"
    assert page.read_text("utf-8") == accuracy_text(figures, json.loads(ablations.read_text()))
    assert json.loads(page.with_suffix(".json").read_text("utf-8"))["sets"] == figures["sets"]


def test_maps_of_other_code_are_not_those_of_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "mantranet"
    shutil.copytree(mantranet.__path__[0], copy)
    before = map_cache._state_of_code()
    monkeypatch.setattr(mantranet, "__path__", [str(copy)])
    assert map_cache._state_of_code() == before
    with (copy / "runtimes" / "openvino.py").open("a") as file:
        file.write("# otherwise\n")
    assert map_cache._state_of_code() != before


def test_kept_maps_are_not_computed_again(tmp_path: Path) -> None:
    calls = []

    def method(pixels: np.ndarray) -> np.ndarray:
        calls.append(pixels.shape)
        return error_level(pixels)

    first, second = KeptMaps(method, tmp_path / "kept"), KeptMaps(method, tmp_path / "kept")
    pixels = picture(0, 40, 50)
    assert np.array_equal(first(pixels), second(pixels))
    assert len(calls) == 1
    assert second.seconds == first.seconds > 0
    next((tmp_path / "kept").glob("*.npz")).write_bytes(b"damaged")
    assert np.array_equal(second(pixels), error_level(pixels))
    second(pixels[:, :49])
    assert len(calls) == 3
