"""Texts that files and people may hold and that no document may take for anything but text."""

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<style>@import url(http://example.org/x)</style>",
    "</title></head><body onload=alert(1)>",
    "<!-- x --> <![CDATA[ x ]]> &amp; &#60;b&#62;",
    "{{ 7 * 7 }} {% include 'x' %} {# x #}",
    '#import "x"; #read("/etc/passwd") #eval("1") $x^2$ @label <label> \\ `raw` _a_ *b* = h',
    '#image("http://example.org/x.png") https://example.org //comment /* x */ ~ -- --- ...',
    "javascript:alert(1) data:text/html,x file:///etc/passwd",
    "\\input{/etc/passwd} %s %n ${x} $(x) `x`",
)
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("http://x")')
CONTROLS = (
    "nul\x00bell\x07escape\x1b[31mdelete\x7f",
    "lines\r\nof\ntext\x0b\x0c\x85\u2028\u2029",
    "\u202egpj.exe\u202c \u2066x\u2069 \u200e\u200f \ufeff \u00ad \u200b \u200d",
    "lone \ud800 surrogate \udcff",
    "private \ue000 none \uffff \U0010ffff",
)
GLYPHLESS = (
    "照片 例子 写真 사진",
    "🦊👩‍👩‍👧🏳️‍🌈 𝔘𝔫𝔦 𓀀 ꙮ",
    "عربي עברית देवनागरी ไทย",
    "a" + "\u0301" * 300,
    "\u0300\u0301 lone marks \u20dd\ufe0f",
)
LONG = ("x" * 5000, "word " * 2000, "\u202e" * 3000)

CORPUS = (*MARKUP, *FORMULAS, *CONTROLS, *GLYPHLESS, *LONG)
TEN_MEGABYTES = "Ten megabytes of notes. <b>=1+1</b> \u202e例\n" * 240_000
