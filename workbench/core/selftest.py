"""The result of the last self-test of this installation; it stands in every report."""

import json
from dataclasses import dataclass

from workbench import __version__
from workbench.core import paths
from workbench.core.errors import WeightsError
from workbench.core.jsonform import from_json, to_json
from workbench.core.weights import card_named


@dataclass(frozen=True)
class Check:
    """One comparison.

    Attributes:
        what: was compared with what.
        difference: "" if it is as expected, else what differs.
    """

    what: str
    difference: str = ""


@dataclass(frozen=True)
class SelfTestResult:
    """What a self-test found.

    Attributes:
        date: ISO 8601 with UTC offset.
        passed: whether every check agreed.
        version: of the program that was tested.
        weights_sha256: of the weights that it was tested with, the default ones.
        runtime, precision: that it was tested on; "" in results of older versions.
        checks: one by one.
    """

    date: str
    passed: bool
    version: str
    weights_sha256: str
    runtime: str = ""
    precision: str = ""
    checks: tuple[Check, ...] = ()

    def save(self) -> None:
        """Keep it for the reports to come.

        Raises:
            OSError: the user's folder can't be written.
        """
        path = paths.user_folder() / "selftest.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(to_json(self)) + "\n", "utf-8")


def last_result() -> SelfTestResult | None:
    """The last result, or None if there is none of this version with the default weights of now."""
    try:
        text = (paths.user_folder() / "selftest.json").read_text("utf-8")
        result = from_json(SelfTestResult, json.loads(text))
        tested_now = __version__, card_named().sha256
    except (OSError, ValueError, WeightsError):
        return None
    return result if (result.version, result.weights_sha256) == tested_now else None
