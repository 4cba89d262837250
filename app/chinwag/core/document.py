"""Attachment: the text that was taken out of a file, and which of its pages go to the model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chinwag.core.errors import DocumentError

LARGEST_FILE = 100_000_000  # bytes
# Characters, some half a million tokens: the engine counts as many while one waits.
LONGEST_TEXT = 2_000_000
_PAGES = re.compile(r"(\d{1,6})(-(\d{1,6})?)?")


class DocumentKind(StrEnum):
    """How the text of a file is found."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file's text as it was when it was attached; the file itself is not needed any more.

    `pages` are texts: one a page of a PDF, one for the whole of any other file. `chosen` are the
    numbers of those that go to the model, counted from 1; empty for all of them. `encoding` is how
    the bytes of a text were read, "" where the file itself says.
    """

    name: str
    kind: DocumentKind
    pages: tuple[str, ...]
    chosen: tuple[int, ...] = ()
    encoding: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is left out."""
        return not self.chosen

    @property
    def has_pages(self) -> bool:
        """Whether some of it can be chosen."""
        return self.kind is DocumentKind.PDF and len(self.pages) > 1

    @property
    def text(self) -> str:
        """What goes to the model."""
        if self.is_whole:
            return "\n\n".join(self.pages)
        return "\n\n".join(self.pages[number - 1] for number in self.chosen)


def without(files: Sequence[Attachment], taken: Sequence[Attachment]) -> list[Attachment]:
    """What is left of files when these are taken from among them, each once."""
    left = list(files)
    for one in taken:
        if one in left:
            left.remove(one)
    return left


def pages_from(said: str, count: int) -> tuple[int, ...]:
    """The pages that “1-3, 7, 9-” names of a file of `count`, in order, each once.

    Raises DocumentError `document.pages` for what names none, `document.no_page` for one that
    is not there.
    """
    found: set[int] = set()
    for part in re.sub(r"\s*[-–—]\s*", "-", said).replace(",", " ").replace(";", " ").split():
        match = _PAGES.fullmatch(part)
        if match is None:
            raise DocumentError("document.pages", said=said[:40])
        first = int(match[1])
        last = int(match[3]) if match[3] else count if match[2] else first
        for number in (first, last):
            if not 1 <= number <= count:
                raise DocumentError("document.no_page", page=number, pages=count)
        if last < first:
            raise DocumentError("document.pages", said=said[:40])
        found.update(range(first, last + 1))
    if not found:
        raise DocumentError("document.pages", said=said[:40])
    return tuple(sorted(found))


def said_pages(chosen: Sequence[int]) -> str:
    """Pages as people write them: (1, 2, 3, 7) as “1-3, 7”."""
    runs: list[list[int]] = []
    for number in chosen:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
