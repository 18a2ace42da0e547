"""Hearing what C libraries print: libjpeg and libtiff tell of damage on the error stream and nowhere else."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

_MOST = 8
"""Lines kept; a damaged file can cause thousands."""
_LONGEST = 100_000
"""Bytes read of what was printed."""
_LOST = ("premature end", "bad huffman code")


@contextmanager
def heard(mark: str = "") -> Iterator[list[str]]:
    """Collect the lines that are printed to file descriptor 2 inside; the list fills when the block ends.

    Lines without `mark` are of other threads and are passed on. Without an error stream nothing is heard.
    """
    lines: list[str] = []
    try:
        kept = os.dup(2)
    except OSError:
        yield lines
        return
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield lines
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            sink.seek(0)
            said = sink.readlines(_LONGEST)
            os.write(2, b"".join(line for line in said if mark.encode() not in line))
            ours = (line.decode("utf-8", "replace").strip()[:300] for line in said if mark.encode() in line)
            lines += list(dict.fromkeys(line for line in ours if line))[:_MOST]


def jpeg_damage(data: bytes) -> tuple[str | None, list[str]]:
    """Read a JPEG's coded data to its end, which Pillow does without a word about what it had to make up.

    Returns:
        What shows that coded data are missing or wrong, or None; and remarks that cost no pixel.
    """
    with heard("JPEG") as lines:
        # An eighth of the size: all coded data are read, but little is computed.
        cv2.imdecode(
            np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_IGNORE_ORIENTATION
        )
    lost = [line for line in lines if any(sign in line.lower() for sign in _LOST)]
    return (lost[0] if lost else None), [line for line in lines if line not in lost]
