"""The benchmark of regions as the documentation shows it: table, sentences, curves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.core.errors import WorkbenchError
from workbench.evaluation.plots import COLOURS, legend, line, name, panels, save
from workbench.evaluation.region_figures import AIM_COVERED, AIM_FALSE, Figures
from workbench.evaluation.region_pictures import STRENGTHS

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
_ROWS = {
    "whole": "whole picture",
    "hand": "hand-like region",
    "hand, all marked": "the same region, all of it marked (no network)",
    "hand, centre control": "the same region, high in its middle (no network)",
    "whole and suggestions": "whole picture and the suggested regions",
    "whole and random windows": "whole picture and as many random windows",
}
_HIDDEN = 0.03
"""AUC; what a strong edit hides of a weak one counts as little below this."""
_SHOWN_FALSE = 12.0
"""False suggestions a megapixel at which the curve ends: nobody looks at more."""


class RegionDocumentError(WorkbenchError):
    """The document has no place for the results. The message is a sentence for the user."""


def put_into(document: Path, text: str) -> None:
    """Replace what stands between the two markers of a document.

    Raises:
        RegionDocumentError: it has no such markers.
    """
    content = document.read_text("utf-8") if document.is_file() else ""
    if content.count(BEGIN) != 1 or content.count(END) != 1:
        raise RegionDocumentError(f"{document} has no place for results: {BEGIN} and {END} are missing.")
    before, rest = content.split(BEGIN)
    document.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.split(END)[1]}", "utf-8")


def results_text(figures: Figures, curves: str) -> str:
    """Return the results as Markdown; `curves` is the picture's path relative to the document."""
    parts = [
        _what(figures),
        _table(figures),
        _what_regions_add(figures),
        _reading(figures),
        _aim(figures),
        _unseen(figures),
        _at_any_score(figures),
        f"![Curves: what is covered at each number of false suggestions, and best IoU]({curves})",
        _kind_table(figures),
    ]
    return "\n\n".join(parts) + "\n"


def _what(figures: Figures) -> str:
    held_out = figures["part"] == "held-out"
    whose = "held out of every training" if held_out else "of the *training* part, so this is no result"
    return (
        f"{figures['pictures']} pictures of {figures['side']} × {figures['side']} pixels "
        f"({figures['megapixels']:.1f} megapixels) from photographs {whose}; seed {figures['seed']}; "
        f"weights {figures['weights']} (SHA-256 `{figures['weights_sha256'][:12]}`…). Means with their 95 % "
        "intervals over pictures (of shares the exact one, of AUC by bootstrap)."
    )


def _table(figures: Figures) -> str:
    head = "| run | strong: recall | strong: AUC | weak: recall | weak: AUC |\n|---|---|---|---|---|\n"
    rows = []
    for way, label in _ROWS.items():
        cells = [label]
        for strength in STRENGTHS:
            found = figures["edits"][strength]["ways"][way]
            cells += [_share(found["recall"]), _auc(found["auc"])]
        rows.append("| " + " | ".join(cells) + " |")
    return head + "\n".join(rows)


def _what_regions_add(figures: Figures) -> str:
    edits, alone = figures["edits"], figures["weak_alone"]
    above = [_signed(edits[strength][key]) for key in _ADDED for strength in STRENGTHS]
    return (
        f"Paired differences of the AUC: hand-like region minus whole picture {above[0]} (strong) and "
        f"{above[1]} (weak); hand-like region minus the control that is high in its middle {above[2]} and "
        f"{above[3]}. What the strong edit hides: where the weak edit is the only one, the whole-image run "
        f"shows {_share(alone['recall'])} of them with an AUC of {_auc(alone['auc'])}; alone minus beside "
        f"the strong one {_signed(alone['auc_above'])}."
    )


_ADDED = "hand_above_whole", "hand_above_centre"


def _signed(figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{figure['mean']:+.3f} [{low:+.3f}, {high:+.3f}]"


def _reading(figures: Figures) -> str:
    """What these differences say, in words."""
    edits, alone = figures["edits"], figures["weak_alone"]["auc_above"]
    said = [
        f"Around a {strength} edit the network sees {_more(edits[strength]['hand_above_whole'])} in a "
        "hand-drawn region than in the whole picture."
        for strength in STRENGTHS
    ]
    centre = [edits[strength]["hand_above_centre"] for strength in STRENGTHS]
    if all(figure["interval"][1] < 0 for figure in centre):
        said.append(
            "A guess that is high in the middle of such a region does better than the network there: whoever "
            "draws a region has told where the edit is."
        )
    said.append(
        f"A strong edit hides {alone['mean']:.3f} of the AUC of a weak one: weak edits that are missed are "
        + (
            "for the most part hardly seen at all."
            if alone["mean"] < _HIDDEN
            else "partly outshone by it, which regions mend."
        )
    )
    return " ".join(said)


def _more(figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return "more" if low > 0 else "less" if high < 0 else "no more and no less, as far as this shows,"


def _at_any_score(figures: Figures) -> str:
    """How the search does against chance where every score is suggested."""
    points = [p for p in figures["curve"] if p["false_per_megapixel"] <= _SHOWN_FALSE]
    if not points:
        return "The search suggested nothing at any score."
    last = max(points, key=lambda point: point["false_per_megapixel"])
    return (
        f"With lower scores suggested, too, up to {last['false_per_megapixel']:.1f} false suggestions a "
        f"megapixel, {last['weak']:.0%} of the missed weak edits are covered and {last['strong']:.0%} of the "
        f"missed strong ones; as many random windows cover {last['weak by random']:.0%} and "
        f"{last['strong by random']:.0%}."
    )


def _aim(figures: Figures) -> str:
    weak, false = figures["edits"]["weak"], figures["false_per_megapixel"]
    covered = weak["missed_covered"]["mean"]
    if covered is None:
        return "The whole-image run missed no weak edit."
    reached = [covered >= AIM_COVERED, false <= AIM_FALSE]
    verdict = {
        (True, True): "Both aims are reached.",
        (True, False): "The first aim is reached, the second is not.",
        (False, True): "The second aim is reached, the first is **not**.",
        (False, False): "Neither aim is reached.",
    }[reached[0], reached[1]]
    return (
        f"The whole-image run missed {weak['missed']} of {figures['pictures']} weak edits. Of these the "
        f"search suggested {_share(weak['missed_covered'])} (a box with IoU over 0.25); as many random "
        f"windows of the same sizes cover {_share(weak['missed_covered_by_random'])}. On the unedited "
        f"originals it made {false:.2f} suggestions a megapixel, on the edited pictures "
        f"{figures['suggestions_per_picture']:.2f} a picture. The aims were at least {AIM_COVERED:.0%} with "
        f"at most {AIM_FALSE} a megapixel. {verdict}"
    )


def _unseen(figures: Figures) -> str:
    """What somebody sees who leaves the threshold where it is."""
    weak, level = figures["edits"]["weak"], figures["parameters"]["threshold"]
    return (
        f"At the threshold of the weights' card, {level:.3f}, the whole-image run does not show "
        f"{weak['unseen']} of {figures['pictures']} weak edits (IoU of 0.3 at most). Of these the search "
        f"suggested {_share(weak['unseen_covered'])}, as many random windows cover "
        f"{_share(weak['unseen_covered_by_random'])}."
    )


def _kind_table(figures: Figures) -> str:
    head = (
        "| kind of edit | pictures | AUC whole picture | AUC hand-like region | covered by a suggestion |\n"
        "|---|---|---|---|---|\n"
    )
    rows = [
        f"| {kind} | {found['pictures']} | {found['whole_auc']:.2f} | {found['hand_auc']:.2f} | "
        f"{found['covered']:.0%} |"
        for kind, found in figures["kinds"].items()
    ]
    return head + "\n".join(rows)


def _share(figure: dict[str, Any]) -> str:
    if figure["mean"] is None:
        return "–"
    low, high = figure["interval"]
    return f"{figure['mean']:.0%} [{low:.0%}, {high:.0%}]"


def _auc(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "–"
    low, high = figure["interval"]
    return f"{figure['mean']:.2f} [{low:.2f}, {high:.2f}]"


def draw_curves(figures: Figures, path: Path) -> Path:
    """Draw what is covered against false suggestions, and for each strength how many edits reach an IoU."""
    figure, (curve, strong, weak) = panels(1, 3, 4.2, 3.4)
    points = [p for p in figures["curve"] if p["false_per_megapixel"] <= _SHOWN_FALSE]
    across = [point["false_per_megapixel"] for point in points]
    for index, strength in enumerate(STRENGTHS):
        line(curve, across, [p[strength] for p in points], f"{strength}, suggested", COLOURS[index])
        random = [point[f"{strength} by random"] for point in points]
        line(curve, across, random, f"{strength}, random windows", COLOURS[5 - 3 * index])
    curve.axvline(AIM_FALSE, color="#999999", linewidth=0.8, linestyle="--")
    name(curve, "Covered of what the whole run misses", "false suggestions a megapixel", "share of edits")
    for axes, strength in ((strong, "strong"), (weak, "weak")):
        for colour, (way, label) in zip(COLOURS, _ROWS.items(), strict=False):
            ious = figures["best_iou"][strength][way]
            left = [1 - rank / len(ious) for rank in range(len(ious))]
            axes.plot(ious, left, color=colour, linewidth=1.4, label=label)
        axes.axvline(0.3, color="#999999", linewidth=0.8, linestyle="--")
        name(axes, f"{strength.capitalize()} edits", "IoU at the best threshold, at least", "share of edits")
    for axes in (curve, strong, weak):
        axes.set_ylim(0, 1)
    curve.legend(fontsize=8, frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.16))
    legend(weak)
    return save(figure, path)
