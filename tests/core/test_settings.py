"""Settings outlive a crash, another version and a damaged file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.core import settings as module
from workbench.core.settings import MOST_RECENT, Device, Settings, Theme, load, save, settings_file
from workbench.core.weights import DEFAULT

CHOSEN = Settings("Ä. Example", "Lab <1>", Device.CPU, Theme.DARK, "mine", ("/b", "/a"))
CHOSEN = replace(
    CHOSEN, runtime="openvino", precision="bfloat16", memory=2_500_000_000, assessments=("none",)
)


def test_what_is_saved_is_loaded(home: Path) -> None:
    assert load() == (Settings(), "")
    save(CHOSEN)
    assert load() == (CHOSEN, "")
    assert settings_file() == home / "settings.json"
    assert [p.name for p in home.iterdir()] == ["settings.json"]


def test_a_path_of_bytes_that_are_no_text_is_kept() -> None:
    odd = replace(CHOSEN, recent=("/a/\udcff.png", "/b"))
    save(odd)
    assert load() == (odd, "")


def test_the_home_is_made_when_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "not" / "there"))
    save(CHOSEN)
    assert load() == (CHOSEN, "")


def test_keys_of_a_newer_version_are_left_out_and_missing_ones_take_the_default() -> None:
    assert Settings.from_json('{"examiner": "A", "wings": 2}') == replace(Settings(), examiner="A")
    assert Settings.from_json("{}") == Settings()
    assert Settings().weights == DEFAULT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        '{"theme": "pink"}',
        '{"device": "abacus"}',
        '{"examiner": 3}',
        '{"weights": null}',
        '{"recent": "x"}',
        '{"recent": [1]}',
        '{"runtime": "abacus"}',
        '{"precision": "float8"}',
        '{"memory": -1}',
        '{"feature_cache": -1}',
        '{"assessments": "some"}',
    ],
)
def test_a_damaged_file_gives_the_defaults_and_a_sentence(home: Path, text: str) -> None:
    (home / "settings.json").write_text(text, "utf-8")
    settings, sentence = load()
    assert settings == Settings()
    assert "can't be read, so the defaults are used" in sentence
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds, each with its own text
        Settings.from_json(text)


def test_bytes_that_are_no_text_give_the_defaults(home: Path) -> None:
    (home / "settings.json").write_bytes(b"\xff\xfe\x00")
    assert load()[0] == Settings()
    assert load()[1]


def test_recent_files_are_newest_first_each_once_and_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings().with_recent(Path("/a")).with_recent(Path("/b")).with_recent(Path("/a"))
    assert settings.recent == (str(Path("/a").absolute()), str(Path("/b").absolute()))
    assert settings.with_recent(Path("c")).recent[0] == str(tmp_path / "c")
    for number in range(2 * MOST_RECENT):
        settings = settings.with_recent(tmp_path / str(number))
    assert len(settings.recent) == MOST_RECENT
    assert settings.recent[0].endswith(str(2 * MOST_RECENT - 1))


def test_a_crash_while_saving_leaves_the_old_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    save(CHOSEN)

    def crash(*_: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(module.os, "replace", crash)
    with pytest.raises(OSError, match="power"):
        save(Settings())
    assert load() == (CHOSEN, "")


def test_the_file_is_json_that_people_can_read(home: Path) -> None:
    save(CHOSEN)
    text = (home / "settings.json").read_text("utf-8")
    assert "Ä. Example" in text
    assert json.loads(text)["theme"] == "dark"
