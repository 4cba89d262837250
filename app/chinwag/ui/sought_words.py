"""What is looked for in a transcript: where it stands in a text, and where it cannot stand."""

import re
import unicodedata

# Where words may be shown together that do not stand together in the source.
_JOINTS = ("](", "][", "&", "$")
_NO_LETTERS = re.compile(r"[\W_]+")

Span = tuple[int, int]  # begin and end of a match, in characters


class SoughtWords:
    """A phrase as it was typed, found in any case; accents count, as they do in Qt's own search."""

    def __init__(self, phrase: str) -> None:
        self.phrase = phrase
        # A space in the phrase finds one at which no line may break, too.
        pattern = re.escape(phrase).replace(r"\ ", "[ \u00a0]")
        self._pattern = re.compile(pattern, re.IGNORECASE)
        self._letters = _NO_LETTERS.sub("", phrase).casefold()

    def spans(self, text: str) -> list[Span]:
        """Every place in a text as it is shown."""
        return [match.span() for match in self._pattern.finditer(text)]

    def count(self, text: str) -> int:
        """How many places there are in a text as it is shown."""
        return sum(1 for _ in self._pattern.finditer(text))

    def may_stand_in(self, source: str) -> bool:
        """Whether it may be shown by this markdown; False is certain and costs next to nothing."""
        if not self._letters or self._pattern.search(source):
            return True
        if any(joint in source for joint in _JOINTS):
            return True
        return self._letters in _NO_LETTERS.sub("", source).casefold()


class SearchedWords(SoughtWords):
    """Words as the search over all chats takes them: each the beginning of one, accents or not."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        pieces = (re.escape(_plain(word)) for word in _bare(words).split())
        longest_first = sorted(set(pieces), key=len, reverse=True)
        found = "|".join(longest_first) or "(?!)"
        self._pattern = re.compile(rf"(?:(?<!\w)|(?<=[\u0e00-\uffff]))(?:{found})", re.IGNORECASE)

    def spans(self, text: str) -> list[Span]:
        """Every place in a text as it is shown."""
        return super().spans(_plain(text))


def _bare(words: str) -> str:
    """Words without the marks around them, as in “a phrase” or -not."""
    return " ".join(word.strip("\"'“”„«»()-*") for word in words.split())


def _plain(text: str) -> str:
    """The letters without their accents, each in its old place."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in text)
