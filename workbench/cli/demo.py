"""`workbench demo`: the whole way on an example whose truth is known, in the window or without a display."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from workbench.cli import DONE
from workbench.cli.example import Example, make_example
from workbench.cli.system import has_display, import_window
from workbench.core.errors import EngineError
from workbench.core.paths import unused_folder
from workbench.core.settings import Settings

MARKER = ".workbench-demo"
"""A file that says that a folder is an earlier demo's and may be written over."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument(
        "--headless", action="store_true", help="without a display (chosen where there is none)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo-out"), metavar="DIR", help="default: %(default)s"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    headless = arguments.headless or not has_display()
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import_window()
    out = _cleared(arguments.out)
    example = make_example(out)
    return _without_display(example, out) if headless else _in_window(example)


def _cleared(out: Path) -> Path:
    """The folder, emptied of an earlier demo; another one with a number if it holds anything else."""
    if (out / MARKER).is_file():
        shutil.rmtree(out / "report", ignore_errors=True)
    else:
        out = unused_folder(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).write_text("Made by workbench demo, which may replace what it wrote here.\n", "utf-8")
    return out


def _settings() -> tuple[Settings, str]:
    """The demo leaves the user's settings alone."""
    return Settings(), ""


def _in_window(example: Example) -> int:
    from workbench.cli.story import Story
    from workbench.gui.app import application, errors_told, make_window, on_ctrl_c

    running = application()
    window = make_window(*_settings())
    window.session.untitled.stay_in_memory()
    Story(window, example)
    window.show()
    with on_ctrl_c(window.close), errors_told(window):
        return running.exec()


def _without_display(example: Example, out: Path) -> int:
    from PySide6.QtCore import QEventLoop, qInstallMessageHandler

    from workbench.cli.story import Story
    from workbench.gui.app import application, make_window, on_ctrl_c
    from workbench.gui.main_window import FIRST_SIZE

    qInstallMessageHandler(lambda kind, context, text: None)  # the offscreen platform says what it lacks
    application()
    window = make_window(*_settings())
    window.session.untitled.stay_in_memory()
    story = Story(window, example)
    steps = QEventLoop()  # not the application's: its quit() would close the window
    story.finished.connect(steps.quit)
    window.show()
    window.resize(FIRST_SIZE)  # the offscreen platform's screen is smaller than a laptop's
    report = out / "report"
    with on_ctrl_c(story.stop):
        steps.exec()
        if not story.failure:
            window.grab().save(str(out / "screenshot.png"))
            story.export(report)
            steps.exec()
    window.close()
    if story.failure:
        raise EngineError(story.failure)
    for name in ("heatmap.png", "heatmap.npy"):
        shutil.copyfile(report / "whole" / name, out / name)
    sys.stdout.write(f"{story.summary()}\n{out}: report/report.html, heatmap.png, screenshot.png\n")
    return DONE
