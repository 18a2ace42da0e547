"""Text from files is shown as text, with what would be hidden written out."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.text import storable, visible


def test_what_hides_is_written_out() -> None:
    assert visible("a\u202eb\x00c\nd\udc80") == "a[U+202E]b[U+0000]c[U+000A]d[U+DC80]"
    assert visible("Ünïcode 例 שלום 🦊 <b>&amp;") == "Ünïcode 例 שלום 🦊 <b>&amp;"
    assert visible("a\n\u202eb", keep="\n") == "a\n[U+202E]b"


def test_long_text_is_cut_and_said() -> None:
    assert visible("x" * 12, 10) == "xxxxxxxxxx… [2 more characters]"


@given(st.text(st.characters()))
def test_both_can_be_written_to_a_file(text: str) -> None:
    visible(text).encode("utf-8")
    storable(text).encode("utf-8")
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E for c in visible(text))
