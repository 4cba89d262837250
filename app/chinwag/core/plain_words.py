"""A stranger's text made plain: no control characters, nothing that hides text, no markup."""

import re

_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_MANY_BREAKS = re.compile(r"\n{3,}")
_PASSES = 3  # what is taken out of the middle of a tag may make another
_WHOLE = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"))
# Bidirectional controls, invisible operators, byte order marks, tags, annotations.
_HIDING = (
    *(range(0x202A, 0x202F), range(0x2060, 0x2070), range(0xFFF9, 0xFFFC)),
    *(range(0xE0000, 0xE0080), (0x200E, 0x200F, 0x061C, 0xFEFF, 0x00AD)),
)
_DROPPED = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))),
    **dict.fromkeys(range(0xD800, 0xE000)),
    **{code: None for codes in _HIDING for code in codes},
}
for _kept in "\n\t":
    del _DROPPED[ord(_kept)]


def plain_words(text: str) -> str:
    """The text without what is not words; takes time in proportion to its length."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
    for beginning, end in _WHOLE:
        text = _without(text, beginning, end)
    for _ in range(_PASSES):
        shorter = _PICTURE.sub("", _TAG.sub("", text))
        if shorter == text:
            break
        text = shorter
    if _TAG.search(text):
        text = text.replace("<", "").replace(">", "")
    lines = (line.rstrip() for line in text.split("\n"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def one_line(text: str, most: int) -> str:
    """The same on one line of at most so many characters."""
    return " ".join(plain_words(text).split())[:most].strip()


def _without(text: str, beginning: str, end: str) -> str:
    """The text without everything from a beginning up to the next end, if there is one."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals are longer in small letters
        lowered = text
    kept: list[str] = []
    at = 0
    while True:
        start = lowered.find(beginning, at)
        stop = lowered.find(end, start) if start >= 0 else -1
        if stop < 0:
            kept.append(text[at:])
            return "".join(kept)
        kept.append(text[at:start])
        at = stop + len(end)
        if not end.endswith(">"):
            close = lowered.find(">", at)
            at = close + 1 if close >= 0 else at
