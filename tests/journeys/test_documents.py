"""Files in the whole app: dropped, pasted, counted, sent, there again after a restart."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from chinwag.ui.dialogs.document_dialog import DocumentDialog
from chinwag.ui.dialogs.prompt_dialog import PromptDialog
from chinwag.ui.file_chip import FileChip
from chinwag.ui.message_view import MessageView
from chinwag.ui.sent_files import SentFiles
from core.document_files import pdf_of
from journeys.conftest import OpenApp
from journeys.traveller import Traveller

pytestmark = [
    pytest.mark.journey,
    pytest.mark.qt_log_ignore("This plugin does not support"),  # menus, offscreen
]

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


def prompt_dialog(traveller: Traveller) -> PromptDialog:
    def shown() -> list[PromptDialog]:
        return [one for one in traveller.window.findChildren(PromptDialog) if one.isVisible()]

    traveller.wait(lambda: len(shown()) == 1)
    return shown()[0]


def choose_in_menu(traveller: Traveller, text: str) -> None:
    """Press the menu key on the last message and choose an entry."""
    transcript = traveller.window.pane.transcript
    transcript.focus_message(len(traveller.path) - 1)
    view = next(
        one
        for one in transcript.findChildren(MessageView)
        if one.message_id == traveller.path[-1].id and one.isVisible()
    )
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), QPoint(2, 2))
    QApplication.sendEvent(view, event)
    menu = next(one for one in view.findChildren(QMenu) if one.isVisible())
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


def test_what_the_model_saw_is_exact_also_after_a_restart(
    traveller: Traveller, open_app: OpenApp, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("The harbour master is called Anne.")
    paste(traveller, notes)
    traveller.wait(lambda: "tokens" in " ".join(names(traveller)))
    traveller.ask("Hello.")
    reply = traveller.ask("Whom do I ask?")
    assert reply.statistics is not None
    choose_in_menu(traveller, "What the model saw")
    dialog = prompt_dialog(traveller)
    tokens = f"{reply.statistics.prompt_tokens} tokens."
    assert "exactly" in dialog.line.text()
    assert dialog.line.text().endswith(tokens)
    text = dialog.box.toPlainText()
    assert "[Document: notes.md]\nThe harbour master is called Anne." in text
    QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.field, "harbour")
    assert dialog.count.text() == "1 of 1"
    QTest.mouseClick(dialog.diff_button, Qt.MouseButton.LeftButton)
    traveller.wait(lambda: "+ Whom do I ask?" in dialog.box.toPlainText())
    dialog.close()
    traveller.leave()
    traveller = open_app()
    traveller.open_newest(5)
    choose_in_menu(traveller, "What the model saw")
    dialog = prompt_dialog(traveller)
    assert "exactly" in dialog.line.text()
    assert dialog.line.text().endswith(tokens)
    assert dialog.box.toPlainText() == text
    dialog.close()


def test_what_the_model_will_see_is_what_it_then_saw(traveller: Traveller) -> None:
    traveller.type("Where is the treasure?")
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    traveller.press(Qt.Key.Key_I, control | shift)
    dialog = prompt_dialog(traveller)
    assert dialog.windowTitle() == "What the model will see"
    text = dialog.box.toPlainText()
    dialog.close()
    traveller.wait(lambda: not traveller.window.findChildren(PromptDialog))
    traveller.press(Qt.Key.Key_Return)
    traveller.wait(lambda: len(traveller.path) >= 2)
    traveller.hear()
    choose_in_menu(traveller, "What the model saw")
    assert prompt_dialog(traveller).box.toPlainText() == text
