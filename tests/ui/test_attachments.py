"""The files of a message: chips over the text and in the bubble, their menus, their dialogs."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.document import Attachment, DocumentKind
from chinwag.ui.attachment_bar import FileState
from chinwag.ui.composer import Composer
from chinwag.ui.dialogs.document_dialog import DocumentDialog
from chinwag.ui.dialogs.pages_dialog import PagesDialog
from chinwag.ui.file_drops import files_in
from chinwag.ui.message_view import MessageView
from chinwag.ui.sent_files import SentFiles
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import question, shown_transcript

Show = Callable[[QWidget], None]
Key = Qt.Key
TIDES = Attachment("tides.pdf", DocumentKind.PDF, ("high", "low", "slack"), chosen=(1, 3))
NOTES = Attachment("notes.txt", DocumentKind.TEXT, ("Ask Anne.",), encoding="cp1252")


@pytest.fixture
def composer(theme: Theme, window: QWidget, show: Show) -> Composer:
    """A composer at the foot of a window, with two files of which one has pages."""
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    composer = Composer(theme)
    layout.addWidget(composer)
    composer.attachments.set_files(
        [
            FileState("tides.pdf", "12 tokens · whole", pages=3),
            FileState("notes.txt", "9,000 tokens · whole · does not fit", "Too much", True),
        ]
    )
    show(window)
    composer.setFocus()
    return composer


def of_files(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_a_chip_says_what_its_file_takes(composer: Composer) -> None:
    first, second = composer.attachments.chips
    assert first.accessibleName() == "tides.pdf · 12 tokens · whole"
    assert second.accessibleName() == "notes.txt · 9,000 tokens · whole · does not fit"
    assert second.toolTip() == "Too much"


def test_chips_are_in_sight_while_there_are_files(composer: Composer) -> None:
    assert composer.attachments.isVisible()
    composer.attachments.set_files([])
    assert not composer.attachments.isVisible()


def test_the_menu_of_a_file_with_pages(composer: Composer, qtbot: QtBot) -> None:
    bar = composer.attachments
    menu = bar.menu_for(0)
    assert entries(menu) == [
        "Put in whole",
        "First pages",
        "Choose pages…",
        "Show the text",
        "Remove",
    ]
    assert not menu.actions()[0].isEnabled()
    assert menu.actions()[0].toolTip()
    (inner,) = (one for one in menu.findChildren(QMenu) if one.title() == "First pages")
    assert entries(inner) == ["Page 1", "Pages 1-2"]
    with qtbot.waitSignal(bar.first_pages_requested) as first:
        choose(inner, "Pages 1-2")
    assert first.args == [0, 2]
    for text, signal in (
        ("Choose pages…", bar.pages_wished),
        ("Show the text", bar.text_wished),
        ("Remove", bar.remove_requested),
    ):
        with qtbot.waitSignal(signal) as wished:
            choose(menu, text)
        assert wished.args == [0]
    bar.set_files([FileState("tides.pdf", pages=3, is_whole=False)])
    with qtbot.waitSignal(bar.whole_requested):
        choose(bar.menu_for(0), "Put in whole")


def test_a_file_without_pages_has_none_to_choose(composer: Composer) -> None:
    assert entries(composer.attachments.menu_for(1)) == ["Show the text", "Remove"]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Space])
def test_a_chip_opens_its_menu_by_the_keyboard(
    composer: Composer, qtbot: QtBot, key: Qt.Key
) -> None:
    chip = composer.attachments.chips[0]
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chip, key)
    (menu,) = (one for one in composer.attachments.findChildren(QMenu) if one.isVisible())
    menu.close()


def test_delete_takes_a_file_away_and_the_keyboard_goes_on(
    composer: Composer, qtbot: QtBot
) -> None:
    bar = composer.attachments
    bar.chips[1].setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(bar.remove_requested) as removed:
        qtbot.keyClick(bar.chips[1], Key.Key_Delete)
    assert removed.args == [1]
    bar.set_files([FileState("tides.pdf")])
    assert bar.chips[0].hasFocus()
    with qtbot.waitSignal(bar.left):
        bar.set_files([])


def test_a_file_that_is_being_read_cannot_be_pressed(composer: Composer) -> None:
    bar = composer.attachments
    bar.set_files(
        [FileState("tides.pdf", "reading…", "The text is being taken out", is_reading=True)]
    )
    assert not bar.chips[0].isEnabled()
    assert bar.chips[0].toolTip()


def test_of_very_many_files_three_rows_are_in_sight(composer: Composer) -> None:
    bar = composer.attachments
    row = bar.chips[0].height()
    bar.set_files([FileState(f"a file with a long name {n}.txt", "9 tokens") for n in range(40)])
    assert 2 * row < bar.height() < 4 * row
    bar.chips[-1].setFocus(Qt.FocusReason.TabFocusReason)
    place = bar.chips[-1].mapTo(bar, QPoint(0, 0)).y()
    assert 0 <= place < bar.height()


def test_a_long_name_gives_way_and_its_numbers_do_not(composer: Composer) -> None:
    bar = composer.attachments
    bar.set_files([FileState("a very long name " * 20, "9,000 tokens · whole")])
    chip = bar.chips[0]
    assert chip.width() <= bar.width()
    assert chip.minimumSizeHint().width() > chip.fontMetrics().horizontalAdvance("9,000 tokens")


def test_files_are_attached_and_text_is_typed(composer: Composer, qtbot: QtBot) -> None:
    box = composer.text_edit
    with qtbot.waitSignal(composer.files_pasted) as pasted:
        box.insertFromMimeData(of_files("/tmp/a.txt", "/tmp/b c.pdf"))
    assert pasted.args == [["/tmp/a.txt", "/tmp/b c.pdf"]]
    assert composer.text == ""
    words = QMimeData()
    words.setText("Hello")
    box.insertFromMimeData(words)
    assert composer.text == "Hello"


def test_an_address_of_the_web_is_text() -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.txt")])
    assert files_in(data) == []
    assert files_in(QMimeData()) == []


def test_the_button_wishes_for_files(composer: Composer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(composer.attach_requested):
        composer.attach_button.click()


def test_pages_are_counted_while_they_are_typed(qtbot: QtBot, theme: Theme) -> None:
    def said(attachment: Attachment) -> tuple[str, bool]:
        pages = len(attachment.chosen) or len(attachment.pages)
        return f"{10 * pages} tokens", pages > 2

    dialog = PagesDialog(theme, TIDES, said)
    qtbot.addWidget(dialog)
    assert (dialog.field.text(), dialog.note.text()) == ("1, 3", "20 tokens")
    dialog.field.setText("2-")
    assert dialog.note.property("look") == "small"
    with qtbot.waitSignal(dialog.pages_chosen) as chosen:
        dialog.choose_button.click()
    assert chosen.args == [(2, 3)]
    dialog.field.setText("1-3")
    assert (dialog.note.text(), dialog.note.property("look")) == ("30 tokens", "danger")
    with qtbot.waitSignal(dialog.pages_chosen) as chosen:
        qtbot.keyClick(dialog.field, Key.Key_Return)
    assert chosen.args == [()]  # all of them
    dialog.field.setText("4")
    assert "There is no page 4" in dialog.note.text()
    assert not dialog.choose_button.isEnabled()
    assert dialog.choose_button.toolTip() == dialog.note.text()


def test_the_text_of_a_file_is_shown_as_it_goes_to_the_model(qtbot: QtBot, theme: Theme) -> None:
    dialog = DocumentDialog(theme, NOTES, "3 tokens")
    qtbot.addWidget(dialog)
    assert dialog.box.toPlainText() == "Ask Anne."
    assert dialog.line.text() == "3 tokens · whole · read as cp1252"
    dialog.copy_button.click()
    assert QApplication.clipboard().text() == "Ask Anne."
    minified = DocumentDialog(theme, replace(NOTES, pages=("x" * 25_000,)))
    qtbot.addWidget(minified)
    assert minified.box.document().blockCount() == 3
    minified.copy_button.click()
    assert QApplication.clipboard().text() == "x" * 25_000
    some = DocumentDialog(theme, TIDES)
    qtbot.addWidget(some)
    assert some.box.toPlainText() == "high\n\nslack"
    assert some.line.text() == "pages 1, 3 of 3"


@pytest.fixture
def transcript(qtbot: QtBot, theme: Theme) -> TranscriptView:
    """A question with files, in sight."""
    asked = replace(question(1, "When is high water?"), attachments=(TIDES, NOTES))
    transcript = shown_transcript(qtbot, theme, [asked])
    qtbot.waitUntil(lambda: bool(chips_of(transcript)))
    return transcript


def chips_of(view: TranscriptView) -> list[SentFiles]:
    return [files for files in view.findChildren(SentFiles) if files.isVisible()]


def test_sent_files_stand_in_the_bubble(transcript: TranscriptView) -> None:
    (files,) = chips_of(transcript)
    names = [chip.accessibleName() for chip in files.chips]
    assert names == [
        "message 1, You, file 1: tides.pdf · pages 1, 3 of 3",
        "message 1, You, file 2: notes.txt · whole",
    ]
    (view,) = (one for one in transcript.findChildren(MessageView) if one.isVisible())
    bubble = view._bubble_rect
    for chip in files.chips:
        place = chip.mapTo(view, QPoint(0, 0))
        assert bubble.contains(place)
        assert bubble.contains(place + QPoint(chip.width() - 1, chip.height() - 1))


def test_a_sent_file_is_looked_at(transcript: TranscriptView, qtbot: QtBot) -> None:
    (files,) = chips_of(transcript)
    with qtbot.waitSignal(transcript.commands.file_wished) as wished:
        files.chips[1].click()
    assert wished.args == [1, 1]


def test_sent_files_are_not_selected_with_the_text(transcript: TranscriptView) -> None:
    transcript._selection.select_row(0)
    assert transcript._selection.text() == "When is high water?"
