"""Weights as values: a card for each file, shipped or imported."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from workbench.core import paths
from workbench.core.digest import sha256_of_file
from workbench.core.errors import WeightsError


@dataclass(frozen=True)
class Threshold:
    """A threshold of the response and how it was chosen.

    Attributes:
        value: 0..1.
        source: in words, for the window and the record ("1 in 20 genuine pictures ...", "examiner").
    """

    value: float
    source: str


@dataclass(frozen=True)
class WeightsCard:
    """What is known of one weight file.

    Attributes:
        name: how it is chosen, `compact-1`, say.
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
            return cls(
                name=card["name"],
                path=path.parent / card["file"],
                configuration=card["configuration"],
                sha256=card["sha256"],
                licence=card["licence"],
                commercial=card["commercial"],
                origin=card["origin"],
                threshold=Threshold(**card["threshold"]),
                limits=tuple(card.get("limits", ())),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WeightsError(f"The card {path} can't be read; import these weights again.") from error

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

DEFAULT = "compact-1"
"""What is used unless other weights are chosen."""


def all_cards() -> Iterator[WeightsCard]:
    """Cards of the shipped weights, then of the imported ones."""
    for folder in (paths.weights_folder(), paths.user_weights_folder()):
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            yield WeightsCard.read(path)


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
        WeightsError: the name is taken or can't be a file name.
    """
    if not name or Path(name).name != name or name.startswith("."):
        raise WeightsError(f"{name!r} can't be a name of weights. Use letters, digits, dots and hyphens.")
    if any(card.name == name for card in all_cards()):
        raise WeightsError(f"Weights named {name} are there already. Choose another name.")
    folder = paths.user_weights_folder()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.h5"
    shutil.copyfile(path, target)
    card = authors_card(target, name, configuration, origin)
    card.write(folder)
    return card
