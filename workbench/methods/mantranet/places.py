"""Where the features of a run wait: kept on the disk, else in memory, else in a scratch file."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psutil

from workbench.core import paths
from workbench.core.errors import EngineError
from workbench.core.method import Plan
from workbench.methods.mantranet.feature_cache import FeatureCache, free_space
from workbench.methods.mantranet.feature_store import (
    FeatureStore,
    MemoryStore,
    Shape,
    SteadyStore,
    disk_sentence,
    scratch_file,
    size_of,
)

_Opener = Callable[[], AbstractContextManager[FeatureStore]]


class Places:
    """Chooses, and falls back on the next where one fails.

    Args:
        limit: bytes that kept features may take.
    """

    def __init__(self, limit: int) -> None:
        self.cache = FeatureCache(paths.cache_folder() / "features", limit)

    def keeps(self, shape: Shape) -> bool:
        """Whether there is room to keep features of this shape."""
        return self.cache.has_room(shape)

    def check(self, plan: Plan) -> None:
        """Refuse a plan that the disk is too small for.

        Raises:
            EngineError: with a sentence.
        """
        folder = _scratch_folder()
        free = free_space(folder)
        if not plan.kept and plan.disk > free:
            raise EngineError(
                f"The analysis needs {plan.disk / 1e9:.1f} GB for a while in the folder {folder}, "
                f"where {free / 1e9:.1f} GB are free. Make room there, allow more memory (--memory, or "
                "Settings in the window), or analyse a region."
            )

    @contextmanager
    def store(self, shape: Shape, plan: Plan, name: str) -> Iterator[FeatureStore]:
        """A place for features of this shape, for the time of a run.

        Args:
            shape: (height, width, channels).
            plan: says whether they fit in memory, and whether they are kept.
            name: that they are kept under.

        Raises:
            EngineError: there is no room anywhere.
        """
        with ExitStack() as stack:
            yield self._on_disk(stack, shape, plan, name) if plan.disk else MemoryStore(shape)

    def _on_disk(self, stack: ExitStack, shape: Shape, plan: Plan, name: str) -> FeatureStore:
        spare = max(0, min(plan.limit - plan.memory, psutil.virtual_memory().available))
        places: list[_Opener] = [partial(self.cache.new, name, shape)] if plan.kept else []
        places += [partial(scratch_file, shape, f) for f in (_scratch_folder(), Path(tempfile.gettempdir()))]
        for place in places:
            try:
                return SteadyStore(stack.enter_context(place()), spare)
            except OSError as error:
                fault = error
        if size_of(shape) > spare:
            raise EngineError(disk_sentence(fault, shape)) from fault
        return MemoryStore(shape)


def _scratch_folder() -> Path:
    """The program's own, since the system's folder for such files often lies in memory; that, if need be."""
    folder = paths.cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.gettempdir())
