"""The runs of `workbench analyze`: the whole picture, regions, and the regions that a search suggests."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.cli.blocking import Waiting
from workbench.core.analysis import AnalysisRequest, WeightsUsed, analysis_of
from workbench.core.case import Item
from workbench.core.heatmap import Heatmap
from workbench.core.region import Region
from workbench.core.search import COMMAND_LINE, Search, parameters_for
from workbench.core.weights import Threshold, WeightsCard

RequestOf = Callable[[Region | None], AnalysisRequest]
"""The request for a region, or for the whole picture."""


@dataclass(frozen=True)
class Runs:
    """Makes runs on an engine and keeps them in an item.

    Attributes:
        engine: that is waited for.
        request: what to ask it for.
        card: of the weights.
        by: the examiner's name.
        threshold: of every run, or the card's if None.
        keep: takes each map.
    """

    engine: Waiting
    request: RequestOf
    card: WeightsCard
    by: str
    threshold: Threshold | None
    keep: Callable[[Heatmap], object]

    def whole_and_regions(self, item: Item) -> Item:
        """The item with a run of the whole picture and one of each region."""
        item = self._run(item, None)
        for region in item.regions:
            item = self._run(item, region)
        return item

    def search(self, item: Item, least_score: float) -> Item:
        """The item with a search; each suggestion is accepted: it becomes a region and is run."""
        request = self.request(None)
        shape = item.decode.height, item.decode.width
        level = (self.threshold or self.card.threshold).value
        result = self.engine.search(request, parameters_for(shape, level, least_score))
        card = self.card
        used = WeightsUsed(card.name, card.sha256, card.configuration, card.licence, card.origin)
        search = Search(request.id, used, self.by, result, accepted_by=COMMAND_LINE)
        for suggestion in result.suggestions:
            item = item.with_region(*suggestion.box)
            region = item.regions[-1]
            search = replace(search, accepted=(*search.accepted, (suggestion.rank, region.id)))
            item = self._run(item, region)
        return item.with_search(search)

    def _run(self, item: Item, region: Region | None) -> Item:
        request = self.request(region)
        outcome = self.engine.run(request)
        self.keep(outcome.heatmap)
        return item.with_analysis(analysis_of(request, outcome, self.card, self.by, self.threshold))


def search_lines(item: Item) -> list[str]:
    """What each search of an item did, for the terminal."""
    names = {region.id: region.name for region in item.regions}
    lines = []
    for search in item.searches:
        windows, suggestions = search.result.windows, search.result.suggestions
        lines.append(
            f"Region search: {len(windows)} windows tried, {len(suggestions)} suggested, "
            f"{len(search.accepted)} accepted and run"
        )
        accepted = dict(search.accepted)
        for suggestion in suggestions:
            x, y, width, height = suggestion.box
            name = names[accepted[suggestion.rank]]
            lines.append(
                f"  {suggestion.rank}. {x},{y},{width},{height}, score {suggestion.score:.2f}: run as {name}"
            )
    return lines
