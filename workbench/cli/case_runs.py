"""The runs of `workbench case analyze`: each is on the disk, in one transaction, before it is printed."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.casefile.store import CaseStore
from workbench.cli.analyze import chosen_card, chosen_threshold, line_of
from workbench.cli.blocking import Waiting, waiting
from workbench.core import settings
from workbench.core.analysis import Analysis, analysis_of, request_for
from workbench.core.case import Item
from workbench.core.errors import CaseError, EngineError
from workbench.core.evidence import read_from_original
from workbench.core.region import Region
from workbench.core.text import visible

Say = Callable[[str], None]


def run_pictures(store: CaseStore, arguments: argparse.Namespace, say: Say, warn: Say) -> int:
    """Run the whole of each picture and each of its regions; a run is never put in the place of another.

    Args:
        store: open to write.
        arguments: `numbers` of pictures, all if empty, and those of `analyze.add_run_arguments`.
        say: is given a line for each run that is kept.
        warn: is given a sentence for each picture that could not be read or analysed.

    Returns:
        How many pictures could not be.

    Raises:
        CaseError: there is no picture of such a number, or the case can't be written.
        WeightsError: there are no such weights.
    """
    chosen = _chosen(store.case.items, arguments.numbers)
    failed = 0
    with waiting() as engine:
        runs = _Runs(store, engine, arguments, warn)
        for number in chosen:
            item = store.case.items[number - 1]
            try:
                for region in (None, *item.regions):
                    say(f"{number}. {visible(item.name)}: {line_of(runs.run(item.id, region), store)}")
            except EngineError as error:  # the others may be in order
                warn(f"{number}. {visible(item.name)}: {error}")
                failed += 1
    return failed


def _chosen(items: Sequence[Item], numbers: Sequence[int]) -> list[int]:
    for number in numbers:
        if not 1 <= number <= len(items):
            raise CaseError(
                f"There is no picture {number} in this case, so nothing was run. See workbench case list."
            )
    return list(dict.fromkeys(numbers)) or list(range(1, len(items) + 1))


class _Runs:
    """Makes runs as the arguments want them and commits each."""

    def __init__(self, store: CaseStore, engine: Waiting, arguments: argparse.Namespace, warn: Say) -> None:
        self._store, self._engine, self._arguments = store, engine, arguments
        self._warn, self._told = warn, set[str]()
        self._card = chosen_card(arguments.weights, arguments.variant)
        self._threshold = chosen_threshold(arguments.threshold, self._card)
        self._by = settings.load()[0].examiner

    def run(self, item_id: str, region: Region | None) -> Analysis:
        """Run a region of a picture, or the whole of it; on the disk when this returns."""
        store, wanted = self._store, self._arguments
        item = store.case.item(item_id)
        request = replace(
            request_for(store.picture_file(item), item.sha256, region, self._card),
            tile=wanted.tile,
            memory=wanted.memory,
            runtime=wanted.runtime,
            precision=wanted.precision,
            keep_features=False,
            original=item.path,
        )
        outcome = self._engine.run(request)
        if outcome.provenance.from_original and item.id not in self._told:
            self._told.add(item.id)
            self._warn(read_from_original(item.name))
        store.put_map(outcome.heatmap)
        run = analysis_of(request, outcome, self._card, self._by, self._threshold)
        box = list(region.box) if region else None
        detail = {"item": item.id, "run": run.id, "region": box}
        store.commit(store.case.with_item(item.with_analysis(run)), "analysis finished", detail, self._by)
        return run
