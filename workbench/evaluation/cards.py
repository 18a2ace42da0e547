"""The card of trained weights: what they are, what they reach, what they cannot do; as JSON and to read."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.core.calibration import Calibration
from workbench.core.errors import WorkbenchError
from workbench.evaluation.calibration import SourceCount
from workbench.training.forgeries import KINDS, generator
from workbench.training.photos import LARGEST_SIDE

SOURCES = {
    "cid22": ("CID22", "CC BY-SA 4.0"),
    "clic2025": ("CLIC 2025", "Unsplash licence"),
    "kodak24": ("Kodak PCD0992", "unrestricted use"),
    "gb82": ("gb82", "CC0"),
    "camera_jpeg": ("camera JPEGs of many makers", "free use"),
}
"""Folder of photographs to name and licence."""

CITATION = (
    "Y. Wu, W. AbdAlmageed, P. Natarajan: ManTra-Net: Manipulation Tracing Network for Detection and "
    "Localization of Image Forgeries With Anomalous Features. CVPR 2019."
)

SHARE_ALIKE = (
    "CID22 is under CC BY-SA 4.0. The weights hold no picture and none can be got back out of so few "
    "numbers, so we judge that they are no adaptation of any of them; every picture is named with its set "
    "and licence in the list of photographs all the same."
)

INTENDED_USE = (
    "To point an examiner to places of a photograph whose traces differ from the rest. The response is no "
    "probability, and neither it nor its absence proves anything; no verdict on a whole picture is given."
)


class RecipeError(WorkbenchError):
    """A file that describes a recipe cannot be used. The message is a sentence for the user."""


class CardError(WorkbenchError):
    """A card cannot be written. The message is a sentence for the user."""


@dataclass(frozen=True)
class Trained:
    """How weights came about.

    Attributes:
        name: of the weights.
        configuration: of the network.
        file: name of the weight file.
        stages: sentences on the recipe, one for each stage.
        seed: of the data.
        minutes: of training in all.
        machine: in words.
        limits: sentences on what they cannot do.
    """

    name: str
    configuration: str
    file: str
    stages: tuple[str, ...]
    seed: int
    minutes: float
    machine: str
    limits: tuple[str, ...]


def read_recipe(path: Path, minutes: float) -> Trained:
    """Read the description of a recipe (JSON with the fields of `Trained` but the minutes).

    Raises:
        RecipeError: the file is missing or a field is.
    """
    try:
        given = json.loads(path.read_text("utf-8"))
        given |= {name: tuple(given[name]) for name in ("stages", "limits")}
        return Trained(minutes=minutes, **given)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecipeError(f"{path} is no description of a recipe.") from error


def make_card(
    trained: Trained,
    folder: Path,
    calibrated: tuple[Calibration, Sequence[SourceCount]],
    results: dict[str, Any],
    photographs: dict[str, int],
) -> dict[str, Any]:
    """Put a card together; `folder` holds the weight file, `photographs` counts the training set's."""
    calibration, sources = calibrated
    digest = hashlib.sha256((folder / trained.file).read_bytes()).hexdigest()
    return {
        "name": trained.name,
        "configuration": trained.configuration,
        "file": trained.file,
        "sha256": digest,
        "licence": "CC-BY-4.0",
        "commercial": True,
        "origin": f"trained by this project in {trained.minutes:.0f} minutes on a {trained.machine}",
        "threshold": {"value": round(calibration.threshold, 4), "source": threshold_meaning(calibration)},
        "calibration": asdict(calibration) | {"sources": [asdict(source) for source in sources]},
        "limits": [*trained.limits, threshold_by_source(sources, results)],
        "intended_use": INTENDED_USE,
        "citation": CITATION,
        "training": {
            "recipe": list(trained.stages),
            "seed": trained.seed,
            "minutes": round(trained.minutes, 1),
            "machine": trained.machine,
            "generator": generator(),
            "photographs": [
                {"set": SOURCES[name][0], "licence": SOURCES[name][1], "pictures": count}
                for name, count in sorted(photographs.items())
            ],
            "share_alike": SHARE_ALIKE,
        },
        "results": results,
    }


def threshold_meaning(calibration: Calibration) -> str:
    """Return the default threshold's meaning as the window and the record show it."""
    low, high = calibration.interval
    return (
        f"1 in 20 genuine pictures of this kind has a spot this bright over 0.5 % of its area "
        f"(N = {calibration.pictures}; 95 % interval of the threshold {low:.3f} to {high:.3f})"
    )


def threshold_by_source(sources: Sequence[SourceCount], results: dict[str, Any]) -> str:
    """Return which genuine pictures the default threshold rests on, as a sentence for the limits."""
    calibrating = [f"{source.with_spot} of {source.pictures} ({source.source})" for source in sources]
    checking = [
        f"{figures['with_spot']} of {figures['images']} "
        f"({entry['name']}; 95 % interval {figures['share_with_spot_interval'][0]:.1%} to "
        f"{figures['share_with_spot_interval'][1]:.1%})"
        for entry in results["datasets"]
        if (figures := entry["genuine"])
    ]
    return (
        "The default threshold is that of a mixture of genuine pictures, and sources differ. Of those that "
        f"it was set on, a spot above it have {', '.join(calibrating)}; of those kept to check it "
        f"{', '.join(checking)}. Of photographs longer than {LARGEST_SIDE} pixels only the middle was looked "
        "at. A threshold for pictures of one source is made by workbench calibrate."
    )


def source_title(folder: str) -> str:
    """Name of a set of photographs, or its folder's where it is not known."""
    return SOURCES[folder][0] if folder in SOURCES else folder


def card_text(card: dict[str, Any]) -> str:
    """Return the card as Markdown for people."""
    training = card["training"]
    sets = "\n".join(f"| {p['set']} | {p['pictures']} | {p['licence']} |" for p in training["photographs"])
    parts = [
        f"# Weights {card['name']}",
        f"Network configuration `{card['configuration']}`; file `{card['file']}`, "
        f"SHA-256 `{card['sha256']}`; licence {card['licence']}; {card['origin']}.",
        "## Intended use\n\n" + card["intended_use"],
        "## What they reach\n\n" + _result_table(card["results"]),
        "## What they cannot do\n\n" + "\n".join(f"- {limit}" for limit in card["limits"]),
        f"## Default threshold\n\n{card['threshold']['value']}: {card['threshold']['source']}.",
        "## Recipe\n\n" + "\n".join(f"{i}. {stage}" for i, stage in enumerate(training["recipe"], 1)),
        f"Seed {training['seed']}, {training['minutes']} minutes, {training['machine']}. State of the "
        f"generator of forgeries when this card was written: {training['generator']}.",
        f"## Photographs\n\n| set | pictures trained on | licence |\n|---|---|---|\n{sets}",
        f"Each is named in `{card['name']}.photographs.csv`. {training['share_alike']}",
        f"## Citation\n\n{card['citation']}",
    ]
    return "\n\n".join(parts) + "\n"


def _result_table(results: dict[str, Any]) -> str:
    head = (
        "Mean over pictures of the area under the curve of pixels (AUC); then the 95 % interval. "
        "The centre control looks at no pixel: only what lies above it has been found in the picture. "
        f"{results['rule'].capitalize()}.\n\n"
        "| set | pictures | AUC | ELA | centre control | above control by | best F1 |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    rows = [_result_row(entry) for entry in results["datasets"] if not entry["genuine"]]
    genuine = [_genuine_line(entry) for entry in results["datasets"] if entry["genuine"]]
    return head + "\n".join(rows) + ("\n\n" + "\n".join(genuine) if genuine else "")


def _genuine_line(entry: dict[str, Any]) -> str:
    figures = entry["genuine"]
    interval = figures["share_with_spot_interval"]
    return (
        f"- {entry['name']}: {entry['images']} genuine pictures, median area above the default threshold "
        f"{figures['area_median']:.2%}, with a spot above it {figures['share_with_spot']:.1%} "
        f"(95 % interval {interval[0]:.1%} to {interval[1]:.1%})."
    )


def _result_row(entry: dict[str, Any]) -> str:
    low, high = entry["pixel_auc_interval"]
    over = entry["beside_centre"]["difference"]
    title = f"generated {entry['name']}" if entry["name"] in KINDS else entry["name"]
    return (
        f"| {title} | {entry['images']} | {entry['pixel_auc_mean']:.3f} [{low:.3f}, {high:.3f}] | "
        f"{entry['beside_ela']['pixel_auc_mean']:.3f} | {entry['beside_centre']['pixel_auc_mean']:.3f} | "
        f"{over['mean']:+.3f} [{over['interval'][0]:+.3f}, {over['interval'][1]:+.3f}] | "
        f"{entry['f1_best_mean']:.3f} |"
    )


def write_card(card: dict[str, Any], photographs: list[tuple[str, str]], folder: Path) -> None:
    """Write `NAME.json`, `NAME.md` and `NAME.photographs.csv` (set and file name of each photograph)."""
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{card['name']}.json").write_text(text, "utf-8")
    (folder / f"{card['name']}.md").write_text(card_text(card), "utf-8")
    with (folder / f"{card['name']}.photographs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["set", "licence", "file"])
        writer.writerows([*SOURCES[name], picture] for name, picture in photographs)


def check_licences(photographs: list[tuple[str, str]]) -> None:
    """Check that name and licence of each set of photographs are known: a card states them.

    Raises:
        CardError: some are not.
    """
    unknown = sorted({name for name, _ in photographs} - set(SOURCES))
    if unknown:
        raise CardError(
            f"No licence is known for the photographs in {', '.join(unknown)}. A card states that of each, "
            "so nothing was measured. Add name and licence of each folder to SOURCES in "
            "workbench/evaluation/cards.py, or give --photos without those that were not trained on."
        )


def count_sets(photographs: list[tuple[str, str]]) -> dict[str, int]:
    """Return how many photographs each set gave."""
    return dict(Counter(name for name, _ in photographs))
