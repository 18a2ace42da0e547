"""A picture's part of the report as one HTML file: no script, nothing fetched, all text shown as text."""

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
from workbench.report.blocks import Part
from workbench.report.figures import Images
from workbench.report.shown import time


def render(part: Part, report: Mapping[str, Any], record_sha256: str, images: Images) -> str:
    """Draw the sections.

    Args:
        part: what is said.
        report: of the record: id, time, status.
        record_sha256: of the record's canonical form.
        images: previews by the names that the figures call.

    Raises:
        WordingError: the template holds a forbidden word.
    """
    return rendered("report.html.j2", part=part, report=report, record_sha256=record_sha256, images=images)


def rendered(template: str, **values: Any) -> str:
    """Fill in a template; every string is text, and the page's one style sheet is the only one it may use.

    Raises:
        WordingError: the template holds a forbidden word.
    """
    css = _source("report.css")
    css_hash = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return _environment().get_template(template).render(css=Markup(css), css_hash=css_hash, **values)


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
    environment.filters |= {"time": time}
    return environment


def _source(name: str) -> str:
    return (resources_folder() / "report" / name).read_text("utf-8")


def _shown(value: Any) -> Any:
    """Write out what would not be seen in any text; autoescape then turns markup into text."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
