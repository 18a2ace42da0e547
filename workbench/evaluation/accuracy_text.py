"""The words and tables of `docs/accuracy.md`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.evaluation.methods import BESIDE, TITLES

Figures = dict[str, Any]

_REFERENCES = "[^noi]: B. Mahdian, S. Saic, Image and Vision Computing 27 (2009).\n" + (
    "[^cfa]: P. Ferrara, T. Bianchi, A. De Rosa, A. Piva, IEEE TIFS 7 (2012)."
)


def accuracy_text(figures: Figures, ablations: Figures | None = None) -> str:
    """Return the document as Markdown.

    Args:
        figures: of `accuracy.measure`.
        ablations: of `ablations.run`, or None where none have been run for these weights.
    """
    parts = [
        _head(figures),
        "## Real forgeries\n\n" + _sets_table(figures["sets"]),
        "## Genuine pictures\n\n" + _genuine(figures),
        "## Generated forgeries\n\n" + _generated_table(figures),
        "## Sensitivity to single manipulations\n\n" + _sensitivity(figures["sensitivity"]),
        "## Robustness\n\n" + _robustness(figures["robustness"]),
        "## Examples\n\n" + _EXAMPLES,
    ]
    if ablations:
        parts.append("## Ablations\n\n" + _ablations(ablations))
    return "\n\n".join(parts) + "\n\n" + _REFERENCES + "\n"


def _head(figures: Figures) -> str:
    weights = figures["weights"]
    return (
        "# Accuracy\n\n"
        "Made by one command (`python -m workbench.evaluation accuracy`), all methods in the same run on "
        "the same "
        "pictures; the figures are beside this page in `accuracy.json`.\n\n"
        f"Weights **{weights['name']}** (`{weights['configuration']}`, SHA-256 `{weights['sha256'][:16]}…`). "
        f"Default threshold {weights['threshold']:.3f}: {weights['threshold_source']}.\n\n"
        "**How to read it.** The area under the curve (AUC) says how well a map puts edited pixels above "
        "the others "
        "of the same picture: 1 is perfect, 0.5 is chance for a method that knows nothing of "
        "photographs. But "
        "photographers and those who edit put things in the middle, so that the *centre control*, which is "
        "high in the middle of every picture and looks at no pixel, is above 0.5: **only what lies above "
        "the control has been found in the pictures.** ELA, NOI1[^noi] and CFA1[^cfa] are simple methods "
        "without "
        "training, written here from their papers. Means are over pictures; brackets are 95 % intervals, "
        "by drawing "
        "pictures with replacement; those of differences are paired. "
        f"Rule of the paper: {figures['sets']['rule']}. None of these pictures was trained on."
    )


def _sets_table(report: Figures) -> str:
    edited = [entry for entry in report["datasets"] if not entry["genuine"]]
    columns = ["set", "pictures", TITLES["network"], *(TITLES[name] for name in BESIDE)]
    auc = [
        [
            entry["name"],
            str(entry["images"]),
            *_best_bold(
                [entry["pixel_auc_mean"], *(entry[f"beside_{name}"]["pixel_auc_mean"] for name in BESIDE)],
                entry["pixel_auc_interval"],
            ),
        ]
        for entry in edited
    ]
    differences = [
        [
            entry["name"],
            *(
                _signed(
                    entry[f"beside_{name}"]["difference"]["mean"],
                    entry[f"beside_{name}"]["difference"]["interval"],
                )
                for name in BESIDE
            ),
        ]
        for entry in edited
    ]
    others = [
        [
            entry["name"],
            f"{entry['pixel_auc_pooled']:.3f}",
            f"{entry['f1_best_mean']:.3f}",
            f"{entry['f1_fixed']:.3f}",
            f"{entry['iou_fixed']:.3f}",
            "–" if entry["image_auc"] is None else f"{entry['image_auc']:.3f}",
        ]
        for entry in edited
    ]
    return "\n\n".join(
        [
            "Mean pixel AUC (as table 8 of the paper has it; the best of a row is bold):",
            _table(columns, auc),
            "By how much the network is above each (below, if negative), on the same pictures; **bold** "
            "where the "
            "interval excludes zero in favour of the network:",
            _table(["set", *(f"above {TITLES[name]}" for name in BESIDE)], differences),
            "Other figures of the network. F1 and intersection over union at the default threshold "
            "(fixed), F1 at the "
            "best threshold of each picture, which nobody knows beforehand, and how well the mean of a "
            "map tells "
            "edited pictures from genuine ones of the same source, where there are any (image AUC: the "
            "program gives no verdict on a picture, and this is why):",
            _table(["set", "pooled AUC", "best F1", "fixed F1", "fixed IoU", "image AUC"], others),
        ]
    )


def _genuine(figures: Figures) -> str:
    lines = [
        f"- {entry['name']}, {entry['images']} genuine pictures that did not make the threshold: above it "
        "lies "
        f"{entry['genuine']['area_median']:.2%} of a picture in the median "
        f"({entry['genuine']['area_mean']:.2%} in "
        f"the mean); {_spots(entry['genuine'])} of them have a spot over 0.5 % of their area."
        for entry in figures["sets"]["datasets"]
        if entry["genuine"]
    ]
    return "\n".join(lines) or "No genuine pictures were measured in this run."


def _spots(genuine: Figures) -> str:
    low, high = genuine["share_with_spot_interval"]
    return f"{genuine['share_with_spot']:.1%} [{low:.1%}, {high:.1%}]"


def _generated_table(figures: Figures) -> str:
    methods = [TITLES["network"], *(TITLES[name] for name in BESIDE)]
    rows = [
        [
            kind,
            str(of["network"]["n"]),
            *_best_bold(
                [of["network"]["mean"], *(of[name]["mean"] for name in BESIDE)], of["network"]["interval"]
            ),
        ]
        for kind, of in figures["generated"].items()
    ]
    differences = [
        [
            kind,
            *(_signed(of[name]["difference"]["mean"], of[name]["difference"]["interval"]) for name in BESIDE),
        ]
        for kind, of in figures["generated"].items()
    ]
    return (
        f"From {figures['held_out_photographs']} photographs held out of training, with pasts of their "
        "own (camera JPEG, web, reduction) before and after the edit; state of the generator "
        f"{figures['generator']}, figures of another state do not compare. The card has other forgeries, so "
        "that its figures differ by chance. Mean pixel AUC:\n\n"
        + _table(["kind", "pictures", *methods], rows)
        + "\n\nBy how much the network is above each, picture by picture:\n\n"
        + _table(["kind", *(f"above {TITLES[name]}" for name in BESIDE)], differences)
    )


def _sensitivity(entries: Sequence[Figures]) -> str:
    best = sorted(entries, key=lambda entry: -float(entry["network"]["mean"]))
    strong, weak = best[:5], best[-5:]
    return (
        f"One manipulation inside a mask of {entries[0]['network']['n']} held-out photographs, nothing "
        "before or "
        "after it: what the network can see under the best conditions (in kind of fig. 4 of the paper).\n\n"
        "![Mean pixel AUC of each manipulation, three strengths at most](images/accuracy-sensitivity.png)\n\n"
        f"Seen best: {_named(strong)}. Seen least: {_named(weak)}."
    )


def _robustness(entries: Sequence[Figures]) -> str:
    rows = [
        [
            f"{entry['process']} {entry['amount']}".strip(),
            _value(entry["network"]["mean"], entry["network"]["interval"]),
            _value(entry["ela"]["mean"], entry["ela"]["interval"]),
        ]
        for entry in entries
    ]
    return (
        f"{entries[0]['network']['n']} of the generated forgeries, finished, then processed once more as "
        "a whole "
        "(resize to that share of the side, JPEG of that quality, the border of the edit smoothed with that "
        "standard deviation in pixels):\n\n"
        "![Mean pixel AUC after further processing](images/accuracy-robustness.png)\n\n"
        + _table(["processed by", TITLES["network"], TITLES["ela"]], rows)
        + "\n\nA smoothed border is itself a trace: where the network does better with it, it has found the "
        "smoothing, not the edit in spite of it. Resizing and compression of the whole leave no such trace."
    )


_EXAMPLES = (
    "One generated forgery of each kind, from held-out photographs under CC0 and the Unsplash licence: "
    "the first "
    "of a seed, not the best. Magenta: the edit; cyan: response above the default threshold. Pictures of the "
    "measuring sets may not be shown.\n\n"
    "![A forgery of each kind and its maps](images/accuracy-examples.jpg)"
)


def _ablations(ablations: Figures) -> str:
    variants = ablations["variants"]
    kinds = [kind for kind in variants[0]["auc"] if kind != "all"]
    rows = [
        [
            entry["title"],
            *(f"{entry['auc'][kind]['mean']:.3f}" for kind in kinds),
            _value(entry["auc"]["all"]["mean"], entry["auc"]["all"]["interval"]),
        ]
        for entry in variants
    ]
    differences = [
        [
            entry["title"],
            *(
                _signed(of["difference"]["mean"], of["difference"]["interval"])
                for of in entry["auc"].values()
            ),
        ]
        for entry in variants[1:]
    ]
    return (
        f"Short trainings of {ablations['recipe']['steps']} steps each on the same, frozen extractor, all "
        "begun as detectors of what deviates, with the same seed and pictures, measured on generated "
        "forgeries as above (in kind of table 6 of the paper). They say which part of the network is worth "
        "having, not how far each would get; each was trained once, so that what chance does to a training "
        "is in no interval:\n\n"
        + _table(["variant", *kinds, "all"], rows)
        + "\n\nBy how much the network is above each variant, picture by picture:\n\n"
        + _table(["variant", *kinds, "all"], differences)
    )


def _named(entries: Sequence[Figures]) -> str:
    return ", ".join(
        f"{entry['operation']} {entry['strength']}".strip() + f" ({entry['network']['mean']:.2f})"
        for entry in entries
    )


def _best_bold(means: Sequence[float], interval: Sequence[float]) -> list[str]:
    """Cells of a row, the best bold; the first, the network's, with its interval."""
    cells = [f"**{mean:.3f}**" if mean == max(means) else f"{mean:.3f}" for mean in means]
    return [f"{cells[0]} [{interval[0]:.3f}, {interval[1]:.3f}]", *cells[1:]]


def _value(mean: float, interval: Sequence[float]) -> str:
    return f"{mean:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


def _signed(mean: float, interval: Sequence[float]) -> str:
    mark = "**" if interval[0] > 0 else ""
    return f"{mark}{mean:+.3f}{mark} [{interval[0]:+.3f}, {interval[1]:+.3f}]"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
