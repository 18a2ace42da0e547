"""What the record says of shapes, searches, notes, propositions, review and log, by its schema."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from PIL import Image

from workbench.core.analysis import Provenance
from workbench.core.case import CaseDetails, Proposition, Review, Status
from workbench.core.region import Region, Shape
from workbench.core.search import Search, SearchParameters, SearchResult, Suggestion
from workbench.core.selftest import Check, SelfTestResult
from workbench.report.record import LogHead

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/record-schema.json").read_text("utf-8"))
MADE = Provenance("test 1.0", "float32", 256, 1.25, "2026-11-20T10:00:00+01:00", "cd" * 32)


def _record(made: Any, folder: Path, **changes: Any) -> dict:
    record = json.loads(made.export(folder, **changes).record.read_bytes())
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    return record


def _search(made: Any, number: int, accepted: tuple[tuple[int, str], ...] = ()) -> Search:
    windows = tuple((x, y, 64, 64) for x in range(0, 176, 32) for y in range(0, 96, 32))
    suggestions = Suggestion(1, 2.5, (20, 30, 64, 64), 3), Suggestion(2, 1.5, (90, 30, 64, 64), 5)
    result = SearchResult(SearchParameters((64,), 0.5, 0.4, 64), windows, suggestions, MADE)
    return Search(f"search{number}", made.item.analyses[0].weights, "A. Examiner", result, accepted)


def test_a_search_hides_nothing(tmp_path: Path, made: Any) -> None:
    accepted = ((1, made.item.regions[0].id),)
    aside = _search(made, 2, accepted).with_dismissed(2, dismissed=True)
    item = made.item.with_search(_search(made, 1)).with_search(aside)
    made.case = made.case.with_item(item)
    record = _record(made, tmp_path / "r")
    newest, (earlier,) = record["search"], record["earlier_searches"]
    assert (newest["id"], earlier["id"]) == ("search2", "search1")
    assert len(newest["windows"]) == 18
    assert newest["windows"][1] == {"x": 0, "y": 32, "width": 64, "height": 64}
    assert [(s["rank"], s["score"], s["window"]) for s in newest["suggestions"]] == [(1, 2.5, 3), (2, 1.5, 5)]
    assert newest["accepted"] == [{"rank": 1, "region": made.item.regions[0].id}]
    assert (newest["dismissed"], earlier["dismissed"]) == ([2], [])
    assert newest["parameters"] == {
        "sides": [64], "overlap": 0.5, "threshold": 0.4, "smallest_area": 64, "most": 8,
        "least_score": 0,
    }  # fmt: skip
    assert newest["statement"].startswith("18 windows were tried, 2 suggested, 1 accepted by the")
    assert newest["accepted_by"] == "examiner"
    page = (tmp_path / "r/report.html").read_text("utf-8")
    assert newest["statement"] in page
    assert page.count("not accepted: dismissed by the examiner") == 1
    assert page.count("not accepted") == 3
    assert "overlapping by at least 50.00 %" in page
    captions = [exhibit["caption"] for exhibit in record["exhibits"]]
    assert max(caption.count("of the whole picture") for caption in captions) == 1
    assert {"openvino", "typst"} <= record["tool"]["packages"].keys()

    made.case = made.case.with_item(item.without_region(made.item.regions[0].id))
    record = _record(made, tmp_path / "deleted")
    assert record["search"]["accepted"] == newest["accepted"]
    assert record["search"]["statement"] == newest["statement"]
    assert "a region that was deleted since" in (tmp_path / "deleted/report.html").read_text("utf-8")


def test_findings_are_counted_inside_the_shape(tmp_path: Path, make: Callable) -> None:
    made = make()
    item = made.item.with_region(20, 30, 100, 80, Shape.ELLIPSE)
    points = ((130.0, 10.0), (194.0, 10.0), (130.0, 58.0))
    item = item.with_region(130, 10, 64, 48, Shape.POLYGON, points)
    made.case = made.case.with_item(item)
    for region in item.regions:
        made.run(np.full((region.height, region.width), 0.9, np.float32), region)
    record = _record(made, tmp_path / "r")
    ellipse, polygon = record["runs"]
    assert ellipse["region"]["shape"] == "ellipse"
    assert polygon["region"]["points"] == [list(point) for point in points]
    for run, region in zip(record["runs"], item.regions, strict=True):
        inside = int(np.count_nonzero(region.inside()))
        assert run["above_threshold"]["area"] == inside < region.width * region.height
        assert run["above_threshold"]["share"] == 1
        assert run["statistics"]["pixels"] == inside
        folder = tmp_path / "r" / run["map"]["path"]
        with Image.open(folder.with_name("mask.png")) as mask:
            assert np.array_equal(np.asarray(mask) > 0, region.inside())
        assert np.load(folder).shape == (region.height, region.width)
    assert "over 100.00 % of the shape" in ellipse["statement"]
    assert "elliptical region" in ellipse["statement"]
    with Image.open(tmp_path / "r/region-2/overlay.png") as overlay:
        corner = np.asarray(overlay)[-1, -1]  # outside the shape the picture is as it is
    assert np.array_equal(corner, made.evidence.pixels[10 + 47, 130 + 63])


def test_what_people_wrote_is_kept_as_it_is(tmp_path: Path, made: Any) -> None:
    first = made.item.analyses[0]
    region = replace(made.item.regions[0], note="Sharp edge.", colour="#00ff00")
    item = replace(made.item, tags=("urgent", "=1"), note="From the server.\nSecond copy.")
    item = item.with_region_changed(region)
    made.case = made.case.with_item(item.with_analysis(replace(first, note="Odd.", preview_difference=0.125)))
    record = _record(made, tmp_path / "r")
    assert record["item"]["tags"] == ["urgent", "=1"]
    assert record["item"]["note"] == "From the server.\nSecond copy."
    assert record["item"]["regions"][0]["note"] == "Sharp edge."
    assert record["item"]["regions"][0]["colour"] == "#00ff00"
    assert (record["runs"][0]["note"], record["runs"][0]["preview_difference"]) == ("Odd.", 0.125)
    assert record["runs"][1]["preview_difference"] is None
    page = (tmp_path / "r/report.html").read_text("utf-8")
    for text in ("Sharp edge.", "From the server.", "Second copy.", "Odd.", "differs from this map by 0.125"):
        assert text in page


def test_opinion_is_named_weighed_and_reviewed(tmp_path: Path, made: Any) -> None:
    details = CaseDetails(
        examiner="A. Examiner",
        interpretation="The response in R1 is as expected under H1.",
        propositions=(Proposition("H1", "It was changed.", "supports"), Proposition("H2", "It was not.")),
        alternatives="Strong contrast; probably a reflection.",
        review=Review("B. Second", "2026-11-21", False, "I would name the weights."),
        status=Status.FINAL,
    )
    made.case = replace(made.case, details=details)
    record = _record(made, tmp_path / "r", status="", assessments=("supports", "is neutral"))
    said = record["interpretation"]
    assert said["propositions"][1] == {"name": "H2", "text": "It was not.", "assessment": ""}
    assert said["assessments"] == ["supports", "is neutral"]
    assert said["forbidden_words"] == ["probably"]
    assert record["report"]["status"] == "final"
    assert record["report"]["review"]["agreed"] is False
    page = (tmp_path / "r/report.html").read_text("utf-8")
    for text in ("Proposition H1", "not assessed", "supports; is neutral", "B. Second", "does not agree"):
        assert text in page
    assert "No second examiner has reviewed" not in page


def test_nothing_is_said_for_people_by_default(tmp_path: Path, made: Any) -> None:
    record = _record(made, tmp_path / "r")
    assert record["interpretation"]["propositions"] == record["interpretation"]["assessments"] == []
    assert record["report"]["log"] is None
    page = (tmp_path / "r/report.html").read_text("utf-8")
    for text in (
        "No interpretation was written.",
        "No second examiner has reviewed",
        "None were written down",
    ):
        assert text in page


def test_log_head_and_self_test_stand_in_the_report(tmp_path: Path, made: Any) -> None:
    checks = Check("tiles"), Check("recorded values", "largest difference 0.1")
    test = SelfTestResult(
        "2026-11-19T08:00:00+01:00", False, "0.1.0", "ab" * 32, "OpenVINO", "float32", checks
    )
    record = _record(made, tmp_path / "r", log=LogHead("ef" * 32, 7), selftest=test)
    assert record["report"]["log"] == {"sha256": "ef" * 32, "count": 7}
    assert record["tool"]["selftest"]["checks"][1]["difference"] == "largest difference 0.1"
    page = (tmp_path / "r/report.html").read_text("utf-8")
    assert "2026-11-19 08:00:00+01:00: NOT passed, on OpenVINO, float32" in page
    assert "recorded values: largest difference 0.1" in page
    assert "ef" * 32 in page


@pytest.mark.parametrize("orientation", [1, 6])
def test_regions_are_drawn_where_they_are_shown(tmp_path: Path, make: Callable, orientation: int) -> None:
    from workbench.core.overlay import CONTOUR_COLOUR
    from workbench.report.figures import figures_of_item

    made = make(orientation=orientation)
    made.case = made.case.with_item(made.item.with_region(20, 30, 100, 80))
    import io

    shown = figures_of_item(made.evidence, made.item.regions)["item"]
    image = np.asarray(Image.open(io.BytesIO(shown.data)).convert("RGB")).astype(int)
    assert image.shape[:2] == ((160, 240) if orientation == 1 else (240, 160))
    edge = (70, 20) if orientation == 1 else (20, 160 - 70)  # row, column of the middle of the left side
    around = image[edge[0] - 2 : edge[0] + 3, edge[1] - 2 : edge[1] + 3].reshape(-1, 3)
    assert np.abs(around - CONTOUR_COLOUR).sum(axis=1).min() < 160


def test_outlines_of_all_shapes() -> None:
    from workbench.report.figures import outline

    ellipse = outline(Region("r", "R", 10, 20, 40, 60, Shape.ELLIPSE))
    assert ellipse.min(axis=0) == pytest.approx((10, 20))
    assert ellipse.max(axis=0) == pytest.approx((50, 80))
    points = ((1.5, 2.5), (30, 2.5), (9, 40))
    assert outline(Region("r", "R", 1, 2, 29, 38, Shape.FREEHAND, points)).tolist() == [
        list(p) for p in points
    ]
    assert outline(Region("r", "R", 1, 2, 20, 30)).tolist() == [[1, 2], [21, 2], [21, 32], [1, 32]]
