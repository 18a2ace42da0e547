"""Maps kept on the disk, so that a report is made again in a minute when only its words change."""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from pathlib import Path

import numpy as np

from workbench.evaluation.methods import MapOf, Picture, Response, network
from workbench.methods import mantranet


class KeptMaps:
    """A method that keeps each map it has computed.

    Attributes:
        seconds: that all maps asked for took when they were computed.
    """

    def __init__(self, method: MapOf, folder: Path) -> None:
        """Keep maps of `method` in a folder of its own: name it after the hash of the weights."""
        self._method = method
        self._folder = folder
        self.seconds = 0.0
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, picture: Picture) -> Response:
        """Return the map of a picture, kept or computed."""
        header = f"{picture.shape}".encode()
        path = self._folder / f"{hashlib.sha256(header + picture.tobytes()).hexdigest()[:32]}.npz"
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
                response, seconds = kept["response"], float(kept["seconds"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            begin = time.perf_counter()
            response = self._method(picture)
            seconds = time.perf_counter() - begin
            partial = path.with_suffix(".partial.npz")
            np.savez(partial, response=response, seconds=np.array(seconds))
            os.replace(partial, path)
        self.seconds += seconds
        return np.asarray(response, np.float32)


def kept_network(weights: Path, configuration: str, sha256: str, scratch: Path) -> KeptMaps:
    """Return ManTra-Net with these weights; its maps stay in `scratch`, in a folder for them and the code."""
    return KeptMaps(network(weights, configuration), scratch / f"{sha256[:16]}-{_state_of_code()}")


def _state_of_code() -> str:
    """Eight digits that change with the network's code: maps of other code are not those of this one."""
    files = sorted(Path(mantranet.__path__[0]).rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
