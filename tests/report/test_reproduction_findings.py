"""Findings without their map: none within the tolerance is refused, and none other passes."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.findings import Finding, find
from workbench.core.region import Region, Shape
from workbench.report.reproduction_findings import NewMap, misfits

LEVEL, TOLERANCE = 0.5, 2e-3
REGION = Region("r1", "R1", 30, 40, 120, 90, Shape.ELLIPSE)


def _map(seed: int) -> np.ndarray:
    """Places of many sizes, with borders that lie just at the threshold."""
    noise = np.random.default_rng(seed).random((90, 120), dtype=np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 5)
    return (smooth - smooth.min()) / (smooth.max() - smooth.min())


def _found(response: np.ndarray, region: Region | None) -> list[Finding]:
    origin = (region.x, region.y) if region else (0, 0)
    return list(find(response, LEVEL, origin, inside=region.mask if region else None).listed)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), region=st.sampled_from([None, REGION]))
def test_whatever_lies_within_the_tolerance_fits(seed: int, region: Region | None) -> None:
    then = _map(seed)
    noise = np.random.default_rng(seed + 1).uniform(-TOLERANCE, TOLERANCE, then.shape)
    now = np.clip(then + noise, 0, 1).astype(np.float32)
    assert misfits(_found(then, region), NewMap(now, region, LEVEL, TOLERANCE)) == []


CHANGES = {
    "one left out": lambda listed: listed[1:],
    "the last left out": lambda listed: listed[:-1],
    "one added": lambda listed: [*listed, replace(listed[0], x=0, y=0, width=100, height=8)],
    "moved": lambda listed: [replace(listed[0], x=listed[0].x + 3), *listed[1:]],
    "larger": lambda listed: [replace(listed[0], area=listed[0].area * 2), *listed[1:]],
    "smaller": lambda listed: [replace(listed[0], area=listed[0].area // 2), *listed[1:]],
    "wider": lambda listed: [replace(listed[0], width=listed[0].width + 5), *listed[1:]],
    "narrower": lambda listed: [replace(listed[0], width=listed[0].width - 5), *listed[1:]],
    "stronger": lambda listed: [replace(listed[0], max=listed[0].max + 0.1), *listed[1:]],
    "weaker": lambda listed: [replace(listed[0], max=listed[0].max - 0.1), *listed[1:]],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("region", [None, REGION])
def test_a_changed_list_does_not(change: str, region: Region | None) -> None:
    then = _map(3)
    listed = _found(then, region)
    assert len(listed) >= 2
    changed = CHANGES[change](listed)
    assert misfits(changed, NewMap(then, region, LEVEL, TOLERANCE)) != []


def test_an_empty_list_is_compared_too() -> None:
    calm = np.full((90, 120), 0.1, np.float32)
    assert misfits([], NewMap(calm, None, LEVEL, TOLERANCE)) == []
    assert misfits([], NewMap(_map(3), None, LEVEL, TOLERANCE)) != []
