"""Which exhibits a PDF carries; writing and verifying ask the same."""

from collections.abc import Collection

_NAMES = "overlay.png", "mask.png", "contours.json"


def is_attached(path: str, found: Collection[str]) -> bool:
    """Of runs with findings some files; the map itself is beside the PDF, named by its hash.

    Args:
        path: of the exhibit, below the folder of its record.
        found: folders of the runs with listed findings.
    """
    folder, _, name = path.rpartition("/")
    return folder in found and name in _NAMES
