"""What is said where a system library is missing."""

import pytest

from workbench.cli import system


def failed(library: str) -> OSError:
    return OSError(f"{library}: cannot open shared object file: No such file or directory")


def test_every_missing_library_is_named_with_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = {"libxcb-icccm.so.4", "libxcb-cursor.so.0"}
    monkeypatch.setattr(system, "_loads", lambda name: name not in absent)
    told = system.missing_library(failed("libxcb-icccm.so.4"))
    assert told == (
        "The window needs system libraries that are missing here: libxcb-cursor.so.0, libxcb-icccm.so.4. "
        "On Debian and Ubuntu: sudo apt-get install libxcb-cursor0 libxcb-icccm4."
    )


def test_a_library_of_no_known_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_loads", lambda _name: True)
    told = system.missing_library(failed("libstrange.so.7"))
    assert "Install the package of your system that holds libstrange.so.7." in told
    assert "apt-get" not in told


def test_a_damaged_installation_is_told_from_a_missing_library() -> None:
    assert "make venv" in system.missing_library(ImportError("No module named 'PySide6.QtWidgets'"))


def test_libraries_are_looked_for_as_the_system_does() -> None:
    assert not system._loads("libnowhere.so.99")
    assert system._loads("libc.so.6")
