"""The record as one HTML file: no script, nothing fetched, everything from files shown as text."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from workbench.core.paths import resources_folder
from workbench.core.text import visible
from workbench.core.wording import guarded
from workbench.report.figures import Figures, Pictures
from workbench.report.previews import embedded
from workbench.report.sentences import percent, shown_threshold

_MOST_FINDINGS = 15
"""Rows of a run's table; the record holds all that are listed."""
_LONGEST = 400
"""Characters of one value from a file; the record holds more."""


def render(
    record: Mapping[str, Any],
    record_sha256: str,
    pictures: Pictures,
    figures: Mapping[str, Figures],
    thumbnail: bytes | None,
) -> str:
    """Render the record.

    Args:
        record: as `build_record` made it.
        record_sha256: of its canonical form.
        pictures: previews of the picture.
        figures: previews by run id.
        thumbnail: embedded thumbnail as the bytes of its JPEG, or None.

    Raises:
        WordingError: the template holds a forbidden word.
    """
    css = _source("report.css")
    return _environment().get_template("report.html.j2").render(
        record,
        record_sha256=record_sha256,
        pictures=pictures,
        figures=figures,
        thumbnail=embedded(thumbnail, "image/jpeg") if thumbnail else None,
        css=Markup(css),
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        most_findings=_MOST_FINDINGS,
    )  # fmt: skip


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: guarded(_source(name))),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "shown_threshold": shown_threshold,
        "count": _count,
        "short": _short,
        "paragraphs": _paragraphs,
    }
    return environment


def _source(name: str) -> str:
    return (resources_folder() / "report" / name).read_text("utf-8")


def _shown(value: Any) -> Any:
    """Write out what would not be seen in any text; autoescape then turns markup into text."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _count(number: int) -> str:
    """1234567 -> 1 234 567, with thin spaces that don't break."""
    return f"{number:,}".replace(",", "\u202f")


def _short(text: str) -> str:
    return visible(text, _LONGEST)


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
