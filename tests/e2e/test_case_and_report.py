"""An examiner saves the case, opens it another day, and exports the report."""

import hashlib
import json
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np

from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.gui.main_window import MainWindow

Play = Callable[..., int]
Steps = Generator[Callable[[], object], None, None]


def test_case_is_saved_reopened_and_reported(play: Play, photo: Path, tmp_path: Path) -> None:
    folder, kept = tmp_path / "one.case", {}

    def first_day(window: MainWindow) -> Steps:
        session = window.session
        yield lambda: session.picture
        window.analyse()
        yield lambda: session.analysis
        window.save_case(folder)
        yield lambda: not session.document.unsaved
        session.add_region(40, 40, 96, 96)  # after saving, every action commits itself
        window.analyse_region(session.region_id)
        yield lambda: len(session.item.analyses) == 2
        kept["case"] = session.document.case

    def another_day(window: MainWindow) -> Steps:
        session = window.session
        yield lambda: session.picture
        assert session.document.case == kept["case"]
        session.choose_layer(session.item.analyses[0].id)
        yield lambda: session.findings
        assert window.runs_table.model().rowCount() == 2
        window.export_report(tmp_path / "report")
        yield (tmp_path / "report" / "manifest.json").is_file

    assert play(first_day, photo) == 0
    assert play(another_day, folder) == 0
    check_report(tmp_path / "report", photo)


def test_a_case_that_is_named_while_it_is_analysed_has_the_run(
    play: Play, photo: Path, tmp_path: Path
) -> None:
    folder, kept = tmp_path / "one.case", {}

    def story(window: MainWindow) -> Steps:
        session = window.session
        yield lambda: session.document.untitled
        window.analyse()
        window.save_case(folder)
        assert session.document.untitled
        yield lambda: session.document.folder == folder
        kept["case"] = session.document.case

    assert play(story, photo) == 0
    with CaseStore.open(folder, to_read=True) as store:
        assert store.case == kept["case"]
        assert len(store.case.items[0].analyses) == 1
    assert examine(folder).sealed
    assert examine(folder).agrees


def test_a_case_lives_on_without_the_original_and_is_sealed(play: Play, photo: Path, tmp_path: Path) -> None:
    folder, kept = tmp_path / "one.case", {}

    def first_day(window: MainWindow) -> Steps:
        yield lambda: window.session.picture
        window.save_case(folder)
        yield lambda: window.session.document.folder

    def another_day(window: MainWindow) -> Steps:
        session = window.session
        yield lambda: session.picture
        session.add_region(40, 40, 96, 96)
        window.analyse_region(session.region_id)
        yield lambda: len(session.item.analyses) == 1
        kept["case"] = session.document.case

    assert play(first_day, photo) == 0
    assert examine(folder).sealed
    photo.unlink()
    assert play(another_day, folder) == 0
    found = examine(folder)
    assert found.sealed
    assert found.agrees
    assert len(found.missing) == 1
    with CaseStore.open(folder, to_read=True) as store:
        assert store.case == kept["case"]
        assert store.case.items[0].path == photo


def check_report(report: Path, photo: Path) -> None:
    record = json.loads((report / "record.json").read_bytes())
    assert record["schema_version"] == 1
    assert record["item"]["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert record["item"]["unchanged"] is True
    assert [run["kind"] for run in record["runs"]] == ["whole", "region"]
    assert record["runs"][1]["region"] == record["runs"][1]["region"] | {
        "shape": "rectangle", "x": 40, "y": 40, "width": 96, "height": 96,
    }  # fmt: skip
    for run, shape in zip(record["runs"], [(300, 451), (96, 96)], strict=True):
        response = np.load(report / run["map"]["path"])
        assert response.shape == shape
        assert response.dtype == np.float32
        assert hashlib.sha256(response.tobytes()).hexdigest() == run["map"]["sha256"]
    for file in json.loads((report / "manifest.json").read_text())["files"]:
        assert hashlib.sha256((report / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    html = (report / "report.html").read_text("utf-8")
    assert hashlib.sha256((report / "record.json").read_bytes()).hexdigest() in html
    assert "<script" not in html
