"""An examiner stops a run that takes too long."""

from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from workbench.gui.main_window import MainWindow


def test_cancel_leaves_the_case_as_it_was(play: Callable[..., int], tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    noise = np.random.default_rng(0).integers(0, 256, (1500, 2000, 3), dtype=np.uint8)
    Image.fromarray(noise).save(large, compress_level=1)

    def story(window: MainWindow) -> Generator[Callable[[], object], None, None]:
        session = window.session
        yield lambda: session.picture
        case = session.document.case
        window.analyse()
        yield lambda: window.progress_bar.isVisible() and window.progress_bar.value() > 0
        window.actions_by_name["cancel"].trigger()
        yield lambda: not session.runs.busy
        assert session.document.case == case
        assert session.analysis is None
        assert window.message_bar.messages == []
        session.add_region(100, 100, 128, 128)
        window.analyse_region(session.region_id)  # the engine still works
        yield lambda: session.item.analyses

    assert play(story, large) == 0
    assert not [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
