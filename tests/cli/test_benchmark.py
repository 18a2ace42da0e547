"""`workbench benchmark` on sizes that take no time."""

import argparse
from pathlib import Path

import pytest

from workbench.cli import benchmark

ARGUMENTS = argparse.Namespace(repeat=2, memory=None, networks=["compact-1"], photos=None)


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize("network", ["compact-1", "mantranet-4"])
def test_a_row_tells_time_memory_and_share(tmp_path: Path, network: str) -> None:
    bench = benchmark._Bench(tmp_path, ARGUMENTS, product=1e11)
    row = dict(
        zip(benchmark.COLUMNS, cells(bench.row(network, (96, 64), "openvino/float32", 2.0)), strict=True)
    )
    assert row["network"] == network
    assert row["size"] == "96x64"
    assert 0.05 < float(row["peak GB"]) < 2.5
    assert float(row["share"]) > 0
    assert float(row["s"]) == pytest.approx(float(row["pass A"]) + float(row["pass B"]), abs=0.11)
    assert row["over the whole graph"]


def test_what_fails_is_a_row_with_a_sentence(tmp_path: Path) -> None:
    bench = benchmark._Bench(tmp_path, ARGUMENTS, product=1e11)
    row = bench.row("compact-1", (96, 64), "tensorflow/bfloat16", None)
    assert "float32 only" in row


def test_sizes_are_read() -> None:
    assert benchmark._size("1024x768") == (1024, 768)
    with pytest.raises(argparse.ArgumentTypeError, match="not a size"):
        benchmark._size("1024")
