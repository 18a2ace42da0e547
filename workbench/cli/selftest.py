"""`workbench selftest`: does this installation give the numbers that it should?"""

import argparse
import sys
import tempfile
from pathlib import Path

from workbench.cli import DIFFERENT, DONE
from workbench.cli.blocking import run_all
from workbench.core import selfcheck
from workbench.core.analysis import PRECISIONS, RUNTIMES, Outcome
from workbench.core.weights import WeightsCard, card_named


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("--runtime", choices=RUNTIMES, default="auto", help="what runs the network")
    parser.add_argument("--precision", choices=PRECISIONS, default="float32", help="of the network")
    parser.add_argument("--record", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    card = card_named()
    outcomes = _outcomes(card, arguments.runtime, arguments.precision)
    if arguments.record:
        sys.stdout.write(f"Recorded {selfcheck.keep_expected(card, outcomes)}.\n")
        return DONE
    result = selfcheck.result_of(card, outcomes)
    for check in result.checks:
        found = check.difference
        sys.stdout.write(f"{'DIFFERENT' if found else 'as expected'}  {check.what}{found and ': ' + found}\n")
    if result.precision == "float32":  # the one of record, which reports name
        result.save()
    sys.stdout.write("Self-test passed.\n" if result.passed else "Self-test found a difference.\n")
    return DONE if result.passed else DIFFERENT


def _outcomes(card: WeightsCard, runtime: str, precision: str) -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        return run_all(selfcheck.requests(Path(folder), card, runtime, precision))
