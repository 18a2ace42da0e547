"""What a run will take and how long it still takes, in words, and steady."""

from PySide6.QtCore import QCoreApplication

from workbench.core.method import Plan

translate = QCoreApplication.translate

WEIGHT = 0.25
"""Of each new estimate; the rest is what was told before."""


class SteadyEnd:
    """When a run ends, by estimates that jump from tile to tile.

    Seconds count from the start of the run; a text that is shown each second then falls by a second at a
    time, and follows a wrong plan within some tiles.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = seconds

    def hear(self, now: float, left: float | None) -> None:
        """Take in an estimate of the seconds left."""
        if left is None:
            return
        end = now + left
        self._end = end if self._end is None else self._end + WEIGHT * (end - self._end)

    def left(self, now: float) -> float | None:
        """Seconds left at a time, never below nothing; None before there is any estimate."""
        return None if self._end is None else max(0.0, self._end - now)


def plan_words(plan: Plan) -> str:
    """`about 0:42, 1.4 GB of memory, 2.1 GB on disk`."""
    parts = [
        translate("Outlook", "about {time}").format(time=clock_words(plan.seconds)),
        translate("Outlook", "{size} of memory").format(size=size_words(plan.memory)),
    ]
    if plan.disk:
        parts.append(translate("Outlook", "{size} on disk").format(size=size_words(plan.disk)))
    return ", ".join(parts)


def clock_words(seconds: float) -> str:
    """`0:42`, or `1:02:07` from an hour on; at least a second."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def size_words(size: int) -> str:
    """`1.4 GB`, or `320 MB` below one."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
