"""What a report says of a run in words: facts, and the limits that bite here. No name of a file or person."""

from collections.abc import Iterator

from workbench.core import limits
from workbench.core.analysis import Analysis, Provenance
from workbench.core.case import Item
from workbench.core.decode import DecodeRecord
from workbench.core.findings import SMALLEST_AREA, Findings
from workbench.core.limits import Limit
from workbench.core.region import Region, Shape
from workbench.core.search import Search
from workbench.core.wording import guarded
from workbench.report.shown import percent, shown_threshold

_LIMITS = {
    Limit.HIGH_JPEG_QUALITY: (
        "The file was last saved at an estimated JPEG quality of {quality}: differences of compression "
        "respond weakly at qualities over 95."
    ),
    Limit.WEAK_JPEG_QUALITY: (
        "The file was last saved at an estimated JPEG quality of {quality}: expect weak response, "
        "because compression after an edit wears its traces away."
    ),
    Limit.INVERSION: (
        "More than half of what was analysed ({share}) exceeds the threshold. The method is relative, so the "
        "response may be inverted here: the part that does not respond may be the one that differs."
    ),
    Limit.REGION_ALONE: (
        "The region's own pixels are all that the response is relative to, so its levels are not comparable "
        "with those of the whole picture. If an edit covers most of the region, the rest of it responds "
        "instead."
    ),
    Limit.FEW_WINDOWS: (
        "What was analysed is {size} pixels; the network compares windows of up to {widest} pixels, so few "
        "of them fit and the response rests on few pixels."
    ),
}
"""The words for each limit; where they bite is told by the core, to the window as well."""

TILING_BOUND = 2e-4
"""Largest difference of a response between tiles and the whole picture; tests and self-test hold it."""


def subject(run: Analysis) -> str:
    """What was analysed, without the name that the examiner gave it."""
    if run.region is None:
        return "the whole picture"
    return f"the {_SHAPES[run.region.shape]} at x {run.region.x}, y {run.region.y} of {_extent(run.region)}"


_SHAPES = {
    Shape.RECTANGLE: "region",
    Shape.ELLIPSE: "elliptical region",
    Shape.POLYGON: "polygonal region",
    Shape.FREEHAND: "freehand region",
}


def _extent(region: Region) -> str:
    bounds = "" if region.shape is Shape.RECTANGLE else " (its bounds)"
    return f"{region.width} × {region.height} pixels{bounds}"


def counted(run: Analysis) -> str:
    """Of what shares are told: the bounds of a shape are analysed, its inside is counted."""
    if run.region is None or run.region.shape is Shape.RECTANGLE:
        return "what was analysed"
    return "the shape"


def statement(run: Analysis, findings: Findings) -> str:
    """The fact that a run shows."""
    value = shown_threshold(run.threshold.value)
    if not findings.area:
        return guarded(
            f"In {subject(run)} no response exceeded {value}; this does not show that the picture is genuine."
        )
    if not findings.listed:
        return guarded(
            f"In {subject(run)} only specks smaller than {SMALLEST_AREA} pixels exceeded {value} "
            f"({findings.area} pixels, {percent(findings.share)}); none is listed. "
            "This does not show that the picture is genuine."
        )
    places = "1 connected place" if findings.components == 1 else f"{findings.components} connected places"
    listed = (
        f"; the {len(findings.listed)} largest are listed"
        if findings.components > len(findings.listed)
        else ""
    )
    return guarded(
        f"In {subject(run)} the response exceeded {value} over {percent(findings.share)} of "
        f"{counted(run)}, in {places} of at least {SMALLEST_AREA} pixels{listed}."
    )


def regions_tested(item: Item) -> int:
    """How many different regions were run; one that was moved is another one."""
    drawn = (run.region for run in item.analyses if run.region)
    return len({(region.id, region.box, region.shape, region.points) for region in drawn})


def search_statement(search: Search) -> str:
    """How much a region search looked at, so that what it passed over is not forgotten."""
    result, accepted = search.result, len({rank for rank, _ in search.accepted})
    by = "run by the command line, which runs them all" if search.accepted_by else "accepted by the examiner"
    return guarded(
        f"{_counted(len(result.windows), 'window')} tried, {len(result.suggestions)} suggested, "
        f"{accepted} {by}. A suggestion is a place to look at, not a finding."
    )


def how_many(item: Item) -> str:
    """How much was tried, so that a search can't hide what found nothing."""
    runs, drawn = len(item.analyses), item.region_count
    if not runs:
        return guarded(f"No run was made. {_counted(drawn, 'region')} drawn.")
    regions = len([run for run in item.analyses if run.region])
    shown = "it is shown, whatever it found" if runs == 1 else "all of them are shown, whatever they found"
    return guarded(
        f"{_counted(runs, 'run')} made and {shown}: {runs - regions} of the whole picture, {regions} of "
        f"regions. {_counted(drawn, 'region')} drawn in all and {regions_tested(item)} tested."
    )


def _counted(number: int, noun: str) -> str:
    return f"1 {noun} was" if number == 1 else f"{number} {noun}s were"


def caption(run: Analysis, what: str) -> str:
    """Caption of an exhibit: run, threshold, scale."""
    return guarded(
        f"{what} of {subject(run)}. Run {run.id}, threshold {shown_threshold(run.threshold.value)}, "
        "scale 0 to 1, stored frame."
    )


def effective_precision(made: Provenance) -> str:
    """With which digits the runtime really counted, as far as it is known."""
    if "CPU" in made.runtime:
        return guarded(f"{made.precision} throughout, unless a flag below says otherwise")
    if not made.flags:  # made before the program switched it off
        return guarded(
            f"{made.precision}; whether factors were rounded to TensorFloat-32 was not recorded with this run"
        )
    return guarded(f"{made.precision}; rounding of factors to TensorFloat-32 was switched off")


def determinism(made: Provenance) -> str:
    """How exactly a run can be repeated."""
    recorded = "as recorded with the run" if made.flags else "not recorded with this run"
    return guarded(
        "The program switches on no bit-exact mode of the runtime and nothing in it is random: a repetition "
        f"may differ in the last digits of a response. Flags of the environment: {recorded}."
    )


def tiling_bound(made: Provenance) -> float | None:
    """The bound that the tests hold for a run's precision, or None if there is none."""
    return TILING_BOUND if made.precision == "float32" else None


def tiling(made: Provenance) -> str:
    """What cutting into tiles does to the result."""
    if tiling_bound(made) is None:
        return guarded(
            f"Computed in tiles of {made.tile} pixels; how far tiles differ from the whole picture is tested "
            f"for float32 only, not for {made.precision}."
        )
    return guarded(
        f"Computed in tiles of {made.tile} pixels; tiles agree with the whole picture within "
        f"{TILING_BOUND:g} by test; see self-test."
    )


FROM_ORIGINAL = (
    "The case's own copy of the picture was damaged when this run was made, so the original file was read; "
    "its SHA-256 was the right one."
)


def run_limits(run: Analysis, findings: Findings, decode: DecodeRecord) -> tuple[str, ...]:
    """Limits of the method where they bite on this run, and where another file than the copy was read."""
    source = [FROM_ORIGINAL] if run.provenance.from_original else []
    return tuple(guarded(sentence) for sentence in (*_bites(run, findings, decode), *source))


def _bites(run: Analysis, findings: Findings, decode: DecodeRecord) -> Iterator[str]:
    height, width = run.map_shape
    values = {
        "quality": decode.jpeg.quality if decode.jpeg else None,
        "share": percent(findings.analysed_share),
        "size": f"{width} × {height}",
        "widest": limits.widest_window(run.weights.configuration),
    }
    for limit in limits.of_run(run, findings, decode):
        yield _LIMITS[limit].format(**values)
