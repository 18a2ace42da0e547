"""Sentences that the window says of results. High response = differs from its surroundings, no more."""

import os

from PySide6.QtCore import QCoreApplication

from workbench.core import limits
from workbench.core.analysis import Analysis
from workbench.core.case import Item
from workbench.core.families import CLEAR
from workbench.core.findings import SMALLEST_AREA, Findings
from workbench.core.limits import Limit
from workbench.core.weights import WeightsCard
from workbench.core.wording import forbidden_in
from workbench.gui.action_spec import QT_TRANSLATE_NOOP

LOOKED_AT = 100_000
"""Characters that are looked through while somebody writes; the report looks at all."""

translate = QCoreApplication.translate
"""Called by this name so that lupdate finds the texts."""


_FAMILIES = (
    QT_TRANSLATE_NOOP("Wording", "untouched"),
    QT_TRANSLATE_NOOP("Wording", "blurring"),
    QT_TRANSLATE_NOOP("Wording", "resampling"),
    QT_TRANSLATE_NOOP("Wording", "compression"),
    QT_TRANSLATE_NOOP("Wording", "morphology"),
    QT_TRANSLATE_NOOP("Wording", "noise"),
    QT_TRANSLATE_NOOP("Wording", "quantization"),
    QT_TRANSLATE_NOOP("Wording", "contrast"),
)
"""As `core.families.FAMILIES` counts them."""

_LIMITS = {
    Limit.HIGH_JPEG_QUALITY: QT_TRANSLATE_NOOP(
        "Wording",
        "This file was saved at JPEG quality {quality}: expect weak response to differences of compression.",
    ),
    Limit.WEAK_JPEG_QUALITY: QT_TRANSLATE_NOOP(
        "Wording", "This file was saved at JPEG quality {quality}: expect weak response."
    ),
    Limit.INVERSION: QT_TRANSLATE_NOOP(
        "Wording", "The brightest part covers more than half of {here}: the rest may be what was edited."
    ),
    Limit.REGION_ALONE: QT_TRANSLATE_NOOP(
        "Wording",
        "The response is relative to this region alone: if an edit covers most of it, the rest responds.",
    ),
    Limit.FEW_WINDOWS: QT_TRANSLATE_NOOP(
        "Wording", "There are few surroundings to compare with: {here} is very small for the network."
    ),
}


def share_above(threshold: float, share: float, analysis: Analysis) -> str:
    """How much of a map exceeds a threshold."""
    if share == 0:
        return translate(
            "Wording", "No response above the threshold; this does not show that the picture is genuine."
        )
    where = (
        translate("Wording", "In region {name}").format(name=analysis.title)
        if analysis.region
        else translate("Wording", "In this picture")
    )
    return translate("Wording", "{where} the response exceeds {value} over {share} %.").format(
        where=where, value=f"{threshold:.3f}", share=percent(share)
    )


def findings_summary(findings: Findings, analysis: Analysis) -> str:
    """What a threshold says of a map, as facts."""
    fact = share_above(findings.threshold, findings.share, analysis)
    if findings.area == 0:
        return fact
    if findings.components == 0:
        rest = translate("Wording", "Every such place is smaller than {area} pixels; none is listed.")
        return f"{fact} " + rest.format(area=SMALLEST_AREA)
    if findings.components > len(findings.listed):
        rest = translate("Wording", "The {count} largest of {all} places are listed.")
        return f"{fact} " + rest.format(count=len(findings.listed), all=findings.components)
    return fact


def percent(share: float) -> str:
    """A fraction as per cent; small ones are not rounded to nothing."""
    value = 100 * share
    return f"{value:.1f}" if value >= 0.1 or value == 0 else f"{value:.2g}"


def limits_of_picture(item: Item, configuration: str) -> list[str]:
    """Where the limits of the method bite on a picture before it is analysed as a whole."""
    shape = item.decode.height, item.decode.width
    found = *limits.of_file(item.decode), *limits.of_size(shape, configuration)
    return [_limit(limit, item, None) for limit in found]


def limits_of_run(findings: Findings, analysis: Analysis, item: Item) -> list[str]:
    """Where they bite on a finished run."""
    return [_limit(limit, item, analysis) for limit in limits.of_run(analysis, findings, item.decode)]


def _limit(limit: Limit, item: Item, analysis: Analysis | None) -> str:
    here = (
        translate("Wording", "this region")
        if analysis is not None and analysis.region
        else translate("Wording", "this picture")
    )
    quality = item.decode.jpeg.quality if item.decode.jpeg else None
    return translate("Wording", _LIMITS[limit]).format(here=here, quality=quality)


def words_too_strong(interpretation: str) -> str:
    """A warning of words of the examiner's own that promise more than a response can show, or nothing."""
    words = forbidden_in(interpretation[:LOOKED_AT])
    if not words:
        return ""
    return translate(
        "Wording",
        "The interpretation uses words that this kind of evidence can't carry: {words}. "
        "It is kept as written.",
    ).format(words=", ".join(words))


def weights_phrase(card: WeightsCard) -> str:
    """Name of the weights and whether they may be used commercially."""
    allowed = (
        translate("Wording", "commercial use allowed")
        if card.commercial
        else translate("Wording", "no commercial use")
    )
    return translate("Wording", "{name} weights ({allowed})").format(name=card.name, allowed=allowed)


def item_state(item: Item, *, missing: str, running: bool, original: str = "") -> str:
    """Lines on a picture for the list at the left.

    Args:
        item: the picture.
        missing: the sentence on why it can't be read, or "".
        running: whether a run is under way on it.
        original: "gone" or "changed", where the case's copy is read instead of the file that was received.
    """
    if missing:
        there = os.path.exists(item.path)
        return translate("Wording", "file changed") if there else translate("Wording", "file not found")
    size = f"{item.decode.width} × {item.decode.height}"
    if running:
        return f"{size}\n" + translate("Wording", "analysing …")
    count = len(item.analyses)
    runs = (
        translate("Wording", "not analysed")
        if count == 0
        else translate("Wording", "1 run")
        if count == 1
        else translate("Wording", "{n} runs").format(n=count)
    )
    words = {
        "gone": translate("Wording", "original moved or gone"),
        "changed": translate("Wording", "original changed"),
    }
    return "\n".join(filter(None, (size, runs, words.get(original, ""))))


def time_left(seconds: float | None) -> str:
    """`0:21 left`, or nothing where it is not known yet."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    return translate("Wording", "{minutes}:{seconds:02d} left").format(
        minutes=whole // 60, seconds=whole % 60
    )


def orientation(tag: int) -> str:
    """What an EXIF orientation does to the display."""
    names = {
        1: translate("Wording", "not turned"),
        2: translate("Wording", "mirrored left to right"),
        3: translate("Wording", "turned by 180°"),
        4: translate("Wording", "mirrored top to bottom"),
        5: translate("Wording", "mirrored and turned by 90° to the left"),
        6: translate("Wording", "turned by 90° to the right"),
        7: translate("Wording", "mirrored and turned by 90° to the right"),
        8: translate("Wording", "turned by 90° to the left"),
    }
    return translate("Wording", "{tag}: shown {how}; every number is in the stored frame").format(
        tag=tag, how=names.get(tag, names[1])
    )


def families() -> tuple[str, ...]:
    """Names of the families of manipulations by class number, in the user's language."""
    return tuple(translate("Wording", name) for name in _FAMILIES)


def shown_families() -> tuple[str, ...]:
    """The same as a legend names them: what is untouched and what is not clear look alike."""
    return translate("Wording", "no colour"), *families()[1:]


def family_at(number: int, share: float) -> str:
    """The most likely class at a pixel with its share among all, clear or not."""
    text = translate("Wording", "{family}, share {share}")
    if share < CLEAR:
        text = translate("Wording", "{family}, share {share} (not clear)")
    return text.format(family=families()[number], share=f"{share:.2f}")
