"""Where the program's own files and the user's are."""

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parents[1]


def _shipped(name: str) -> Path:
    """A folder beside the sources in a checkout, inside the package in a wheel or a frozen build."""
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def resources_folder() -> Path:
    """Icons, templates, method cards, style."""
    return _shipped("resources")


def weights_folder() -> Path:
    """Weights that ship with the program."""
    return _shipped("weights")


def user_folder() -> Path:
    """Settings, imported weights and logs of this user; `WORKBENCH_HOME` moves it."""
    home = os.environ.get("WORKBENCH_HOME")
    return Path(home) if home else Path(platformdirs.user_data_dir("mantra-workbench", appauthor=False))


def cache_folder() -> Path:
    """What can be made again, and may be deleted at any time; below `WORKBENCH_HOME` where that is set."""
    home = os.environ.get("WORKBENCH_HOME")
    if home:
        return Path(home, "cache")
    return Path(platformdirs.user_cache_dir("mantra-workbench", appauthor=False))


def user_weights_folder() -> Path:
    """Weights that the user imported."""
    return user_folder() / "weights"


def untitled_folder() -> Path:
    """Cases that were begun and not named yet."""
    return user_folder() / "untitled"


def unused(path: Path) -> Path:
    """The path of a folder itself, or with the lowest number added at the end that nothing there has."""
    base = path if path.name.strip(".") else os.path.abspath(path)  # "." and ".." are no names
    candidate, number = path, 2
    while candidate.exists() or candidate.is_symlink():
        candidate = Path(f"{base}-{number}")  # at the end: what follows a dot is no suffix of a folder
        number += 1
    return candidate


def unused_folder(folder: Path) -> Path:
    """The folder itself if it is not there or empty, else with a number added."""
    return folder if folder.is_dir() and not any(folder.iterdir()) else unused(folder)
