"""The section on region searches: every window and every suggestion, accepted or not."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.report.blocks import Block, Column, Fact, Facts, Heading, Table, Text
from workbench.report.shown import box, count, percent, quoted, several, shown_threshold, stated, time

_MOST_WINDOWS = 60
"""Windows of a search that are listed; the record holds all."""


def search_blocks(record: Mapping[str, Any]) -> Iterator[Block]:
    """All searches, in the order in which they were made."""
    searches = [*record["earlier_searches"], *([record["search"]] if record["search"] else [])]
    if not searches:
        yield Text("No region search was made.")
    for search in searches:
        yield Heading(f"Search {search['id']}")
        yield Text(search["statement"], "fact")
        yield _facts(search)
        if search["suggestions"]:
            yield _suggestions(search, {region["id"]: region["name"] for region in record["item"]["regions"]})
        yield from _windows(search["windows"])


def _facts(search: Mapping[str, Any]) -> Facts:
    given = search["parameters"]
    known = f"places whose response there exceeds {shown_threshold(given['threshold'])}; not suggested"
    windows = f"of {several(given['sides'])} pixels, overlapping by at least {percent(given['overlap'])}"
    made = f"{search['runtime']}, {search['precision']}, started {time(search['started'])}"
    return Facts(
        (
            Fact("Windows", (windows,)),
            Fact("Known from the whole picture", (known,)),
            Fact("Smallest area", (f"{count(given['smallest_area'])} pixels",)),
            Fact("Lowest score", (f"{given['least_score']:.3g}",)),
            Fact("Suggestions at most", (str(given["most"]),)),
            Fact("Weights", (quoted(search["weights"]["name"]),)),
            Fact("Made by", (made,)),
            Fact("Examiner", stated(search["by"])),
        )
    )


def _suggestions(search: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    became = dict.fromkeys(search["dismissed"], "not accepted: dismissed by the examiner")
    gone = "a region that was deleted since"
    became |= {a["rank"]: quoted(names.get(a["region"], gone)) for a in search["accepted"]}
    columns = (
        Column("Rank", "number"),
        Column("Place, in stored pixels", share=3),
        Column("Score", "number"),
        Column("Accepted as", share=2),
    )
    return Table(
        columns,
        tuple(
            (str(s["rank"]), box(s["region"]), f"{s['score']:.3f}", became.get(s["rank"], "not accepted"))
            for s in search["suggestions"]
        ),
    )


def _windows(windows: list[Mapping[str, int]]) -> Iterator[Block]:
    places: dict[str, list[str]] = {}
    for w in windows[:_MOST_WINDOWS]:
        places.setdefault(f"{w['width']} × {w['height']}", []).append(f"({w['x']}, {w['y']})")
    for size, corners in places.items():
        yield Text(f"Windows of {size} looked at, by their upper left corner: {', '.join(corners)}.", "soft")
    if len(windows) > _MOST_WINDOWS:
        yield Text(f"The first {_MOST_WINDOWS} of {len(windows)}; record.json lists all.", "soft")
