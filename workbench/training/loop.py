"""The loop both stages share: batches in, steps, checkpoints, measures, until the minutes are spent."""

from __future__ import annotations

import json
import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.training.batches import BatchPlan, batches, to_network
from workbench.training.checkpoint import Progress, save_checkpoint

if TYPE_CHECKING:
    from types import FrameType

_LOGGER = logging.getLogger(__name__)
_WARM_UP_STEPS = 60
_STEADY_SHARE = 0.25
_LAST_FACTOR = 0.04

Measure = Callable[[Any], dict[str, float]]
"""Takes the model and returns named figures on held-out pictures."""


@dataclass(frozen=True)
class Schedule:
    """How long to train and at which rate.

    Attributes:
        minutes: to train in all, with those that a resumed checkpoint has spent already.
        rate: of the optimiser while steady.
        save_every: minutes between two checkpoints; each is also measured.
        log_every: steps between two lines of the log.
    """

    minutes: float
    rate: float
    save_every: float = 8.0
    log_every: int = 20


def rate_factor(step: int, share: float) -> float:
    """Return the factor of the rate: a short rise, steady for a quarter of the time, then linear to 4 %.

    Args:
        step: counted from 0.
        share: of the minutes that are spent, 0 to 1.
    """
    rise = min(1.0, (step + 1) / _WARM_UP_STEPS)
    fall = 1 - (share - _STEADY_SHARE) / (1 - _STEADY_SHARE) * (1 - _LAST_FACTOR)
    return rise * min(1.0, max(fall, _LAST_FACTOR))


class Training:
    """One bounded run of a stage, from a checkpoint's progress on."""

    def __init__(self, model: Any, plan: BatchPlan, progress: Progress, schedule: Schedule) -> None:
        self.model, self.plan, self.progress, self.schedule = model, plan, progress, schedule
        self._stop = False
        self._begin = 0.0
        self._losses: list[float] = []

    def run(self, checkpoint: Path, log: Path, measure: Measure, workers: int = 1) -> Progress:
        """Train until the minutes are spent or a signal asks to stop, and save and measure the last state."""
        self._listen()
        source = batches(self.plan, self.progress.step, workers)
        last_saved = self.progress.minutes
        try:
            while not self._done():
                self._step(source, log)
                if self.progress.minutes - last_saved >= self.schedule.save_every:
                    self._save(checkpoint, log, measure)
                    last_saved = self.progress.minutes
        finally:
            source.close()
        if self.progress.minutes > last_saved:
            self._save(checkpoint, log, measure)
        return self.progress

    def _done(self) -> bool:
        return self._stop or self.progress.minutes >= self.schedule.minutes

    def _step(self, source: Any, log: Path) -> None:
        self._begin = time.monotonic()
        step, (pictures, truth) = next(source)
        share = self.progress.minutes / self.schedule.minutes
        self.model.optimizer.learning_rate = self.schedule.rate * rate_factor(step, share)
        loss = self.model.train_on_batch(to_network(pictures), truth)
        self._losses.append(float(np.asarray(loss).ravel()[0]))
        minutes = self.progress.minutes + (time.monotonic() - self._begin) / 60
        self.progress = replace(self.progress, step=step + 1, minutes=minutes)
        if self.progress.step % self.schedule.log_every == 0:
            write_log(log, {**self._where(), "loss": float(np.mean(self._losses))})
            self._losses.clear()

    def _save(self, checkpoint: Path, log: Path, measure: Measure) -> None:
        save_checkpoint(checkpoint, self.progress, self.model, self.model.optimizer)
        write_log(log, {**self._where(), **measure(self.model)})

    def _where(self) -> dict[str, float | str]:
        return {
            "stage": self.progress.stage,
            "step": self.progress.step,
            "minutes": round(self.progress.minutes, 2),
        }

    def _listen(self) -> None:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self._stop = True

        def go_on(_number: int, _frame: FrameType | None) -> None:
            self._begin = time.monotonic()  # what a training was paused for is no minute of it

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if hasattr(signal, "SIGCONT"):  # not on Windows
            signal.signal(signal.SIGCONT, go_on)


def write_log(log: Path, entry: dict[str, Any]) -> None:
    """Append one JSON line to the log and show it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({key: round(v, 5) if isinstance(v, float) else v for key, v in entry.items()})
    with log.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    _LOGGER.info("%s", line)
