"""The HTML: whatever files and people write is text, nothing is fetched, wording is guarded."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ImageDraw

from workbench.core.paths import resources_folder
from workbench.core.weights import Threshold
from workbench.core.wording import WordingError, forbidden_in, guarded
from workbench.report.method_card import method_card

HOSTILE = "<script>alert(1)</script> \u202egpj.\x07exe \"q\" 'a' & {{ 7 * 7 }} Пример 例 🦊"


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def _page(made: Any, folder: Path) -> _Page:
    return _Page(made.export(folder).html.read_text("utf-8"))


def _with_hostile_texts(make: Callable) -> Any:
    made = make(f"{HOSTILE.replace('/', '_')} {'long ' * 20}.jpg")
    item = made.item.with_region(10, 10, 40, 40)
    region = replace(item.regions[0], name=HOSTILE)
    made.case = made.case.with_item(item.with_region_changed(region))
    made.run(np.zeros((40, 40), np.float32), region)
    texts = dict.fromkeys(("examiner", "organisation", "case_id", "question", "interpretation"), HOSTILE)
    made.with_details(**texts)
    return made


def test_hostile_text_stays_text(tmp_path: Path, make: Callable) -> None:
    page = _page(_with_hostile_texts(make), tmp_path / "r")
    plain = _page(make(), tmp_path / "plain")
    added = {tag for tag, _ in page.tags} - {tag for tag, _ in plain.tags}
    assert added <= {"h3", "thead"}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert (
        page.text.count("<script>alert(1)</script> [U+202E]gpj.[U+0007]exe \"q\" 'a' & {{ 7 * 7 }} Пример 例")
        >= 4
    )
    assert "\u202e" not in page.text


def test_the_threshold_is_shown_as_it_was_used(
    tmp_path: Path, make: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw_text = ImageDraw.ImageDraw.text

    def note(self: ImageDraw.ImageDraw, where: Any, text: str, **style: Any) -> None:
        drawn.append(text)
        draw_text(self, where, text, **style)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", note)
    made = make()
    response = np.full((160, 240), 0.1, np.float32)
    response[:16] = 0.348  # above the threshold, below what two digits would make of it
    made.run(response)
    run = replace(made.item.analyses[0], threshold=Threshold(0.3456, "x"))
    made.case = made.case.with_item(made.item.with_analysis(run))
    done = made.export(tmp_path / "r")
    page, record = done.html.read_text("utf-8"), json.loads(done.record.read_text("utf-8"))
    assert "exceeded 0.3456 over 10.00 %" in record["runs"][0]["statement"]
    captions = [e["caption"] for e in record["exhibits"] if e["path"].startswith("whole/")]
    assert all("threshold 0.3456, scale" in caption for caption in captions)
    assert [text for text in drawn if "threshold" in text] == ["threshold = 0.3456"] * 2
    assert "the threshold is marked at 0.3456" in page
    assert "at the threshold 0.3456." in page
    assert "where the response exceeds 0.3456." in page
    assert "0.35" not in re.sub(r"[0-9a-f]{64}|base64,[^\"]*", "", page)


def test_no_script_and_nothing_is_fetched(tmp_path: Path, made: Any) -> None:
    text = made.export(tmp_path / "r").html.read_text("utf-8")
    page = _Page(text)
    assert "script" not in {tag for tag, _ in page.tags}
    links = [a.get(n) for _, a in page.tags for n in ("src", "href", "data", "action") if a.get(n)]
    assert links
    assert all(link.startswith(("data:image/", "#")) for link in links if link)
    assert "url(" not in text
    assert "@import" not in text
    targets = {a["id"] for _, a in page.tags if a.get("id")}
    assert {a["href"][1:] for tag, a in page.tags if tag == "a" and a["href"]} <= targets


def test_the_policy_allows_this_style_only(tmp_path: Path, made: Any) -> None:
    text = made.export(tmp_path / "r").html.read_text("utf-8")
    css = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    policy = next(
        a["content"] for tag, a in _Page(text).tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert css
    digest = base64.b64encode(hashlib.sha256(css.group(1).encode()).digest()).decode()
    assert policy
    assert policy.startswith("default-src 'none'")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not any("style" in attributes for _, attributes in _Page(text).tags)


def test_every_picture_has_an_alternative_text(tmp_path: Path, made: Any) -> None:
    page = _page(made, tmp_path / "r")
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(pictures) == 1 + 4 * 4 + 2
    assert all(attributes.get("alt") for attributes in pictures)


def test_what_a_report_must_hold(tmp_path: Path, made: Any) -> None:
    made.with_details(examiner="A. Examiner", organisation="Lab", case_id="7/26", question="Was it changed?")
    text = _page(made, tmp_path / "r").text
    for wanted in (
        *("A. Examiner", "Lab", "7/26", "Was it changed?", made.item.sha256, made.item.decode.decoded_sha256),
        *("The file is unchanged.", "CVPR 2019", "Apache-2.0", "1 in 20 genuine pictures", "draft"),
        *(
            "No interpretation was written",
            "4 runs were made and all of them are shown",
            "fixed scale 0 to 1",
        ),
        *("What to look for", "What to ignore", "Quantisation table 0", "2026-11-20 12:00:00+01:00"),
        *("whole-2/overlay.png", "Self-test none was made"),
    ):
        assert wanted in text, wanted
    for run in made.item.analyses:
        assert run.map_sha256 in text


def test_the_examiners_words_are_theirs(tmp_path: Path, make: Callable) -> None:
    made = make("an authentic fake.jpg")
    made.with_details(
        interpretation="In my opinion this is a fake.\n\nThe probability is high.", examiner="E."
    )
    done = made.export(tmp_path / "r")
    text = _Page(done.html.read_text("utf-8")).text
    assert "In my opinion this is a fake." in text
    assert "an authentic fake.jpg" in text
    assert '"forbidden_words":["fake","probability"]' in done.record.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a Fake picture",
            "authenticity",
            "12 % manipulated",
            "85% manipulated",
            "probability",
            "confidence",
        ),
        *("confidence", "this proves", "proven", "✓", "✅ fine"),
    ],
)
def test_forbidden_words_are_refused(text: str) -> None:
    with pytest.raises(WordingError):
        guarded(text)


@pytest.mark.parametrize(
    "text", ["No response above the threshold", "genuine", "improves", "confidential", "approved"]
)
def test_other_words_are_not(text: str) -> None:
    assert guarded(text) == text
    assert forbidden_in(text) == ()


def test_what_ships_holds_no_forbidden_word() -> None:
    card = method_card()
    for text in (card.look_for, card.ignore, card.input, card.licence, *card.limits):
        assert guarded(text) == text
    for path in (resources_folder() / "report").iterdir():
        assert forbidden_in(path.read_text("utf-8")) == ()
