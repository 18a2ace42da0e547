"""The PDF: PDF/A-3a, tagged, with the record and the exhibits of findings attached; whatever is in a name."""

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest

from workbench.report.glyphs import covered, plain, printable
from workbench.report.record import Issue


@pytest.fixture
def folder(tmp_path: Path, made: Any) -> Path:
    made.with_details(examiner="A. Examiner", question="Was it changed?")
    return made.export(tmp_path / "report").folder


@pytest.fixture
def pdf(folder: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(folder / "report.pdf") as opened:
        yield opened


def _text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return "\n".join(pages)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\ufffe", "").replace("\u200b", ""))


def _elements(node: Any) -> Iterator[Any]:
    """All structure elements below one."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def test_it_says_that_it_is_pdf_a_3a(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "A")
        assert said["dc:title"] == "Report rep1"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.Lang == "en"
    assert pdf.Root.OutputIntents
    assert not pdf.is_encrypted


def test_fonts_are_embedded_and_those_that_ship(pdf: pikepdf.Pdf) -> None:
    fonts = [
        o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]
    names = {str(font.FontName).partition("+")[2] for font in fonts}
    assert names <= {"NotoSans-Regular", "NotoSans-Bold", "DejaVuSans", "DejaVuSansMono"}
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_a_screen_reader_finds_headings_tables_and_every_picture(pdf: pikepdf.Pdf) -> None:
    elements = list(_elements(pdf.Root.StructTreeRoot))
    kinds = [str(e.S) for e in elements]
    assert {"/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/TOC", "/Link"} <= set(kinds)
    figures = [e for e in elements if e.S == "/Figure"]
    assert len(figures) == 1 + 4 * 4 + 2
    assert all(str(e.Alt) for e in figures)


def test_record_and_exhibits_of_findings_are_attached(folder: Path, pdf: pikepdf.Pdf) -> None:
    attached = {name: pdf.attachments[name] for name in pdf.attachments}
    names = "overlay.png", "mask.png", "contours.json"
    places = "whole", "region-1", "whole-2"
    assert set(attached) == {"record.json", *(f"{place}/{name}" for place in places for name in names)}
    for name, file in attached.items():
        stored = file.get_file()
        assert stored.read_bytes() == (folder / name).read_bytes()
        assert stored.mime_type == ("image/png" if name.endswith("png") else "application/json")
    assert attached["record.json"].relationship == "/Source"
    assert len(pdf.Root.AF) == len(attached)


def test_every_page_says_which_report_it_is_of(folder: Path, pdf: pikepdf.Pdf) -> None:
    document = pypdfium2.PdfDocument(folder / "report.pdf")
    sha256 = hashlib.sha256((folder / "record.json").read_bytes()).hexdigest()
    for number, page in enumerate(document, start=1):
        text = page.get_textpage().get_text_bounded()
        assert f"page {number} of {len(pdf.pages)}" in text
        assert "Report rep1, issued 2026-11-20 12:00:00+01:00" in text
        assert "DRAFT" in text
        assert sha256 in text
    document.close()


def test_a_long_path_can_be_copied_as_it_was_written(tmp_path: Path, make: Callable) -> None:
    made = make("a_name_without_any_place_where_a_line_might_end_" * 4 + ".png")
    made.run(np.zeros((160, 240), np.float32))
    file = made.export(tmp_path / "report").pdf
    assert str(made.item.path) in re.sub(r"\r?\n", "", _text(file))
    with pikepdf.open(file) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/ToUnicode" in o]
        assert fonts
        assert not any(b"200b" in font.ToUnicode.read_bytes().lower() for font in fonts)


def test_it_says_what_the_html_says(folder: Path, made: Any) -> None:
    text = _flat(_text(folder / "report.pdf"))
    record = json.loads((folder / "record.json").read_text("utf-8"))
    for run in record["runs"]:
        assert run["statement"] in text
        assert run["map"]["sha256"] in text
    for wanted in (
        *("The file is unchanged.", "A. Examiner", "Was it changed?", "No interpretation was written."),
        *("4 runs were made and all of them are shown", "Run run2, threshold 0.5", "Self-test none was made"),
        *(made.item.sha256, made.item.decode.decoded_sha256, *(limit[:60] for limit in record["limits"])),
    ):
        assert wanted in text, wanted


def test_pages_show_something(folder: Path) -> None:
    document = pypdfium2.PdfDocument(folder / "report.pdf")
    for page in document:
        shown = np.asarray(page.render(scale=0.5).to_pil().convert("L"))
        assert 0.005 < (shown < 200).mean() < 0.9
        assert (shown[:, :20] > 250).all()  # nothing runs out of the margin
        assert (shown[:, -20:] > 250).all()
    document.close()


def test_issue_time_is_all_that_changes_the_bytes(tmp_path: Path, made: Any) -> None:
    same = [made.export(tmp_path / name).pdf.read_bytes() for name in "ab"]
    assert same[0] == same[1]
    later = made.export(tmp_path / "c", issued="2026-11-20T12:00:01+01:00").pdf.read_bytes()
    assert later != same[0]


def test_final_is_said(tmp_path: Path, made: Any) -> None:
    done = made.export(tmp_path / "r", status="final")
    assert "FINAL" in _text(done.pdf)
    assert json.loads(done.record.read_text("utf-8"))["report"]["status"] == "final"
    assert Issue().status == ""


def test_a_chinese_name_never_costs_the_report(tmp_path: Path, make: Callable) -> None:
    done = make("照片 例子 🦊.jpg").export(tmp_path / "r")
    text = _flat(_text(done.pdf))
    assert "[U+7167][U+7247] [U+4F8B][U+5B50] [U+1F98A].jpg" in text
    assert "照片 例子 🦊.jpg" in done.html.read_text("utf-8")


def test_any_character_can_be_printed(tmp_path: Path, make: Callable) -> None:
    """Every assigned character of the two planes in use, some of them after a letter and a mark."""
    letters = [chr(c) for c in range(0x20000) if unicodedata.category(chr(c)) != "Cs"]
    some = "".join(letters[::7])
    marks = "".join(f"a{c}e\u0301{c} " for c in letters if unicodedata.category(c)[0] == "M")
    made = make()
    written = ("\n".join(text[i : i + 500] for i in range(0, 19_000, 500)) for text in (some, marks))
    made.with_details(**dict(zip(("interpretation", "question"), written, strict=True)))
    done = made.export(tmp_path / "r")
    with pikepdf.open(done.pdf) as opened:
        assert len(opened.pages) > 5


def test_what_the_fonts_cover() -> None:
    assert {ord(c) for c in "aéñßЖΩ–…×\u202f"} <= covered()
    assert printable("Ж 例\u202e") == "Ж [U+4F8B][U+202E]"
    assert plain("aЖé") == "a[U+0416]é"


def test_a_hash_can_be_copied_whole(folder: Path) -> None:
    record = hashlib.sha256((folder / "record.json").read_bytes()).hexdigest()
    assert record in _text(folder / "report.pdf")


def test_several_pictures_make_one_document(tmp_path: Path, make: Callable) -> None:
    from workbench.core.maps import MemoryMaps
    from workbench.core.provenance import tool_record
    from workbench.report.export import export_case

    one, two = make("one.jpg"), make("two.jpg")
    maps = MemoryMaps()
    one.maps = two.maps = maps
    one.run(np.full((160, 240), 0.9, np.float32), run_id="first")
    two.run(np.zeros((160, 240), np.float32), run_id="second")
    second = replace(two.item, id="item2")
    case = replace(one.case, items=(one.item, second))
    evidence = {"item1": one.evidence, "item2": two.evidence}
    issue = Issue("rep1", "2026-11-20T12:00:00+01:00", "draft", tool_record(), None)
    steps: list[tuple[int, int]] = []
    from workbench.report.export import Options

    options = Options(on_progress=lambda done, total: steps.append((done, total)))
    done = export_case(tmp_path / "r", case, lambda item: evidence[item.id], maps, issue, {}, options)
    assert steps == [(n, 5) for n in range(1, 6)]
    for number, name in ((1, "one.jpg"), (2, "two.jpg")):
        record = json.loads((done.folder / f"picture-{number}/record.json").read_text("utf-8"))
        assert record["report"]["part"] == {"number": number, "of": 2}
        assert record["item"]["name"] == name
        assert (done.folder / f"picture-{number}/report.html").is_file()
    page = done.html.read_text("utf-8")
    assert done.html == done.folder / "report.html"
    for number, name in ((1, "one.jpg"), (2, "two.jpg")):
        link = f"picture-{number}/report.html"
        assert f'<a href="{link}">{name}</a>' in page
        assert (done.folder / link).is_file()
        assert (
            hashlib.sha256((done.folder / f"picture-{number}/record.json").read_bytes()).hexdigest() in page
        )
    assert '<a href="report.pdf">' in page
    assert "1 place above the threshold, in its only run." in page
    assert "No place above the threshold in any run; this does not show" in page
    text = _text(done.pdf)
    assert "one.jpg" in text
    assert "two.jpg" in text
    with pikepdf.open(done.pdf) as opened:
        assert {"picture-1/record.json", "picture-2/record.json", "picture-1/whole/overlay.png"} <= set(
            opened.attachments
        )
        assert "picture-2/whole/overlay.png" not in opened.attachments
    assert io.BytesIO(done.pdf.read_bytes()).getvalue()[:8] == b"%PDF-1.7"
