"""What all command lines of the program share: errors as sentences, arguments that are checked."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from workbench.core.errors import AnalysisCancelled, WorkbenchError

FAILED = 1
"""Exit code: could not be done."""


def in_sentences(action: Callable[[], int], stopped: str = "Stopped before it was done.") -> int:
    """Run a command and return its exit code; what went wrong is a sentence on stderr, never a traceback.

    Args:
        action: the command.
        stopped: what is said when the user interrupts it.
    """
    try:
        return action()
    except WorkbenchError as error:
        sys.stderr.write(f"{error}\n")
    except (KeyboardInterrupt, AnalysisCancelled):
        sys.stderr.write(f"{stopped}\n")
    except BrokenPipeError:  # the reader of our output has gone (`| head`): nobody is left to tell
        pass
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(
            f"A file or folder can't be used: {error.strerror or error}{place}. "
            "Check that it exists, that it may be written and that the disk is not full, then try again.\n"
        )
    return FAILED


def threshold(text: str) -> float:
    """Read a threshold from the command line.

    Raises:
        argparse.ArgumentTypeError: no number from 0 to 1.
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def count(text: str) -> int:
    """Read how many there are to be from the command line.

    Raises:
        argparse.ArgumentTypeError: no whole number from 1 on.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def make_room(target: Path) -> None:
    """Make the folder of a file that is written hours later, and try whether it can be.

    Raises:
        OSError: it can't; told before the hours are spent.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = not target.exists()
    target.open("a").close()
    if new:
        target.unlink()
