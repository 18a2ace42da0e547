"""`python -m workbench.training`: what is wrong is a sentence, and said before anything is trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import cli
from workbench.training import commands
from workbench.training.command_line import main


@pytest.fixture(autouse=True)
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "Training", lambda *_: pytest.fail("was trained"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["manipulations", "--minutes", "1", "--photos", "nowhere"], "photographs nowhere does not exist"),
        (["anomaly", "--minutes", "1", "--photos", "nowhere"], "photographs nowhere does not exist"),
        (["families", "--photos", "nowhere"], "photographs nowhere does not exist"),
        (["examples", "--photos", "nowhere", "--out", "out"], "photographs nowhere does not exist"),
        (["export", "--checkpoint", "none.npz", "--out", "out.h5"], "none.npz"),
        (["plots", "none.jsonl", "--out", "out"], "none.jsonl"),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_what_is_wrong_is_a_sentence(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == cli.FAILED
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1


def test_photographs_of_both_parts_are_needed(
    photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "scene-0.png").write_bytes((photo_folder / "scene-0.png").read_bytes())
    assert main(["extractor", "--minutes", "1", "--photos", str(tmp_path)]) == cli.FAILED
    assert "no photograph of the" in capsys.readouterr().err
