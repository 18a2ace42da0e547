"""The sections on runs and on findings: facts, all of them, the negative ones too."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.report.blocks import Block, Column, Fact, Facts, Figure, Heading, Pair, Points, Table, Text
from workbench.report.previews import reduction
from workbench.report.shown import box, count, paragraphs, percent, quoted, shown_threshold, stated, time

WHOLE = "Whole picture"
_MOST_FINDINGS = 15
"""Rows of a run's table; the record holds all that are listed."""


def run_blocks(record: Mapping[str, Any], prefix: str) -> Iterator[Block]:
    """The table of all runs; links lead to their findings."""
    yield Text(record["summary"]["statement"], "lead")
    runs = record["runs"]
    if runs:
        yield Table(
            (
                Column("Run", "fixed"),
                Column("What", share=3),
                Column("Threshold", "number"),
                Column("Above it", "number"),
                Column("Highest", "number"),
                Column("Started", share=2),
                Column("By", share=2),
            ),
            tuple(_row(run) for run in runs),
            tuple(f"{prefix}run-{run['id']}" for run in runs),
        )


def _row(run: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        run["id"],
        f"{quoted(run['region']['name'])}: {box(run['region'])}" if run["region"] else WHOLE,
        shown_threshold(run["threshold"]["value"]),
        percent(run["above_threshold"]["share"]),
        f"{run['statistics']['maximum']:.3f}",
        time(run["started"]),
        *stated(run["by"]),
    )


def finding_blocks(record: Mapping[str, Any], prefix: str) -> Iterator[Block]:
    """What each run shows."""
    yield Text(
        "Facts: what the method responded to at the stated thresholds. What they mean is a matter of the "
        "next section.",
        "lead",
    )
    for run in record["runs"]:
        title = quoted(run["region"]["name"]) if run["region"] else WHOLE
        yield Heading(f"{title} – run {run['id']}", 2, f"{prefix}run-{run['id']}")
        yield Text(run["statement"], "fact")
        if run["limits"]:
            yield Points(tuple(run["limits"]), framed=True)
        yield from _figures(run, record["item"]["orientation"], prefix)
        yield from _findings(run)
        yield _facts(run)
    if not record["runs"]:
        yield Text(
            "No run was made, so there are no findings. This does not show that the picture is genuine."
        )


def _figures(run: Mapping[str, Any], orientation: int, prefix: str) -> Iterator[Block]:
    run_id, region, threshold = run["id"], run["region"], shown_threshold(run["threshold"]["value"])
    laid_over = Figure(
        f"{prefix}{run_id}/overlay",
        f"Response of run {run_id} laid over what was analysed, outlined at the threshold {threshold}",
        f"Response laid over {'the region' if region else 'the picture'},",
        f"outlined in cyan at the threshold {threshold}. Run {run_id}.",
    )
    if region:
        yield Pair((laid_over, _place(run_id, region, prefix)))
    else:
        yield laid_over
    yield Pair(
        (
            Figure(
                f"{prefix}{run_id}/heatmap",
                f"Response of run {run_id} in colours",
                "Response,",
                f"colours {run['colour']['map']}, fixed scale 0 to 1. Run {run_id}, threshold {threshold}.",
            ),
            Figure(
                f"{prefix}{run_id}/mask",
                f"Mask of what exceeds the threshold {threshold} in run {run_id}",
                "Mask:",
                f"white where the response exceeds {threshold}. Run {run_id}.",
            ),
        )
    )
    yield _scale(run, orientation, prefix)


def _place(run_id: str, region: Mapping[str, Any], prefix: str) -> Figure:
    drawn = f" {region['shape'].capitalize()} in these bounds; findings are counted inside the shape."
    shape = "" if region["shape"] == "rectangle" else drawn
    return Figure(
        f"{prefix}{run_id}/place",
        f"Where the region of run {run_id} lies in the picture",
        "Where the region lies:",
        f"{box(region)}.{shape} Only the pixels of its bounds were analysed (strict crop). Run {run_id}.",
    )


def _scale(run: Mapping[str, Any], orientation: int, prefix: str) -> Figure:
    threshold = shown_threshold(run["threshold"]["value"])
    times, folder = reduction(run["map"]["shape"]), run["map"]["path"].rsplit("/", 1)[0]
    reduced = (
        f" These previews are reduced {times} times: each pixel shows the highest response of those it "
        "stands for."
        if times > 1
        else ""
    )
    turned = (
        f" Shown turned by EXIF orientation {orientation}; the exhibits are in the stored frame."
        if orientation != 1
        else ""
    )
    return Figure(
        f"{prefix}{run['id']}/scale",
        f"Scale of the response from 0 to 1; the threshold is marked at {threshold}",
        "Scale of the response.",
        f"Run {run['id']}, threshold {threshold}.{reduced}{turned} Full size, lossless: "
        f"{folder}/overlay.png, heatmap.png, mask.png, heatmap.npy, contours.json.",
    )


def _findings(run: Mapping[str, Any]) -> Iterator[Block]:
    found = run["findings"]
    if not found:
        return
    yield Table(
        (
            Column("No.", "number"),
            Column("Place, in stored pixels", share=4),
            Column("Area", "number"),
            Column("Share", "number"),
            Column("Mean", "number"),
            Column("Highest", "number"),
        ),
        tuple(_finding(one) for one in found[:_MOST_FINDINGS]),
    )
    if len(found) > _MOST_FINDINGS:
        components = count(run["above_threshold"]["components"])
        yield Text(f"The {_MOST_FINDINGS} largest of {components}; record.json lists {len(found)}.", "soft")


def _finding(one: Mapping[str, Any]) -> tuple[str, ...]:
    levels = f"{one['mean']:.3f}", f"{one['max']:.3f}"
    return str(one["number"]), box(one), count(one["area"]), percent(one["share"]), *levels


def _facts(run: Mapping[str, Any]) -> Facts:
    figures, above, threshold = run["statistics"], run["above_threshold"], run["threshold"]
    difference = run["preview_difference"]
    statistics = (
        f"lowest {figures['minimum']:.3f}, mean {figures['mean']:.3f}, median {figures['median']:.3f}, "
        f"95th percentile {figures['percentile_95']:.3f}, highest {figures['maximum']:.3f}"
    )
    over = f"{count(above['area'])} of {count(figures['pixels'])} pixels, {percent(above['share'])}"
    chosen = f"{shown_threshold(threshold['value'])}; how it was chosen: {quoted(threshold['source'])}"
    made = (
        f"{run['runtime']}, {run['precision']}, tiles of {run['tile']}, {run['seconds']:.1f} s, "
        f"started {time(run['started'])}"
    )
    weights = f"{quoted(run['weights']['name'])}, configuration {run['weights']['configuration']}"
    shown = f"differs from this map by {difference:.3g} at most" if difference is not None else ""
    return Facts(
        (
            Fact("Threshold", (chosen,)),
            Fact("Statistics", (statistics,)),
            Fact("Above the threshold", (over,)),
            Fact("Weights", (weights,)),
            Fact("Made by", (made,)),
            Fact("Precision", (run["effective_precision"],)),
            Fact("Repeatability", (_repeatability(run["determinism"]),)),
            Fact("Tiling", (run["tiling"]["statement"],)),
            *([Fact("Preview shown before", (shown,))] if shown else []),
            Fact("Examiner", stated(run["by"])),
            *([Fact("Examiner's note", paragraphs(run["note"]))] if run["note"] else []),
            Fact("SHA-256 of the map", (run["map"]["sha256"],), code=True),
        )
    )


def _repeatability(said: Mapping[str, Any]) -> str:
    flags = sorted((name, value) for name, value in said["flags"].items() if value != "not set")
    listed = " ".join(f"{name} = {quoted(value)}." for name, value in flags)
    return f"{said['statement']} {listed or ('None of them was set.' if said['flags'] else '')}".strip()
