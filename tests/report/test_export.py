"""The folder of a report: record, exhibits, manifest."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest
import rfc8785
from PIL import Image

from workbench.core.case import Case, Item
from workbench.core.errors import CaseError, EvidenceChangedError
from workbench.core.evidence import displayed, open_evidence
from workbench.core.heatmap import Heatmap
from workbench.core.maps import MemoryMaps
from workbench.core.overlay import colour_table
from workbench.core.selfcheck import TOLERANCE
from workbench.core.selftest import SelfTestResult
from workbench.report.export import ReportError
from workbench.report.previews import LARGEST_SIDE, reduced_response

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/record-schema.json").read_text("utf-8"))


@pytest.fixture
def folder(tmp_path: Path, made: Any) -> Path:
    return made.export(tmp_path / "report").folder


@pytest.fixture
def record(folder: Path) -> dict:
    return json.loads((folder / "record.json").read_text("utf-8"))


def test_the_record_follows_the_schema_and_is_canonical(folder: Path, record: dict) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    assert rfc8785.dumps(record) == (folder / "record.json").read_bytes()


def test_the_schema_can_refuse(record: dict) -> None:
    record["runs"][0]["threshold"]["value"] = 1.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(record)


def test_the_keys_are_those_of_version_1(record: dict) -> None:
    assert set(record) >= {
        "schema_version", "report", "item", "tool", "runs", "search", "limits", "interpretation", "exhibits",
    }  # fmt: skip
    assert record["schema_version"] == 1
    assert record["search"] is None
    assert set(record["runs"][0]) >= {
        "id", "kind", "region", "method", "weights", "runtime", "precision", "tile", "seconds", "started",
        "by", "threshold", "map", "statistics", "findings",
    }  # fmt: skip
    assert set(record["tool"]) == {"version", "commit", "python", "os", "packages", "device", "selftest"}


def test_every_run_has_its_folder(folder: Path, record: dict) -> None:
    assert [run["map"]["path"] for run in record["runs"]] == [
        f"{name}/heatmap.npy" for name in ("whole", "region-1", "region-2", "whole-2")
    ]
    for run in record["runs"]:
        place = folder / run["map"]["path"]
        for name in ("heatmap.png", "overlay.png", "mask.png", "legend.png", "contours.json"):
            assert place.with_name(name).is_file()


def test_exhibits_are_exact(folder: Path, record: dict, made: Any) -> None:
    run = made.item.analyses[1]
    response = made.maps.get_map(run.map_sha256).response
    stored = np.load(folder / "region-1/heatmap.npy")
    assert stored.dtype == np.dtype("<f4")
    assert np.array_equal(stored, response)
    assert Heatmap.of(stored).sha256 == record["runs"][1]["map"]["sha256"]
    with Image.open(folder / "region-1/mask.png") as mask:
        assert np.array_equal(np.asarray(mask), (response > 0.5) * np.uint8(255))
    with Image.open(folder / "region-1/heatmap.png") as image:
        assert np.array_equal(np.asarray(image.convert("RGB"))[0, 0], colour_table()[int(0.1 * 256)])
        assert image.size == (100, 80)
    with Image.open(folder / "region-1/overlay.png") as image:
        assert image.size == (100, 80)
    assert (folder / "original.jpg").read_bytes() == made.item.path.read_bytes()


def test_contours_are_polygons_of_the_whole_picture(folder: Path, record: dict) -> None:
    run = record["runs"][1]
    content = json.loads((folder / run["contours"]["path"]).read_bytes())
    (polygon,) = content["polygons"]
    # The map's bright rectangle is x 25..49, y 20..39 of the region at x 20, y 30.
    assert sorted(map(tuple, polygon)) == [(45, 50), (45, 69), (69, 50), (69, 69)]
    assert (content["run"], content["threshold"]) == (run["id"], run["threshold"]["value"])
    assert json.loads((folder / "region-2/contours.json").read_bytes())["polygons"] == []
    (exhibit,) = [e for e in record["exhibits"] if e["path"] == "region-1/contours.json"]
    assert exhibit["sha256"] == hashlib.sha256((folder / "region-1/contours.json").read_bytes()).hexdigest()
    assert "as polygons" in exhibit["caption"]


def test_every_run_says_how_exactly_it_can_be_repeated(tmp_path: Path, made: Any) -> None:
    first = made.item.analyses[0]
    flags = (("TF_DETERMINISTIC_OPS", "1<b>"), ("XLA_FLAGS", "not set"))
    known = replace(first.provenance, runtime="Keras 3 on tensorflow 2, CPU", flags=flags)
    made.case = made.case.with_item(made.item.with_analysis(replace(first, provenance=known)))
    third, fourth = made.item.analyses[2:]
    coarse = replace(known, precision="bfloat16")
    fast = replace(known, runtime="Keras 3 on tensorflow 2, GPU")
    for run, provenance in ((third, coarse), (fourth, fast)):
        made.case = made.case.with_item(made.item.with_analysis(replace(run, provenance=provenance)))
    done = made.export(tmp_path / "r")
    record = json.loads(done.record.read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    run, old = record["runs"][:2]
    assert run["determinism"]["flags"] == dict(flags)
    assert "as recorded with the run" in run["determinism"]["statement"]
    assert run["effective_precision"].startswith("float32 throughout")
    assert run["tiling"]["tested_deviation"] == TOLERANCE
    assert "within 0.0002 by test; see self-test" in run["tiling"]["statement"]
    assert old["determinism"]["flags"] == {}
    assert "not recorded with this run" in old["determinism"]["statement"]
    assert "TensorFloat-32 was not recorded" in old["effective_precision"]
    assert record["runs"][2]["tiling"]["tested_deviation"] is None
    assert "not for bfloat16" in record["runs"][2]["tiling"]["statement"]
    assert record["runs"][2]["effective_precision"].startswith("bfloat16")
    assert "TensorFloat-32 was switched off" in record["runs"][3]["effective_precision"]
    page = done.html.read_text("utf-8")
    assert "TF_DETERMINISTIC_OPS = 1&lt;b&gt;." in page
    assert "XLA_FLAGS" not in page
    assert "tiles of 256 pixels" in page


def test_the_manifest_names_every_file_and_its_hash(folder: Path) -> None:
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {"manifest.json"}
    assert {file["path"] for file in files} == there
    for file in files:
        data = (folder / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["size"], file["sha256"])


def test_the_record_names_the_exhibits_and_html_names_the_record(folder: Path, record: dict) -> None:
    for exhibit in record["exhibits"]:
        assert hashlib.sha256((folder / exhibit["path"]).read_bytes()).hexdigest() == exhibit["sha256"]
    captions = {exhibit["path"]: exhibit["caption"] for exhibit in record["exhibits"]}
    assert "Run run2, threshold 0.5, scale 0 to 1" in captions["region-1/overlay.png"]
    sha256 = hashlib.sha256((folder / "record.json").read_bytes()).hexdigest()
    assert sha256 in (folder / "report.html").read_text("utf-8")


def test_the_same_case_gives_the_same_bytes(tmp_path: Path, made: Any) -> None:
    one, two = made.export(tmp_path / "a").folder, made.export(tmp_path / "b").folder
    for path in sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file()):
        assert (one / path).read_bytes() == (two / path).read_bytes(), path


def test_all_runs_are_counted_the_negative_too(record: dict) -> None:
    assert record["summary"]["statement"] == (
        "4 runs were made and all of them are shown, whatever they found: 2 of the whole picture, 2 of "
        "regions. 2 regions were drawn in all and 2 tested."
    )
    assert record["runs"][2]["findings"] == []
    assert (
        "no response exceeded 0.5; this does not show that the picture is genuine"
        in (record["runs"][2]["statement"])
    )


def test_findings_are_in_the_stored_frame_of_the_whole_picture(record: dict) -> None:
    (finding,) = record["runs"][1]["findings"]
    assert [finding[k] for k in ("x", "y", "width", "height", "area")] == [20 + 25, 30 + 20, 25, 20, 500]
    assert finding["share"] == pytest.approx(500 / 8000)
    assert "displayed" not in finding


def test_turned_pictures_name_both_frames(tmp_path: Path, make: Callable) -> None:
    made = make(orientation=6)
    response = np.zeros((160, 240), np.float32)
    response[10:30, 40:90] = 0.8
    made.run(response)
    record = json.loads(made.export(tmp_path / "r").record.read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    (finding,) = record["runs"][0]["findings"]
    assert (finding["x"], finding["y"], finding["width"], finding["height"]) == (40, 10, 50, 20)
    shown = finding["displayed"]
    turned = displayed(response, 6)
    part = turned[shown["y"] : shown["y"] + shown["height"], shown["x"] : shown["x"] + shown["width"]]
    assert part.shape == (50, 20)
    assert part.min() == np.float32(0.8)
    assert np.load(tmp_path / "r/whole/heatmap.npy").shape == (160, 240)


def test_limits_stand_where_they_bite(tmp_path: Path, made: Any) -> None:
    made.run(np.full((160, 240), 0.9, np.float32))
    record = json.loads(made.export(tmp_path / "r").record.read_text("utf-8"))
    first, tight = record["runs"][0]["limits"], record["runs"][1]["limits"]
    assert any("estimated JPEG quality of 71" in sentence for sentence in first)
    assert any("covers most of the region" in sentence for sentence in tight)
    assert any("windows of up to 31 pixels" in sentence for sentence in record["runs"][2]["limits"])
    assert any("may be inverted" in sentence for sentence in record["runs"][4]["limits"])
    assert "Weights compact-1: Trained for a short time." in record["limits"]


def test_a_changed_file_is_said_and_not_copied(tmp_path: Path, made: Any) -> None:
    made.item.path.write_bytes(made.item.path.read_bytes() + b"\0")
    done = made.export(tmp_path / "r")
    record = json.loads(done.record.read_text("utf-8"))
    assert not done.unchanged
    assert not record["item"]["unchanged"]
    assert record["item"]["sha256_at_export"] != record["item"]["sha256"]
    assert not (done.folder / "original.jpg").exists()
    assert "has CHANGED since it was opened" in done.html.read_text("utf-8")


def test_a_missing_file_is_said(tmp_path: Path, made: Any) -> None:
    made.item.path.unlink()
    done = made.export(tmp_path / "r")
    record = json.loads(done.record.read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    assert record["item"]["sha256_at_export"] is None
    assert "could not be read again at export" in done.html.read_text("utf-8")


def test_nothing_is_overwritten_and_a_failure_leaves_nothing(
    tmp_path: Path, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.export(tmp_path / "r")
    with pytest.raises(ReportError, match="exists already"):
        made.export(tmp_path / "r")
    (tmp_path / "empty").mkdir()
    assert made.export(tmp_path / "empty").record.is_file()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    made.export(Path())
    assert (tmp_path / "here/whole/heatmap.npy").is_file()
    made.maps = MemoryMaps()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(CaseError):
        made.export(tmp_path / "s")
    assert sorted(tmp_path.iterdir()) == before
    with pytest.raises(ReportError, match="could not be written"):
        made.export(made.item.path / "s")


def test_another_file_is_refused(tmp_path: Path, made: Any) -> None:
    made.evidence = replace(made.evidence, sha256="0" * 64)
    with pytest.raises(EvidenceChangedError):
        made.export(tmp_path / "r")


def test_an_item_without_runs_has_a_report(tmp_path: Path, make: Callable) -> None:
    done = make().export(
        tmp_path / "r", selftest=SelfTestResult("2026-11-20T09:00:00+01:00", True, "0.1.0", "ab" * 32)
    )
    assert "No run was made, so there are no findings" in done.html.read_text("utf-8")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(done.record.read_text("utf-8")))


def test_previews_of_large_maps_lose_no_peak() -> None:
    response = np.zeros((10, LARGEST_SIDE * 2 + 1), np.float32)
    response[9, -1] = 0.7
    small = reduced_response(response)
    assert small.shape == (4, -(-(LARGEST_SIDE * 2 + 1) // 3))
    assert small[3, -1] == np.float32(0.7)


def test_exhibits_of_a_large_picture_keep_every_pixel(tmp_path: Path, make: Callable) -> None:
    made = make("wide.png")
    wide = np.tile(made.evidence.pixels, (2, 9, 1))[:300]
    Image.fromarray(wide).save(made.item.path)
    made = _reopened(made)
    made.run(np.random.default_rng(0).random((300, wide.shape[1]), dtype=np.float32))
    done = made.export(tmp_path / "r")
    assert cv2.imread(str(done.folder / "whole/overlay.png")).shape == wide.shape
    assert "reduced 2 times" in done.html.read_text("utf-8")


def _reopened(made: Any) -> Any:
    made.evidence = open_evidence(made.item.path)
    made.case = Case("case1", items=(Item.of(made.evidence),))
    return made
