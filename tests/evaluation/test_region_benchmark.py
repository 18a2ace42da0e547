"""The benchmark of regions: pictures with two edits, honest measures, and a document that holds them."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image

from workbench.core.search import Box
from workbench.core.weights import DEFAULT, card_named
from workbench.core.wording import forbidden_in
from workbench.evaluation import region_command, regions
from workbench.evaluation.command_line import main
from workbench.evaluation.region_figures import figures_of, score_at
from workbench.evaluation.region_pictures import box_of, two_edits
from workbench.evaluation.region_results import (
    FOUND,
    NEAR,
    SURROUNDING,
    KeptResults,
    PictureResult,
    Shown,
    Tried,
    best_iou,
    box_iou,
    plain_iou,
    shown,
    surrounding,
)
from workbench.evaluation.region_text import BEGIN, END, RegionDocumentError, put_into, results_text
from workbench.evaluation.regions import Plan, hand_like
from workbench.training.photos import Photo
from workbench.training.split import part_of


@pytest.fixture(scope="module")
def photos() -> list[Photo]:
    return [Photo(name, getattr(skimage.data, name)()) for name in ("chelsea", "astronaut", "coffee")]


def test_two_edits_are_apart_whole_and_all_that_differs(photos: list[Photo]) -> None:
    for number in range(6):
        picture = two_edits(photos, 5, number, 256)
        strong, weak = picture.masks
        near = cv2.dilate(strong.astype(np.uint8), np.ones((33, 33), np.uint8)) > 0
        assert not (near & weak).any()
        assert min(*box_of(strong)[2:], *box_of(weak)[2:]) >= 32
        assert picture.kinds[0] in {"splicing", "strong enhancement"}
        assert picture.kinds[1] in {"copy-move", "removal", "mild enhancement"}
        changed = np.abs(picture.edited.astype(int) - picture.original).max(axis=-1)
        assert changed[strong].mean() > 2 * changed[~near & ~weak].mean()
        left = np.abs(picture.alone.astype(int) - picture.original).max(axis=-1)
        assert left[strong].mean() < changed[strong].mean() / 4, "the weak edit is alone"
        assert left[weak].mean() == pytest.approx(changed[weak].mean(), rel=0.3)


def test_a_picture_depends_on_seed_and_number_only(photos: list[Photo]) -> None:
    first, again, other = (two_edits(photos, 5, number, 192) for number in (1, 1, 2))
    np.testing.assert_array_equal(first.edited, again.edited)
    np.testing.assert_array_equal(first.masks[1], again.masks[1])
    assert not np.array_equal(first.edited, other.edited)


def _truth(box: Box = (40, 30, 20, 30)) -> np.ndarray:
    truth = np.zeros((100, 120), bool)
    truth[box[1] : box[1] + box[3], box[0] : box[0] + box[2]] = True
    return truth


NOTHING = np.zeros((100, 120), bool)


def test_a_map_of_the_truth_is_perfect_and_a_flat_one_is_not() -> None:
    truth = _truth()
    perfect = shown(truth * np.float32(0.2) + np.float32(0.1), (0, 0, 120, 100), truth, NOTHING)
    assert (perfect.iou, perfect.auc) == (1, 1)
    flat = shown(np.full((100, 120), 0.5, np.float32), (0, 0, 120, 100), truth, NOTHING)
    assert flat.auc == 0.5
    assert flat.iou < FOUND  # a rectangle fills a quarter of a surrounding of twice its sides


def test_the_other_edit_does_not_count_against_a_map() -> None:
    truth, other = _truth(), _truth((66, 30, 20, 30))
    both = (truth | other).astype(np.float32)
    assert shown(both, (0, 0, 120, 100), truth, other).iou == 1
    assert shown(both, (0, 0, 120, 100), truth, NOTHING).iou < 1


def test_a_region_shows_nothing_where_it_does_not_reach() -> None:
    truth = _truth()
    beside = shown(np.ones((20, 20), np.float32), (80, 60, 20, 20), truth, NOTHING)
    assert (beside.iou, beside.auc) == (0, 0.5)
    half = shown(np.ones((30, 10), np.float32), (40, 30, 10, 30), truth, NOTHING)
    assert half.iou == pytest.approx(0.5)


def test_the_threshold_of_the_card_is_taken_as_it_is() -> None:
    truth = _truth()
    response = truth * np.float32(0.6)
    response[30:60, 40:50] = 0.8  # half of it
    assert shown(response, (0, 0, 120, 100), truth, NOTHING, 0.7).at_threshold == pytest.approx(0.5)
    assert shown(response, (0, 0, 120, 100), truth, NOTHING, 0.9).at_threshold == 0


def test_the_best_threshold_is_found() -> None:
    edited = np.array([True, True, False, False])
    assert best_iou(np.array([0.9, 0.6, 0.7, 0.1], np.float32), edited) == pytest.approx(2 / 3)
    assert best_iou(np.zeros(4, np.float32), edited) == 0


def test_overlaps() -> None:
    assert box_iou((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert box_iou((0, 0, 10, 10), (10, 0, 10, 10)) == 0
    assert plain_iou((40, 30, 40, 30), _truth()) == pytest.approx(0.5)
    rows, columns = surrounding(_truth(), SURROUNDING)
    assert (rows.start, rows.stop, columns.start, columns.stop) == (15, 75, 30, 70)


def test_a_hand_draws_around_the_edit_with_a_fifth_to_four_fifths_more() -> None:
    rng = np.random.default_rng(0)
    truth = _truth((200, 300, 60, 40))
    truth = np.zeros((512, 512), bool)
    truth[300:340, 200:260] = True
    near_rows, near_columns = surrounding(truth, NEAR)
    for _ in range(200):
        x, y, width, height = hand_like((200, 300, 60, 40), 512, rng)
        assert x <= near_columns.start
        assert x + width >= near_columns.stop
        assert y <= near_rows.start
        assert y + height >= near_rows.stop
        assert 72 <= width <= 110
        assert 48 <= height <= 74


def _result(
    number: int, whole: float, overlap: float, score: float, false: tuple[float, ...]
) -> PictureResult:
    missed, clear = Shown(whole, 0.5), Shown(0.8, 0.9)
    tried = Tried((0, 0, 64, 64), score, (0.0, overlap), (Shown(0, 0.5), Shown(0.6, 0.9)))
    chance = Tried((9, 9, 64, 64), score, (0.0, 0.0), (Shown(0, 0.5), Shown(0, 0.5)))
    return PictureResult(number, ("splicing", "removal"), 500_000, (clear, missed), (clear, clear),
                         (0.5, 0.4), (Shown(0.4, 0.6), Shown(0.2, 0.7)), Shown(0.5, 0.8),
                         (tried,), (chance,), false)  # fmt: skip


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(tmp_path, "held-out", card_named(DEFAULT), 4, 384, 1, tmp_path / "kept.jsonl")


RESULTS = [
    _result(0, 0.1, 0.5, 2.0, ()),
    _result(1, 0.1, 0.5, 0.5, (0.9,)),  # covered, but scored too low
    _result(2, 0.1, 0.1, 2.0, (2.5, 0.1)),  # not covered
    _result(3, 0.9, 0.5, 2.0, ()),  # not missed
]


def test_figures_count_what_they_say(plan: Plan) -> None:
    figures = figures_of(plan, RESULTS, 1.0)
    weak = figures["edits"]["weak"]
    assert (weak["missed"], weak["missed_covered"]["mean"]) == (3, pytest.approx(1 / 3))
    assert weak["missed_covered_by_random"]["mean"] == 0
    assert (weak["unseen"], weak["unseen_covered"]["mean"]) == (4, 0.5)
    assert figures["false_per_megapixel"] == 0.5
    assert figures["suggestions_per_picture"] == 0.75
    ways = {way: found["recall"]["mean"] for way, found in weak["ways"].items()}
    assert ways == {
        "whole": 0.25,
        "hand": 1.0,
        "hand, all marked": 1.0,
        "hand, centre control": 0.0,
        "whole and suggestions": 1.0 - 0.25,
        "whole and random windows": 0.25,
    }
    assert weak["hand_above_whole"]["mean"] == pytest.approx(0.4)
    assert weak["hand_above_centre"]["mean"] == pytest.approx(0.2)
    assert figures["weak_alone"]["recall"]["mean"] == 1
    assert figures["weak_alone"]["auc_above"]["mean"] == pytest.approx(0.3)
    assert figures["edits"]["strong"]["missed"] == 0
    assert figures["edits"]["strong"]["missed_covered"]["mean"] is None
    false = [point["false_per_megapixel"] for point in figures["curve"]]
    assert false == sorted(false)
    json.dumps(figures, allow_nan=False)


def test_the_score_at_the_aim_leaves_that_many_false_suggestions() -> None:
    scores = [2.5, 0.9, 0.1]
    assert sum(s >= score_at(scores, 1.0, 0.05) for s in scores) == 1
    assert score_at(scores, 3.0, 0.05) == 0.05


def test_results_are_written_between_the_marks_in_allowed_words(plan: Plan, tmp_path: Path) -> None:
    document = tmp_path / "regions.md"
    document.write_text(f"# Regions\n\n{BEGIN}\nYesterday.\n{END}\n\nThe end.\n")
    text = results_text(figures_of(plan, RESULTS, 1.0), "images/regions.png")
    put_into(document, text)
    put_into(document, text)

    content = document.read_text()
    assert content.count("missed 3 of 4 weak edits") == 1
    assert "Yesterday" not in content
    assert content.startswith("# Regions\n")
    assert content.endswith("The end.\n")
    assert "The second aim is reached, the first is **not**" in content
    assert not forbidden_in(content)
    with pytest.raises(RegionDocumentError, match="no place for results"):
        put_into(tmp_path / "other.md", text)


def test_an_interrupted_run_goes_on_and_another_one_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    kept = KeptResults(path, "one")
    kept.add(RESULTS[0])
    kept.add(RESULTS[2])
    path.write_text(path.read_text() + '{"number": 5, "ki')
    assert KeptResults(path, "one").found == {0: RESULTS[0], 2: RESULTS[2]}
    assert KeptResults(path, "two").found == {}
    assert KeptResults(path, "one").found == {}


def test_the_command_measures_and_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    names = (f"photo-{n}.png" for n in range(100))
    held_out = [name for name in names if part_of(name) == "held-out"][:2]
    for name, picture in zip(held_out, (skimage.data.chelsea(), skimage.data.coffee()), strict=True):
        Image.fromarray(picture).save(folder / name)
    document = tmp_path / "docs" / "regions.md"
    document.parent.mkdir()
    document.write_text(f"{BEGIN}\n{END}\n")
    words = ["regions", "--photos", str(folder), "--pictures", "2", "--side", "160", "--kept", str(tmp_path)]
    assert main([*words, "--out", str(document)]) == 0

    figures = json.loads((document.parent / "regions.json").read_text())
    assert (figures["pictures"], figures["part"]) == (2, "held-out")
    assert figures["edits"]["weak"]["ways"]["hand"]["recall"]["mean"] is not None
    with Image.open(document.parent / "images" / "regions.png") as image:
        assert image.width > 800
    monkeypatch.setattr(regions, "load_network", _not_again)
    assert main([*words, "--out", str(document)]) == 0  # from what was kept


def _not_again(_: object) -> None:
    raise AssertionError("measured again")


def test_photographs_of_the_other_part_are_never_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = next(name for name in (f"p{n}.png" for n in range(50)) if part_of(name) == "training")
    Image.fromarray(skimage.data.chelsea()).save(tmp_path / name)
    assert main(["regions", "--photos", str(tmp_path), "--pictures", "1", "--kept", str(tmp_path)]) == 1
    assert "no photograph of the held-out part" in capsys.readouterr().err


def test_the_command_knows_the_least_score_of_the_product() -> None:
    import argparse

    from workbench.core.search import LEAST_SCORE

    parser = argparse.ArgumentParser()
    region_command.add_arguments(parser)
    assert parser.parse_args(["--photos", "."]).least_score == LEAST_SCORE
