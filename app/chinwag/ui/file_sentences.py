"""The sentences for files that cannot be attached, and for pages that they have not got."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

FILE_SENTENCES: dict[str, Any] = {
    "document.gone": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is not there any more. Look where it has gone, then attach it again."
    ),
    "document.folder": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is a folder. Attach the files inside it."
    ),
    "document.unreadable": QT_TRANSLATE_NOOP(
        "errors", "“{file}” cannot be read ({reason}). Check who may read it, and the disk."
    ),
    "document.too_large": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is {size:size}, and files of up to {most:size} can be attached. Attach a part of"
        " it.",
    ),
    "document.too_long": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” holds more text than any model can take ({most} characters). Attach a part of"
        " it.",
    ),
    "document.too_much": QT_TRANSLATE_NOOP(
        "errors",
        "With “{file}” the attached files would hold more text than any model can take ({most}"
        " characters). Remove another one first, or send them one after the other.",
    ),
    "document.inflates": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” would unpack to {size:size}, and up to {most:size} is opened. Save it without its"
        " pictures, then attach that.",
    ),
    "document.empty": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is empty. Attach a file with text in it."
    ),
    "document.no_text": QT_TRANSLATE_NOOP(
        "errors",
        "There is no text in “{file}”. If its pages are pictures, as a scanner makes them, have"
        " text recognition (OCR) run over it, then attach the result.",
    ),
    "document.encrypted": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is locked with a password. Save it without one, then attach that."
    ),
    "document.damaged": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is damaged and cannot be read. Open and save it afresh, then try again."
    ),
    "document.kind": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is of a kind whose text cannot be taken out. Save it as PDF, Word (.docx) or"
        " text, then attach that.",
    ),
    "document.binary": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is not text. Attach a text, PDF, Word (.docx) or web page file."
    ),
    "document.encoding": QT_TRANSLATE_NOOP(
        "errors",
        "The letters of “{file}” are written in a way that is not known. Save it as UTF-8, then"
        " attach it again.",
    ),
    "document.gave_up": QT_TRANSLATE_NOOP(
        "errors",
        "Taking the text out of “{file}” took too long or too much memory, so it was given up. Save"
        " it as text, or attach a part of it.",
    ),
    "document.pages": QT_TRANSLATE_NOOP(
        "errors", "“{said}” names no pages. Write them as in 1-3, 7."
    ),
    "document.no_page": QT_TRANSLATE_NOOP(
        "errors", "There is no page {page}: the file has {pages}. Name pages from 1 to {pages}."
    ),
}
