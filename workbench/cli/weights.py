"""`workbench weights list | import | verify`."""

import argparse
import sys
from pathlib import Path

from workbench.cli import DIFFERENT, DONE
from workbench.core import weights as library
from workbench.core.errors import WeightsError
from workbench.core.text import visible


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="list shipped and imported weights")
    actions.add_parser("verify", help="check every weight file against the SHA-256 of its card")
    importing = actions.add_parser("import", help="import a file in the authors' layout")
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument(
        "--variant", type=int, choices=range(5), required=True, help="which released variant"
    )
    importing.add_argument("--name", required=True, help="how these weights are to be chosen")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    if arguments.action == "import":
        return _import(arguments.file, arguments.variant, arguments.name)
    return _verify() if arguments.action == "verify" else _list()


def _list() -> int:
    for card in library.all_cards():
        use = "commercial use allowed" if card.commercial else "no commercial use"
        default = " (default)" if card.name == library.DEFAULT else ""
        fields = (f"{card.name}{default}", card.configuration, use, card.sha256, card.origin)
        sys.stdout.write("\t".join(map(visible, fields)) + "\n")
    _tell_damaged()
    return DONE


def _tell_damaged() -> bool:
    """Say which cards of the user can't be used; whether there are any."""
    sentences = library.damaged_cards()
    sys.stderr.writelines(f"{sentence}\n" for sentence in sentences)
    return bool(sentences)


def _import(file: Path, variant: int, name: str) -> int:
    from workbench.cli.blocking import method

    configuration, origin = method().inspect(file, variant)
    card = library.import_file(file, name, configuration, origin)
    sys.stdout.write(f"Imported {file.name} as {card.name}: {card.origin}.\n{card.licence}\n")
    return DONE


def _verify() -> int:
    code = DONE
    for card in library.all_cards():
        try:
            card.verify()
            sys.stdout.write(f"{card.name}: unchanged ({card.sha256})\n")
        except WeightsError as error:
            sys.stderr.write(f"{error}\n")
            code = DIFFERENT
    return DIFFERENT if _tell_damaged() else code
