"""A conversation's title, taken from the words of its first question."""

TITLE_WORDS = 6
TITLE_CHARACTERS = 48


def title_of(question: str) -> str:
    """The first few words of a question on one line, with an ellipsis where it goes on."""
    words = question.split()
    title = " ".join(words[:TITLE_WORDS])
    if len(title) > TITLE_CHARACTERS:
        cut = title[: TITLE_CHARACTERS - 1]
        title = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return title if title == " ".join(words) else f"{title.rstrip('.,;:!?')}…"
