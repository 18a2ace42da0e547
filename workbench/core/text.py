"""Text that comes from a file is shown as text: what would not be seen is written out."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def visible(text: str, longest: int | None = None, keep: str = "") -> str:
    """Write control characters, bidi overrides and lone surrogates as `[U+202E]`, and cut what is too long.

    Args:
        text: of a file name, an EXIF value, a note.
        longest: number of characters kept of `text`, or None to keep all.
        keep: characters left as they are although they would be written out, the newline say.
    """
    kept = text if longest is None else text[:longest]
    shown = "".join(c if c in keep or not _hides(c) else f"[U+{ord(c):04X}]" for c in kept)
    return shown if len(kept) == len(text) else f"{shown}… [{len(text) - len(kept)} more characters]"


def _hides(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN


def storable(text: str) -> str:
    """Replace lone surrogates (bytes of a file name that are no UTF-8), which no UTF-8 file can hold."""
    return "".join(f"[U+{ord(c):04X}]" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)
