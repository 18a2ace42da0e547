"""The arguments of `python -m workbench.evaluation`: measure, write a card, write the report."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

from workbench.core.command_line import count, in_sentences, make_room, threshold
from workbench.core.digest import sha256_of_file
from workbench.core.weights import DEFAULT, card_named
from workbench.evaluation import region_command
from workbench.evaluation.cards import card_text, read_recipe
from workbench.evaluation.datasets import EvaluationError, open_dataset
from workbench.evaluation.evaluate import add_beside, evaluate
from workbench.evaluation.map_cache import kept_network
from workbench.evaluation.methods import BESIDE, MapOf, network
from workbench.evaluation.release import Release, release
from workbench.methods.mantranet.weights import configuration_of

METHODS = ("network", *BESIDE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `evaluate` takes."""
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="with images/ and masks/")
    parser.add_argument("--method", choices=METHODS, default="network")
    parser.add_argument("--weights", default=DEFAULT, help="name of weights, or a .h5 file of our own")
    parser.add_argument(
        "--threshold", type=threshold, metavar="T", help="0..1; default: that of the weights' card, or 0.5"
    )
    parser.add_argument("--limit", type=count, help="about that many pictures a folder: every k-th")
    parser.add_argument(
        "--compare", action="store_true", help="the other methods, too, with paired intervals"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")


def run(given: argparse.Namespace) -> int:
    """Measure, show a line for each set, write the JSON; return the exit status."""
    method, own, sha256 = chosen(given.method, given.weights)
    datasets = [open_dataset(folder, given.limit) for folder in given.folders]
    if given.json:
        make_room(given.json)
    name = given.weights if given.method == "network" else given.method
    value = _threshold(given.threshold, own, name)
    report, results = evaluate(method, name, datasets, value, _tell)
    report |= {"method": given.method, "weights_sha256": sha256}
    for other, simple in BESIDE.items() if given.compare else ():
        add_beside(report, other, results, evaluate(simple, other, datasets, 0.5, _tell)[1])
    for entry in report["datasets"]:
        sys.stdout.write(line_of(entry) + "\n")
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return 0


def chosen(method: str, weights: str) -> tuple[MapOf, float | None, str | None]:
    """Return a method, its own threshold and the SHA-256 of its weights, where there are such.

    Raises:
        WeightsError: the weights can't be used.
    """
    if method != "network":
        return BESIDE[method], None, None
    path = Path(weights)
    if path.suffix == ".h5":
        return network(path, configuration_of(path).name), None, sha256_of_file(path)
    card = card_named(weights)
    card.verify()
    return network(card.path, card.configuration), card.threshold.value, card.sha256


def _threshold(given: float | None, own: float | None, name: str) -> float:
    value = own if given is None else given
    if value is not None:
        return value
    _tell(
        f"{name} has no card that says a threshold, so that what needs one (F1, intersection over union, "
        "areas, spots) is measured at 0.5. Give --threshold for another."
    )
    return 0.5


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def line_of(entry: dict[str, Any]) -> str:
    """Return one set's figures as a line."""
    if entry["genuine"]:
        figures = entry["genuine"]
        return (
            f"{entry['name']}: {entry['images']} genuine, median area {figures['area_median']:.2%}, "
            f"with a spot {figures['share_with_spot']:.1%}"
        )
    low, high = entry["pixel_auc_interval"]
    scored = "" if entry["scored"] == entry["images"] else f" ({entry['scored']} scored)"
    return (
        f"{entry['name']}: {entry['images']} pictures{scored}, pixel AUC {entry['pixel_auc_mean']:.3f} "
        f"[{low:.3f}, {high:.3f}], pooled {entry['pixel_auc_pooled']:.3f}, "
        f"best F1 {entry['f1_best_mean']:.3f}, F1 {entry['f1_fixed']:.3f} at {entry['threshold']:.3f}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run `evaluate`, `card`, `accuracy`, `ablations` or `regions`; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m workbench.evaluation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_arguments(commands.add_parser("evaluate"))
    _add_card_arguments(commands.add_parser("card"))
    _add_accuracy_arguments(commands.add_parser("accuracy"))
    _add_ablations_arguments(commands.add_parser("ablations"))
    region_command.add_arguments(commands.add_parser("regions"))
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    actions = {
        "evaluate": run,
        "card": _card,
        "accuracy": _accuracy,
        "ablations": _ablations,
        "regions": region_command.run,
    }
    return in_sentences(lambda: actions[given.command](given))


def _add_card_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", type=Path, help="description of the recipe, JSON")
    parser.add_argument("--minutes", type=float, required=True, help="of training in all")
    parser.add_argument("--folder", type=Path, default=Path("weights"), help="where the weight file lies")
    parser.add_argument("--photos", type=Path, required=True, help="photographs, held-out calibrate")
    parser.add_argument("--genuine", type=Path, required=True, help="genuine pictures: half calibrates")
    parser.add_argument("--edited", type=Path, nargs="+", required=True, help="folders with truth")
    parser.add_argument(
        "--limit", type=count, help="about that many pictures of each kind: to try it; prints, writes no card"
    )
    _add_scratch(parser)


def _card(given: argparse.Namespace) -> int:
    trained = read_recipe(given.recipe, given.minutes)
    path = given.folder / trained.file
    method = kept_network(path, trained.configuration, sha256_of_file(path), given.scratch)
    what = Release(given.photos, given.genuine, tuple(given.edited), given.limit)
    card = release(method, trained, what, given.folder)
    sys.stdout.write(card_text(card))
    if given.limit is not None:
        _tell(
            "With --limit no card was written: it may rest on a part of the pictures. Leave it out for one."
        )
    return 0


def _add_accuracy_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="as for evaluate")
    parser.add_argument("--photos", type=Path, required=True, help="photographs, of which the held-out serve")
    parser.add_argument("--weights", default=DEFAULT, help="name of weights")
    parser.add_argument("--limit", type=count, help="about that many pictures of each kind: to try it")
    parser.add_argument("--out", type=Path, default=Path("docs/accuracy.md"), help="default: %(default)s")
    parser.add_argument("--ablations", type=Path, metavar="FILE", help="figures of ablations to show, too")
    _add_scratch(parser)


def _add_scratch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()) / "workbench-maps",
        help="keeps maps, so that a second run is quick; default: %(default)s",
    )


def _accuracy(given: argparse.Namespace) -> int:
    from workbench.evaluation import accuracy  # noqa: PLC0415 - matplotlib is for this alone
    from workbench.evaluation.accuracy_pictures import draw_all  # noqa: PLC0415
    from workbench.evaluation.accuracy_text import accuracy_text  # noqa: PLC0415

    card = card_named(given.weights)
    card.verify()
    target = given.out.with_suffix(".json")
    ablations = _read_ablations(given.ablations) if given.ablations else _ablations_shown(target)
    for path in (given.out, target):
        make_room(path)
    plan = accuracy.Plan(card, tuple(given.folders), given.photos, given.scratch, given.limit)
    methods = accuracy.methods_of(plan)
    figures = accuracy.measure(plan, methods)
    target.write_text(json.dumps(figures | {"ablations": ablations}, indent=2) + "\n", "utf-8")
    pictures = draw_all(figures, methods, given.photos, given.out.parent / "images")
    given.out.write_text(accuracy_text(figures, ablations), "utf-8")
    sys.stdout.writelines(f"{path}\n" for path in (given.out, target, *pictures))
    return 0


def _ablations_shown(figures: Path) -> Any:
    """Those that the page has already: they are of an extractor, whatever weights are measured now."""
    return _read_ablations(figures)["ablations"] if figures.exists() else None


def _read_ablations(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise EvaluationError(
            f"{path} holds no figures of ablations, so the page can't show them. Make them anew with "
            "python -m workbench.evaluation ablations, or leave --ablations out."
        ) from error


def _add_ablations_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--start", type=Path, required=True, help="checkpoint of the extractor")
    parser.add_argument("--steps", type=count, default=200, help="of each training")
    parser.add_argument("--folder", type=Path, default=Path(".training/ablations"), help="to go on from")
    parser.add_argument("--precision", default="auto", help="Keras dtype policy; default: the faster here")
    parser.add_argument("--out", type=Path, default=Path(".training/ablations.json"))


def _ablations(given: argparse.Namespace) -> int:
    from workbench.evaluation import ablations  # noqa: PLC0415 - needs Keras

    plan = ablations.Plan(given.photos, given.start, given.steps, given.folder, given.precision)
    make_room(given.out)
    figures = ablations.run(plan)
    given.out.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0
