"""The command line. Qt, Keras and the rest are imported only inside the command that needs them."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from workbench import __version__
from workbench.core.command_line import FAILED, in_sentences
from workbench.core.errors import WorkbenchError

DONE, WRONG_USAGE, DIFFERENT = 0, 2, 3
"""Exit codes: done; wrong usage; a check found a difference. `FAILED` is 1."""

COMMANDS = {
    "analyze": "analyse a picture and write heatmaps and the record",
    "demo": "open the workbench on an example with a known edit",
    "case": "make a case, take pictures into it, analyse and list them",
    "report": "write the report on a case as HTML and PDF, signed if wanted",
    "verify": "say what was changed in a case or a report since it was written",
    "reproduce": "run everything in a record again and compare",
    "weights": "list, import or verify weights",
    "selftest": "check that this installation gives the expected numbers",
    "benchmark": "measure how fast analyses are here, and what they take",
    "evaluate": "measure a method on folders of pictures with truth",
    "families": "show which family of manipulations the traces of a picture resemble",
    "calibrate": "make a threshold from genuine pictures of your own",
    "train": "train weights of our own",
}
"""Each command is a module of this package with `add_arguments(parser)` and `run(arguments)`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or open the window on the files given; returns the exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's remarks on itself are not for users
    words = list(sys.argv[1:] if arguments is None else arguments)
    return in_sentences(lambda: _run(words), "Stopped. Nothing of the unfinished run was kept.")


def _run(words: Sequence[str]) -> int:
    if words and words[0] in COMMANDS:
        return _run_command(words[0], words[1:])
    return _open_window(words)


def _run_command(name: str, words: Sequence[str]) -> int:
    try:
        module = import_module(f"workbench.cli.{name}")
    except ModuleNotFoundError as error:
        raise WorkbenchError(
            f"This command needs {error.name}, which is not installed. "
            "Install it with: pip install 'mantra-workbench[training]'"
        ) from error
    parser = argparse.ArgumentParser(prog=f"workbench {name}", description=COMMANDS[name].capitalize() + ".")
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(_joined(words)))
    return code


def _joined(words: Sequence[str]) -> list[str]:
    """Each option with a value such as -4,0,64,64 as one word: argparse takes that for another option."""
    joined: list[str] = []
    for word in words:
        if joined and re.match(r"-\d", word) and re.fullmatch(r"--[a-z-]+", joined[-1]):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _open_window(words: Sequence[str]) -> int:
    listing = "\n".join(f"  {name:<10}{text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="workbench",
        description="Open the window on pictures or on a case.",
        epilog=f"commands:\n{listing}\n\nworkbench COMMAND --help says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"ManTra Workbench {__version__}")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE or CASE")
    files = parser.parse_args(words).files
    from workbench.cli.system import has_display, import_window

    if not (os.environ.get("QT_QPA_PLATFORM") or has_display()):
        raise WorkbenchError(
            "There is no display here for a window. Use the command analyze, or start it on a desktop; "
            "workbench --help lists the commands."
        )
    code: int = import_window().run(files)
    return code


__all__ = ["DIFFERENT", "DONE", "FAILED", "WRONG_USAGE", "main"]
