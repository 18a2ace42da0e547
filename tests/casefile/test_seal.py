"""A sealed case: every changed byte is noticed. An open one: changed lines, rows, files and originals are."""

import contextlib
import itertools
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from skimage import data

from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core.analysis import Analysis
from workbench.core.case import Item
from workbench.core.errors import CaseError
from workbench.core.evidence import open_evidence
from workbench.core.heatmap import Heatmap

MakeRun = Callable[..., tuple[Analysis, Heatmap]]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "rocket.png"
    Image.fromarray(data.rocket()[:48, :64]).save(path)
    return path


@pytest.fixture
def store(tmp_path: Path, picture: Path, make_run: MakeRun) -> Iterator[CaseStore]:
    """A case with a picture, a region and two runs, open for writing."""
    with CaseStore.create(tmp_path / "a.case", "A. Examiner") as made:
        item = Item.of(open_evidence(picture)).with_region(4, 4, 20, 20)
        made.commit(made.case.with_item(item), "picture opened", {"item": item.id}, "A. Examiner")
        for seed in range(2):
            run, heatmap = make_run(item, seed)
            made.put_map(heatmap)
            item = item.with_analysis(run)
            made.commit(made.case.with_item(item), "analysis finished", {"run": run.id}, "A. Examiner")
        yield made


@pytest.fixture
def sealed(store: CaseStore) -> Path:
    assert store.close() == ""
    assert examine(store.folder).agrees
    return store.folder


@pytest.fixture
def left_open(store: CaseStore, tmp_path: Path) -> Path:
    """The case as a killed program leaves it."""
    folder = tmp_path / "left.case"
    shutil.copytree(store.folder, folder)
    found = examine(folder)
    assert (found.sealed, found.agrees) == (False, True)
    assert "is still open, or the program ended" in found.state
    return folder


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextlib.contextmanager
def changed(path: Path, content: bytes | None) -> Iterator[None]:
    """Another content, or none, for a while."""
    before = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
    yield
    path.unlink(missing_ok=True)
    if before is not None:
        path.write_bytes(before)


# --- sealed -------------------------------------------------------------------------------------------------


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_every_changed_byte_of_a_sealed_case_is_noticed(sealed: Path, draw: st.DataObject) -> None:
    path = draw.draw(st.sampled_from(files_of(sealed)))
    content = bytearray(path.read_bytes())
    if content and draw.draw(st.booleans()):
        place = draw.draw(st.integers(0, len(content) - 1))
        content[place] ^= draw.draw(st.integers(1, 255))
    elif content and draw.draw(st.booleans()):
        del content[draw.draw(st.integers(0, len(content) - 1)) :]
    else:
        content += draw.draw(st.binary(min_size=1, max_size=20))
    with changed(path, bytes(content)):
        assert not examine(sealed).agrees
    assert examine(sealed).agrees


def test_every_missing_or_added_file_is_noticed(sealed: Path) -> None:
    for path in files_of(sealed):
        if path.name in {"case.sqlite", "case.lock"}:
            continue
        with changed(path, None):
            assert not examine(sealed).agrees
    for name in ("case.sqlite-wal", "case.sqlite-shm", "case.sqlite-journal", "notes.txt", "maps/x.npy"):
        with changed(sealed / name, b"\0" * 4096):
            assert f"{name} was put into the folder" in " ".join(examine(sealed).differences)
    assert examine(sealed).agrees


def test_what_a_killed_program_was_about_to_write_is_no_difference(sealed: Path) -> None:
    """Opening the seal begins with a new file beside it."""
    with changed(sealed / ".new-0123456789abcdef", b"half a se"):
        assert examine(sealed).agrees
        with CaseStore.open(sealed) as store:
            store.commit(store.case, "x", {}, "x")
        assert not (sealed / ".new-0123456789abcdef").exists()
    with changed(sealed / ".new-0123456789abcdef.txt", b"x"):
        assert not examine(sealed).agrees


def test_the_header_of_the_database_is_covered_too(sealed: Path) -> None:
    content = (sealed / "case.sqlite").read_bytes()
    for place in range(100):
        with changed(
            sealed / "case.sqlite", content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        ):
            assert not examine(sealed).agrees


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own")
def test_a_link_in_the_place_of_a_file_is_noticed(sealed: Path, tmp_path: Path) -> None:
    (path,) = (sealed / "evidence").iterdir()
    shutil.move(path, tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    assert examine(sealed).differences == [f"evidence/{path.name} is missing from the folder."]


def test_looking_at_a_sealed_case_leaves_it_sealed(sealed: Path) -> None:
    before = {path: path.read_bytes() for path in files_of(sealed)}
    for to_read in (True, False):
        with CaseStore.open(sealed, to_read=to_read) as store:
            assert store.read_only is to_read
            assert store.remark == ""
            assert len(store.log()) == 5
            assert store.differences() == []
    assert {path: path.read_bytes() for path in files_of(sealed)} == before


def test_the_first_change_opens_the_seal_and_the_log_says_so(sealed: Path) -> None:
    with CaseStore.open(sealed, "B") as store:
        store.commit(replace(store.case, details=replace(store.case.details, question="?")), "asked", {}, "B")
        found = examine(sealed)
        assert (found.sealed, found.agrees) == (False, True)
    found = examine(sealed)
    assert (found.sealed, found.agrees) == (True, True)
    with CaseStore.open(sealed, to_read=True) as store:
        lines = store.log()
        assert [line.action for line in lines[-4:]] == ["case sealed", "case opened", "asked", "case sealed"]
        assert lines[-3].detail == {"seal": "whole"}
        assert (
            (found.head.count, found.head.sha256)
            == (len(lines), lines[-1].sha256)
            == (
                store.head.count,
                store.head.sha256,
            )
        )


def test_a_broken_seal_is_told_on_opening_and_stays_in_the_log(sealed: Path) -> None:
    with contextlib.closing(sqlite3.connect(sealed / "case.sqlite")) as database:
        database.execute("VACUUM")
    with CaseStore.open(sealed) as store:
        assert not store.read_only
        assert "changed by something else since it was sealed" in store.remark
        store.commit(store.case, "x", {}, "x")
        assert store.log()[-2].detail == {"seal": "broken or missing"}
    assert examine(sealed).agrees


def test_a_seal_that_was_taken_away_is_missed(sealed: Path) -> None:
    (sealed / "seal.json").unlink()
    assert examine(sealed).differences == ["The case has no seal (seal.json): somebody removed it."]
    with CaseStore.open(sealed) as store:
        assert "somebody removed it" in store.remark
        assert store.log()[-1].detail == {"seal": "broken or missing"}
    assert examine(sealed).agrees


def test_a_case_left_open_is_sealed_and_logged_when_it_is_closed_again(left_open: Path) -> None:
    (left_open / "maps" / ".new-0123").write_bytes(b"half a map")
    CaseStore.open(left_open, "B").close()
    found = examine(left_open)
    assert (found.sealed, found.agrees) == (True, True)
    with CaseStore.open(left_open, to_read=True) as store:
        opened, closed = store.log()[-2:]
        assert opened.detail == {"seal": "open: the program ended without closing the case"}
        assert (opened.by, closed.by, closed.action) == ("B", "B", "case sealed")


def test_a_seal_that_can_not_be_written_is_told_and_nothing_is_lost(store: CaseStore) -> None:
    case = store.case
    (store.folder / "seal.json").unlink()
    (store.folder / "seal.json").mkdir()
    assert "was closed, but could not be sealed" in store.close()
    (store.folder / "seal.json").rmdir()
    with CaseStore.open(store.folder) as again:
        assert again.case == case
    assert examine(store.folder).agrees


def test_nothing_is_added_to_a_case_that_was_closed(store: CaseStore) -> None:
    store.close()
    before = {path: path.read_bytes() for path in files_of(store.folder)}
    with pytest.raises(CaseError, match="was closed before"):
        store.put_map(Heatmap.of(store.get_map(store.case.items[0].analyses[0].map_sha256).response[:20]))
    with pytest.raises(CaseError, match="was closed before"):
        store.commit(store.case, "x", {}, "x")
    assert {path: path.read_bytes() for path in files_of(store.folder)} == before


# --- open ---------------------------------------------------------------------------------------------------

TABLES = ("details", "items", "analyses", "blobs", "log", "head")


def _sql(folder: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(folder / "case.sqlite", isolation_level=None)) as database:
        for trigger in ("log_keeps_lines", "log_keeps_words"):
            database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            database.execute(statement)


def _kept_apart(folder: Path) -> Path:
    """The database in one file, so that it can be put back after each change."""
    _sql(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "case.sqlite"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_every_changed_value_of_an_open_case_is_noticed(left_open: Path, draw: st.DataObject) -> None:
    path = _kept_apart(left_open)
    before = path.read_bytes()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        table = draw.draw(st.sampled_from(TABLES))
        rowid = draw.draw(
            st.sampled_from([row for (row,) in database.execute(f"SELECT rowid FROM {table}").fetchall()])
        )
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        column = draw.draw(st.sampled_from(columns))
        (old,) = database.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (rowid,)).fetchone()
        new: str | int
        if isinstance(old, int):
            new = old + draw.draw(st.integers(50, 99)) * (column != "id")  # beyond the numbers that are taken
        else:
            place = draw.draw(st.integers(0, len(old)))
            rest = old[place + draw.draw(st.integers(0, 1)) :]
            new = old[:place] + draw.draw(st.sampled_from("x 0é")) + rest
        if new != old:
            database.execute("PRAGMA foreign_keys = OFF")
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, rowid))
    if new != old:
        assert examine(left_open).differences
    path.write_bytes(before)
    assert examine(left_open).agrees


@pytest.mark.parametrize("number", range(1, 5))
def test_a_removed_line_is_noticed_wherever_it_was(left_open: Path, number: int) -> None:
    _sql(left_open, f"DELETE FROM log WHERE number = {number}")
    assert examine(left_open).differences


def test_lines_in_another_order_are_noticed(left_open: Path) -> None:
    _sql(
        left_open,
        "UPDATE log SET number = 99 WHERE number = 3",
        "UPDATE log SET number = 3 WHERE number = 4",
        "UPDATE log SET number = 4 WHERE number = 99",
    )
    assert "Line 3 of the log does not follow on the line before it." in examine(left_open).differences


@pytest.mark.parametrize("table", ["details", "items", "analyses", "blobs", "head", "log"])
def test_removed_rows_are_noticed(left_open: Path, table: str) -> None:
    _sql(left_open, "PRAGMA foreign_keys = OFF", f"DELETE FROM {table}")
    assert examine(left_open).differences


def test_changed_and_missing_files_are_noticed(left_open: Path) -> None:
    for path in files_of(left_open):
        if path.parent == left_open:
            continue
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 4
        name = path.relative_to(left_open).as_posix()
        with changed(path, bytes(content)):
            assert examine(left_open).differences == [f"{name} was changed since it was stored."]
        with changed(path, None):
            assert examine(left_open).differences == [f"{name} is missing from the case."]


def test_lines_that_were_there_on_opening_are_held_to_the_seal(sealed: Path, tmp_path: Path) -> None:
    store = CaseStore.open(sealed)
    store.commit(store.case, "one", {}, "x")
    shutil.copytree(sealed, tmp_path / "b.case")
    store.close()
    other = CaseStore.create(tmp_path / "other.case")
    other.commit(other.case, "x", {}, "x")
    other.close()
    shutil.copy(tmp_path / "other.case" / "case.sqlite", tmp_path / "b.case" / "case.sqlite")
    (tmp_path / "b.case" / "case.sqlite-wal").unlink()
    assert "not the one that the seal names" in " ".join(examine(tmp_path / "b.case").differences)


def test_rows_changed_behind_the_back_of_an_open_window_stop_it(store: CaseStore) -> None:
    _sql(store.folder, "DELETE FROM analyses WHERE position = 1")
    with pytest.raises(CaseError, match="Nothing was added; close the case and open it again"):
        store.commit(store.case, "x", {}, "x")
    assert examine(store.folder).differences


# --- originals ----------------------------------------------------------------------------------------------


def test_originals_are_told_apart_from_the_case(sealed: Path, picture: Path) -> None:
    with changed(picture, b"another picture"):
        found = examine(sealed)
        assert (found.differences, found.missing) == ([], [])
        assert found.originals == [f"{picture} is no longer the file that was added to the case."]
        assert not found.agrees
    with changed(picture, None):
        found = examine(sealed)
        assert (found.differences, found.originals) == ([], [])
        assert found.missing == [f"{picture} is not there; the case has its own copy."]
        assert found.agrees


def test_an_open_case_can_be_examined_while_it_is_written_to(store: CaseStore) -> None:
    """Everything is read of one state, though lines are added all the time."""
    end = threading.Event()

    def write() -> None:
        for number in itertools.count():
            details = replace(store.case.details, question=str(number))
            store.commit(replace(store.case, details=details), "question", {"number": number}, "x")
            if end.is_set():
                return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(30):
            assert store.differences() == []
    finally:
        end.set()
        thread.join()
    assert len(store.log()) > 5


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_whatever_is_damaged_ends_in_a_sentence(sealed: Path, draw: st.DataObject) -> None:
    """Looking, listing the log and verifying either work or say why not; nothing is written."""
    path = draw.draw(st.sampled_from([sealed / "case.sqlite", sealed / "case.sqlite", sealed / "seal.json"]))
    content = bytearray(path.read_bytes())
    for _ in range(draw.draw(st.integers(1, 30))):
        content[draw.draw(st.integers(0, len(content) - 1))] = draw.draw(st.integers(0, 255))
    with changed(path, bytes(content)):
        before = files_of(sealed)
        assert path.read_bytes() == content
        with contextlib.suppress(CaseError):
            examine(sealed)
        with contextlib.suppress(CaseError), CaseStore.open(sealed, to_read=True) as store:
            store.log()
            store.differences()
        assert files_of(sealed) == before
        assert path.read_bytes() == content


def test_a_database_cut_off_anywhere_is_noticed(sealed: Path) -> None:
    content = (sealed / "case.sqlite").read_bytes()
    for length in range(0, len(content), 509):
        with changed(sealed / "case.sqlite", content[:length]):
            assert not examine(sealed).agrees
    assert examine(sealed).agrees
