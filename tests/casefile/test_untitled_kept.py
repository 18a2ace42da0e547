"""Which cases without a name may be removed by the program itself: those in which nothing was done."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from workbench.casefile import untitled
from workbench.casefile.connection import DATABASE
from workbench.core.case import Case, CaseDetails, Item, Proposition, Review, Status
from workbench.core.settings import Settings, save

WORDS = {
    "examiner": "somebody else",
    "organisation": "another laboratory",
    "case_id": "2026-17",
    "question": "was it edited?",
    "interpretation": "an opinion",
    "propositions": (Proposition("H1", "it was edited"),),
    "alternatives": "strong compression",
    "review": Review(name="B. Second"),
    "status": Status.FINAL,
}


def leave(case: Case) -> None:
    """An untitled case as a window leaves it that had this state last."""
    with untitled.begin(Case(case.id, case.details), case.items, (), "x") as store:
        store.commit(case, "anything", {}, "x")


@pytest.fixture
def usual(item: Item) -> Case:
    """A case in which a picture was only looked at."""
    save(Settings(examiner="A. Examiner", organisation="A laboratory"))
    return Case("usual", CaseDetails("A. Examiner", "A laboratory"), (item,))


def test_what_was_only_looked_at_goes_the_oldest_first(usual: Case) -> None:
    for _ in range(3):
        leave(usual)
    newest = max(left.changed for left in untitled.left_over())
    assert [left.worked_on for left in untitled.left_over()] == [False] * 3
    assert len(untitled.keep_at_most(1)) == 2
    assert [left.changed for left in untitled.left_over()] == [newest]


def test_every_field_of_the_details_counts() -> None:
    assert set(WORDS) == set(CaseDetails.__dataclass_fields__)


@pytest.mark.parametrize("field", WORDS)
def test_words_keep_a_case(usual: Case, field: str) -> None:
    leave(replace(usual, details=replace(usual.details, **{field: WORDS[field]})))
    assert untitled.keep_at_most(0) == []
    assert len(untitled.left_over()) == 1


@pytest.mark.parametrize(
    "work",
    [
        lambda item: item.with_region(5, 5, 24, 20),
        lambda item: item.with_region(5, 5, 24, 20).without_region(""),
        lambda item: replace(item, tags=("seen",)),
        lambda item: replace(item, note="look again"),
    ],
)
def test_work_on_a_picture_keeps_a_case(usual: Case, work: Callable[[Item], Item]) -> None:
    leave(usual.with_item(work(usual.items[0])))
    leave(usual)
    assert [left.worked_on for left in untitled.keep_at_most(0)] == [False]
    assert [left.worked_on for left in untitled.left_over()] == [True]


def test_a_damaged_case_is_kept(usual: Case) -> None:
    leave(usual)
    (left,) = untitled.left_over()
    database = left.folder / DATABASE
    database.write_bytes(database.read_bytes()[:5000])
    assert untitled.keep_at_most(0) == []
    assert database.is_file()
