"""The result of the last self-test of this installation; it stands in every report."""

import json
from dataclasses import asdict, dataclass

from workbench.core import paths


@dataclass(frozen=True)
class SelfTestResult:
    """What a self-test found.

    Attributes:
        date: ISO 8601 with UTC offset.
        passed: whether every check agreed.
        version: of the program that was tested.
    """

    date: str
    passed: bool
    version: str

    def save(self) -> None:
        """Keep it for the reports to come."""
        path = paths.user_folder() / "selftest.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)) + "\n", "utf-8")


def last_result() -> SelfTestResult | None:
    """The last result, or None if there is none that can be read."""
    try:
        text = (paths.user_folder() / "selftest.json").read_text("utf-8")
        return SelfTestResult(**json.loads(text))
    except (OSError, ValueError, TypeError):
        return None
