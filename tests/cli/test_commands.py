"""The command line: same engine, same numbers, exit codes that scripts can rely on."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from workbench.cli import DIFFERENT, DONE, FAILED, WRONG_USAGE, main
from workbench.cli.demo import _cleared
from workbench.cli.example import make_example
from workbench.core import paths
from workbench.core.weights import DEFAULT, all_cards, card_named
from workbench.methods.mantranet import weights
from workbench.methods.mantranet.configuration import VARIANTS
from workbench.methods.mantranet.weights import weight_shapes


@pytest.fixture
def authors_layout(tmp_path: Path) -> Path:
    """A file in the authors' layout, variant 4, with small random weights."""
    draw = np.random.default_rng(0)
    arrays = {
        name: draw.normal(0, 0.02, shape).astype(np.float32)
        for name, shape in weight_shapes(VARIANTS[4]).items()
    }
    arrays["bnorm/bnorm/moving_variance:0"] = np.ones(64, np.float32)
    arrays["glbStd/glbStd/min_std:0"] = np.full((1, 1, 1, 64), 0.01, np.float32)
    path = tmp_path / "their weights.h5"
    weights.save_weights(path, arrays, VARIANTS[4])
    return path


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_analyze_writes_record_and_maps(photo: Path, tmp_path: Path, home: Path) -> None:
    out = tmp_path / "out"
    arguments = ["--region", "40,30,120,100", "--region", "200,100,64,96", "--threshold", "0.25"]
    assert main(["analyze", str(photo), *arguments, "--out", str(out)]) == DONE
    assert not (home / "untitled").exists()
    record = json.loads((out / "record.json").read_bytes())
    assert [run["kind"] for run in record["runs"]] == ["whole", "region", "region"]
    assert {run["threshold"]["value"] for run in record["runs"]} == {0.25}
    assert {run["threshold"]["source"] for run in record["runs"]} == {"set by the examiner"}
    assert all("TF_DETERMINISTIC_OPS" in run["determinism"]["flags"] for run in record["runs"])
    for folder, shape in {"whole": (300, 451), "region-1": (100, 120), "region-2": (96, 64)}.items():
        response = np.load(out / folder / "heatmap.npy")
        assert (response.shape, response.dtype) == (shape, np.float32)
        for name in ("heatmap", "overlay", "mask"):
            assert pixels_of(out / folder / f"{name}.png").shape[:2] == shape
        mask = pixels_of(out / folder / "mask.png") > 0
        np.testing.assert_array_equal(mask, response > np.float32(0.25))


def test_analyze_never_overwrites(photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for expected in ("chelsea-analysis", "chelsea-analysis-2"):
        assert main(["analyze", photo.name]) == DONE
        assert (tmp_path / expected / "record.json").is_file()


def test_analyze_with_the_authors_layout(photo: Path, authors_layout: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    small = tmp_path / "small.png"
    Image.fromarray(pixels_of(photo)[:80, :96]).save(small)
    assert (
        main(["analyze", str(small), "--weights", str(authors_layout), "--variant", "4", "--out", str(out)])
        == DONE
    )
    used = json.loads((out / "record.json").read_bytes())["runs"][0]["weights"]
    assert used["configuration"] == "mantranet-4"
    assert "non-commercial" in used["licence"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nowhere.png"], FAILED, "does not exist"),
        (["."], FAILED, "is a folder"),
        (["{photo}", "--region", "0,0,9999,50"], FAILED, "reaches outside the picture"),
        (["{photo}", "--region", "-4,0,64,64"], FAILED, "reaches outside the picture"),
        (["{photo}", "--region", "0,0,5,5"], FAILED, "draw it larger"),
        (["{photo}", "--weights", "nobody"], FAILED, "no weights named nobody"),
        (["{photo}", "--weights", "{authors}"], FAILED, "say with --variant"),
        (["{photo}", "--weights", "{authors}", "--variant", "1"], FAILED, "belongs to another variant"),
        (["{photo}", "--weights", "missing.h5", "--variant", "4"], FAILED, "There is no file"),
        (["{photo}", "--region", "1,2,3"], WRONG_USAGE, "not X,Y,W,H"),
        (["{photo}", "--threshold", "1.5"], WRONG_USAGE, "not a number from 0 to 1"),
        (["{photo}", "--threshold", "-0.5"], WRONG_USAGE, "not a number from 0 to 1"),
        (["{photo}", "--tile", "7"], WRONG_USAGE, "from 16 to 8192"),
        (["{photo}", "--memory", "lots"], WRONG_USAGE, "not a size such as 2.5GB"),
        (["{photo}", "--memory", "1.5 MB"], FAILED, "choose smaller tiles, or analyse a region"),
        (["{photo}", "--runtime", "tensorflow", "--precision", "bfloat16"], FAILED, "float32 only"),
        ([], WRONG_USAGE, "required"),
    ],
)
def test_what_analyze_cannot_do(
    photo: Path,
    authors_layout: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    sentence: str,
) -> None:
    words = [a.format(photo=photo, authors=authors_layout) for a in arguments]
    try:
        got = main(["analyze", *words])
    except SystemExit as stop:  # argparse ends the program for wrong usage
        got = stop.code
    error = capsys.readouterr().err
    assert got == code
    assert sentence in error
    assert "Traceback" not in error
    if code == FAILED:
        assert len(error.strip().splitlines()) == 1


def test_another_precision_than_was_asked_for_is_told(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether this processor has bfloat16 or not: the record names what was computed in."""
    wanted = ["--runtime", "openvino", "--precision", "bfloat16", "--out", str(tmp_path / "out")]
    assert main(["analyze", str(photo), *wanted]) == DONE
    (run,) = json.loads((tmp_path / "out" / "record.json").read_text("utf-8"))["runs"]
    told = "bfloat16 was asked for, but OpenVINO" in capsys.readouterr().err
    assert told == (run["precision"] == "float32")


def test_weights_are_imported_listed_and_verified(
    authors_layout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["weights", "import", str(authors_layout), "--variant", "4", "--name", "theirs"]
    assert main(words) == DONE
    assert "non-commercial" in capsys.readouterr().out
    assert main(["weights", "list"]) == DONE
    listed = capsys.readouterr().out
    assert f"{DEFAULT} (default)" in listed
    assert "not one of the five released files" in listed
    assert main(words) == FAILED  # the name is taken
    assert main(["weights", "verify"]) == DONE
    (paths.user_weights_folder() / "theirs.h5").write_bytes(b"changed")
    assert main(["weights", "verify"]) == DIFFERENT
    assert "has changed" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden"])
def test_names_of_weights_stay_in_their_folder(authors_layout: Path, name: str) -> None:
    assert main(["weights", "import", str(authors_layout), "--variant", "4", "--name", name]) == FAILED
    written = [p for p in paths.weights_folder().glob("*.json") if not p.name.endswith(".families.json")]
    assert len(list(all_cards())) == len(written)


def test_selftest_passes_and_notices_other_weights(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selftest"]) == DONE
    assert json.loads((home / "selftest.json").read_text())["passed"] is True
    copy = tmp_path / "weights"
    shutil.copytree(paths.weights_folder(), copy)
    file = copy / card_named().path.name
    file.write_bytes(file.read_bytes() + b"\0")
    monkeypatch.setattr(paths, "weights_folder", lambda: copy)
    assert main(["selftest"]) in {DIFFERENT, FAILED}
    assert "has changed" in "".join(capsys.readouterr())


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["--version"], ["analyze", "--help"]):
        with pytest.raises(SystemExit) as stop:
            main(words)
        assert stop.value.code == 0
    assert "selftest" in capsys.readouterr().out


@pytest.fixture
def ctrl_c_heard() -> Iterator[None]:
    """A test run in the background may have been started deaf to it, and what it starts inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_heard")
def test_ctrl_c_leaves_no_child(tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    noise = np.random.default_rng(0).integers(0, 256, (1500, 2000, 3), dtype=np.uint8)
    Image.fromarray(noise).save(large, compress_level=1)
    command = [sys.executable, "-m", "workbench", "analyze", str(large), "--tile", "64"]
    program = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True, env=os.environ
    )
    child = wait_for(lambda: worker_of(program.pid))
    time.sleep(3)
    os.killpg(program.pid, signal.SIGINT)  # as a terminal does, to the whole group
    _, error = program.communicate(timeout=60)
    assert program.returncode == FAILED
    assert error.strip() == "Stopped. Nothing of the unfinished run was kept."
    assert not child.is_running()
    assert not (tmp_path / "large-analysis").exists()


def worker_of(pid: int) -> psutil.Process | None:
    children = psutil.Process(pid).children()
    return next((c for c in children if "spawn_main" in " ".join(c.cmdline())), None)


def wait_for(get: Callable[[], psutil.Process | None]) -> psutil.Process:
    for _ in range(600):
        if found := get():
            return found
        time.sleep(0.05)
    raise TimeoutError


def test_demo_without_a_display(tmp_path: Path, home: Path) -> None:
    out = tmp_path / "demo"
    command = [sys.executable, "-m", "workbench", "demo", "--out", str(out)]
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    for _ in range(2):  # a second demo replaces the first
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=180, check=False
        )
        assert (done.returncode, done.stderr) == (DONE, "")
    assert pixels_of(out / "screenshot.png").std() > 20  # not an empty window
    assert not (home / "untitled").exists()  # it is no evidence
    assert np.load(out / "heatmap.npy").shape == (400, 600)
    record = json.loads((out / "report" / "record.json").read_bytes())
    assert [run["kind"] for run in record["runs"]] == ["whole", "region"]


def test_demo_leaves_other_files_alone(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    (out / "report").mkdir(parents=True)
    kept = out / "report" / "case-4711.pdf"
    kept.write_text("evidence")
    assert _cleared(out) == tmp_path / "mine-2"
    assert _cleared(tmp_path / "mine-2") == tmp_path / "mine-2"  # an earlier demo's own
    assert kept.read_text() == "evidence"


@pytest.mark.parametrize("display", [None, ":7793"])
def test_without_a_display_the_window_is_refused_with_a_sentence(display: str | None, photo: Path) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    if display:
        environment["DISPLAY"] = display
    command = [sys.executable, "-m", "workbench", str(photo)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == FAILED
    assert done.stderr.startswith("There is no display here")


@pytest.mark.usefixtures("ctrl_c_heard")
def test_ctrl_c_stops_the_demo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "workbench", "demo", "--headless", "--out", str(tmp_path / "demo")]
    program = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    child = wait_for(lambda: worker_of(program.pid))
    time.sleep(1)
    os.killpg(program.pid, signal.SIGINT)
    _, error = program.communicate(timeout=60)
    assert program.returncode == FAILED
    assert error.startswith("Stopped.")
    assert not child.is_running()


def test_unwritable_places_end_in_sentences(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    assert main(["demo", "--headless", "--out", str(blocked / "x")]) == FAILED
    monkeypatch.setenv("WORKBENCH_HOME", str(blocked / "home"))  # nothing can be created below a file
    assert main(["analyze", str(photo), "--out", str(tmp_path / "out")]) == DONE
    assert main(["analyze", str(photo), "--out", str(blocked / "out")]) == FAILED
    error = capsys.readouterr().err
    assert "Traceback" not in error
    assert len(error.strip().splitlines()) == 2


def test_the_examples_truth_is_what_was_edited(tmp_path: Path) -> None:
    example = make_example(tmp_path)
    truth = pixels_of(example.truth) > 0
    assert 0.05 < truth.mean() < 0.2
    for x, y, width, height in (example.pasted, example.noisy):
        assert truth[y + height // 2, x + width // 2]
        assert not truth[y, x]  # ellipses
    x, y, width, height = example.suggested
    assert 0.1 < truth[y : y + height, x : x + width].mean() < 0.5
