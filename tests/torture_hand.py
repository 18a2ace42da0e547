"""The hand that works in a window until it is killed, for `tests/torture.py`."""

import hashlib
import json
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer

from workbench.casefile.log import as_text
from workbench.core.analysis import Outcome, Provenance, WeightsUsed, analysis_of, new_id, request_for
from workbench.core.case import Case, CaseDetails
from workbench.core.heatmap import Heatmap
from workbench.core.jsonform import to_json
from workbench.core.region import Region
from workbench.core.search import Search, SearchResult, Suggestion, parameters_for, windows_of
from workbench.gui import layers
from workbench.gui.main_window import MainWindow
from workbench.gui.runs import Result

NAMING = ["naming"]
"""Printed when an untitled case is about to be given its name."""


def digest(case: Case) -> str:
    return hashlib.sha256(as_text(to_json(case)).encode()).hexdigest()


class Hand:
    """Works in a window at random, and prints what the window shows as done.

    `folder` is of the case to work on, or where an untitled one is moved to.
    """

    def __init__(
        self, window: MainWindow, folder: Path, pictures: list[Path], seed: int, *, untitled: bool
    ) -> None:
        self._window, self._session = window, window.session
        self._folder, self._pictures, self._untitled = folder, pictures, untitled
        self._told = False
        self._draw = random.Random(seed)
        self._session.document.changed.connect(self._tell)
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._work)
        self._session.saved.connect(lambda _: self._timer.start())
        if untitled:
            self._timer.start()
        else:
            window.open_case(folder)

    def _tell(self) -> None:
        document = self._session.document
        if document.folder is None:
            return
        head = document.maps.head
        self._told = True
        self._print([head.count, head.sha256, digest(document.case), str(document.folder)])

    def _print(self, told: list[Any]) -> None:
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    def _work(self) -> None:
        """One action; what can't be done at the moment is passed over."""
        item, document = self._session.item, self._session.document
        ways: list[Callable[[], object]] = [self._open_picture]
        if item is not None and document.folder is not None:
            ways += [
                self._draw_region,
                lambda: document.describe_item(item.id, self._tags(), self._words()),
                lambda: document.set_details(CaseDetails(question=self._words())),
                self._finish_run,
                document.undo,
                document.redo,
            ]
            if item.regions:
                ways += [self._move_region, self._delete_region]
            if item.analyses:
                ways += [self._note_run, self._set_threshold]
            ways += [self._take_suggestion, self._dismiss] if item.searches else [self._finish_search]
            if self._draw.random() < 0.1 and (self._told or not self._untitled):
                ways = [self._name] if self._untitled else [self._reopen]
        self._draw.choice(ways)()

    def _words(self) -> str:
        return self._draw.choice(["<b>", "\u202e", "=1+1", "Müller", "\0", ""]) + str(self._draw.random())

    def _tags(self) -> tuple[str, ...]:
        return tuple(f"tag{n}" for n in range(self._draw.randrange(4)))

    def _open_picture(self) -> None:
        self._window.open_paths([self._draw.choice(self._pictures)])

    def _draw_region(self) -> None:
        self._session.add_region(self._draw.randrange(30), self._draw.randrange(20), 24, 20)

    def _move_region(self) -> None:
        region = self._draw.choice(self._session.item.regions)
        self._session.change_region(
            region.moved_to(self._draw.randrange(30), self._draw.randrange(20), 24, 20)
        )

    def _delete_region(self) -> None:
        self._session.choose_region(self._draw.choice(self._session.item.regions).id)
        self._session.remove_region()

    def _set_threshold(self) -> None:
        self._session.choose_layer(self._draw.choice(self._session.item.analyses).id)
        self._session.settle_threshold(round(self._draw.random(), 3))

    def _note_run(self) -> None:
        item = self._session.item
        self._session.document.describe_run(item.id, self._draw.choice(item.analyses).id, self._words())

    def _finish_run(self) -> None:
        """Hand over a map as the engine's reader would: no model is loaded for this."""
        session, item = self._session, self._session.item
        card = session.preferences.card
        shape = (item.decode.height, item.decode.width)
        heatmap = Heatmap.of(
            np.random.default_rng(self._draw.getrandbits(32)).random(shape, dtype=np.float32)
        )
        made = Provenance(
            "none", "float32", 512, 0.1, datetime.now(UTC).isoformat(), item.decode.decoded_sha256
        )
        outcome = Outcome(heatmap, made)
        analysis = analysis_of(request_for(item.path, item.sha256, None, card), outcome, card, "A. Examiner")
        layer = layers.finished(analysis.id, analysis.title, heatmap.response, analysis.origin)
        session.runs.finished.emit(Result(item.id, analysis, outcome, layer))

    def _finish_search(self) -> None:
        item, card = self._session.item, self._session.preferences.card
        shape = (item.decode.height, item.decode.width)
        parameters = parameters_for(shape)
        windows = windows_of(shape, parameters)
        found = tuple(Suggestion(n, 1 - n / 10, (4 * n, 2 * n, 24, 20), 0) for n in range(1, 4))
        made = Provenance(
            "none", "float32", 512, 0.1, datetime.now(UTC).isoformat(), item.decode.decoded_sha256
        )
        weights = WeightsUsed(card.name, card.sha256, card.configuration, card.licence, card.origin)
        search = Search(new_id(), weights, "A. Examiner", SearchResult(parameters, windows, found, made))
        self._session.search.searches.finished.emit(item.id, search)

    def _take_suggestion(self) -> None:
        """Accept it as the window does, without the run that follows."""
        desk, rank = self._session.search, self._draw.randint(1, 3)
        if desk.region_of(rank) is None:
            drawn = Region("", "", *desk.suggestion(rank).box)
            self._session.regions.draw(drawn, (desk.search, rank))

    def _dismiss(self) -> None:
        self._session.search.dismiss(self._draw.randint(1, 3))

    def _name(self) -> None:
        """Save as: the untitled case is moved."""
        if self._session.document.untitled and not self._session.untitled.working:
            self._print(NAMING)
            self._session.cases.save(self._folder)

    def _reopen(self) -> None:
        """Leaving seals the case."""
        self._timer.stop()
        self._session.cases.start_new()
        self._window.open_case(self._folder)
