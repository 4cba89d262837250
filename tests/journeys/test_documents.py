"""Files in the whole app: dropped, pasted, counted, sent, there again after a restart."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from chinwag.ui.dialogs.document_dialog import DocumentDialog
from chinwag.ui.file_chip import FileChip
from chinwag.ui.sent_files import SentFiles
from core.document_files import pdf_of
from journeys.conftest import OpenApp
from journeys.traveller import Traveller

pytestmark = pytest.mark.journey

NO_KEYS = Qt.KeyboardModifier.NoModifier


def urls_of(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(traveller: Traveller, *paths: Path) -> None:
    """Let files go over the transcript, as the window system tells it."""
    pane, data = traveller.window.pane, urls_of(*paths)
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    place = QPointF(pane.rect().center())
    entered = QDragEnterEvent(place.toPoint(), copy, data, left, NO_KEYS)
    QApplication.sendEvent(pane, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(pane, QDropEvent(place, copy, data, left, NO_KEYS))


def paste(traveller: Traveller, *paths: Path) -> None:
    QApplication.clipboard().setMimeData(urls_of(*paths))
    traveller.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def chips(traveller: Traveller) -> list[FileChip]:
    return [one for one in traveller.window.pane.composer.attachments.chips if one.isVisible()]


def names(traveller: Traveller) -> list[str]:
    return [chip.accessibleName() for chip in chips(traveller)]


def dialog_of(traveller: Traveller) -> QDialog:
    (dialog,) = (one for one in traveller.window.findChildren(QDialog) if one.isVisible())
    return dialog


def test_files_are_dropped_counted_sent_and_looked_at(
    traveller: Traveller, open_app: OpenApp, tmp_path: Path
) -> None:
    tides, notes = tmp_path / "tides.pdf", tmp_path / "notes.md"
    tides.write_bytes(pdf_of(["The tide rises.", "The tide falls."]))
    notes.write_text("Ask the harbour master.")
    drop(traveller, tides)
    traveller.wait(lambda: len(chips(traveller)) == 1 and "tokens" in names(traveller)[0])
    paste(traveller, notes)
    traveller.wait(lambda: len(chips(traveller)) == 2 and "tokens" in names(traveller)[1])
    attaching = traveller.app.services.chat.attaching
    counts = [attaching.tokens(one) for one in attaching.attachments]
    assert names(traveller) == [
        f"tides.pdf · {counts[0]} tokens · whole",
        f"notes.md · {counts[1]} tokens · whole",
    ]
    # Nothing is lost while it is not sent.
    traveller.leave()
    traveller = open_app()
    traveller.wait(lambda: len(chips(traveller)) == 2 and "tokens" in names(traveller)[1])
    traveller.window.pane.composer.attachments.first_pages_requested.emit(0, 1)
    traveller.wait(lambda: "page 1 of 2" in names(traveller)[0])
    traveller.ask("What does it say?")
    assert chips(traveller) == []
    assert [one.text for one in traveller.path[-2].attachments] == [
        "The tide rises.",
        "Ask the harbour master.",
    ]
    assert traveller.stored_path()[-2].attachments == traveller.path[-2].attachments
    transcript = traveller.window.pane.transcript
    (sent,) = (one for one in transcript.findChildren(SentFiles) if one.isVisible())
    sent.chips[0].click()
    dialog = dialog_of(traveller)
    assert isinstance(dialog, DocumentDialog)
    assert dialog.box.toPlainText() == "The tide rises."
    dialog.close()


def test_what_cannot_be_attached_is_said_file_by_file(traveller: Traveller, tmp_path: Path) -> None:
    scan, again = tmp_path / "scan.pdf", tmp_path / "again.pdf"
    for path in (scan, again):
        path.write_bytes(pdf_of([""]))
    drop(traveller, scan, again, tmp_path)
    pane = traveller.window.pane
    traveller.wait(lambda: len(pane.banners.banners) == 3)
    assert all("document." in banner.code for banner in pane.banners.banners)
    (tmp_path / "words.txt").write_text("words")
    drop(traveller, tmp_path / "words.txt")
    traveller.wait(lambda: len(chips(traveller)) == 1 and pane.banners.banners == [])


def test_a_file_that_does_not_fit_says_so_until_it_does(
    traveller: Traveller, tmp_path: Path
) -> None:
    pages = ["\n".join(["The tide rises and falls twice a day."] * 60)] * 12
    long = tmp_path / "long.pdf"
    long.write_bytes(pdf_of(pages))
    drop(traveller, long)
    traveller.wait(lambda: names(traveller)[0:1] != [] and "does not fit" in names(traveller)[0])
    chip = chips(traveller)[0]
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    bar = traveller.window.pane.composer.attachments
    bar.pages_wished.emit(0)
    dialog = dialog_of(traveller)
    QTest.keyClicks(dialog.field, "1-2")  # pyright: ignore[reportAttributeAccessIssue]
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)  # pyright: ignore[reportAttributeAccessIssue]
    traveller.wait(lambda: names(traveller)[0].endswith("tokens · pages 1-2 of 12"))
