"""Cases become JSON and come back equal, whatever is in them."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.analysis import Analysis, Kind
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.jsonform import from_json, to_json

# Any text, lone surrogates included: file names may hold bytes that are no UTF-8.
TEXT = st.text(st.characters(), max_size=20)
PATHS = st.text(st.characters(blacklist_characters="\0"), min_size=1, max_size=20).map(Path)


def _cases() -> st.SearchStrategy[Case]:
    for kind, strategy in (
        (str, TEXT),
        (Path, PATHS),
        (float, st.floats(allow_nan=False, allow_infinity=False)),
    ):
        st.register_type_strategy(kind, strategy)
    return st.builds(
        Case,
        id=TEXT,
        details=st.from_type(CaseDetails),
        items=st.lists(st.from_type(Item), max_size=2).map(tuple),
    )


@settings(max_examples=60, deadline=None)
@given(st.deferred(_cases))
def test_a_case_survives_the_round_trip(case: Case) -> None:
    text = json.dumps(to_json(case), allow_nan=False)
    assert from_json(Case, json.loads(text)) == case


@dataclass(frozen=True)
class _Old:
    name: str


@dataclass(frozen=True)
class _New:
    name: str
    tags: tuple[str, ...] = ("none",)


def test_fields_may_be_added() -> None:
    assert from_json(_New, to_json(_Old("a"))) == _New("a")
    assert from_json(_Old, to_json(_New("a", ("b",)))) == _Old("a")


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, "_Old: name missing"),
        ({"name": 3}, "_Old.name: str was expected"),
        ([], "_Old: an object was expected"),
    ],
)
def test_what_does_not_fit_is_named(data: object, where: str) -> None:
    with pytest.raises(ValueError, match=where):
        from_json(_Old, data)


def test_enums_and_pairs_are_checked() -> None:
    hints = Analysis.__dataclass_fields__
    assert hints["kind"].type is Kind
    with pytest.raises(ValueError, match="not a valid Kind"):
        from_json(Kind_, {"kind": "sideways", "shape": [1, 2]})
    with pytest.raises(ValueError, match="2 values were expected"):
        from_json(Kind_, {"kind": "whole", "shape": [1]})


@dataclass(frozen=True)
class Kind_:  # noqa: N801 - only for this test
    kind: Kind
    shape: tuple[int, int]
