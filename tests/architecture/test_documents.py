"""What the documents name is there."""

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "weights" / "README.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_wheel_carries_every_file_of_the_weights() -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling builds wheels")
    builder = wheel.WheelBuilder(str(ROOT))
    data: dict[str, Any] = {"force_include": {}}
    for hook in builder.get_build_hooks(str(ROOT / "dist")).values():
        hook.initialize("standard", data)
    carried = {str(Path(file).relative_to(ROOT)): place for file, place in data["force_include"].items()}
    here = {f"weights/{path.name}" for path in (ROOT / "weights").iterdir() if path.is_file()}
    assert here == {name for name in carried if name.startswith("weights/")}
    assert {carried[name] for name in here} == {f"workbench/_bundled/{name}" for name in here}


def test_the_weights_readme_names_files_that_are_there() -> None:
    named = re.findall(r"^\| `([^`]+)` \|", (ROOT / "weights" / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(named) == 4
    assert [name for name in named if not (ROOT / "weights" / name).exists()] == []
