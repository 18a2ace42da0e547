"""Cases from the command line: what is printed is on the disk, whatever happens after."""

import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.cli import DIFFERENT, DONE, FAILED, main
from workbench.core.settings import Settings, save

KILLS = 20
HEAVY = {"PySide6", "pyqtgraph", "keras", "tensorflow", "openvino", "torch", "jax"}


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Twelve pictures, two of each name, in two folders."""
    found = []
    for number in range(12):
        path = tmp_path / f"folder {number % 2}" / f"shot {number // 2}.png"
        path.parent.mkdir(exist_ok=True)
        noise = np.random.default_rng(number).integers(0, 255, (24, 32, 3), np.uint8)
        Image.fromarray(noise).save(path)
        found.append(path)
    return found


def test_new_add_list_verify(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    save(Settings(examiner="Ö. Prüfer"))
    monkeypatch.chdir(tmp_path)
    assert main(["case", "new", "wombat"]) == DONE
    assert main(["case", "list", "wombat"]) == DONE
    assert "no picture in this case yet" in capsys.readouterr().out
    assert main(["case", "add", "wombat", str(pictures[0]), str(pictures[1])]) == DONE
    assert main(["case", "add", "wombat.case", str(pictures[0])]) == DONE
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == [
        "Added as number 1",
        "Added as number 2",
        "Already there as number 1",
    ]
    assert main(["case", "list", "wombat"]) == DONE
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading.split() == ["no.", "name", "bytes", "pixels", "sha-256", "runs", "tags"]
    with CaseStore.open(tmp_path / "wombat.case", to_read=True) as store:
        one, two = store.case.items
        assert {line.by for line in store.log()} == {"Ö. Prüfer"}
    assert (one.name, two.name) == ("shot 0.png", "shot 0.png")
    assert first.split() == ["1", "shot", "0.png", str(one.size), "32", "x", "24", one.sha256[:12], "0"]
    assert two.sha256[:12] in second
    copies = {path.read_bytes() for path in (tmp_path / "wombat.case" / "evidence").iterdir()}
    assert copies == {pictures[0].read_bytes(), pictures[1].read_bytes()}
    assert main(["verify", "wombat"]) == DONE
    said = capsys.readouterr().out
    assert "The case was sealed on " in said
    assert "Nothing differs." in said


def test_the_same_bytes_under_another_name_are_two_pictures_and_one_copy(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    twin = shutil.copy(pictures[0], tmp_path / "twin.png")
    main(["case", "new", str(tmp_path / "a")])
    assert main(["case", "add", str(tmp_path / "a"), str(pictures[0]), str(twin)]) == DONE
    assert "(the same bytes as number 1)" in capsys.readouterr().out
    assert len(list((tmp_path / "a.case" / "evidence").iterdir())) == 1


def test_one_bad_picture_does_not_keep_the_others_out(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["case", "new", str(tmp_path / "a")])
    (tmp_path / "broken.png").write_bytes(b"no picture")
    images = [str(tmp_path / "none.png"), str(tmp_path / "broken.png"), str(pictures[0])]
    assert main(["case", "add", str(tmp_path / "a"), *images]) == FAILED
    said = capsys.readouterr()
    assert "Added as number 1" in said.out
    assert "none.png does not exist" in said.err
    assert "broken.png" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["case", "list", "none"], "is not a case"),
        (["case", "add", "none", "x.png"], "is not a case"),
        (["verify", "none"], "There is nothing at none"),
        (["verify", "there.case"], "is not a case"),
        (["case", "new", "there"], "exists already and is not overwritten"),
    ],
)
def test_what_can_not_be_done(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.case").mkdir()
    assert main(words) == FAILED
    assert sentence in capsys.readouterr().err


def test_a_case_that_is_open_elsewhere_is_listed_but_takes_nothing(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with CaseStore.create(tmp_path / "a.case"):
        assert main(["case", "list", str(tmp_path / "a.case")]) == DONE
        assert main(["case", "add", str(tmp_path / "a.case"), str(pictures[0])]) == FAILED
        assert "open in another window" in capsys.readouterr().err
        assert main(["verify", str(tmp_path / "a.case")]) == DONE
        assert "is still open, or the program ended" in capsys.readouterr().out


def test_verify_says_in_words_what_differs(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a.case"
    main(["case", "new", str(folder)])
    main(["case", "add", str(folder), str(pictures[0]), str(pictures[1])])
    pictures[0].unlink()
    assert main(["verify", str(folder)]) == DONE
    assert "is not there; the case has its own copy" in capsys.readouterr().out
    pictures[1].write_bytes(b"another")
    assert main(["verify", str(folder)]) == DIFFERENT
    assert "Of the originals, outside the case, differ:\n" in capsys.readouterr().out
    copy = next((folder / "evidence").iterdir())
    copy.write_bytes(copy.read_bytes() + b"\0")
    assert main(["verify", str(folder)]) == DIFFERENT
    said = capsys.readouterr().out
    assert f"In the case differs:\n  evidence/{copy.name} was changed since it was stored" in said


def test_a_hash_kept_elsewhere_tells_a_case_that_was_written_anew(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, anew = str(tmp_path / "a.case"), str(tmp_path / "b.case")
    for case in (folder, anew):
        main(["case", "new", case])
    with CaseStore.open(tmp_path / "a.case", to_read=True) as store:
        noted = store.head.sha256
    main(["case", "add", folder, str(pictures[0])])
    capsys.readouterr()
    assert main(["verify", folder, "--head", noted.upper()]) == DONE
    assert "is that of line 2: up to there the log is the same" in capsys.readouterr().out
    assert main(["verify", anew, "--head", noted]) == DIFFERENT
    assert "No line of the log has the hash that was kept elsewhere" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["case", "list"], ["verify"]])
def test_nothing_heavy_is_imported(tmp_path: Path, words: list[str]) -> None:
    CaseStore.create(tmp_path / "a.case").close()
    code = (
        "import sys\nfrom workbench.cli import main\n"
        f"assert main({[*words, str(tmp_path / 'a.case')]!r}) == 0\n"
        "print('\\n'.join({m.split('.')[0] for m in sys.modules}))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(out.stdout.split())


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_killed_at_any_moment_nothing_is_lost_that_was_printed(tmp_path: Path, pictures: list[Path]) -> None:
    seed = int(os.environ.get("WORKBENCH_SEED", time.time_ns()))
    draw, folder = random.Random(seed), tmp_path / "a.case"
    CaseStore.create(folder).close()
    command = [sys.executable, "-m", "workbench", "case", "add", str(folder)]
    printed: set[str] = set()
    cut_short = 0
    for _ in range(KILLS):
        images = [_changed(path, draw) for path in draw.sample(pictures, 8)]
        with subprocess.Popen([*command, *map(str, images)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            if draw.random() < 0.75:  # past the start of the interpreter, which changes nothing
                printed |= _hashes(process.stdout.readline())
                time.sleep(draw.uniform(0, 0.15))
            else:
                time.sleep(draw.uniform(0, 0.6))
            process.kill()
            printed |= _hashes(process.stdout.read())
        cut_short += process.wait() == -9
        found = examine(folder)
        assert found.agrees, (seed, found)
        with CaseStore.open(folder, to_read=True) as store:
            assert printed <= {item.sha256 for item in store.case.items}, seed
            assert store.remark == "", seed
    assert cut_short >= KILLS // 4, "the commands ended before they were killed"
    CaseStore.open(folder).close()
    assert examine(folder).sealed


def _changed(path: Path, draw: random.Random) -> Path:
    """A picture of its own beside this one, so that each is new to the case."""
    target = path.with_name(f"{draw.getrandbits(40):010x}.png")
    noise = np.random.default_rng(draw.getrandbits(32)).integers(0, 255, (24, 32, 3), np.uint8)
    Image.fromarray(noise).save(target)
    return target


def _hashes(text: str) -> set[str]:
    return set(re.findall(r"\b[0-9a-f]{64}\b", text))


def test_a_damaged_copy_is_told_as_such_and_copied_again(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    original, case = pictures[0], tmp_path / "a.case"
    main(["case", "new", "a"])
    main(["case", "add", "a", str(original), str(pictures[1])])
    with CaseStore.open(case, to_read=True) as store:
        copy = store.picture_file(store.case.items[0])
    received = copy.read_bytes()
    copy.write_bytes(received[:-20] + b"x" + received[-19:])
    assert main(["verify", "a"]) == DIFFERENT
    capsys.readouterr()

    assert main(["report", "a", "--html"]) == DONE  # from the original
    assert "The case's own copy of shot 0.png is damaged, so the original was read" in capsys.readouterr().err
    aside = original.rename(tmp_path / "aside.png")
    assert main(["report", "a", "--html"]) == FAILED
    said = capsys.readouterr().err
    assert "The case's own copy of shot 0.png is damaged" in said
    assert copy.name in said
    assert "has changed since it was opened" not in said

    aside.rename(original)
    assert main(["case", "add", "a", str(original)]) == DONE
    assert capsys.readouterr().out.startswith("Copied again, as the copy of number 1 was damaged")
    assert copy.read_bytes() == received
    assert main(["verify", "a"]) == DONE
    with CaseStore.open(case, to_read=True) as store:
        assert len(store.case.items) == 2
        assert [line.action for line in store.log()][-2:] == ["copy restored", "case sealed"]
    capsys.readouterr()
    assert main(["case", "add", "a", str(original)]) == DONE
    assert capsys.readouterr().out.startswith("Already there as number 1")
