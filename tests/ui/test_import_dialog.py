"""The preview of a file of chats: what is ticked, what can be, and how it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation, Message, MessageStatus, Role
from chinwag.core.errors import ImportFileError, StoreError
from chinwag.core.importing import Candidate, Presence, Unreadable
from chinwag.core.portable import PortableChat
from chinwag.ui.dialogs.import_dialog import (
    MESSAGES,
    STATE,
    TITLE,
    ImportDialog,
    state_words,
)
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def chat(title: str) -> PortableChat:
    said = Message(1, 0, None, Role.USER, "Hello", MessageStatus.COMPLETE, NOON)
    return PortableChat(title, Conversation(0, title, "", "", 1, NOON, NOON), (said,))


FOUND = [
    Candidate(chat("Knots"), Presence.NEW),
    Candidate(chat("Sails"), Presence.HERE),
    Unreadable("Torn <b>", ImportFileError("import.field", field="messages[3].text")),
    Candidate(chat(" \n"), Presence.NEW),
    Candidate(chat("Tides"), Presence.IN_BIN),
]


@pytest.fixture
def dialog(theme: Theme, show: Show) -> ImportDialog:
    dialog = ImportDialog(theme, "chats.json")
    show(dialog)
    return dialog


def ticks(dialog: ImportDialog) -> list[bool]:
    rows = [dialog.list.topLevelItem(place) for place in range(dialog.list.topLevelItemCount())]
    return [row is not None and row.checkState(TITLE) is Qt.CheckState.Checked for row in rows]


def column(dialog: ImportDialog, number: int) -> list[str]:
    rows = [dialog.list.topLevelItem(place) for place in range(dialog.list.topLevelItemCount())]
    return [row.text(number) for row in rows if row is not None]


def test_while_the_file_is_read_there_is_nothing_to_import(dialog: ImportDialog) -> None:
    assert dialog.heading.text() == "chats.json"
    assert dialog.line.text() == "Reading the file…"
    assert not dialog.import_button.isEnabled()
    assert dialog.cancel_button.isEnabled()


def test_each_chat_is_shown_with_its_state(dialog: ImportDialog) -> None:
    dialog.set_found(FOUND)
    assert column(dialog, TITLE) == ["Knots", "Sails", "Torn <b>", "Untitled", "Tides"]
    assert column(dialog, MESSAGES) == ["1", "1", "", "1", "1"]
    states = column(dialog, STATE)
    assert states[:2] == ["New", "Already here"]
    assert "messages[3].text" in states[2]
    assert states[4] == "Already here, in the bin"


def test_new_ones_are_ticked_and_imported(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.set_found(FOUND)
    assert ticks(dialog) == [True, False, False, True, False]
    assert dialog.line.text() == "2 of 5 chats will be imported."
    with qtbot.waitSignal(dialog.import_requested) as told:
        qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    assert told.args == [[FOUND[0].chat, FOUND[3].chat]]  # pyright: ignore
    assert not dialog.import_button.isEnabled(), "once is enough"


def test_one_that_is_here_can_be_ticked_by_the_keyboard(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.set_found(FOUND)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert ticks(dialog) == [True, True, False, True, False]
    assert dialog.line.text() == "3 of 5 chats will be imported."


def test_one_that_cannot_be_read_cannot_be_ticked(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.set_found(FOUND)
    for _ in range(2):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert "messages[3].text" in dialog.detail.text(), "the whole sentence"
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert ticks(dialog) == [True, False, False, True, False]


def test_none_and_all_new(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.set_found(FOUND)
    qtbot.mouseClick(dialog.none_button, Qt.MouseButton.LeftButton)
    assert ticks(dialog) == [False] * 5
    assert not dialog.import_button.isEnabled()
    qtbot.mouseClick(dialog.new_button, Qt.MouseButton.LeftButton)
    assert ticks(dialog) == [True, False, False, True, False]
    assert dialog.import_button.isEnabled()


def test_a_file_that_cannot_be_read_is_told(dialog: ImportDialog) -> None:
    dialog.show_error(ImportFileError("import.too_deep"))
    assert "nested too deeply" in dialog.line.text()
    assert not dialog.import_button.isEnabled()
    assert not dialog.list.isEnabled()


def test_what_was_ticked_stays_after_a_failure(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.set_found(FOUND)
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    dialog.show_error(StoreError("store.full", file="a", folder="b"))
    assert "disk is full" in dialog.line.text()
    assert ticks(dialog) == [True, False, False, True, False]
    with qtbot.waitSignal(dialog.import_requested):
        qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("presence", Presence)
def test_every_state_has_words(presence: Presence) -> None:
    said = state_words(Candidate(chat("Knots"), presence))
    assert said
    more = state_words(Candidate(replace(chat("Knots"), left_out=3), presence))
    assert more == f"{said} · without 3 pictures or files"
    one = state_words(Candidate(replace(chat("Knots"), left_out=1), presence))
    assert one == f"{said} · without one file"
