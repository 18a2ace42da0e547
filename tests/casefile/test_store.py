"""A case on disk: what was shown as done is there, and nothing is overwritten."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workbench.casefile.kept import KeptFiles
from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core.analysis import Analysis, Provenance, WeightsUsed
from workbench.core.case import Case, Item
from workbench.core.errors import CaseError
from workbench.core.heatmap import Heatmap
from workbench.core.maps import MemoryMaps
from workbench.core.search import Search, SearchParameters, SearchResult, Suggestion


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Müller's <case>.case"


WithRun = Callable[[Case], tuple[Case, Heatmap]]


@pytest.fixture
def with_run(make_run: Callable[[Item, int], tuple[Analysis, Heatmap]]) -> WithRun:
    def add(case: Case) -> tuple[Case, Heatmap]:
        run, heatmap = make_run(case.items[0], 0)
        return case.with_item(case.items[0].with_analysis(run)), heatmap

    return add


def test_every_commit_is_there_after_reopening(folder: Path, item: Item) -> None:
    with CaseStore.create(folder, by="A. Examiner") as store:
        case = store.case.with_item(item)
        store.commit(case, "picture opened", {"item": item.id, "sha256": item.sha256}, "A. Examiner")
        drawn = case.with_item(item.with_region(10, 10, 40, 30))
        line = store.commit(drawn, "region drawn", {"region": [10, 10, 40, 30]}, "A. Examiner")
        assert line.number == 3
    with CaseStore.open(folder) as again:
        assert again.case == drawn
        assert not again.read_only
        lines = again.log()
        assert [x.action for x in lines] == ["case created", "picture opened", "region drawn", "case sealed"]
        assert lines[2] == line
        assert lines[-1].time[-6] in "+-"
        assert again.differences() == []


def test_undo_takes_rows_away_and_adds_a_line(folder: Path, case: Case) -> None:
    with CaseStore.save_as(folder, case, MemoryMaps(), "x") as store:
        store.commit(replace(case, items=()), "undo", {}, "x")
        store.commit(case, "redo", {}, "x")
        assert len(store.log()) == 3
    with CaseStore.open(folder) as again:
        assert again.case == case


def test_order_of_pictures_and_runs_is_kept(folder: Path, case: Case) -> None:
    second = replace(case.items[0], id="second", regions=())
    both = case.with_item(second)
    with CaseStore.save_as(folder, both, MemoryMaps(), "x") as store:
        store.commit(replace(both, items=both.items[::-1]), "order", {}, "x")
    with CaseStore.open(folder) as again:
        assert [i.id for i in again.case.items] == ["second", case.items[0].id]


def test_saving_an_unsaved_case_writes_its_maps(folder: Path, case: Case, with_run: WithRun) -> None:
    maps = MemoryMaps()
    case, heatmap = with_run(case)
    maps.put_map(heatmap)
    with CaseStore.save_as(folder, case, maps, "A. Examiner") as store:
        kept = store.get_map(heatmap.sha256)
        assert np.array_equal(kept.response, heatmap.response)
        assert not kept.response.flags.writeable
        assert store.case == case
    assert np.load(folder / "maps" / f"{heatmap.sha256}.npy").dtype == np.dtype("<f4")


def test_a_failed_save_leaves_nothing(folder: Path, case: Case, with_run: WithRun) -> None:
    case, _ = with_run(case)
    before = sorted(folder.parent.iterdir())
    with pytest.raises(CaseError, match="is not in this case"):
        CaseStore.save_as(folder, case, MemoryMaps(), "x")
    assert sorted(folder.parent.iterdir()) == before


def test_nothing_is_overwritten(folder: Path) -> None:
    CaseStore.create(folder).close()
    with pytest.raises(CaseError, match="exists already and is not overwritten"):
        CaseStore.create(folder)


def test_a_run_needs_its_map_and_is_never_removed(folder: Path, case: Case, with_run: WithRun) -> None:
    with CaseStore.save_as(folder, case, MemoryMaps(), "x") as store:
        more, heatmap = with_run(case)
        with pytest.raises(CaseError, match="not stored yet"):
            store.commit(more, "run", {}, "x")
        store.put_map(heatmap)
        store.put_map(heatmap)  # a second time is no harm
        store.commit(more, "run", {}, "x")
        with pytest.raises(CaseError, match="every run is kept"):
            store.commit(case, "undo", {}, "x")
        assert store.case == more
        assert len(store.log()) == 2


def test_a_search_is_never_removed(folder: Path, case: Case) -> None:
    result = SearchResult(
        SearchParameters((256, 128), 0.5, 0.4, 64),
        ((0, 0, 128, 128), (64, 0, 128, 128)),
        (Suggestion(1, 0.7, (10, 10, 30, 30), 1),),
        Provenance("made up", "float32", 256, 1.5, "2026-11-20T10:00:00+01:00", "cd" * 32),
    )
    search = Search("s1", WeightsUsed("w", "ab" * 32, "c", "l", "o"), "x", result)
    with CaseStore.save_as(folder, case, MemoryMaps(), "x") as store:
        searched = case.with_item(case.items[0].with_search(search))
        store.commit(searched, "region search", {}, "x")
        accepted = case.with_item(case.items[0].with_search(replace(search, accepted=((1, "r1"),))))
        store.commit(accepted, "suggestion accepted", {}, "x")
        with pytest.raises(CaseError, match="every region search is kept"):
            store.commit(case, "undo", {}, "x")
    with CaseStore.open(folder) as again:
        assert again.case == accepted
        assert again.case.items[0].searches[0].accepted == ((1, "r1"),)


@pytest.mark.skipif(os.name == "nt", reason="Windows moves no folder with an open file in it")
@pytest.mark.parametrize("replaced", [False, True])
def test_a_case_moved_while_open_takes_nothing_more(
    folder: Path, case: Case, with_run: WithRun, replaced: bool
) -> None:
    moved = folder.with_name("moved.case")
    first, kept = with_run(case)
    with CaseStore.save_as(folder, case, MemoryMaps(), "x") as store:
        store.put_map(kept)
        store.commit(first, "run", {}, "x")
        folder.rename(moved)
        if replaced:
            CaseStore.create(folder).close()
        with pytest.raises(CaseError, match="was moved, renamed, removed or replaced"):
            store.put_map(Heatmap.of(np.ones((3, 4), np.float32)))
        with pytest.raises(CaseError, match="open it there and do this again"):
            store.commit(replace(first, items=()), "x", {}, "x")
        with pytest.raises(CaseError, match="no longer at"):
            store.get_map(kept.sha256)
        assert folder.exists() == replaced
        assert not list(folder.glob("maps/*"))
    assert not examine(moved).sealed
    with CaseStore.open(moved) as again:
        assert again.case == first
        assert again.differences() == []


def test_a_map_never_makes_the_folder_of_a_case(folder: Path) -> None:
    with pytest.raises(CaseError, match="could not be stored"):
        KeptFiles(folder, {}).put_map(Heatmap.of(np.ones((3, 4), np.float32)))
    assert not folder.exists()


def test_names_that_are_no_utf8_are_kept(folder: Path, case: Case) -> None:
    odd = case.with_item(replace(case.items[0], name="a\udcff.png", path=Path("/x/a\udcff.png")))
    with CaseStore.save_as(folder, odd, MemoryMaps(), "by \udc80") as store:
        store.commit(odd, "act\tion", {"name": "a\udcff.png"}, "\udc80")
    with CaseStore.open(folder) as again:
        assert again.case == odd
        assert again.log()[1].by == "\udc80"
        (sentence,) = again.differences()
        assert "/x/a[U+DCFF].png is not there, and the case has no copy of it" in sentence


def test_a_second_window_may_only_read(folder: Path, case: Case) -> None:
    with CaseStore.save_as(folder, case, MemoryMaps(), "x") as first:
        with CaseStore.open(folder) as second:
            assert second.read_only
            assert "open in another window" in second.remark
            assert second.case == case
            with pytest.raises(CaseError, match="another window"):
                second.commit(case, "x", {}, "x")
            with pytest.raises(CaseError, match="another window"):
                second.put_map(Heatmap.of(np.zeros((2, 2), np.float32)))
        first.commit(replace(case, items=()), "still works", {}, "x")
    with CaseStore.open(folder) as third:
        assert not third.read_only


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_place_that_can_not_be_written_opens_for_reading(public_folder: Path, case: Case) -> None:
    folder = public_folder / "x.case"
    CaseStore.save_as(folder, case, MemoryMaps(), "x").close()
    (folder / "case.lock").unlink()
    folder.chmod(0o555)
    with _as_nobody(), CaseStore.open(folder) as store:
        assert store.read_only
        assert "nothing may be written" in store.remark
        assert store.case == case
        assert [line.action for line in store.log()] == ["case created", "case sealed"]
    folder.chmod(0o755)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may write everywhere, so step down for a moment."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


# --- damage ----------------------------------------------------------------------------------------------


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="is not a case"):
        CaseStore.open(tmp_path)
    (tmp_path / "case.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(CaseError, match="damaged"):
        CaseStore.open(tmp_path)
    (tmp_path / "case.sqlite").unlink()
    sqlite3.connect(tmp_path / "case.sqlite").execute("CREATE TABLE other (x)").connection.close()
    with pytest.raises(CaseError, match="was not made by this program"):
        CaseStore.open(tmp_path)


def _sql(folder: Path, statement: str) -> None:
    database = sqlite3.connect(folder / "case.sqlite", isolation_level=None)
    database.execute(statement)
    database.close()


def test_a_newer_case_is_refused_and_left_alone(folder: Path) -> None:
    CaseStore.create(folder).close()
    _sql(folder, "PRAGMA user_version = 3")
    before = (folder / "case.sqlite").read_bytes()
    with pytest.raises(CaseError, match="made by a newer version"):
        CaseStore.open(folder)
    assert (folder / "case.sqlite").read_bytes() == before


def test_a_database_of_which_nothing_is_left_is_refused(folder: Path, case: Case) -> None:
    CaseStore.save_as(folder, case, MemoryMaps(), "x").close()
    path = folder / "case.sqlite"
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(CaseError, match="damaged and nothing of it can be read"):
        CaseStore.open(folder)
    assert path.read_bytes() == data


@pytest.mark.parametrize("page", range(2, 20))
def test_a_torn_database_opens_for_reading_with_what_is_left(
    folder: Path, case: Case, item: Item, page: int
) -> None:
    many = replace(case, items=tuple(replace(item, id=f"{n:012x}", note="x" * 900) for n in range(40)))
    CaseStore.save_as(folder, many, MemoryMaps(), "x").close()
    path = folder / "case.sqlite"
    data = bytearray(path.read_bytes())
    data[4096 * page : 4096 * (page + 1)] = bytes(4096)
    path.write_bytes(data)
    with CaseStore.open(folder) as store:
        assert store.read_only
        assert "is damaged" in store.remark
        assert set(store.case.items) <= set(many.items)
        with pytest.raises(CaseError, match="damaged"):
            store.commit(store.case, "x", {}, "x")
        assert store.differences()
    assert path.read_bytes() == data


def test_a_changed_row_is_told_and_not_shown(folder: Path, case: Case) -> None:
    second = replace(case.items[0], id="second")
    CaseStore.save_as(folder, case.with_item(second), MemoryMaps(), "x").close()
    _sql(folder, "UPDATE items SET body = replace(body, 'R1', 'R2') WHERE id = 'second'")
    with CaseStore.open(folder) as store:
        assert store.read_only
        assert "(Item second) was changed by something else" in store.remark
        assert store.case == case


def test_a_damaged_or_missing_map_is_noticed(folder: Path, case: Case, with_run: WithRun) -> None:
    maps = MemoryMaps()
    case, heatmap = with_run(case)
    maps.put_map(heatmap)
    with CaseStore.save_as(folder, case, maps, "x") as store:
        path = folder / "maps" / f"{heatmap.sha256}.npy"
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        with pytest.raises(CaseError, match="no longer has the hash"):
            store.get_map(heatmap.sha256)
        assert len(store.differences()) == 1
        path.write_bytes(b"\x93NUMPY")
        with pytest.raises(CaseError, match="damaged"):
            store.get_map(heatmap.sha256)
        path.unlink()
        with pytest.raises(CaseError, match="missing"):
            store.get_map(heatmap.sha256)


def test_the_log_only_grows(folder: Path) -> None:
    CaseStore.create(folder).close()
    for statement in ("DELETE FROM log", "UPDATE log SET action = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            _sql(folder, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET detail = '{\"a\":2}' WHERE number = 2",
        "DELETE FROM log WHERE number = 2",
        "DELETE FROM log WHERE number = 3",
        "UPDATE log SET number = 9 WHERE number = 3",
        "DELETE FROM items",
    ],
)
def test_changed_removed_and_reordered_lines_are_noticed(folder: Path, case: Case, statement: str) -> None:
    with CaseStore.save_as(folder, replace(case, items=()), MemoryMaps(), "x") as store:
        store.commit(case, "one", {"a": 1}, "x")
        store.commit(replace(case, items=(case.items[0].with_region(1, 1, 20, 20),)), "two", {"b": 1}, "x")
    for trigger in ("log_keeps_lines", "log_keeps_words"):
        _sql(folder, f"DROP TRIGGER {trigger}")
    _sql(folder, statement)
    with CaseStore.open(folder) as again:
        assert again.differences()


KILLED = """
import sys
from pathlib import Path
from dataclasses import replace
from workbench.casefile.store import CaseStore
with CaseStore.open(Path(sys.argv[1])) as store:
    for number in range(100_000):
        case = replace(store.case, details=replace(store.case.details, question=str(number)))
        store.commit(case, "question", {"number": number}, "x")
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 40])
def test_killing_the_program_loses_nothing_that_was_done(folder: Path, after: int) -> None:
    CaseStore.create(folder).close()
    command = [sys.executable, "-c", KILLED, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(after):
            shown = int(process.stdout.readline())
        process.kill()
        shown = max([shown, *map(int, process.stdout.read().split())])
    with CaseStore.open(folder) as store:
        assert not store.read_only
        assert int(store.case.details.question) >= shown
        done, opened = store.log()[-2:]
        assert done.detail == {"number": int(store.case.details.question)}
        assert opened.detail == {"seal": "open: the program ended without closing the case"}
        assert store.differences() == []


def test_a_full_disk_ends_in_a_sentence(folder: Path, case: Case) -> None:
    with CaseStore.save_as(folder, case, MemoryMaps(), "x") as store:
        assert store._database is not None
        pages = store._database.execute("PRAGMA page_count").fetchone()[0]
        store._database.execute(f"PRAGMA max_page_count = {pages}")
        large = replace(case, details=replace(case.details, interpretation="x" * 100_000))
        with pytest.raises(CaseError, match="full"):
            store.commit(large, "x", {}, "x")
        assert store.case == case
        store.commit(case, "x", {}, "x")


def test_a_copied_case_is_a_case(folder: Path, case: Case) -> None:
    CaseStore.save_as(folder, case, MemoryMaps(), "x").close()
    copy = folder.with_name("copy.case")
    shutil.copytree(folder, copy)
    with CaseStore.open(copy) as store:
        assert store.case == case
