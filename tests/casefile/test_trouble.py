"""A disk that is full and a folder that may not be written any more: a sentence, and nothing done is lost."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core.case import Item
from workbench.core.errors import CaseError, EvidenceError
from workbench.core.evidence import open_evidence
from workbench.core.heatmap import Heatmap

ROOM = 3_000_000


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of three megabytes."""
    with tempfile.TemporaryDirectory() as name:
        command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", name]
        if sys.platform != "linux" or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("only root may make a small disk")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def test_what_was_done_before_the_disk_was_full_is_kept(small_disk: Path, tmp_path: Path) -> None:
    folder = small_disk / "a.case"
    draw = np.random.default_rng(0)
    refused: list[str] = []
    with CaseStore.create(folder) as store:
        for number in range(40):
            path = tmp_path / f"{number}.png"
            Image.fromarray(draw.integers(0, 255, (200, 300, 3), np.uint8)).save(path)
            item = Item.of(open_evidence(path))
            try:
                store.commit(store.case.with_item(item), "picture opened", {"item": item.id}, "x")
            except CaseError as error:
                refused.append(str(error))
        assert 5 < len(store.case.items) < 40
        assert len(refused) == 40 - len(store.case.items)
        assert all("make room" in sentence or "has room" in sentence for sentence in refused)
        with pytest.raises(CaseError, match="make room or choose another place"):
            store.put_map(Heatmap.of(draw.random((1000, 1000), dtype=np.float32)))
        kept = store.case
    assert not list(folder.rglob(".new-*"))
    found = examine(folder)
    assert found.agrees
    with CaseStore.open(folder, to_read=True) as store:
        assert store.case == kept


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Root may write everywhere, so step down for a moment."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are another matter there")
def test_a_folder_that_becomes_read_only_costs_the_next_action_only() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        folder = Path(name) / "a.case"
        with nobody():
            store = CaseStore.create(folder)
            done = replace(store.case, details=replace(store.case.details, question="?"))
            store.commit(done, "asked", {}, "x")
            for path in (folder / "maps", folder / "evidence"):
                path.mkdir()
                path.chmod(0o555)
            folder.chmod(0o555)
            with pytest.raises(CaseError, match="make room or choose another place"):
                store.put_map(Heatmap.of(np.ones((3, 4), np.float32)))
            assert "was closed, but could not be sealed" in store.close()
            with CaseStore.open(folder) as again:
                assert again.read_only
                assert "opened for reading only" in again.remark
                assert again.case == done
            assert examine(folder).agrees
            folder.chmod(0o755)
            CaseStore.open(folder).close()
        assert examine(folder).sealed


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are another matter there")
def test_a_case_left_open_is_read_where_nothing_may_be_written() -> None:
    """SQLite needs a file of its own beside a journal, so a copy is read."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        folder, left = Path(name) / "a.case", Path(name) / "left.case"
        with nobody():
            with CaseStore.create(folder) as store:
                done = replace(store.case, details=replace(store.case.details, question="?"))
                store.commit(done, "asked", {}, "x")
                shutil.copytree(folder, left)
            (left / "case.sqlite-shm").unlink()
            (left / "case.lock").unlink()
            left.chmod(0o555)
            names = sorted(path.name for path in left.iterdir())
            assert examine(left).agrees
            with CaseStore.open(left) as again:
                assert again.read_only
                assert again.case == done
                assert len(again.log()) == 2
            assert sorted(path.name for path in left.iterdir()) == names
            left.chmod(0o755)


def test_a_picture_that_vanished_before_it_was_added_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.zeros((20, 20, 3), np.uint8)).save(path)
    item = Item.of(open_evidence(path))
    with CaseStore.create(tmp_path / "a.case") as store:
        path.write_bytes(path.read_bytes() + b"x")
        with pytest.raises(EvidenceError, match="was not copied into the case"):
            store.commit(store.case.with_item(item), "x", {}, "x")
        path.unlink()
        with pytest.raises(EvidenceError, match="does not exist"):
            store.keep_picture(item)
        assert store.case.items == ()
        assert len(store.log()) == 1


def test_same_named_pictures_have_a_copy_each(tmp_path: Path) -> None:
    with CaseStore.create(tmp_path / "a.case") as store:
        for number in range(3):
            path = tmp_path / str(number) / "IMG_0001.png"
            path.parent.mkdir()
            Image.fromarray(np.full((20, 20, 3), number, np.uint8)).save(path)
            store.commit(store.case.with_item(Item.of(open_evidence(path))), "picture opened", {}, "x")
        for number, item in enumerate(store.case.items):
            item.path.unlink()
            copy = store.picture_file(item)
            assert open_evidence(copy).pixels[0, 0, 0] == number
            assert open_evidence(copy).sha256 == item.sha256
        assert store.differences() == []
