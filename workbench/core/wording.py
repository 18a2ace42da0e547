"""Words that generated text never holds: they promise more than a response can show."""

import re

from workbench.core.errors import WorkbenchError

_FORBIDDEN = re.compile(
    r"\bfak(?:e|es|ed|ery)\b|\bauthentic\w*|\d\s*%\s*manipulated|\bprobab(?:le|ly|ility|ilities)\b|\bconfiden(?:t|ce)\b"
    r"|\bprov(?:e|es|ed|en)\b|[\u2713\u2714\u2705\u2611\U0001f5f8]",
    re.IGNORECASE,
)


class WordingError(WorkbenchError):
    """Generated text holds a forbidden word."""


def forbidden_in(text: str) -> tuple[str, ...]:
    """The forbidden words in a text, each once, as written; the examiner is warned of those in their own."""
    return tuple(dict.fromkeys(match.group(0) for match in _FORBIDDEN.finditer(text)))


def guarded(text: str) -> str:
    """Give generated text back.

    Names from files and the examiner's own words are never passed through here: they are quoted as they are.

    Raises:
        WordingError: it holds a forbidden word.
    """
    words = forbidden_in(text)
    if words:
        raise WordingError(
            f"The report was not written: its generated text says {', '.join(map(repr, words))}, which "
            "promises more than a response can show. Please report this fault of the program."
        )
    return text
