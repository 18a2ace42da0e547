"""`workbench reproduce RECORD.json IMAGE`: everything once more, with the real worker."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from workbench.cli import DIFFERENT, DONE
from workbench.cli.blocking import run_each
from workbench.core.analysis import RUNTIMES
from workbench.core.evidence import open_evidence
from workbench.report.reproduction import (
    Check,
    Record,
    Repetition,
    check_file,
    compare,
    read_record,
    repetitions,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("record", type=Path, metavar="RECORD.json", help="in the folder of its report")
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument("--runtime", choices=RUNTIMES, default="", help="default: the one of each run")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    record = read_record(arguments.record)
    evidence = open_evidence(arguments.image)
    agreed = _told(check_file(record, evidence))
    planned = list(repetitions(record, evidence, arguments.runtime))
    for repetition in planned:
        if repetition.request is None:
            agreed = _told([Check(repetition.title, False, repetition.problem)]) and agreed
    for checks in _repeated(planned, arguments.record):
        agreed = _told(checks) and agreed
    sys.stdout.write(f"{_verdict(agreed, record)}\n")
    return DONE if agreed else DIFFERENT


def _repeated(planned: list[Repetition], record_file: Path) -> Iterator[list[Check]]:
    runnable = {r.request.id: r for r in planned if r.request}
    for request, outcome in run_each(r.request for r in planned if r.request):
        yield compare(runnable[request.id], outcome, record_file)


def _told(checks: list[Check]) -> bool:
    for check in checks:
        sys.stdout.write(f"{check.line}\n")
    sys.stdout.flush()
    return all(check.agrees for check in checks)


def _verdict(agreed: bool, record: Record) -> str:
    count = len(record["runs"])
    runs = "1 run was" if count == 1 else f"{count} runs were"
    if agreed:
        return f"{runs} repeated; everything agrees within the stated tolerance."
    return f"{runs} to be repeated; something differs from the record."
