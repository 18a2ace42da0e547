"""Cards of weights: the shipped ones are always there, whatever lies in the user's folder."""

import errno
import json
import shutil
from pathlib import Path

import pytest

from workbench.cli import DIFFERENT, DONE, main
from workbench.core import paths, weights
from workbench.core.digest import sha256_of_file
from workbench.core.errors import WeightsError
from workbench.core.weights import DEFAULT, WeightsCard, all_cards, card_named, damaged_cards, import_file

ORIGIN = "not one of the five released files"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.h5"
    path.write_bytes(b"as if these were weights")
    return path


@pytest.fixture
def folder() -> Path:
    folder = paths.user_weights_folder()
    folder.mkdir()
    return folder


def _import(source: Path, name: str) -> WeightsCard:
    return import_file(source, name, "mantranet-4", ORIGIN)


def _names() -> list[str]:
    return [card.name for card in all_cards()]


def test_an_imported_file_is_copied_with_its_card(source: Path) -> None:
    card = _import(source, "Théirs 4.1_b")
    assert card_named("Théirs 4.1_b") == card
    assert card.path.read_bytes() == source.read_bytes()
    assert card.sha256 == sha256_of_file(source)
    card.verify()
    assert not card.commercial
    assert sorted(p.name for p in card.path.parent.iterdir()) == ["Théirs 4.1_b.h5", "Théirs 4.1_b.json"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        '{"name": "x"}',
        "\x00",
        "{valid} and more",
        "{name}",
        "{file}",
        "{threshold}",
        "{tab}",
    ],
)
def test_a_damaged_card_disables_no_other_weights(source: Path, folder: Path, text: str) -> None:
    good = _import(source, "good")
    valid = json.loads((folder / "good.json").read_text("utf-8")) | {"name": "other"}
    changes = {
        "{valid} and more": json.dumps(valid) + "}",
        "{name}": json.dumps(valid | {"name": 3}),
        "{file}": json.dumps(valid | {"file": "../elsewhere.h5"}),
        "{threshold}": json.dumps(valid | {"threshold": {"value": float("nan"), "source": "x"}}),
        "{tab}": json.dumps(valid | {"name": "a\tb"}),
    }
    (folder / "bad.json").write_text(changes.get(text, text), "utf-8")
    assert _names() == [DEFAULT, "good"]
    assert card_named("good") == good
    (sentence,) = damaged_cards()
    assert "can't be" in sentence


def test_the_commands_name_a_damaged_card(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["weights", "verify"]) == DONE
    (folder / "bad.json").write_text("{", "utf-8")
    capsys.readouterr()
    assert main(["weights", "list"]) == DONE
    listed = capsys.readouterr()
    assert listed.out.startswith(f"{DEFAULT} (default)\t")
    assert "bad.json is missing or damaged" in listed.err
    assert main(["weights", "verify"]) == DIFFERENT
    verified = capsys.readouterr()
    assert f"{DEFAULT}: unchanged" in verified.out
    assert "bad.json is missing or damaged" in verified.err


def test_a_damaged_card_can_be_imported_again(source: Path, folder: Path) -> None:
    _import(source, "mine")
    (folder / "mine.json").write_text("{", "utf-8")
    card = _import(folder / "mine.h5", "mine")  # from the very place it is copied to
    assert card.path.read_bytes() == source.read_bytes()
    assert damaged_cards() == ()
    assert _names() == [DEFAULT, "mine"]


def test_shipped_names_win(source: Path, folder: Path) -> None:
    shipped = card_named()
    _import(source, "mine")
    card = json.loads((folder / "mine.json").read_text("utf-8"))
    (folder / "mine.json").write_text(json.dumps(card | {"name": DEFAULT}), "utf-8")
    assert card_named() == shipped
    assert _names() == [DEFAULT]
    (sentence,) = damaged_cards()
    assert f"others are named {DEFAULT}" in sentence


def test_a_damaged_shipped_card_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compact-1.json").write_text("{", "utf-8")
    monkeypatch.setattr(paths, "weights_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match="missing or damaged"):
        list(all_cards())


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "-x", "a/b", "a\\b", "a\tb", "a\n", " a", "a ", "a.", "a:b", "\udcff",
             "x" * 61, "x" * 300]
)  # fmt: skip
def test_what_can_be_no_name_is_refused_in_a_sentence(source: Path, name: str) -> None:
    with pytest.raises(WeightsError, match="60 characters at most"):
        _import(source, name)
    assert _names() == [DEFAULT]


def test_a_name_of_60_characters_is_one_and_is_taken_in_any_case(source: Path) -> None:
    _import(source, "x" * 60)
    with pytest.raises(WeightsError, match="are there already"):
        _import(source, "X" * 60)
    with pytest.raises(WeightsError, match="are there already"):
        _import(source, DEFAULT.upper())


def test_a_home_that_can_not_be_made_ends_in_a_sentence(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(WeightsError, match=r"could not be imported into .*: Not a directory"):
        _import(source, "mine")


def test_a_full_disk_leaves_nothing(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(WeightsCard, "write", full)
    with pytest.raises(WeightsError, match="No space left on device"):
        _import(source, "mine")
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(WeightsError, match="make room"):
        _import(source, "mine")
    assert list(folder.iterdir()) == []
    assert weights.damaged_cards() == ()
