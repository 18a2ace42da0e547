"""Settings of this user: one small JSON file, read at start and written at each change."""

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from workbench.core import paths
from workbench.core.analysis import PRECISIONS, RUNTIMES
from workbench.core.jsonform import from_json
from workbench.core.weights import DEFAULT

MOST_RECENT = 10


class Theme(StrEnum):
    """How the window looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Device(StrEnum):
    """What the network runs on."""

    AUTO = "auto"
    CPU = "cpu"


@dataclass(frozen=True)
class Settings:
    """What the user chose, for all cases.

    Attributes:
        examiner, organisation: stand in every run and in the report.
        device: what the network runs on.
        theme: of the window.
        weights: name of the weights chosen last.
        recent: pictures and cases opened last, newest first.
        runtime, precision: of `analysis.RUNTIMES` and `PRECISIONS`, for the next runs.
        memory: bytes that an analysis may take; 0 leaves it to the program.
        feature_cache: bytes that features kept for previews may take on the disk; 0 keeps none.
        assessments: the laboratory's own list of words in which findings bear on a proposition.
        strict_on_release: whether a region is run as soon as the hand lets go of its preview.
        untitled_cases: beyond how many cases without a name those only looked at go; 0 keeps all.
    """

    examiner: str = ""
    organisation: str = ""
    device: Device = Device.AUTO
    theme: Theme = Theme.SYSTEM
    weights: str = DEFAULT
    recent: tuple[str, ...] = ()
    runtime: str = "auto"
    precision: str = "float32"
    memory: int = 0
    feature_cache: int = 8_000_000_000
    assessments: tuple[str, ...] = ()
    strict_on_release: bool = True
    untitled_cases: int = 20

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; unknown keys are left out, so that an older version reads a newer file.

        Raises:
            ValueError: not such a text.
        """
        values = json.loads(text)
        made = from_json(cls, values)
        if made.runtime not in RUNTIMES or made.precision not in PRECISIONS:
            raise ValueError("the runtime or the precision is none that there is")
        if made.memory < 0 or made.feature_cache < 0:
            raise ValueError("less than no memory")
        if made.untitled_cases < 0:
            raise ValueError("fewer than no cases")
        return made

    def to_json(self) -> str:
        """The settings as text; bytes of a path that are no text are escaped."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"

    def with_recent(self, path: Path) -> Self:
        """Put a path first in the list of recent files."""
        name = str(path.absolute())
        return replace(self, recent=(name, *(r for r in self.recent if r != name))[:MOST_RECENT])


def settings_file() -> Path:
    """Where the settings of this user are."""
    return paths.user_folder() / "settings.json"


def load() -> tuple[Settings, str]:
    """The settings, and a sentence for the user if the file could not be used (else empty)."""
    path = settings_file()
    try:
        return Settings.from_json(path.read_text("utf-8")), ""
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, ValueError, TypeError):
        return Settings(), (
            f"The settings in {path} can't be read, so the defaults are used. "
            "The file is replaced when a setting is changed."
        )


def save(settings: Settings) -> None:
    """Write the settings so that a crash leaves either the old or the new ones.

    Raises:
        OSError: the folder can't be written.
    """
    path = settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".tmp")
    scratch.write_text(settings.to_json(), "utf-8")
    os.replace(scratch, path)
