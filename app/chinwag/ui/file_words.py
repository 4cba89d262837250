"""What is said of an attached file: how much of it is in, what it takes, how it was read."""

from PySide6.QtCore import QCoreApplication

from chinwag.core.document import Attachment, said_pages
from chinwag.ui import wording


def share(attachment: Attachment) -> str:
    """How much of a file goes to the model: “whole”, “pages 1-3 of 12”."""
    if attachment.is_whole:
        return _tr("whole")
    words = _tr("page {0} of {1}") if len(attachment.chosen) == 1 else _tr("pages {0} of {1}")
    return words.format(said_pages(attachment.chosen), wording.number(len(attachment.pages)))


def tokens(count: int | None) -> str:
    """What it takes; empty while that is not known."""
    if count is None:
        return ""
    return _tr("1 token") if count == 1 else _tr("{0} tokens").format(wording.number(count))


def reading(attachment: Attachment) -> str:
    """How its letters were read, where that was a guess."""
    if not attachment.encoding:
        return ""
    return _tr("read as {0}").format(attachment.encoding)


def _tr(text: str) -> str:
    return QCoreApplication.translate("FileWords", text)
