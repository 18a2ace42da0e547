"""Advice on the region at hand, put together from the rules of the core and from what is seen."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from workbench.core.analysis import Analysis
from workbench.core.case import Item
from workbench.core.heatmap import Response
from workbench.core.region import Region
from workbench.core.region_guidance import Advice, Hint, hints_for_box, hints_for_run

translate = QCoreApplication.translate
_ACTIONS = {
    Advice.OFF_GRID: "snap_region",
    Advice.MOSTLY_BRIGHT: "enlarge_region",
    Advice.SMALL: "enlarge_region",
}
"""What helps, where something does."""


@dataclass(frozen=True)
class Guidance:
    """Sentences, and the name of the action that helps, or empty."""

    sentences: tuple[str, ...] = ()
    action: str = ""

    def with_sentence(self, sentence: str) -> "Guidance":
        """One sentence more, if there is one."""
        return Guidance((*self.sentences, sentence), self.action) if sentence else self


def of_region(region: Region, item: Item, configuration: str) -> Guidance:
    """What to say of a region under the hand, or of one that is not analysed yet."""
    return _of(hints_for_box(region.box, item.decode, configuration))


def of_run(run: Analysis, response: Response, item: Item) -> Guidance:
    """What to say of the map of a region, and how far its preview was off."""
    box = run.region.box if run.region else (0, 0, item.decode.width, item.decode.height)
    small = hints_for_box(box, item.decode, run.weights.configuration)
    return _of((*hints_for_run(response, run.threshold.value), *small)).with_sentence(difference(run))


def difference(run: Analysis) -> str:
    """How far the preview of a region was from the strict crop."""
    if run.preview_difference is None:
        return ""
    text = translate("Guidance", "Preview and strict crop differ by {value} at most.")
    return text.format(value=f"{run.preview_difference:.3f}")


def preview() -> str:
    """What a preview is."""
    return translate(
        "Guidance",
        "Preview from the features of the whole picture, not of record; the strict crop replaces it.",
    )


def how_to_draw() -> Guidance:
    """Where there is no region yet."""
    text = translate(
        "Guidance",
        "Draw with R (rectangle), E (ellipse), Y (polygon) or X (freehand), or add a region with Ctrl+R. "
        "All numbers are stored pixels.",
    )
    return Guidance((text,))


def _of(hints: tuple[Hint, ...]) -> Guidance:
    actions = [_ACTIONS[hint.advice] for hint in hints if hint.advice in _ACTIONS]
    return Guidance(tuple(hint.sentence for hint in hints), actions[0] if actions else "")
