"""The page that leads to those of several pictures: names are text, and every link leads somewhere."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hostile import CONTROLS, MARKUP

from workbench.core.case import CaseDetails
from workbench.core.maps import MemoryMaps
from workbench.report.export import Exported, Options, export_case
from workbench.report.record import Issue
from workbench.report.verification import differences

Export = Callable[..., Exported]


@pytest.fixture
def export(tmp_path: Path, make: Callable[..., Any]) -> Export:
    """Write a report on two pictures, the first one run and named as given."""

    def write(name: str = "one.jpg", details: CaseDetails | None = None, **options: bool) -> Exported:
        one, two = make("one.jpg"), make("two.jpg")
        maps = one.maps = MemoryMaps()
        one.run(np.full((160, 240), 0.9, np.float32))
        items = replace(one.item, name=name), replace(two.item, id="item2")
        case = replace(one.case, details=details or CaseDetails(), items=items)
        evidence = {"item1": one.evidence, "item2": two.evidence}
        issue = Issue("rep1", "2026-11-20T12:00:00+01:00", "draft", selftest=None)
        return export_case(
            tmp_path / "r", case, lambda item: evidence[item.id], maps, issue, {}, Options(**options)
        )

    return write


@pytest.mark.parametrize("name", [*MARKUP, *CONTROLS])
def test_names_and_words_are_text(export: Export, name: str) -> None:
    page = export(name, CaseDetails(examiner=name, question=name), pdf=False).html.read_text("utf-8")
    tags = set(re.findall(r"<(\w+)", page.partition("<body>")[2]))
    known = {"header", "div", "h1", "p", "span", "table", "tr", "th", "td", "h2", "ol", "li", "a", "img"}
    assert tags <= known | {"h3", "b", "footer"}
    assert set(re.findall(r'href="([^"]*)"', page)) == {"picture-1/report.html", "picture-2/report.html"}
    assert all(source.startswith("data:image/jpeg;base64,") for source in re.findall(r'src="([^"]*)"', page))
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\0]", html.unescape(page))


def test_every_link_leads_somewhere(export: Export) -> None:
    done = export()
    links = re.findall(r'href="([^"]*)"', done.html.read_text("utf-8"))
    assert "report.pdf" in links
    assert all((done.folder / link).is_file() for link in links)


def test_a_changed_file_is_told_first(export: Export, tmp_path: Path, make: Callable[..., Any]) -> None:
    page = export(pdf=False).html.read_text("utf-8")
    assert "CHANGED" not in page
    again = tmp_path / "again"
    again.mkdir()
    one, two = make("one.jpg"), make("two.jpg")
    case = replace(one.case, items=(one.item, replace(two.item, id="item2")))
    one.item.path.write_bytes(one.item.path.read_bytes() + b"x")
    two.item.path.unlink()
    opened = {"item1": one.evidence, "item2": two.evidence}
    page = export_case(
        again / "r", case, lambda item: opened[item.id], MemoryMaps(), None, {}, Options(pdf=False)
    ).html.read_text("utf-8")
    assert "The file has CHANGED since it was opened." in page
    assert "The file could not be read again at export." in page


def test_it_is_part_of_what_verify_compares(export: Export) -> None:
    done = export(pdf=False)
    assert differences(done.folder) == []
    done.html.write_bytes(done.html.read_bytes() + b" ")
    assert differences(done.folder) == [
        "report.html was changed: its SHA-256 is not the one in the manifest."
    ]
