"""The house stays as it was planned: who imports whom, and how long things are."""

import ast
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

import workbench

PACKAGE = Path(workbench.__file__).parent
HEAVY = {"PySide6", "pyqtgraph", "keras", "tensorflow", "torch", "jax", "cv2", "h5py", "skimage"}


def test_the_command_line_imports_nothing_heavy() -> None:
    code = "import sys, workbench.cli; print('\\n'.join({m.split('.')[0] for m in sys.modules}))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(out.stdout.split())


def test_the_window_imports_no_neural_runtime() -> None:
    code = "import sys, workbench.gui.app; print('\\n'.join({m.split('.')[0] for m in sys.modules}))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"keras", "tensorflow", "torch", "jax", "h5py"} & set(out.stdout.split())


def test_measuring_with_openvino_needs_no_keras() -> None:
    code = "import sys, workbench.evaluation.command_line; print('keras' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def functions() -> list[tuple[str, int]]:
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                found.append((f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}", length))
    return found


def test_functions_are_short() -> None:
    lengths = [length for _, length in functions()]
    assert [name for name, length in functions() if length > 60] == []
    assert sum(length <= 25 for length in lengths) / len(lengths) >= 0.9
    assert median(lengths) <= 10


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400
