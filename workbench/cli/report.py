"""`workbench report CASE`: one report on all pictures of a case."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from workbench.casefile.store import CaseStore
from workbench.cli import DONE
from workbench.cli.case import folder_of
from workbench.core import settings
from workbench.core.case import Item
from workbench.core.errors import CaseError, WorkbenchError
from workbench.core.evidence import Evidence, read_from_original, reopen
from workbench.core.paths import unused_folder
from workbench.core.text import visible
from workbench.report.export import Exported, Options, export_case
from workbench.report.record import Issue, LogHead
from workbench.report.signing import signer

PASSPHRASE = "WORKBENCH_PASSPHRASE"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--pdf", action="store_true", help="the PDF; with neither of the two, both are made")
    parser.add_argument("--html", action="store_true", help="the HTML")
    parser.add_argument(
        "--sign",
        type=Path,
        metavar="P12",
        help=f"sign the PDF with this PKCS#12 file; the passphrase is asked for, or taken from {PASSPHRASE} "
        "or --passphrase-file",
    )
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is taken")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: ./CASE-NAME-report")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    sign = signer(arguments.sign, _passphrase(arguments)) if arguments.sign else None
    both = not (arguments.pdf or arguments.html)
    if sign and not (arguments.pdf or both):
        raise WorkbenchError("--sign signs the PDF, which --html alone does not make. Add --pdf.")
    options = Options(
        html=arguments.html or both, pdf=arguments.pdf or both, sign=sign, on_progress=_show_progress
    )
    folder = folder_of(arguments.case)
    out = unused_folder(arguments.out or Path(f"{folder.stem}-report"))
    with CaseStore.open(folder, to_read=True) as store:
        exported = _export(store, out, options)
    _say(exported, options)
    return DONE


def _export(store: CaseStore, out: Path, options: Options) -> Exported:
    if store.remark:
        sys.stderr.write(f"{store.remark}\n")
    user, _ = settings.load()
    head = LogHead(store.head.sha256, store.head.count)
    return export_case(
        out,
        store.case,
        lambda item: _picture(store, item),
        store,
        Issue(log=head, assessments=user.assessments),
        options=options,
    )


def _picture(store: CaseStore, item: Item) -> Evidence:
    file = store.picture_file(item)
    evidence = reopen(file, item.sha256, item.name, item.path)
    if evidence.path != file:
        sys.stderr.write(f"{read_from_original(item.name)}\n")
    return evidence


def _say(exported: Exported, options: Options) -> None:
    if not exported.unchanged:
        sys.stderr.write(
            "Not every picture could be read again unchanged; the report says which. What was found holds "
            "for the files as they were opened.\n"
        )
    sys.stdout.write(f"{exported.pdf if options.pdf else exported.html}\n")


def _passphrase(arguments: argparse.Namespace) -> str:
    """Never from the arguments, which every user of the machine can read."""
    if arguments.passphrase_file:
        lines: list[str] = arguments.passphrase_file.read_text("utf-8").splitlines()
        return lines[0] if lines else ""
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    if not sys.stdin.isatty():
        raise CaseError(
            f"The passphrase of {visible(arguments.sign.name)} can't be asked for without a terminal. Put it "
            f"into {PASSPHRASE} or into a file for --passphrase-file."
        )
    return getpass.getpass(f"Passphrase of {visible(arguments.sign.name)}: ")


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{f'step {done} of {total}' if done < total else ''}")
        sys.stderr.flush()
