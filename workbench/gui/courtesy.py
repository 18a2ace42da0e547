"""The worker gives way to the window: it may have every core, but not the moment in which a hand moves."""

import contextlib
import os
import sys

import psutil

NICENESS = 5
"""Enough for the window; more would leave the worker too little beside other programs."""


def let_window_go_first(process_id: int) -> None:
    """Lower the priority of a worker; on a laptop with two cores it halts the window for 0.2 s otherwise."""
    with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):  # it died: the engine says so itself
        process = psutil.Process(process_id)
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        elif sys.platform == "linux":  # where priority belongs to a thread; those to come inherit it
            for thread in process.threads():
                os.setpriority(os.PRIO_PROCESS, thread.id, NICENESS)
        else:
            process.nice(NICENESS)
