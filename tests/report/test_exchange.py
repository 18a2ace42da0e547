"""CASE/UCO that its own validator accepts, and CSV that no spreadsheet runs."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.report.findings_table import COLUMNS, cell


def test_the_graph_is_valid_case_uco(tmp_path: Path, made: Any) -> None:
    made.with_details(examiner="A. <b>", case_id="=1+1")
    file = made.export(tmp_path / "r").folder / "exchange.jsonld"
    program = Path(sys.executable).with_name("case_validate")
    command = [str(program), "--built-version", "case-1.5.0", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert "Conforms: True" in done.stdout, done.stdout + done.stderr


def test_the_graph_holds_evidence_tool_runs_and_results(tmp_path: Path, made: Any) -> None:
    done = made.export(tmp_path / "r")
    graph = json.loads((done.folder / "exchange.jsonld").read_bytes())["@graph"]
    text = json.dumps(graph)
    kinds = [str(node["@type"]) for node in graph]
    assert sum("InvestigativeAction" in kind for kind in kinds) == 4
    assert sum("AnalyticResult" in kind for kind in kinds) == 4
    assert made.item.sha256 in text
    record = json.loads(done.record.read_bytes())
    for run in record["runs"]:
        assert run["map"]["sha256"] in text
        assert json.dumps(run["statement"])[1:-1] in text
    names = {node["@id"] for node in graph}
    assert len(names) == len(graph)


def test_findings_as_csv(tmp_path: Path, make: Callable) -> None:
    made = make("=cmd|calc.jpg")
    item = made.item.with_region(10, 10, 40, 40)
    made.case = made.case.with_item(item.with_region_changed(replace(item.regions[0], name='@SUM(1)"\n,x')))
    response = np.zeros((160, 240), np.float32)
    response[:20, :30] = 0.9
    made.run(response)
    made.run(np.zeros((40, 40), np.float32), made.item.regions[0])
    data = (made.export(tmp_path / "r").folder / "findings.csv").read_bytes()
    first, second = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert set(first) == set(COLUMNS)
    assert [int(first[name]) for name in ("x", "y", "width", "height", "area")] == [0, 0, 30, 20, 600]
    assert first["name"] == "'=cmd|calc.jpg"
    assert second["region"] == "'@SUM(1)\"[U+000A],x"
    assert second["number"] == ""


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A", "\tx", "\rx", "\nx", "  =1", "\uff1d1"])
def test_formulas_are_text(text: str) -> None:
    assert cell(text).startswith("'")


def test_numbers_and_words_stay() -> None:
    assert [cell(value) for value in (0.25, 7, "a-b", "")] == ["0.25", "7", "a-b", ""]
    assert cell("x" * 500).endswith("[100 more characters]")
