"""Nothing is overwritten, and a number never tears a name apart."""

from pathlib import Path

import pytest

from workbench.core.paths import unused, unused_folder, user_weights_folder


@pytest.mark.parametrize("name", ["plain", "holiday.2020-analysis", "v1.2", ".hidden", "Müller & <b> 例"])
def test_a_number_is_added_at_the_end(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    assert unused(folder) == folder
    for expected in (name, f"{name}-2", f"{name}-3"):
        made = unused(folder)
        assert made.name == expected
        made.mkdir()


def test_a_link_to_nowhere_is_taken(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to(tmp_path / "nowhere")
    assert unused(tmp_path / "x") == tmp_path / "x-2"


def test_an_empty_folder_is_used_and_a_full_one_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "a.b"
    assert unused_folder(folder) == folder
    folder.mkdir()
    assert unused_folder(folder) == folder
    (folder / "file").touch()
    assert unused_folder(folder) == tmp_path / "a.b-2"


@pytest.mark.parametrize(("given", "expected"), [(".", "here-2"), ("..", "above-2")])
def test_where_the_user_stands_has_a_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, expected: str
) -> None:
    (tmp_path / "above" / "here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "above" / "here")
    assert unused(Path(given)).name == expected


def test_the_home_can_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", "/somewhere/else")
    assert user_weights_folder() == Path("/somewhere/else/weights")
    monkeypatch.delenv("WORKBENCH_HOME")
    assert "mantra-workbench" in user_weights_folder().parts
