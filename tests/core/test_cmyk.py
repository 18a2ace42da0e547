"""CMYK with a working profile: a small one is built here, as none may be shipped."""

import io
import itertools
import struct
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from workbench.core.evidence import open_evidence


def _profile() -> bytes:
    """An ICC profile (version 2, lookup table) of a press whose every ink is grey."""
    corners = bytearray()
    for inks in itertools.product((0, 1), repeat=4):
        lightness = 255 * (1 - inks[3]) * (1 - sum(inks[:3]) / 3)
        corners += bytes((round(lightness), 128, 128))
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix + ramp * 4 + bytes(corners) + ramp * 3
    name = b"Grey press\0"
    described = b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(8 + 3 + 67)
    tags = {
        b"desc": described,
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061),
        b"A2B0": table,
    }
    place, index, body = 128 + 4 + 12 * len(tags), b"", b""
    for key, value in tags.items():
        index += key + struct.pack(">II", place + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    size = place + len(body)
    header = struct.pack(">I4sI", size, bytes(4), 0x02400000) + b"prtrCMYKLab " + bytes(12) + b"acsp"
    header += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + body


def test_the_profile_is_one_that_lcms_takes() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(_profile())).profile
    assert (profile.xcolor_space, profile.profile_description) == ("CMYK", "Grey press")


def test_cmyk_is_converted_by_its_profile(tmp_path: Path, photo: np.ndarray) -> None:
    path = tmp_path / "c.tif"
    Image.fromarray(photo).convert("CMYK").save(path, icc_profile=_profile())
    evidence = open_evidence(path)
    assert evidence.decode.mode == "CMYK"
    assert evidence.decode.icc_profile == "Grey press"
    assert "CMYK converted to sRGB by its ICC profile, perceptual intent." in evidence.decode.notes
    spread = evidence.pixels.max(axis=2).astype(int) - evidence.pixels.min(axis=2)
    assert spread.max() <= 2
    assert not np.array_equal(evidence.pixels, photo)
