"""Bad files, a killed worker, a file that changes: each ends in a sentence and leaves the case alone."""

import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from workbench.gui.main_window import MainWindow

Play = Callable[..., int]
Steps = Generator[Callable[[], object], None, None]


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_bad_file_is_refused_with_a_sentence(play: Play, photo: Path, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "<script>alert(1)</script> \u202ebad'\".png".replace("/", "_")
    bad.write_bytes(content)

    def story(window: MainWindow) -> Steps:
        session = window.session
        yield lambda: window.message_bar.messages and session.picture
        assert len(window.message_bar.messages) == 1
        assert "Traceback" not in window.message_bar.text
        assert window.message_bar.isVisible()
        assert [item.name for item in session.document.case.items] == [photo.name]

    assert play(story, photo, bad) == 0


def test_killed_worker(play: Play, photo: Path) -> None:
    def story(window: MainWindow) -> Steps:
        session = window.session
        yield lambda: session.picture
        case = session.document.case
        window.analyse()
        yield lambda: session.runs.busy and worker_of(window)
        os.kill(worker_of(window), signal.SIGKILL)
        yield lambda: window.message_bar.messages
        assert "case is untouched" in window.message_bar.text
        assert session.document.case == case
        assert not session.runs.busy
        window.analyse()
        yield lambda: session.item.analyses

    assert play(story, photo) == 0


def worker_of(window: MainWindow) -> int | None:
    return window.session.engine.client.process_id


def test_file_changed_after_opening(play: Play, photo: Path) -> None:
    def story(window: MainWindow) -> Steps:
        session = window.session
        yield lambda: session.picture
        photo.write_bytes(photo.read_bytes() + b"\0")
        window.analyse()
        yield lambda: window.message_bar.messages
        assert "has changed since it was opened" in window.message_bar.text
        assert session.item.analyses == ()

    assert play(story, photo) == 0
