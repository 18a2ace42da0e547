"""`workbench case new | add | analyze | list`: cases without a window; whatever is printed is on the disk."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench.casefile.store import SUFFIX, CaseStore
from workbench.cli import DONE, FAILED
from workbench.cli.analyze import add_run_arguments
from workbench.cli.case_runs import run_pictures
from workbench.core import settings
from workbench.core.case import Item
from workbench.core.errors import CaseError, EvidenceError
from workbench.core.evidence import open_evidence
from workbench.core.text import visible

HEADINGS = ("no.", "name", "bytes", "pixels", "sha-256", "runs", "tags")
_TO_THE_LEFT = {1, 6}
"""Columns of text; the others are numbers."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True)
    new = actions.add_parser("new", help="make an empty case")
    add = actions.add_parser("add", help="take pictures into a case, with a copy of each file")
    analyze = actions.add_parser(
        "analyze", help="run the whole picture and each of its regions, and keep the runs in the case"
    )
    listing = actions.add_parser("list", help="list the pictures of a case; changes nothing")
    for action in (new, add, analyze, listing):
        action.add_argument("case", type=Path, metavar="CASE", help=f"a folder; {SUFFIX} may be left out")
    add.add_argument("images", type=Path, nargs="+", metavar="IMAGE")
    analyze.add_argument(
        "numbers",
        type=int,
        nargs="*",
        metavar="NUMBER",
        help="of pictures as case list tells them; default: all",
    )
    add_run_arguments(analyze)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    folder = folder_of(arguments.case)
    if arguments.action == "new":
        return _new(folder)
    if arguments.action == "analyze":
        return _analyze(folder, arguments)
    return _add(folder, arguments.images) if arguments.action == "add" else _list(folder)


def folder_of(name: Path) -> Path:
    """The folder of a case, whose name may be given without its ending."""
    folder = name.absolute()
    if folder.suffix == SUFFIX or folder.is_dir():
        return folder
    return folder.with_name(folder.name + SUFFIX)


def _new(folder: Path) -> int:
    remark = CaseStore.create(folder, _examiner()).close()
    _say(f"Made {visible(str(folder))}")
    return _sealed(remark)


def _add(folder: Path, images: Sequence[Path]) -> int:
    store = CaseStore.open(folder, _examiner())
    code = DONE
    try:
        if store.read_only:
            raise CaseError(store.remark)
        _warn(store.remark)
        for image in images:
            try:
                _say(_add_one(store, image.absolute()))
            except EvidenceError as error:  # the others may be in order
                _warn(str(error))
                code = FAILED
    finally:
        sealed = _sealed(store.close())
    return code or sealed


def _analyze(folder: Path, arguments: argparse.Namespace) -> int:
    store = CaseStore.open(folder, _examiner())
    try:
        if store.read_only:
            raise CaseError(store.remark)
        _warn(store.remark)
        code = FAILED if run_pictures(store, arguments, _say, _warn) else DONE
    finally:
        sealed = _sealed(store.close())
    return code or sealed


def _add_one(store: CaseStore, image: Path) -> str:
    """Take in one picture, and say so once it is on the disk."""
    item = Item.of(open_evidence(image))
    same = [n for n, known in enumerate(store.case.items, 1) if known.sha256 == item.sha256]
    for number in same:
        known = store.case.items[number - 1]
        if store.restore_picture(replace(known, path=item.path), _examiner()):
            return f"Copied again, as the copy of number {number} was damaged: {visible(item.name)}"
        if known.path == item.path:
            return f"Already there as number {number}: {visible(item.name)}"
    detail = {"item": item.id, "name": item.name, "sha256": item.sha256}
    store.commit(store.case.with_item(item), "picture opened", detail, _examiner())
    number = len(store.case.items)
    twin = f" (the same bytes as number {same[0]})" if same else ""
    return f"Added as number {number}: {visible(item.name)}  {item.sha256}{twin}"


def _list(folder: Path) -> int:
    with CaseStore.open(folder, to_read=True) as store:
        if store.remark:
            _warn(store.remark)
        rows = [_row(number, item) for number, item in enumerate(store.case.items, 1)]
    if not rows:
        _say("There is no picture in this case yet.")
        return DONE
    table = [HEADINGS, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS))]
    for row in table:
        cells = [
            cell.ljust(width) if column in _TO_THE_LEFT else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        _say("  ".join(cells).rstrip())
    return DONE


def _row(number: int, item: Item) -> tuple[str, ...]:
    return (
        str(number),
        visible(item.name, 60),
        str(item.size),
        f"{item.decode.width} x {item.decode.height}",
        item.sha256[:12],
        str(len(item.analyses)),
        ", ".join(visible(tag, 40) for tag in item.tags),
    )


def _examiner() -> str:
    return settings.load()[0].examiner


def _say(line: str) -> None:
    """At once, so that what a killed command printed is what it did."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _warn(sentence: str) -> None:
    if sentence:
        sys.stderr.write(f"{sentence}\n")


def _sealed(remark: str) -> int:
    _warn(remark)
    return FAILED if remark else DONE
