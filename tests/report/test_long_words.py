"""Long words are broken on the pages, and copied from there they are what was written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest

NAME = "a_name_without_any_place_where_a_line_might_end_" * 3 + ".png"
WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 3


def _copied(file: Path) -> str:
    """All text of the pages, as a reader copies it, less the ends of lines."""
    document = pypdfium2.PdfDocument(file)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return re.sub(r"[\r\n]+", "", "".join(pages))


def _bookmarks(item: pikepdf.Dictionary) -> Iterator[str]:
    while item is not None:
        yield str(item.Title)
        if "/First" in item:
            yield from _bookmarks(item.First)
        item = item.get("/Next")


@pytest.fixture
def file(tmp_path: Path, make: Callable[..., Any]) -> Path:
    made = make(NAME)
    item = made.item.with_region(20, 30, 100, 80)
    item = item.with_region_changed(replace(item.regions[0], name=WORD, note=WORD))
    made.case = made.case.with_item(item)
    made.run(np.zeros((80, 100), np.float32), item.regions[0])
    made.with_details(examiner=WORD, interpretation=WORD)
    return made.export(tmp_path / "report").pdf


def test_headings_tables_facts_and_prose_copy_whole(file: Path) -> None:
    text = _copied(file)
    assert text.count(NAME) >= 3  # below the title, as name, in the path
    assert text.count(WORD) >= 4  # examiner, note, a table of runs, interpretation
    assert "\u200b" not in text
    assert "\ufffe" not in text


def test_no_invisible_character_is_anywhere_in_the_pdf(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/ToUnicode" in o]
        assert fonts
        assert not any(b"200b" in font.ToUnicode.read_bytes().lower() for font in fonts)
        with pdf.open_metadata() as said:
            assert said["dc:creator"] == [WORD[:200]]
        titles = list(_bookmarks(pdf.Root.Outlines.First))
        figures = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
        words = [*titles, *(str(figure.Alt) for figure in figures), str(pdf.docinfo.Author)]
    assert len(titles) > 10
    assert not [word for word in words if "\u200b" in word]
    assert file.read_bytes().count("\u200b".encode()) == 0


def test_what_was_broken_stays_on_its_page(file: Path) -> None:
    document = pypdfium2.PdfDocument(file)
    for page in document:
        shown = np.asarray(page.render(scale=0.5).to_pil().convert("L"))
        assert (shown[:, -20:] > 250).all()
    document.close()
