"""A report names the self-test of this very program and these very weights, or none."""

from dataclasses import replace
from pathlib import Path

import pytest

from workbench import __version__
from workbench.core import paths
from workbench.core.selftest import SelfTestResult, last_result
from workbench.core.weights import card_named


@pytest.fixture
def result() -> SelfTestResult:
    return SelfTestResult("2026-11-20T09:00:00+01:00", True, __version__, card_named().sha256)


def test_what_was_saved_is_read(result: SelfTestResult) -> None:
    assert last_result() is None
    result.save()
    assert last_result() == result
    failed = replace(result, passed=False)
    failed.save()
    assert last_result() == failed


def test_a_test_of_another_version_is_not_this_tools(result: SelfTestResult) -> None:
    replace(result, version="0.0.1").save()
    assert last_result() is None


def test_a_test_with_other_weights_is_not_this_tools(
    result: SelfTestResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(result, weights_sha256="0" * 64).save()
    assert last_result() is None
    result.save()
    monkeypatch.setattr(paths, "weights_folder", lambda: tmp_path)  # no default weights to compare with
    assert last_result() is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"date": "x", "passed": true, "version": "0.1.0"}', '{"date": 1, "more": 2}']
)
def test_a_file_that_is_no_result_is_none(home: Path, text: str) -> None:
    (home / "selftest.json").write_text(text, "utf-8")
    assert last_result() is None
