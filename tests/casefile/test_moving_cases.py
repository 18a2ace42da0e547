"""A case that is moved: renamed or copied, whole at one of the two places whatever happens."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.casefile import blobs
from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core.case import Case
from workbench.core.errors import CaseError
from workbench.core.maps import MemoryMaps

ROOT = Path(__file__).resolve().parents[2]
RUNS = 20
KILLS = 8


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder to which nothing can be renamed from here."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or os.stat(memory).st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("there is no second disk")
    with tempfile.TemporaryDirectory(dir=memory) as name:
        yield Path(name)


@pytest.fixture
def full(case: Case, make_run: Callable[..., tuple], tmp_path: Path) -> CaseStore:
    """An open case with a picture and many runs."""
    maps, item = MemoryMaps(), case.items[0]
    for seed in range(RUNS):
        run, heatmap = make_run(item, seed)
        maps.put_map(heatmap)
        item = item.with_analysis(run)
    return CaseStore.save_as(tmp_path / "old.case", case.with_item(item), maps, "x")


def check(store: CaseStore, old: Path, new: Path, before: Case, lines: int) -> None:
    assert store.folder == new
    assert not old.exists()
    assert store.case == before
    item = before.items[0]
    assert store.picture_file(item).is_relative_to(new)
    store.get_map(item.analyses[0].map_sha256)
    store.commit(before.with_item(item.with_region(1, 1, 20, 20)), "region drawn", {}, "x")
    told = [line.action for line in store.log()]
    assert told[:lines] == ["case created"]
    assert told[lines:] == ["case sealed", "case opened", "case named", "region drawn"]
    assert store.close() == ""
    assert examine(new).sealed
    assert examine(new).agrees


def test_on_the_same_disk(full: CaseStore, tmp_path: Path) -> None:
    before = full.case
    full.move_to(tmp_path / "deep" / "new.case", "x")
    check(full, tmp_path / "old.case", tmp_path / "deep" / "new.case", before, 1)


def test_to_another_disk(full: CaseStore, tmp_path: Path, other_disk: Path) -> None:
    before = full.case
    full.move_to(other_disk / "new.case", "x")
    assert [path.name for path in other_disk.iterdir()] == ["new.case"]
    assert not list(tmp_path.glob(".*"))
    check(full, tmp_path / "old.case", other_disk / "new.case", before, 1)


def test_a_damaged_map_stops_the_copy_and_nothing_is_lost(
    full: CaseStore, tmp_path: Path, other_disk: Path
) -> None:
    sha256 = full.case.items[0].analyses[3].map_sha256
    (full.folder / blobs.map_name(sha256)).write_bytes(b"something else")
    with pytest.raises(CaseError, match="no longer what was stored"):
        full.move_to(other_disk / "new.case", "x")
    assert list(other_disk.iterdir()) == []
    assert full.folder == tmp_path / "old.case"
    item = full.case.items[0]
    full.commit(full.case.with_item(item.with_region(1, 1, 20, 20)), "region drawn", {}, "x")
    full.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="finds files by their descriptors")
@pytest.mark.parametrize("spoilt", ["case.sqlite", "seal.json", ".npy", "/evidence/"])
def test_a_copy_that_was_written_badly_stops_it_and_nothing_is_lost(
    full: CaseStore, tmp_path: Path, other_disk: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    before, old, sync = full.case, full.folder, os.fsync

    def bad_disk(descriptor: int) -> None:
        sync(descriptor)
        name = os.readlink(f"/proc/self/fd/{descriptor}")
        if name.startswith(str(other_disk)) and spoilt in name:
            os.pwrite(descriptor, b"x" * 100, 8)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", bad_disk)
        with pytest.raises(CaseError, match="does not read back as it was written"):
            full.move_to(other_disk / "new.case", "x")
    assert list(other_disk.iterdir()) == []
    assert full.folder == old
    item = before.items[0]
    full.commit(before.with_item(item.with_region(1, 1, 20, 20)), "region drawn", {}, "x")
    full.close()
    assert examine(old).agrees


def test_what_is_not_whole_after_the_copy_leaves_the_case_where_it_was(
    full: CaseStore, tmp_path: Path, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, sync = full.folder, blobs.sync_folder

    def spoil(folder: Path) -> None:
        sync(folder)
        database = folder / "case.sqlite"
        if folder.is_relative_to(other_disk) and database.is_file():
            with database.open("r+b") as stream:
                stream.seek(-1000, os.SEEK_END)
                stream.write(b"x" * 1000)

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "sync_folder", spoil)
        with pytest.raises(CaseError, match=r"old\.case was left as it is"):
            full.move_to(other_disk / "new.case", "x")
    full.close()
    assert examine(old).agrees
    assert examine(old).sealed


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="rights are another matter there")
def test_a_place_that_refuses_leaves_the_case_open_where_it_is(full: CaseStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CaseError):
        full.move_to(tmp_path / "file" / "new.case", "x")
    assert full.folder == tmp_path / "old.case"
    assert not full.read_only
    full.close()
    assert examine(tmp_path / "old.case").sealed


MOVE = """
import sys
from pathlib import Path
from workbench.casefile.store import CaseStore
store = CaseStore.open(Path(sys.argv[1]), "x")
sys.stdout.write("go\\n")
sys.stdout.flush()
store.move_to(Path(sys.argv[2]), "x")
store.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
@pytest.mark.parametrize("far", [False, True])
def test_killed_at_any_moment_it_is_whole_at_one_place(
    full: CaseStore, tmp_path: Path, other_disk: Path, far: bool
) -> None:
    before, old, draw = full.case, full.folder, random.Random(6)
    full.close()
    for number in range(KILLS):
        new = (other_disk if far and old.is_relative_to(tmp_path) else tmp_path) / f"{number}.case"
        command = [sys.executable, "-c", MOVE, str(old), str(new)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "go\n"
            time.sleep(draw.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
        there = new if new.exists() else old
        assert examine(there).agrees
        with CaseStore.open(there) as store:
            assert not store.read_only
            assert store.case == before
        old = there
