"""What a document is made of: plain values that HTML and PDF draw, each in its own way.

Every string is text. Nothing in it is read as markup by either.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Heading:
    """A heading below that of the section; `target` is a name to link to, or ""."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2
    target: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph; `style` is "", "soft", "lead" (kept with what follows) or "fact"."""

    kind: ClassVar[str] = "text"
    text: str
    style: str = ""


@dataclass(frozen=True)
class Points:
    """A list; `framed` sets it off."""

    kind: ClassVar[str] = "points"
    lines: tuple[str, ...]
    framed: bool = False


@dataclass(frozen=True)
class Note:
    """A framed remark that begins with a bold sentence."""

    kind: ClassVar[str] = "note"
    bold: str
    text: str
    warning: bool = False


@dataclass(frozen=True)
class Fact:
    """A name and its value, a line or several; `code` sets it in fixed pitch, `digest` is a line below."""

    name: str
    lines: tuple[str, ...]
    code: bool = False
    digest: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and values."""

    kind: ClassVar[str] = "facts"
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Column:
    """Head of a column; `style` is "", "number" or "fixed" (never broken)."""

    name: str
    style: str = ""
    share: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of text under a head that is repeated on each page; `targets` are what first cells link to."""

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """A small square of numbers."""

    kind: ClassVar[str] = "matrix"
    caption: str
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A picture by its name in `Images`, what it shows in words, and its caption."""

    kind: ClassVar[str] = "figure"
    image: str
    alternative: str
    bold: str
    caption: str


@dataclass(frozen=True)
class Pair:
    """Figures side by side."""

    kind: ClassVar[str] = "pair"
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Verbatim:
    """Lines as they stand in a file."""

    kind: ClassVar[str] = "verbatim"
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Blank:
    """A frame that says that nothing was written."""

    kind: ClassVar[str] = "blank"
    text: str


Block = Heading | Text | Points | Note | Facts | Table | Matrix | Figure | Pair | Verbatim | Blank


@dataclass(frozen=True)
class Section:
    """A numbered section; `target` is a name to link to."""

    title: str
    target: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """All that is said of one picture; `target` begins the names of its sections."""

    title: str
    sections: tuple[Section, ...]
