"""`workbench reproduce RECORD.json IMAGE`: everything once more, with the real worker."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from workbench.cli import DIFFERENT, DONE, FAILED
from workbench.cli.blocking import run_each
from workbench.core.analysis import RUNTIMES
from workbench.core.evidence import open_evidence
from workbench.report.reproduction import (
    Check,
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
    not_run = [repetition for repetition in planned if repetition.request is None]
    for repetition in not_run:
        sys.stdout.write(f"not run    {repetition.title}: {repetition.problem}\n")
    for checks in _repeated(planned, arguments.record):
        agreed = _told(checks) and agreed
    sys.stdout.write(f"{_verdict(agreed, len(record['runs']), len(not_run))}\n")
    if not agreed:
        return DIFFERENT
    return FAILED if not_run else DONE


def _repeated(planned: list[Repetition], record_file: Path) -> Iterator[list[Check]]:
    runnable = {r.request.id: r for r in planned if r.request}
    for request, outcome in run_each(r.request for r in planned if r.request):
        yield compare(runnable[request.id], outcome, record_file)


def _told(checks: list[Check]) -> bool:
    for check in checks:
        sys.stdout.write(f"{check.line}\n")
    sys.stdout.flush()
    return all(check.agrees for check in checks)


def _verdict(agreed: bool, count: int, not_run: int) -> str:
    runs = "1 run was" if count == 1 else f"{count} runs were"
    found = "everything agrees within the stated tolerance" if agreed else "something differs from the record"
    if not not_run:
        return f"{runs} {'repeated' if agreed else 'to be repeated'}; {found}."
    if not_run == count:
        found = "the file is that of the record" if agreed else found
    return f"{runs} to be repeated, {not_run} could not be run; of what was compared {found}."
