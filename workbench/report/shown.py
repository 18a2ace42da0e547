"""How values look in a document: numbers, times, places, and text from elsewhere, cut where it is long."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.core.text import visible

_LONGEST = 400
"""Characters of one value from a file; the record holds more."""
_LONGEST_TEXT = 20_000
"""Characters of one text that a person wrote, some seven pages; the record holds more."""


def percent(share: float) -> str:
    """0.0312 -> "3.12 %"; small shares keep two significant digits."""
    value = 100 * share
    return f"{value:.2f} %" if value >= 0.1 or value == 0 else f"{value:.2g} %"


def shown_threshold(value: float) -> str:
    """A threshold as every part of a report shows it, four digits; the record has all."""
    return f"{value:.4g}"


def count(number: int) -> str:
    """1234567 -> 1 234 567, with thin spaces that don't break."""
    return f"{number:,}".replace(",", "\u202f")


def time(text: str) -> str:
    """2026-11-20T12:00:00+01:00 with a space for the T, so that a line may end there."""
    return text.replace("T", " ", 1)


def several(numbers: Iterable[int]) -> str:
    """[512, 256, 128] -> 512, 256, 128."""
    return ", ".join(str(number) for number in numbers)


def quoted(text: str) -> str:
    """One value from a file or a person, as one line of text."""
    return visible(text, _LONGEST)


def stated(text: str) -> tuple[str]:
    """The same, or that it was not given."""
    return (quoted(text) if text else "not given",)


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a text that a person wrote; a very long one is cut with a remark."""
    kept = text[:_LONGEST_TEXT]
    lines = tuple(visible(line) for line in kept.splitlines() if line.strip())
    left = len(text) - len(kept)
    return (*lines, f"… [cut here; record.json holds {count(left)} more characters]") if left else lines


def box(place: Mapping[str, Any]) -> str:
    """A place in the stored frame and, where viewers show it elsewhere, in the displayed one."""
    stored = f"x {place['x']}, y {place['y']}, {place['width']} × {place['height']}"
    return f"{stored} (as displayed: {box(place['displayed'])})" if "displayed" in place else stored
