"""`workbench analyze` with regions from files and from a search: all of it stands in the record."""

import json
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from workbench.cli import DONE, FAILED, main
from workbench.core.case import Item
from workbench.core.evidence import open_evidence
from workbench.core.region import Shape
from workbench.core.region_files import write_labelme, write_regions


@pytest.fixture
def spliced(tmp_path: Path) -> Path:
    """A photograph with a noisy disc in it."""
    picture = skimage.data.chelsea().astype(np.float64)
    rows, columns = np.ogrid[:300, :451]
    disc = (rows - 110) ** 2 + (columns - 330) ** 2 < 40**2
    picture[disc] += np.random.default_rng(0).normal(0, 30, picture[disc].shape)
    path = tmp_path / "spliced.png"
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path)
    return path


def _record(out: Path) -> dict:
    return json.loads((out / "record.json").read_bytes())


def test_regions_of_files_are_run_and_counted_inside_their_shapes(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = Item.of(open_evidence(photo)).with_region(40, 30, 120, 100, Shape.ELLIPSE)
    outline = ((200.0, 100.0), (264.0, 100.0), (200.0, 196.0))
    drawn = item.with_region(200, 100, 64, 96, Shape.POLYGON, outline)
    write_regions(tmp_path / "ours.json", drawn, drawn.regions[:1])
    write_labelme(tmp_path / "theirs.json", drawn, drawn.regions[1:])
    out = tmp_path / "out"
    words = ["--regions", str(tmp_path / "ours.json"), "--regions", str(tmp_path / "theirs.json")]
    assert main(["analyze", str(photo), "--threshold", "0.2", *words, "--out", str(out)]) == DONE

    record = _record(out)
    _, ellipse, polygon = record["runs"]
    assert (ellipse["region"]["shape"], polygon["region"]["shape"]) == ("ellipse", "polygon")
    assert polygon["region"]["points"] == [list(point) for point in outline]
    for run, region in ((ellipse, drawn.regions[0]), (polygon, drawn.regions[1])):
        response = np.load(out / run["map"]["path"])
        assert response.shape == (region.height, region.width)  # the bounding rectangle is analysed
        inside = region.inside()
        above = (response > np.float32(0.2)) & inside
        assert run["statistics"]["pixels"] == inside.sum()
        assert run["above_threshold"]["area"] == above.sum()
        assert run["above_threshold"]["share"] == pytest.approx(above.sum() / inside.sum())
    assert record["search"] is None
    assert f"of {drawn.regions[0].inside().sum()} pixels" in capsys.readouterr().out


def test_a_search_stands_in_the_record_with_all_windows_and_what_was_run(
    spliced: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    given = ["--search-regions", "--least-score", "0.3"]  # low, so that there is something to accept
    assert main(["analyze", str(spliced), *given, "--out", str(out)]) == DONE

    record = _record(out)
    search = record["search"]
    assert len(search["windows"]) > 10
    assert search["parameters"]["least_score"] == 0.3
    assert search["suggestions"], "without any, nothing below is checked"
    assert search["parameters"]["sides"] == sorted(search["parameters"]["sides"], reverse=True)
    accepted = [(entry["rank"], entry["region"]) for entry in search["accepted"]]
    assert [rank for rank, _ in accepted] == [s["rank"] for s in search["suggestions"]]
    runs = {run["region"]["id"]: run for run in record["runs"] if run["region"]}
    assert list(runs) == [region for _, region in accepted]
    for suggestion, (_, region) in zip(search["suggestions"], accepted, strict=True):
        limits = " ".join(runs[region]["limits"])
        assert "not comparable with those of the whole picture" in limits or "may be inverted" in limits
        box = {key: runs[region]["region"][key] for key in ("x", "y", "width", "height")}
        assert box == {key: suggestion["region"][key] for key in box}
    said = capsys.readouterr().out
    windows, suggested = len(search["windows"]), len(search["suggestions"])
    assert f"{windows} windows tried, {suggested} suggested, {suggested} accepted and run" in said
    assert f"{suggested} suggested, {suggested} run by the command line" in search["statement"]
    assert search["accepted_by"] == "command line"
    assert "not comparable with those of the whole picture" in said


@pytest.mark.parametrize("score", ["-1", "nan", "inf", "high"])
def test_a_least_score_that_is_none_is_refused(score: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["analyze", "photo.jpg", "--search-regions", f"--least-score={score}"])
    assert "is not a score, a number from 0 up" in capsys.readouterr().err


def test_a_file_of_another_picture_is_refused_before_anything_is_run(
    photo: Path, spliced: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = Item.of(open_evidence(photo)).with_region(40, 30, 120, 100)
    path = tmp_path / "regions.json"
    write_regions(path, item, item.regions)
    small = tmp_path / "small.png"
    Image.fromarray(skimage.data.chelsea()[:200, :300]).save(small)
    assert main(["analyze", str(small), "--regions", str(path)]) == FAILED
    assert "drawn on a picture of 451 × 300 pixels" in capsys.readouterr().err
    assert main(["analyze", str(small), "--regions", str(tmp_path / "none.json")]) == FAILED
    assert "can't be used" in capsys.readouterr().err

    assert main(["analyze", str(spliced), "--regions", str(path), "--out", str(tmp_path / "out")]) == DONE
    assert "drawn on another file (chelsea.png" in capsys.readouterr().err
