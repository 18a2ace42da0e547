"""`workbench case analyze`: runs made without a window are kept in the case like those of the window."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.cli import DONE, FAILED, main


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with two small pictures, the first with a region."""
    monkeypatch.chdir(tmp_path)
    main(["case", "new", "a"])
    for number in (1, 2):
        noise = np.random.default_rng(number).integers(0, 255, (70, 90, 3), np.uint8)
        Image.fromarray(noise).save(f"{number}.png")
        main(["case", "add", "a", f"{number}.png"])
    with CaseStore.open(tmp_path / "a.case") as store:
        item = store.case.items[0].with_region(5, 5, 40, 40)
        store.commit(store.case.with_item(item), "region drawn", {}, "x")
    return tmp_path / "a.case"


def test_pictures_and_their_regions_are_run_and_reported(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["case", "analyze", "a", "--threshold", "0.25"]) == DONE
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == ["1. 1.png", "1. 1.png", "2. 2.png"]
    with CaseStore.open(case, to_read=True) as store:
        one, two = store.case.items
        assert [run.region for run in one.analyses] == [None, one.regions[0]]
        assert {run.threshold.value for run in (*one.analyses, *two.analyses)} == {0.25}
        lines = [line for line in store.log() if line.action == "analysis finished"]
        assert [line.detail["run"] for line in lines] == [run.id for run in (*one.analyses, *two.analyses)]
        for run in (*one.analyses, *two.analyses):
            assert store.get_map(run.map_sha256).shape == run.map_shape
    assert examine(case).sealed
    assert examine(case).agrees
    assert main(["report", "a", "--html", "--out", "out"]) == DONE


def test_one_bad_copy_does_not_keep_the_others_out(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with CaseStore.open(case, to_read=True) as store:
        store.picture_file(store.case.items[0]).write_bytes(b"damaged")
        store.case.items[0].path.unlink()
    capsys.readouterr()
    assert main(["case", "analyze", "a", "3"]) == FAILED
    assert "There is no picture 3 in this case" in capsys.readouterr().err
    assert main(["case", "analyze", "a"]) == FAILED
    said = capsys.readouterr()
    assert "The case's own copy of" in said.err
    assert [line.split(":")[0] for line in said.out.splitlines()] == ["2. 2.png"]
    with CaseStore.open(case, to_read=True) as store:
        assert [len(item.analyses) for item in store.case.items] == [0, 1]


def test_a_damaged_copy_is_passed_over_for_the_original_and_that_is_told(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with CaseStore.open(case, to_read=True) as store:
        store.picture_file(store.case.items[0]).write_bytes(b"damaged")
    capsys.readouterr()
    assert main(["case", "analyze", "a"]) == DONE
    said = capsys.readouterr()
    assert said.err.count("The case's own copy of 1.png is damaged, so the original was read") == 1
    with CaseStore.open(case, to_read=True) as store:
        one, two = store.case.items
    assert {run.provenance.from_original for run in one.analyses} == {True}
    assert {run.provenance.from_original for run in two.analyses} == {False}
    assert main(["report", "a", "--html", "--out", "out"]) == DONE
    record = json.loads(Path("out/picture-1/record.json").read_bytes())
    assert [run["read_from_original"] for run in record["runs"]] == [True, True]
    assert "the original file was read; its SHA-256 was the right one" in record["runs"][0]["limits"][-1]
