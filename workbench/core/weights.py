"""Weights as values: a card for each file, shipped or imported."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from workbench.core import paths
from workbench.core.digest import sha256_of_file
from workbench.core.errors import WeightsError
from workbench.core.jsonform import from_json
from workbench.core.text import visible


@dataclass(frozen=True)
class Threshold:
    """A threshold of the response and how it was chosen.

    Attributes:
        value: 0..1.
        source: in words, for the window and the record ("1 in 20 genuine pictures ...", `EXAMINER`).
    """

    value: float
    source: str


@dataclass(frozen=True)
class WeightsCard:
    """What is known of one weight file.

    Attributes:
        name: how it is chosen, `compact-3`, say.
        path: the file.
        configuration: name of the network's configuration.
        sha256: of the file.
        licence: name of the licence.
        commercial: whether the licence allows commercial use.
        origin: who made it; for the authors' files whether its hash is one of the five released.
        threshold: the default.
        limits: sentences on what these weights can't do.
    """

    name: str
    path: Path
    configuration: str
    sha256: str
    licence: str
    commercial: bool
    origin: str
    threshold: Threshold
    limits: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a card `NAME.json` that lies beside its weight file.

        Raises:
            WeightsError: the card is missing or damaged.
        """
        try:
            card: dict[str, Any] = json.loads(path.read_text("utf-8"))
            made = from_json(cls, card | {"path": str(path.parent / card["file"])})
            if made.path.parent != path.parent or not 0 <= made.threshold.value <= 1:
                raise ValueError("a file elsewhere, or a threshold off the scale")
            return made
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise WeightsError(
                f"The card of weights {visible(str(path))} is missing or damaged, so these weights can't be "
                "used; import them again or remove the card."
            ) from error

    def write(self, folder: Path) -> Path:
        """Write the card into a folder that holds (or will hold) the weight file."""
        card = asdict(self) | {"file": self.path.name}
        del card["path"]
        target = folder / f"{self.name}.json"
        target.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", "utf-8")
        return target

    def verify(self) -> None:
        """Check the file against the card.

        Raises:
            WeightsError: the file is missing or has changed.
        """
        if not self.path.is_file():
            raise WeightsError(
                f"The weight file {self.path} is missing. Import it again or reinstall the program."
            )
        if sha256_of_file(self.path) != self.sha256:
            raise WeightsError(
                f"The weight file {self.path} has changed since its card was written. "
                "Its results would not be those of the named weights, so it is not used; import it again."
            )


AUTHORS_LICENCE = (
    "Academic, non-commercial use only (licence of the authors' ManTra-Net release). "
    "Do not use these weights commercially."
)

WIDER_FIRST_BLOCK = "The released first block has 32 filters (variants 0 and 1) where the paper has 16."

UNCALIBRATED = Threshold(0.5, "middle of the scale; no calibration exists for these weights")

EXAMINER = "set by the examiner"
"""Source of a threshold that was set by hand, in the window or on the command line."""

DEFAULT = "compact-3"
"""What is used unless other weights are chosen."""


_OF_HEADS = ".families.json"
"""What lies beside a head of families (see `core.families`) is no card of weights."""

_NAME = re.compile(r"\w(?:[\w.\- ]{0,58}[\w\-])?")
"""At most 60 characters, so that it is a file name everywhere and a field of a line."""


def all_cards() -> Iterator[WeightsCard]:
    """Cards of the shipped weights, then of those imported ones that can be used.

    Raises:
        WeightsError: a shipped card is damaged.
    """
    yield from _shipped_cards()
    yield from (card for card in _imported_cards() if isinstance(card, WeightsCard))


def damaged_cards() -> tuple[str, ...]:
    """Sentences on the cards in the user's folder that `all_cards` leaves out."""
    return tuple(sentence for sentence in _imported_cards() if isinstance(sentence, str))


def _shipped_cards() -> list[WeightsCard]:
    return [WeightsCard.read(path) for path in _card_files(paths.weights_folder())]


def _imported_cards() -> Iterator[WeightsCard | str]:
    """Each card of the user's folder, or a sentence on why it can't be used; names that ship are taken."""
    taken = {card.name.casefold() for card in _shipped_cards()}
    for path in _card_files(paths.user_weights_folder()):
        try:
            card = WeightsCard.read(path)
            _check_name(card.name)
        except WeightsError as error:
            yield str(error)
            continue
        if card.name.casefold() in taken:
            yield (
                f"The weights of the card {visible(str(path))} are not used: others are named {card.name}. "
                "Import them again under another name and remove this card."
            )
        else:
            taken.add(card.name.casefold())
            yield card


def _card_files(folder: Path) -> list[Path]:
    if not os.path.isdir(folder):  # not so where nobody may look
        return []
    return sorted(path for path in folder.glob("*.json") if not path.name.endswith(_OF_HEADS))


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise WeightsError(
            f"“{visible(name, 60)}” can't be a name of weights. Use letters, digits, dots, hyphens, "
            "underscores and spaces, 60 characters at most, with a letter or digit first."
        )


def card_named(name: str = DEFAULT) -> WeightsCard:
    """Find a card by name.

    Raises:
        WeightsError: there is none; the sentence names those there are.
    """
    cards = {card.name: card for card in all_cards()}
    if name not in cards:
        raise WeightsError(f"There are no weights named {name}. Present: {', '.join(cards) or 'none'}.")
    return cards[name]


def authors_card(path: Path, name: str, configuration: str, origin: str) -> WeightsCard:
    """The card of a file in the authors' layout: `origin` is what the file was found to be."""
    return WeightsCard(
        name=name,
        path=path,
        configuration=configuration,
        sha256=sha256_of_file(path),
        licence=AUTHORS_LICENCE,
        commercial=False,
        origin=origin,
        threshold=UNCALIBRATED,
        limits=(WIDER_FIRST_BLOCK,) if configuration in {"mantranet-0", "mantranet-1"} else (),
    )


def import_file(path: Path, name: str, configuration: str, origin: str) -> WeightsCard:
    """Copy a checked weight file of the authors' layout into the user's weights and write its card.

    Args:
        path: the file; its shapes have been checked against `configuration`.
        name: how it is to be chosen.
        configuration: name of the network's configuration.
        origin: what the file was found to be.

    Raises:
        WeightsError: the name is taken or can't be one, or the user's folder can't be written.
    """
    _check_name(name)
    if any(card.name.casefold() == name.casefold() for card in all_cards()):
        raise WeightsError(f"Weights named {name} are there already. Choose another name.")
    folder = paths.user_weights_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _copied(path, folder, (name, configuration, origin))
    except OSError as error:
        raise WeightsError(
            f"{visible(path.name, 200)} could not be imported into {folder}: {error.strerror or error}. "
            "No weights were added; make room there or allow writing, then import again."
        ) from error


def _copied(path: Path, folder: Path, facts: tuple[str, str, str]) -> WeightsCard:
    """File and card, both written whole before either is put in its place."""
    name, configuration, origin = facts
    with tempfile.TemporaryDirectory(prefix=".import-", dir=folder) as scratch:
        copy = Path(scratch) / f"{name}.h5"
        shutil.copyfile(path, copy)
        card = authors_card(copy, name, configuration, origin)
        written = card.write(Path(scratch))
        target = copy.replace(folder / copy.name)
        written.replace(folder / written.name)
    return replace(card, path=target)
