"""A PDF's own SHA-256, written into it: so that its pages can be compared where nothing lies beside it.

The digits stand among the keywords of the document, in plain bytes; the hash is of the file with zeros in
their place. Like every hash that a report holds, it finds a change, and nobody who writes it anew.
"""

import hashlib
import re

_LENGTH = 64
_ZEROS = "0" * _LENGTH
_STAMP = re.compile(rb"SHA-256 of report [^<>()\s]{1,80} with these digits as zeros: ([0-9a-f]{64})")


def placeholder(report_id: str) -> str:
    """What is to be among the keywords when the document is set; no text of a case has its report's id."""
    return f"SHA-256 of report {report_id} with these digits as zeros: {_ZEROS}"


def stamped(pdf: bytes, report_id: str) -> bytes:
    """The PDF with its hash in the place of the zeros; nothing moves in it."""
    mark = placeholder(report_id).encode("ascii")
    return pdf.replace(mark, mark[:-_LENGTH] + hashlib.sha256(pdf).hexdigest().encode("ascii"))


def is_stamped(pdf: bytes) -> bool:
    """Whether a PDF holds a hash of itself."""
    return _STAMP.search(pdf) is not None


def fits(pdf: bytes) -> bool:
    """Whether a stamped PDF is what it was when its hash was written."""
    return any(_fits(pdf, mark, mark[-_LENGTH:]) for mark in {found[0] for found in _STAMP.finditer(pdf)})


def _fits(pdf: bytes, mark: bytes, digits: bytes) -> bool:
    before = pdf.replace(mark, mark[:-_LENGTH] + _ZEROS.encode("ascii"))
    return hashlib.sha256(before).hexdigest().encode("ascii") == digits
