"""A conversation's title: from the words of its first question, or from what a model proposes."""

import re

TITLE_WORDS = 6
TITLE_CHARACTERS = 48
LONGEST_PROPOSAL_WORDS = 12
TITLE_REQUEST = (
    "Write a title for this conversation: three to six plain words that say what it is about."
    " Answer with the title alone."
)

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_LABEL = re.compile(r"^(?:the\s+)?title\s*[:：]\s*", re.IGNORECASE)
_AROUND = " \t\"'`“”„‘’«»*_#-–—.,:;"


def title_of(question: str) -> str:
    """The first few words of a question on one line, with an ellipsis where it goes on."""
    words = question.split()
    title = " ".join(words[:TITLE_WORDS])
    if len(title) > TITLE_CHARACTERS:
        cut = title[: TITLE_CHARACTERS - 1]
        title = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return title if title == " ".join(words) else f"{title.rstrip('.,;:!?')}…"


def title_from_proposal(text: str) -> str:
    """The title in what a model answered, without quotes and the like; "" if there is none.

    A whole sentence or more is an answer, not a title.
    """
    lines = (line.strip() for line in _THOUGHT.sub("", text).splitlines())
    title = next((line for line in lines if line), "")
    for _ in range(2):  # quotes around a label, or a label before quotes
        title = _LABEL.sub("", title.strip(_AROUND))
    words = title.split()
    if len(words) > LONGEST_PROPOSAL_WORDS or not any(one.isalnum() for one in title):
        return ""
    title = " ".join(words)
    return title if len(title) <= TITLE_CHARACTERS else title_of(title)
