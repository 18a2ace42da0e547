"""A map is encoded once, when its run is stored: the case keeps numbers and colours, reports copy them."""

import hashlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from workbench.casefile.kept import KeptFiles
from workbench.casefile.store import CaseStore
from workbench.casefile.verification import examine
from workbench.core.analysis import Analysis
from workbench.core.case import Case, Item
from workbench.core.errors import CaseError
from workbench.core.evidence import reopen
from workbench.core.heatmap import Heatmap
from workbench.core.mapfile import MapForm, encoded
from workbench.core.maps import MemoryMaps
from workbench.report.export import export_case

MakeRun = Callable[..., tuple[Analysis, Heatmap]]


@pytest.fixture
def heatmap(item: Item, make_run: MakeRun) -> Heatmap:
    return make_run(item, 0)[1]


@pytest.fixture
def store(tmp_path: Path, case: Case, make_run: MakeRun) -> CaseStore:
    """A case with a run, open."""
    made = CaseStore.save_as(tmp_path / "a.case", case, MemoryMaps(), "x")
    item = case.items[0]
    run, heatmap = make_run(item, 0)
    made.put_map(heatmap)
    made.commit(case.with_item(item.with_analysis(run)), "analysis finished", {"run": run.id}, "x")
    return made


def _colours(store: CaseStore) -> Path:
    (found,) = (store.folder / "maps").glob("*.png")
    return found


def test_a_stored_run_has_its_exhibits_in_the_case(store: CaseStore, heatmap: Heatmap) -> None:
    with store:
        names = {path.name for path in (store.folder / "maps").iterdir()}
        assert names == {f"{heatmap.sha256}.npy", f"{heatmap.sha256}.png"}
        for form in MapForm:
            assert store.map_file(heatmap.sha256, form) == encoded(heatmap, form)
    with Image.open(_colours(store)) as image:
        assert image.size == heatmap.shape[::-1]
    assert examine(store.folder).agrees


@pytest.mark.parametrize("leave", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
@pytest.mark.parametrize("sealed", [False, True])
def test_verify_tells_of_them_in_an_open_and_in_a_sealed_case(
    store: CaseStore, tmp_path: Path, leave: Callable[[Path], object], sealed: bool
) -> None:
    with store:
        copy = tmp_path / "copy.case"
        if not sealed:
            shutil.copytree(store.folder, copy)
    folder = store.folder if sealed else copy
    assert examine(folder).agrees
    leave(folder / "maps" / _colours(store).name)
    found = examine(folder)
    assert (found.sealed, found.agrees) == (sealed, False)
    assert any(".png" in sentence for sentence in found.differences)


def test_a_report_copies_what_was_stored(store: CaseStore, tmp_path: Path, heatmap: Heatmap) -> None:
    with store:
        exported = export_case(
            tmp_path / "report",
            store.case,
            lambda item: reopen(store.picture_file(item), item.sha256, item.name),
            store,
        )
        for form in MapForm:
            kept = store.folder / "maps" / f"{heatmap.sha256}.{form.value}"
            assert (exported.folder / f"whole/heatmap.{form.value}").read_bytes() == kept.read_bytes()


def test_what_was_stored_is_given_whatever_the_encoder_would_give_today(
    tmp_path: Path, heatmap: Heatmap
) -> None:
    """Another version of a library packs differently; the exhibit stays the one of the first day."""
    name = f"maps/{heatmap.sha256}.png"
    stream = io.BytesIO()
    Image.open(io.BytesIO(encoded(heatmap, MapForm.COLOURS))).save(stream, "PNG", compress_level=9)
    (tmp_path / "maps").mkdir()
    (tmp_path / name).write_bytes(stream.getvalue())
    kept = KeptFiles(tmp_path, {name: hashlib.sha256(stream.getvalue()).hexdigest()})
    assert stream.getvalue() != encoded(heatmap, MapForm.COLOURS)
    assert kept.map_file(heatmap.sha256, MapForm.COLOURS) == stream.getvalue()


def test_without_it_or_with_a_damaged_one_it_is_made_from_the_map(store: CaseStore, heatmap: Heatmap) -> None:
    """As in cases of earlier versions, which have the numbers only."""
    with store:
        wanted = encoded(heatmap, MapForm.COLOURS)
        _colours(store).write_bytes(b"x")
        assert store.map_file(heatmap.sha256, MapForm.COLOURS) == wanted
        _colours(store).unlink()
        assert store.map_file(heatmap.sha256, MapForm.COLOURS) == wanted
        (store.folder / f"maps/{heatmap.sha256}.npy").write_bytes(b"x")
        for form in MapForm:
            with pytest.raises(CaseError, match="damaged"):
                store.map_file(heatmap.sha256, form)


def test_a_copy_of_the_case_keeps_the_very_bytes(store: CaseStore, tmp_path: Path) -> None:
    with store, CaseStore.save_as(tmp_path / "b.case", store.case, store, "x") as copy:
        assert _colours(copy).read_bytes() == _colours(store).read_bytes()
    assert examine(copy.folder).agrees
