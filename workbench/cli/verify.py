"""`workbench verify CASE | REPORT | RECORD`: what differs from what this program wrote."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from workbench.casefile.connection import DATABASE
from workbench.casefile.store import SUFFIX
from workbench.casefile.verification import examine
from workbench.cli import DIFFERENT, DONE
from workbench.cli.case import folder_of
from workbench.core.errors import WorkbenchError
from workbench.core.text import visible


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument(
        "path",
        type=Path,
        metavar="CASE|REPORT|RECORD",
        help="folder of a case or of a report, a record.json or a report.pdf; nothing is changed",
    )
    parser.add_argument(
        "--head",
        metavar="HASH",
        help="of a case: a hash of its log that was kept elsewhere, in a report, say; is it still there?",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    path: Path = arguments.path
    folder = folder_of(path)
    if not path.exists() and not folder.exists():
        raise WorkbenchError(f"There is nothing at {visible(str(path))}. Check the name.")
    if path.suffix == SUFFIX or (folder / DATABASE).is_file():
        return _verify_case(folder, arguments.head)
    return _verify_report(path)


def _verify_case(folder: Path, head: str | None) -> int:
    found = examine(folder)
    if head and (kept := found.compare_head(head.strip().lower())):
        _say([kept])
    _say([found.state, f"Log: {found.head.count} lines, the last one {visible(found.head.sha256, 64)}"])
    _say_under("In the case differs:", found.differences)
    _say_under("Of the originals, outside the case, differ:", found.originals)
    _say_under("Originals that were not compared:", found.missing)
    if not found.agrees:
        return DIFFERENT
    _say(["Nothing differs. What this can't find is told in docs/verify.md."])
    return DONE


def _verify_report(path: Path) -> int:
    verification = import_module("workbench.report.verification")  # its libraries load only here
    differences: list[str] = verification.differences(path)
    _say_under("In the report differs:", differences)
    _say_under(
        "Signed; whether the certificate is to be trusted is not checked here:", verification.signers(path)
    )
    if differences:
        return DIFFERENT
    remarks: list[str] = verification.remarks(path)
    _say(remarks or ["Nothing differs."])
    return DONE


def _say_under(heading: str, sentences: Sequence[str]) -> None:
    if sentences:
        _say([heading, *(f"  {sentence}" for sentence in sentences)])


def _say(lines: Sequence[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
