"""Whatever a name, a note, EXIF or XMP holds is text in HTML, PDF and CSV; the record keeps it whole."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pikepdf
import pypdfium2
import pytest
from hostile import CORPUS, FORMULAS, MARKUP, TEN_MEGABYTES

from workbench.core.case import CaseDetails, Proposition, Review
from workbench.core.text import storable, visible
from workbench.report.export import Exported

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/record-schema.json").read_text("utf-8"))


def _everywhere(make: Callable, text: str) -> Any:
    """A picture with one text in every place where a file or a person may write."""
    made = make()
    item = made.item.with_region(10, 10, 40, 40)
    region = replace(item.regions[0], name=text, note=text)
    exif = (("ImageDescription", text), (text[:100], "value"))
    decode = replace(item.decode, exif=exif, xmp=text, icc_profile=text, notes=(text,))
    item = replace(item, name=text, path=Path(f"/x/{text.replace(chr(0), '')}"), decode=decode)
    made.case = made.case.with_item(replace(item.with_region_changed(region), note=text, tags=(text, text)))
    made.run(np.full((40, 40), 0.9, np.float32), region)
    made.case = made.case.with_item(
        made.item.with_analysis(replace(made.item.analyses[0], note=text, by=text))
    )
    details = CaseDetails(*[text] * 5, (Proposition(text, text, text),), text, Review(text, text, True, text))
    made.case = replace(made.case, details=details)
    return made


def _pdf_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return re.sub(r"[\s\u200b\ufffe]+", "", text)


def _check_safe(done: Exported) -> None:
    page = done.html.read_text("utf-8")
    assert not re.search(r"<(script|iframe|object|embed|link|form|base|svg)\b", page)
    assert not re.search(r"<[a-z][^>]*\s(on[a-z]+|style|srcset)\s*=", page)
    assert page.count("<title>") == page.count("<style>") == page.count("<body>") == 1
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", page)
    with pikepdf.open(done.pdf) as pdf, pdf.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "A")
        kinds = {str(o.get("/S")) for o in pdf.objects if isinstance(o, pikepdf.Dictionary)}
        assert not {"/JavaScript", "/Launch", "/URI", "/GoToR", "/SubmitForm"} & kinds
    table = (done.folder / "findings.csv").read_bytes().decode("utf-8-sig")
    for row in csv.reader(io.StringIO(table, newline="")):
        assert not any(cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} for cell in row)


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_it_is_text_in_every_place(tmp_path: Path, make: Callable, text: str) -> None:
    made = _everywhere(make, text)
    done = made.export(tmp_path / "r", assessments=(text,))
    record = json.loads(done.record.read_bytes())
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    assert record["interpretation"]["text"] == record["item"]["note"] == storable(text)
    assert dict(record["item"]["decode"]["exif"])["ImageDescription"] == storable(text)
    _check_safe(done)


@pytest.mark.parametrize("text", [*MARKUP, *FORMULAS])
def test_it_is_shown_as_it_was_written(tmp_path: Path, make: Callable, text: str) -> None:
    done = _everywhere(make, text).export(tmp_path / "r")
    shown = re.sub(r"\s+", "", visible(text))
    assert _pdf_text(done.pdf).count(shown) >= 8
    assert "49" not in _pdf_text(done.pdf).partition("Identification")[0]


def test_a_text_of_ten_megabytes_is_cut_with_a_remark_and_kept_in_the_record(
    tmp_path: Path, make: Callable
) -> None:
    made = make()
    made.case = made.case.with_item(replace(made.item, note=TEN_MEGABYTES))
    made.with_details(interpretation=TEN_MEGABYTES)
    done = made.export(tmp_path / "r")
    record = json.loads(done.record.read_bytes())
    assert record["interpretation"]["text"] == record["item"]["note"] == TEN_MEGABYTES
    left = f"{len(TEN_MEGABYTES) - 20_000:,}".replace(",", "\u202f")
    remark = f"[cut here; record.json holds {left} more characters]"
    page = done.html.read_text("utf-8")
    assert page.count(remark) == 2
    assert len(page) < 1_000_000
    assert _pdf_text(done.pdf).count(re.sub(r"\s", "", remark)) == 2
    _check_safe(done)


def test_a_thousand_exif_values_and_a_long_xmp_are_cut(tmp_path: Path, make: Callable) -> None:
    made = make()
    exif = tuple((f"Tag {n}", "=1" * 300) for n in range(1000))
    decode = replace(made.item.decode, exif=exif, xmp="<x>\n" * 100_000)
    made.case = made.case.with_item(replace(made.item, decode=decode))
    done = made.export(tmp_path / "r")
    assert len(json.loads(done.record.read_bytes())["item"]["decode"]["exif"]) == 1000
    page = done.html.read_text("utf-8")
    assert "The first 200 of 1000 values" in page
    assert "The first 4000 of 400\u202f000 characters" in page
    with pikepdf.open(done.pdf) as pdf:
        assert len(pdf.pages) < 80
