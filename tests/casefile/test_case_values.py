"""Whatever a case holds is read back as it was: tags, notes, searches, and hostile text in all of them."""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.heatmap import Heatmap
from workbench.core.maps import MemoryMaps

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe",
    "a\0b\x1b[2J\r\n",
    "lone \udc80 surrogate",
    "\U0001f9ff\ufffe",
    "' OR 1=1; DROP TABLE log; --",
    "x" * 20_000,
    '{"json": [1, 2]}',
)
text = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=30))
st.register_type_strategy(str, text)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(Path, st.builds(lambda name: Path("/nowhere", name.replace("\0", "")), text))

MAP = Heatmap.of(np.ones((3, 4), np.float32))


def distinct(case: Case) -> Case:
    """Ids of items, runs and searches as the program makes them; every run with a map that is there."""
    number = map("{:012x}".format, itertools.count())
    items = []
    for item in case.items:
        runs = tuple(replace(run, id=next(number), map_sha256=MAP.sha256) for run in item.analyses)
        searches = tuple(replace(search, id=next(number)) for search in item.searches)
        items.append(replace(item, id=next(number), sha256="ab" * 32, analyses=runs, searches=searches))
    return replace(case, id="0123456789ab", items=tuple(items))


whole_cases = st.builds(
    Case, details=st.builds(CaseDetails), items=st.lists(st.builds(Item), max_size=2).map(tuple)
).map(distinct)


def kept_maps() -> MemoryMaps:
    maps = MemoryMaps()
    maps.put_map(MAP)
    return maps


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=whole_cases, by=text, action=text)
def test_every_case_is_read_back_as_it_was(case: Case, by: str, action: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "a.case")
        with CaseStore.save_as(folder, case, kept_maps(), by) as store:
            assert store.case == case
        with CaseStore.open(folder, by) as store:
            assert not store.read_only
            assert store.case == case
            emptied = replace(case, items=tuple(replace(i, tags=(), note="", regions=()) for i in case.items))
            store.commit(emptied, "done", {"text": action}, by)
            store.commit(case, "undo", {}, by)
            assert [line.detail for line in store.log()[-2:]] == [{"text": action}, {}]
            assert all(line.by == by for line in store.log())
        with CaseStore.open(folder, to_read=True) as store:
            assert store.case == case
        found = examine(folder)
        assert found.sealed
        assert all("has no copy of it" in sentence for sentence in found.differences)
