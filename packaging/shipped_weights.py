"""Puts every file of `weights/` into the wheel; the folders of training in it stay out."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedWeights(BuildHookInterface):
    """What ships is what lies there: a head of families or other weights need no line anywhere."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; an editable installation finds them in the checkout."""
        if version != "editable":
            for path in sorted((Path(self.root) / "weights").iterdir()):
                if path.is_file():
                    build_data["force_include"][str(path)] = f"workbench/_bundled/weights/{path.name}"
