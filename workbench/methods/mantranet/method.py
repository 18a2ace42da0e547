"""ManTra-Net as the engine sees it; the engine imports this module by its name."""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil

from workbench.core import settings
from workbench.core.digest import sha256_of_file
from workbench.core.errors import EngineError, WeightsError
from workbench.core.families import FamilyMap
from workbench.core.heatmap import Response
from workbench.core.method import OnProgress, OnStep, OnTile, Plan, Whole
from workbench.core.search import Box, SearchParameters, Suggestion, parameters_for
from workbench.methods.mantranet import family_pass, planning, region_search, runtimes, two_pass, weights
from workbench.methods.mantranet.cached import window_response
from workbench.methods.mantranet.configuration import CONFIGURATIONS, VARIANTS
from workbench.methods.mantranet.feature_cache import DamagedFeaturesError, KeptFeatures
from workbench.methods.mantranet.feature_store import FeatureReader
from workbench.methods.mantranet.places import Places
from workbench.methods.mantranet.runtime import Runtime
from workbench.methods.mantranet.statistics import scale_of

_WHOLE_RUN = 0.5
"""Share of a search's progress that goes to the whole picture."""
_STEPS = 1000


class NotKeptError(EngineError):
    """There are no features to preview on."""

    def __init__(self) -> None:
        super().__init__(
            "There is no preview of this region, since the features of this picture are not kept: it was not "
            "analysed with these weights yet, or they were removed to make room. Analyse the whole picture "
            "again, or analyse the region itself."
        )


class LoadedManTraNet:
    """The network with its weights on one runtime.

    Args:
        runtime: computes the tiles.
        weights_sha256: names the weights among kept features.
    """

    def __init__(self, runtime: Runtime, weights_sha256: str = "") -> None:
        self._runtime = runtime
        self._weights = weights_sha256
        self._rates: tuple[float, float] | None = None
        self._kept: tuple[str, KeptFeatures] | None = None
        self._last: tuple[str, Response] | None = None
        self.runtime, self.precision = runtime.name, runtime.precision

    def plan(
        self,
        height: int,
        width: int,
        tile: int | None = None,
        memory: int | None = None,
        whole: Whole | None = None,
    ) -> Plan:
        """What a picture of this size will take.

        Raises:
            EngineError: memory or disk are too small.
        """
        self._rates = self._rates or planning.measured_rates(self._runtime)  # what it takes first stays
        resident = psutil.Process().memory_info().rss
        limit = memory or planning.default_limit(resident, psutil.virtual_memory().available)
        configuration, places = self._runtime.configuration, self._places()
        keep = whole is not None and places.keeps((height, width, configuration.outlier_filters))
        plan = planning.plan(configuration, (height, width), limit, resident, tile, self._rates, keep)
        places.check(plan)
        return plan

    def analyse(
        self,
        pixels: npt.NDArray[np.uint8],
        plan: Plan,
        on_progress: OnProgress,
        on_tile: OnTile,
        whole: Whole | None = None,
        focus: tuple[int, int] | None = None,
    ) -> Response:
        """Both passes, always: a response of record never rests on kept features. See `two_pass.analyse`."""
        watch = two_pass.Watch(on_progress, on_tile, focus, self._rates)
        if whole is not None:
            self._last = None  # its memory, before this run takes its own
        with self._places().store(self._shape(pixels), plan, self._name(whole)) as store:
            response = two_pass.analyse(pixels, self._runtime, plan.tile, watch, store)
        if whole is not None:
            self._last = self._name(whole), response
        return response

    def preview(self, whole: Whole, box: Box, on_step: OnStep) -> Response:
        """See `cached.window_response`.

        Raises:
            NotKeptError: no features of this picture are kept.
        """
        try:
            return window_response(self._found(whole), self._runtime, box, on_step, quick=True)
        except DamagedFeaturesError as error:
            self._forget(whole)
            raise NotKeptError from error

    def search(
        self,
        pixels: npt.NDArray[np.uint8],
        plan: Plan,
        on_progress: OnProgress,
        whole: Whole,
        parameters: SearchParameters | None = None,
    ) -> tuple[SearchParameters, tuple[Box, ...], tuple[Suggestion, ...]]:
        """See `region_search.search`; what the last run gave is not computed again."""
        chosen = parameters or parameters_for((pixels.shape[0], pixels.shape[1]))

        def searched(
            features: FeatureReader, response: Response, begin: float
        ) -> tuple[SearchParameters, tuple[Box, ...], tuple[Suggestion, ...]]:
            told = _part(on_progress, begin, 1)
            found = region_search.search(features, response, self._runtime, chosen, told, plan.tile)
            return chosen, *found

        try:
            kept = self._found(whole)
            if self._last is not None and self._last[0] == self._name(whole):
                return searched(kept, self._last[1], 0)
            scale = scale_of(kept.mean, kept.deviation, self._runtime.min_std)
            watch = two_pass.Watch(_part(on_progress, 0, _WHOLE_RUN))
            response = two_pass.respond(kept, self._runtime, scale, plan.tile, watch)
            return searched(kept, response, _WHOLE_RUN)
        except DamagedFeaturesError:
            self._forget(whole)
        except NotKeptError:
            pass
        watch = two_pass.Watch(_part(on_progress, 0, _WHOLE_RUN))
        with self._places().store(self._shape(pixels), plan, self._name(whole)) as store:
            response = two_pass.analyse(pixels, self._runtime, plan.tile, watch, store)
            return searched(store, response, _WHOLE_RUN)

    def _places(self) -> Places:
        """Anew each time: the settings may have changed and the folder may be gone."""
        return Places(settings.load()[0].feature_cache)

    def _shape(self, pixels: npt.NDArray[np.uint8]) -> tuple[int, int, int]:
        return pixels.shape[0], pixels.shape[1], self._runtime.configuration.outlier_filters

    def _name(self, whole: Whole | None) -> str:
        """Of kept features: all that they depend on, the runtime's version included."""
        network = self._weights, self._runtime.configuration.name, self.precision, self.runtime
        parts = whole.decoded_sha256 if whole else "", *network
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def _found(self, whole: Whole) -> KeptFeatures:
        name = self._name(whole)
        if self._kept is None or self._kept[0] != name or not self._kept[1].is_there():
            self._kept = None
            found = self._places().cache.find(name)
            if found is None:
                raise NotKeptError
            self._kept = name, found
        return self._kept[1]

    def _forget(self, whole: Whole) -> None:
        self._kept = None
        self._places().cache.remove(self._name(whole))


def _part(on_progress: OnProgress, begin: float, end: float) -> OnProgress:
    """Progress of one part of a longer piece of work, in steps of a thousandth."""

    def report(_done: int, _total: int, fraction: float) -> None:
        overall = begin + (end - begin) * fraction
        on_progress(round(_STEPS * overall), _STEPS, overall)

    return report


def warm_up(runtime: str) -> str:
    """Import a runtime and name it; remove what a process killed before left on the disk."""
    Places(0).cache.tidy()
    return runtimes.warm_up(runtime)


def load(
    path: Path, configuration: str, runtime: str = "auto", precision: str = "float32"
) -> LoadedManTraNet:
    """Build the network and read its weights.

    Args:
        path: of the weight file.
        configuration: name of the network's configuration.
        runtime: one of `core.analysis.RUNTIMES`.
        precision: one of `core.analysis.PRECISIONS`.

    Raises:
        EngineError: there is no such runtime here, or it can't compute in that precision.
        WeightsError: the configuration is unknown or the file does not fit it.
    """
    if configuration not in CONFIGURATIONS:
        raise WeightsError(
            f"The weights ask for a network named {configuration}, which this version does not know. "
            "Update the program or choose other weights."
        )
    arrays = weights.load_weights(path, CONFIGURATIONS[configuration])
    made = runtimes.make(runtime, precision, CONFIGURATIONS[configuration], arrays)
    loaded = LoadedManTraNet(made, sha256_of_file(path))
    if precision == "float32":
        loaded.runtime += runtimes.why(runtime)
    return loaded


def map_families(
    pixels: npt.NDArray[np.uint8], weights: tuple[Path, str], runtime: str, on_progress: OnProgress
) -> FamilyMap:
    """See `family_pass.families`."""
    return family_pass.families(pixels, family_pass.load(*weights, runtime), on_progress)


def inspect(path: Path, variant: int) -> tuple[str, str]:
    """Check a file in the authors' layout: (name of the configuration, what the file is).

    Raises:
        WeightsError: it does not fit the variant.
    """
    if not path.is_file():
        raise WeightsError(f"There is no file {path}. Choose the weight file again.")
    origin = weights.identify(path, variant)
    weights.load_weights(path, VARIANTS[variant])
    return VARIANTS[variant].name, origin
