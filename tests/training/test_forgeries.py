from __future__ import annotations

import numpy as np
import pytest

from workbench.training import forgeries, manipulations
from workbench.training.forgeries import KINDS, Kind, copy_move, enhance, make_forgery, remove, splice
from workbench.training.photos import Photo, Picture


@pytest.fixture
def host(photos: list[Photo]) -> Picture:
    return np.ascontiguousarray(photos[0].pixels[:128, :128])


@pytest.mark.parametrize("kind", KINDS)
def test_a_forgery_has_form_truth_and_kind(photos: list[Photo], kind: Kind) -> None:
    forgery = make_forgery(photos, np.random.default_rng(4), 96, kind)
    assert forgery.picture.shape == (96, 96, 3)
    assert forgery.picture.dtype == np.uint8
    assert forgery.mask.shape == (96, 96)
    assert forgery.kind == kind
    assert forgery.mask.any() == (kind != "genuine")
    assert not forgery.mask.all()


def test_forgeries_depend_on_the_seed_only(photos: list[Photo]) -> None:
    first, again, other = (make_forgery(photos, np.random.default_rng([9, i]), 96) for i in (0, 0, 1))
    assert np.array_equal(first.picture, again.picture)
    assert np.array_equal(first.mask, again.mask)
    assert not np.array_equal(first.picture, other.picture)


def test_all_kinds_are_drawn(photos: list[Photo]) -> None:
    drawn = {make_forgery(photos, np.random.default_rng([1, i]), 64).kind for i in range(60)}
    assert drawn == set(KINDS)


@pytest.mark.parametrize("edit", [copy_move, remove, enhance])
def test_edits_change_the_mask_and_leave_what_is_far(edit, host: Picture) -> None:  # noqa: ANN001
    changed_inside = []
    for seed in range(8):
        picture, mask = edit(host, 0.08, np.random.default_rng(seed))
        changed = (picture != host).any(axis=-1)
        changed_inside.append(changed[mask].mean())
        far = ~dilated(mask, 12)
        assert not changed[far].any()
    assert float(np.median(changed_inside)) > 0.5


def test_a_copy_is_never_moved_out_of_the_picture(host: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the calmest place is that which it came from, it is moved on."""
    monkeypatch.setattr(forgeries, "calm_shift", lambda *_, **__: (-3, 2))
    shares = [copy_move(host, 0.05, np.random.default_rng(seed))[1].mean() for seed in range(40)]
    assert min(shares) > 0
    assert float(np.median(shares)) > 0.02


def test_the_generator_is_told_from_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before = forgeries.generator()
    assert len(before) == 12
    assert before == forgeries.generator()
    monkeypatch.setattr(manipulations, "all_manipulations", lambda: ())
    assert forgeries.generator() != before


def test_splicing_puts_the_donor_inside(photos: list[Photo], host: Picture) -> None:
    donor = np.full_like(host, 255)
    picture, mask = splice(host, donor, 0.1, np.random.default_rng(2))
    assert picture[mask].mean() > host[mask].mean()
    assert np.array_equal(picture[~dilated(mask, 12)], host[~dilated(mask, 12)])


def dilated(mask: np.ndarray, radius: int) -> np.ndarray:
    from scipy.ndimage import binary_dilation

    return binary_dilation(mask, iterations=radius, structure=np.ones((3, 3), bool))
