"""`workbench families IMAGE`: which family of manipulations the traces at each pixel resemble most."""

import argparse
import json
import sys
from pathlib import Path

from PIL import Image

from workbench.cli import DONE
from workbench.cli.blocking import waiting
from workbench.core.analysis import request_for
from workbench.core.evidence import open_evidence
from workbench.core.families import COLOURS, FAMILIES, FamilyMap, Worth, overlay, worth_of
from workbench.core.paths import unused_folder
from workbench.core.weights import DEFAULT, card_named

MEANING = (
    "The family that the traces at a pixel resemble most, by a classification of the network's features, "
    "shown where it outweighs all others together: a hint at what to look for. It may be wrong; nothing "
    "follows from it alone."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument("--weights", default=DEFAULT, metavar="NAME", help="default: %(default)s")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: ./IMAGE-STEM-families")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    evidence = open_evidence(arguments.image)
    card = card_named(arguments.weights)
    with waiting() as engine:
        families = engine.families(request_for(evidence.path, evidence.sha256, None, card))
    folder = unused_folder(arguments.out or Path(f"{evidence.path.stem}-families"))
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(families.classes).save(folder / "classes.png")
    Image.fromarray(families.clearness).save(folder / "clearness.png")
    laid = overlay(evidence.pixels, families.classes, families.clearness)
    Image.fromarray(laid).save(folder / "overlay.png")
    worth = worth_of(card.path, card.sha256)
    described = _description(families, evidence.sha256, card.sha256, worth)
    text = json.dumps(described, indent=2, ensure_ascii=False)
    (folder / "families.json").write_text(text + "\n", "utf-8")
    names = ("untouched or unclear", *FAMILIES[1:])
    for name, share in sorted(zip(names, families.shares(), strict=True), key=lambda pair: -pair[1]):
        sys.stdout.write(f"{name}: {share:.1%} of the picture\n")
    sys.stdout.write(f"{folder}\n{MEANING}\n{_measured(worth)}\n")
    return DONE


def _measured(worth: Worth | None) -> str:
    if worth is None:
        return "How often it is right was not measured for these weights."
    return (
        f"On held-out photographs {worth.right:.0%} of the pixels with a colour have the right one, and "
        f"{worth.astray:.1%} of the untouched pixels have one."
    )


def _description(families: FamilyMap, picture: str, weights: str, worth: Worth | None) -> dict[str, object]:
    return {
        "meaning": MEANING,
        "picture_sha256": picture,
        "weights_sha256": weights,
        "sha256": families.sha256,
        "measured": _measured(worth),
        "confusion": worth.shown.round(4).tolist() if worth else None,
        "head_sha256": worth.head_sha256 if worth else None,
        "families": [
            {"class": number, "name": name, "colour": COLOURS[number], "share": share}
            for number, (name, share) in enumerate(zip(FAMILIES, families.shares(), strict=True))
        ],
    }
