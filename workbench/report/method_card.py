"""The method card: name, citation, what to look for and to ignore, limits."""

import json
from dataclasses import dataclass
from functools import cache

from workbench.core.errors import WorkbenchError
from workbench.core.jsonform import from_json
from workbench.core.paths import resources_folder


@dataclass(frozen=True)
class MethodCard:
    """What is said of a method beside each of its results.

    Attributes:
        id: name of its file.
        name: as in the literature.
        citation: of the paper.
        licence: of the implementation.
        input: how pixels become the network's input.
        polarity: what a high response means.
        look_for: a paragraph.
        ignore: a paragraph.
        limits: sentences.
    """

    id: str
    name: str
    citation: str
    licence: str
    input: str
    polarity: str
    look_for: str
    ignore: str
    limits: tuple[str, ...]


@cache
def method_card(name: str = "mantranet") -> MethodCard:
    """Read a card that ships with the program.

    Raises:
        WorkbenchError: it is missing or damaged.
    """
    path = resources_folder() / "methods" / f"{name}.json"
    try:
        return from_json(MethodCard, json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise WorkbenchError(f"The method card {path} can't be read. Reinstall the program.") from error
