"""The result of the last self-test of this installation; it stands in every report."""

import json
from dataclasses import asdict, dataclass

from workbench import __version__
from workbench.core import paths
from workbench.core.errors import WeightsError
from workbench.core.weights import card_named


@dataclass(frozen=True)
class SelfTestResult:
    """What a self-test found.

    Attributes:
        date: ISO 8601 with UTC offset.
        passed: whether every check agreed.
        version: of the program that was tested.
        weights_sha256: of the weights that it was tested with, the default ones.
    """

    date: str
    passed: bool
    version: str
    weights_sha256: str

    def save(self) -> None:
        """Keep it for the reports to come."""
        path = paths.user_folder() / "selftest.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)) + "\n", "utf-8")


def last_result() -> SelfTestResult | None:
    """The last result, or None if there is none of this version with the default weights of now."""
    try:
        text = (paths.user_folder() / "selftest.json").read_text("utf-8")
        result = SelfTestResult(**json.loads(text))
        tested_now = __version__, card_named().sha256
    except (OSError, ValueError, TypeError, WeightsError):
        return None
    return result if (result.version, result.weights_sha256) == tested_now else None
