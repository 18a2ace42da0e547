"""The tool record: with which program and which libraries something was made."""

import os
import platform
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from workbench import __version__

PACKAGES = (
    "keras",
    "tensorflow",
    "openvino",
    "torch",
    "jax",
    "numpy",
    "pillow",
    "opencv-python-headless",
    "h5py",
    "PySide6-Essentials",
    "tifffile",
    "typst",
)


FLAGS = (
    "KERAS_BACKEND",
    "TF_DETERMINISTIC_OPS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_SET_ONEDNN_FPMATH_MODE",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "TF_NUM_INTRAOP_THREADS",
    "OMP_NUM_THREADS",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_TF32_OVERRIDE",
    "XLA_FLAGS",
)
"""Variables by which the runtimes are told to repeat bit by bit, or to count with fewer digits."""


def runtime_flags() -> tuple[tuple[str, str], ...]:
    """(variable, value) of this process, to be kept with each run."""
    return tuple((name, os.environ.get(name, "not set")) for name in FLAGS)


@dataclass(frozen=True)
class ToolRecord:
    """What a second laboratory needs to install the same.

    Attributes:
        version: of this program.
        commit: git commit of the sources, or "" where they are not in a checkout.
        python: version and implementation.
        os: name and release of the operating system, machine type.
        packages: (distribution, version); "not installed" where there is none.
        device: model of the processor and number of its threads.
    """

    version: str
    commit: str
    python: str
    os: str
    packages: tuple[tuple[str, str], ...]
    device: str


@cache
def tool_record() -> ToolRecord:
    """Look everything up, importing none of the libraries."""
    return ToolRecord(
        version=__version__,
        commit=git_commit(Path(__file__).resolve().parents[2]),
        python=f"{platform.python_version()} ({platform.python_implementation()})",
        os=f"{platform.system()} {platform.release()} ({platform.machine()})",
        packages=tuple((name, _version(name)) for name in PACKAGES),
        device=f"{_processor()}, {os.cpu_count()} threads",
    )


def git_commit(root: Path) -> str:
    """Commit that the checkout at `root` is on, read from its files; "" if it is none.

    A work tree with changes has the same commit: this names the sources, it does not vouch for them.
    """
    folder = root / ".git"
    if folder.is_file():  # a linked work tree: "gitdir: PATH"
        folder = (root / folder.read_text("utf-8").partition(":")[2].strip()).resolve()
    head = _line(folder / "HEAD")
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    common = folder / _line(folder / "commondir") if (folder / "commondir").is_file() else folder
    return _line(folder / name) or _line(common / name) or _packed(common / "packed-refs", name)


def _line(path: Path) -> str:
    return path.read_text("utf-8").strip() if path.is_file() else ""


def _packed(path: Path, name: str) -> str:
    for line in _line(path).splitlines():
        commit, _, ref = line.partition(" ")
        if ref == name:
            return commit
    return ""


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text("utf-8", "replace").splitlines() if facts.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine() or "unknown processor"
