"""Cases of the first version: `fixtures/version-1.case` was written by the program as it then was."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core.evidence import reopen
from workbench.core.heatmap import read_heatmap
from workbench.report.export import export_case
from workbench.report.verification import differences

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The case, and the picture at the place that the case names, relative to the working folder."""
    shutil.copytree(FIXTURES / "version-1.case", tmp_path / "version-1.case")
    shutil.copy(FIXTURES / "rocket.png", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "version-1.case"


def test_it_can_be_looked_at_as_it_is(old: Path) -> None:
    before = (old / "case.sqlite").read_bytes()
    found = examine(old)
    assert found.agrees
    assert (found.state, found.head.count) == ("The case has no seal.", 3)
    with CaseStore.open(old, to_read=True) as store:
        assert [run.title for run in store.case.items[0].analyses] == ["Whole picture", "R1"]
        assert len(store.log()) == 3
        assert store.differences() == []
    assert (old / "case.sqlite").read_bytes() == before
    assert sorted(path.name for path in old.iterdir()) == ["case.sqlite", "maps"]


def test_opening_it_brings_it_up_to_date(old: Path) -> None:
    with CaseStore.open(old, to_read=True) as before:
        case = before.case
    with CaseStore.open(old, "B. Examiner") as store:
        assert store.case == case
        assert store.remark == ""
        line = store.log()[-1]
        assert (line.action, line.by) == ("case opened", "B. Examiner")
        assert line.detail == {
            "seal": "none, made by an earlier version",
            "tables": "1 to 2",
            "without copy": [],
        }
        assert store.picture_file(case.items[0]).read_bytes() == Path("rocket.png").read_bytes()
        for sha256 in case.map_hashes():
            store.get_map(sha256)
        store.commit(case.with_item(replace(case.items[0], tags=("night",))), "tagged", {}, "B")
    found = examine(old)
    assert (found.sealed, found.agrees) == (True, True)
    with CaseStore.open(old) as again:
        assert again.case.items[0].tags == ("night",)
        assert again.case.details == case.details


def test_a_picture_that_is_gone_has_no_copy_and_both_log_and_verify_say_so(old: Path) -> None:
    Path("rocket.png").unlink()
    CaseStore.open(old).close()
    with CaseStore.open(old, to_read=True) as store:
        (told,) = store.log()[3].detail["without copy"]
        assert told["item"] == store.case.items[0].id
        assert "does not exist" in told["reason"]
    assert examine(old).differences == ["rocket.png is not there, and the case has no copy of it."]


def test_a_map_that_is_damaged_gets_no_new_hash(old: Path) -> None:
    path = next((old / "maps").iterdir())
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    (before,) = examine(old).differences
    assert "no longer has the hash" in before
    CaseStore.open(old).close()
    assert before in examine(old).differences


def test_changes_before_the_move_are_noticed(old: Path) -> None:
    with closing(sqlite3.connect(old / "case.sqlite", isolation_level=None)) as database:
        database.execute("DELETE FROM analyses WHERE position = 1")
    assert "rows of the case are not those of the last line" in " ".join(examine(old).differences)
    with CaseStore.open(old) as store:
        assert store.read_only
        assert "rows of the case are not those of the last line" in store.remark


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
@pytest.mark.parametrize("place", ["schema.migrate", "blobs.copy_evidence", "log.append", "seal.open_seal"])
def test_a_program_killed_on_the_way_leaves_a_case_that_opens(old: Path, place: str) -> None:
    module = place.split(".", maxsplit=1)[0]
    code = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        f"from workbench.casefile import {module}\nfrom workbench.casefile.store import CaseStore\n"
        f"real = {place}\n"
        "def last(*arguments):\n    real(*arguments)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"{place} = last\nCaseStore.open(Path(sys.argv[1]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(old)], check=False)
    assert killed.returncode == -9
    assert examine(old).agrees
    with CaseStore.open(old) as store:
        assert len(store.case.items[0].analyses) == 2
        assert store.picture_file(store.case.items[0]).parent == old / "evidence"
    found = examine(old)
    assert (found.sealed, found.agrees) == (True, True)


def test_a_report_on_it_has_the_exhibits_that_it_does_not_keep(old: Path, tmp_path: Path) -> None:
    with CaseStore.open(old, to_read=True) as store:
        exported = export_case(
            tmp_path / "report",
            store.case,
            lambda item: reopen(store.picture_file(item), item.sha256, item.name),
            store,
        )
        runs = store.case.items[0].analyses
    assert not list(old.glob("maps/*.png"))
    for run, place in zip(runs, ("whole", "region-1"), strict=True):
        with Image.open(exported.folder / place / "heatmap.png") as image:
            assert image.size == run.map_shape[::-1]
        assert read_heatmap(exported.folder / place / "heatmap.npy").sha256 == run.map_sha256
    assert differences(exported.folder) == []
