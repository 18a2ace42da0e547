"""The tool record names what is installed and imports none of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.core.provenance import git_commit, runtime_flags, tool_record


def test_the_record_names_versions() -> None:
    record = tool_record()
    packages = dict(record.packages)
    assert packages["numpy"][0].isdigit()
    assert set(packages) >= {
        "keras",
        "tensorflow",
        "pillow",
        "opencv-python-headless",
        "h5py",
        "PySide6-Essentials",
    }
    assert "threads" in record.device
    assert record.python.startswith("3.")


def test_flags_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_DETERMINISTIC_OPS", "1")
    monkeypatch.delenv("XLA_FLAGS", raising=False)
    flags = dict(runtime_flags())
    assert (flags["TF_DETERMINISTIC_OPS"], flags["XLA_FLAGS"]) == ("1", "not set")


def test_nothing_heavy_is_imported_for_it() -> None:
    code = (
        "import json, sys; from workbench.core.provenance import tool_record; tool_record();"
        "heavy = ('keras', 'tensorflow', 'PySide6', 'numpy');"
        "print(json.dumps([m for m in heavy if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def _repository(root: Path) -> str:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-C", str(root), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    root.mkdir()
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "first")
    return git("rev-parse", "HEAD")


def test_the_commit_is_read_without_git(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    commit = _repository(root)
    assert git_commit(root) == commit
    subprocess.run(["git", "-C", str(root), "pack-refs", "--all"], check=True)
    assert git_commit(root) == commit
    subprocess.run(["git", "-C", str(root), "worktree", "add", "-q", str(tmp_path / "linked")], check=True)
    assert git_commit(tmp_path / "linked") == commit
    subprocess.run(["git", "-C", str(root), "checkout", "-q", "--detach"], check=True)
    assert git_commit(root) == commit


def test_outside_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    assert git_commit(tmp_path) == ""
