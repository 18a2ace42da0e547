"""Findings as CSV, for spreadsheets: a cell that one would run as a formula is text."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.core.text import visible

COLUMNS = (
    "report", "item", "name", "sha256", "run", "region", "threshold", "number",
    "x", "y", "width", "height", "area", "share", "mean", "max",
)  # fmt: skip
_LONGEST = 400


def findings_csv(records: Sequence[Mapping[str, Any]]) -> bytes:
    """UTF-8 with a byte order mark, RFC 4180; a run without a finding has one line without figures."""
    stream = io.StringIO(newline="")
    table = csv.writer(stream, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    for record in records:
        table.writerows([cell(value) for value in row] for row in _rows(record))
    return stream.getvalue().encode("utf-8-sig")


def cell(value: Any) -> str:
    """A value as a spreadsheet shows and never runs it: the apostrophe marks text (OWASP, CSV injection)."""
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    risky = text.lstrip()[:1] in {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}
    shown = visible(text, _LONGEST)
    return f"'{shown}" if risky or text[:1] in {"\t", "\r", "\n"} else shown


def _rows(record: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    item = record["item"]
    for run in record["runs"]:
        region = run["region"]["name"] if run["region"] else ""
        start = (
            record["report"]["id"], item["id"], item["name"], item["sha256"],
            run["id"], region, run["threshold"]["value"],
        )  # fmt: skip
        for found in run["findings"]:
            yield *start, *(found[name] for name in COLUMNS[len(start) :])
        if not run["findings"]:
            yield *start, *[""] * (len(COLUMNS) - len(start))
