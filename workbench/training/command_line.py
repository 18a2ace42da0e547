"""The arguments of `workbench train` and of `python -m workbench.training`: stages, examples, export."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from workbench.core.command_line import count, in_sentences
from workbench.core.weights import DEFAULT, card_named
from workbench.methods.mantranet.configuration import CONFIGURATIONS
from workbench.methods.mantranet.weights import configuration_of
from workbench.training import commands
from workbench.training.examples import make_examples, write_examples
from workbench.training.photos import load_photos, photo_paths
from workbench.training.precision import AUTO
from workbench.training.split import Part

_STARTS = {
    "extractor": "checkpoint of any stage to take the extractor from",
    "anomaly": "checkpoint of stage 1, or of stage 2 of a narrower network",
}
"""What a stage that has nothing to resume may start from."""

_PARTS: tuple[Part, ...] = ("training", "held-out")


def main(arguments: list[str] | None = None) -> int:
    """Run one stage or the export; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m workbench.training", description=__doc__)
    add_arguments(parser)
    given = parser.parse_args(arguments)
    return in_sentences(lambda: run(given))


def run(given: argparse.Namespace) -> int:
    """Run what was asked for; return the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    if given.command == "export":
        checkpoint = given.checkpoint or commands.checkpoint_file(given.configuration, "anomaly")
        out = given.out or Path(f"weights/{given.configuration}.weights.h5")
        commands.export(checkpoint, out, CONFIGURATIONS[given.configuration])
        return 0
    if given.command == "examples":
        photos = load_photos(given.photos, "held-out")
        write_examples(make_examples(photos, given.seed, given.count, given.side), given.out)
        return 0
    if given.command == "plots":
        return _draw(given.logs, given.out)
    for part in _PARTS:  # before background processes read them, whose errors are no sentences
        photo_paths(given.photos, part)
    if given.command == "families":
        return _fit_families(given)
    options = commands.Options(
        given.minutes,
        given.checkpoint or commands.checkpoint_file(given.configuration, given.command),
        given.log or Path(f".training/{given.configuration}-{given.command}.jsonl"),
        given.photos,
        given.seed,
        given.workers,
        given.precision,
        CONFIGURATIONS[given.configuration],
    )
    if given.command == "manipulations":
        commands.train_manipulations(options)
    elif given.command == "extractor":
        commands.train_extractor(options, given.start)
    else:
        commands.train_anomaly(options, given.start, given.extractor)
    return 0


def _fit_families(given: argparse.Namespace) -> int:
    from workbench.training import family_stage  # noqa: PLC0415

    weights = given.weights or card_named(DEFAULT).path
    fitting = family_stage.Fitting(
        weights,
        configuration_of(weights),
        given.photos,
        given.minutes,
        given.folder,
        precision=given.precision,
    )
    sys.stdout.write(f"{family_stage.fit(fitting)}\n")
    return 0


def _draw(logs: list[Path], folder: Path) -> int:
    from workbench.training.plots import plot_log  # noqa: PLC0415 - matplotlib is for this alone

    for log in logs:
        sys.stdout.write(f"{plot_log(log, folder)}\n")
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `train` takes."""
    chosen = parser.add_subparsers(dest="command", required=True)
    for name in ("manipulations", "extractor", "anomaly"):
        stage = chosen.add_parser(name)
        stage.add_argument("--minutes", type=float, required=True, help="in all, with those already spent")
        stage.add_argument("--photos", type=Path, required=True, help="folder of photographs")
        _add_configuration(stage)
        stage.add_argument("--checkpoint", type=Path, help="default: in weights/checkpoints")
        stage.add_argument("--log", type=Path, help="JSON lines; default: in .training")
        stage.add_argument("--seed", type=int, default=20261120)
        stage.add_argument("--workers", type=count, default=1)
        stage.add_argument("--precision", default=AUTO, help="Keras dtype policy; default: the faster here")
        if name != "manipulations":
            stage.add_argument("--start", type=Path, help=_STARTS[name])
        if name == "anomaly":
            stage.add_argument(
                "--extractor", type=Path, help="checkpoint whose extractor replaces the resumed one's"
            )
    examples = chosen.add_parser("examples", help="forgeries of held-out photographs, to look at and measure")
    examples.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    examples.add_argument("--out", type=Path, required=True)
    examples.add_argument("--count", type=count, default=40, help="of each kind")
    examples.add_argument("--side", type=count, default=256, help="in pixels")
    examples.add_argument("--seed", type=int, default=7)
    families = chosen.add_parser("families", help="fit the head that names families of manipulations")
    families.add_argument("--weights", type=Path, help="file; default: the weights that ship as default")
    families.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    families.add_argument("--minutes", type=float, default=5, help="in all, with those already spent")
    families.add_argument("--folder", type=Path, default=Path(".training"), help="for checkpoint and log")
    families.add_argument("--precision", default="float32")
    drawing = chosen.add_parser("plots", help="loss and held-out figures of a training, drawn from its log")
    drawing.add_argument("logs", type=Path, nargs="+", metavar="LOG", help="JSON lines")
    drawing.add_argument("--out", type=Path, default=Path("docs/images"))
    export = chosen.add_parser("export")
    _add_configuration(export)
    export.add_argument("--checkpoint", type=Path, help="default: that of stage 2 in weights/checkpoints")
    export.add_argument("--out", type=Path, help="default: in weights")


def _add_configuration(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--configuration", choices=sorted(CONFIGURATIONS), default=commands.DEFAULT.name)
