"""`workbench benchmark` on sizes that take no time."""

import argparse
import json
from pathlib import Path

import pytest

from workbench.cli import benchmark, main
from workbench.core import paths
from workbench.core.errors import WorkbenchError


def bench(folder: Path, kept: Path | None = None) -> benchmark.Bench:
    arguments = argparse.Namespace(repeat=2, memory=None, photos=None)
    made = benchmark.Bench(folder, arguments, benchmark.Ledger(kept))
    made.product = lambda: 1e11  # measuring it takes longer than all else here
    return made


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize("network", ["compact-1", "mantranet-4"])
def test_a_row_tells_time_memory_and_share(tmp_path: Path, network: str) -> None:
    row = dict(
        zip(
            benchmark.COLUMNS,
            cells(bench(tmp_path).analysis(network, (96, 64), "openvino/float32", 2.0)),
            strict=True,
        )
    )
    assert row["network"] == network
    assert row["size"] == "96x64"
    assert 0.05 < float(row["peak GB"]) < 2.5
    assert float(row["share"]) > 0
    assert float(row["s"]) == pytest.approx(float(row["pass A"]) + float(row["pass B"]), abs=0.11)
    assert row["over the whole graph"]
    assert row["disk GB"] == "0.00"
    assert not (paths.cache_folder() / "features").exists(), "the user's kept features are left alone"


def test_a_row_that_is_kept_is_not_measured_again(tmp_path: Path) -> None:
    kept = tmp_path / "rows.jsonl"
    first = bench(tmp_path, kept).analysis("compact-1", (96, 64), "openvino/float32", None)
    lines = kept.read_text("utf-8")
    again = bench(tmp_path / "not there: no picture could be made", kept)
    assert again.analysis("compact-1", (96, 64), "openvino/float32", None) == first
    assert kept.read_text("utf-8") == lines
    kept.write_text(lines + '{"network": "compact-1"}\n', "utf-8")
    with pytest.raises(WorkbenchError, match=r"Line 2 of .* is no row"):
        benchmark.Ledger(kept)


def test_rows_of_another_machine_do_not_count(tmp_path: Path) -> None:
    kept = tmp_path / "rows.jsonl"
    theirs = {"key": ["product", "another processor, 64 threads"], "rate": 1e13}
    kept.write_text(json.dumps(theirs) + "\n", "utf-8")
    assert benchmark.Ledger(kept).row(("product",), lambda: {"rate": 1.0})["rate"] == 1.0


def test_the_full_network_stays_within_the_memory_that_it_was_given(tmp_path: Path) -> None:
    made = bench(tmp_path)
    made._arguments.memory = 0.7
    row = made._analysed("mantranet-4", (320, 256), "openvino/float32")
    assert row["peak"] < row["memory"] < 0.7e9


def test_what_fails_is_a_row_with_a_sentence_and_is_not_kept(tmp_path: Path) -> None:
    kept = tmp_path / "rows.jsonl"
    row = bench(tmp_path, kept).analysis("compact-1", (96, 64), "tensorflow/bfloat16", None)
    assert "float32 only" in row
    assert not kept.exists()


def test_the_command_writes_a_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kept = tmp_path / "rows.jsonl"
    row = bench(tmp_path, kept).analysis("compact-1", (96, 64), "openvino/float32", None)
    words = "--networks compact-1 --sizes 96x64 --runtimes openvino/float32 --only-analyses --keep"
    assert main(["benchmark", *words.split(), str(kept)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert row in said
    assert cells(said[said.index(row) - 2]) == list(benchmark.COLUMNS)
    assert not list(paths.cache_folder().iterdir()), "pictures and weights of the benchmark are removed"


def test_sizes_are_read() -> None:
    assert benchmark._size("1024x768") == (1024, 768)
    with pytest.raises(argparse.ArgumentTypeError, match="not a size"):
        benchmark._size("1024")
