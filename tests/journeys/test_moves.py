"""Moving about in a chat by the keys of the window, and landing on what a search found."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chinwag.core.conversation import SearchHit
from chinwag.ui.message_view import MessageView
from chinwag.ui.transcript_view import TranscriptView
from journeys.traveller import Traveller

pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def marked(transcript: TranscriptView) -> list[str]:
    return [
        selection.cursor.selectedText()
        for _, text in transcript._stage.texts()
        for selection in text.extraSelections()
    ]


def focused_message(traveller: Traveller) -> int | None:
    """The place in the chat of the message with the keyboard."""
    views = traveller.window.pane.transcript.findChildren(MessageView)
    ids = [message.id for message in traveller.path]
    return next((ids.index(v.message_id) for v in views if v.isVisible() and v.has_focus), None)


def test_keys_find_and_move_from_where_one_types(traveller: Traveller) -> None:
    window = traveller.window
    window.activateWindow()
    actions = window.actions_by_name
    assert not actions["find.open"].isEnabled()
    assert actions["find.open"].toolTip() == "There is nothing to look through yet"
    traveller.ask("A ship, a ship")
    transcript = window.pane.transcript
    traveller.press(Qt.Key.Key_F, CONTROL)
    bar = transcript.finding.bar
    assert bar.field.hasFocus()
    QTest.keyClicks(bar.field, "ship")
    traveller.wait(lambda: "…" not in bar.count.text())
    assert bar.count.text().startswith("1 of ")
    QTest.keyClick(bar.field, Qt.Key.Key_F3)
    assert bar.count.text().startswith("2 of ")
    QTest.keyClick(bar.field, Qt.Key.Key_F3, SHIFT)
    assert bar.count.text().startswith("1 of ")
    assert "ship" in marked(transcript)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert traveller.box.hasFocus()
    assert not transcript.finding.is_open
    last = len(traveller.path) - 1
    traveller.press(Qt.Key.Key_Up, CONTROL)
    assert focused_message(traveller) == last
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Up, CONTROL)
    assert focused_message(traveller) == last - 1
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down, CONTROL)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down, CONTROL)
    assert traveller.box.hasFocus()
    traveller.begin_anew()
    assert not transcript.finding.is_open


def test_a_hit_opens_its_chat_at_its_message_also_in_a_branch_that_is_not_shown(
    traveller: Traveller,
) -> None:
    chat = traveller.app.services.chat
    traveller.ask("The hidden needle")
    needle = next(message for message in traveller.path if "needle" in message.text)
    conversation = chat.conversation
    assert conversation is not None
    chat.edit(needle.id, "Something else")
    traveller.wait(lambda: any(message.text == "Something else" for message in traveller.path))
    traveller.hear()
    assert needle.id not in [message.id for message in traveller.path]
    traveller.begin_anew()
    side = traveller.window.sidebar
    side.search.setText("needle")

    def hits() -> list[SearchHit]:
        rows = [side.rows.row_at(side.rows.index(at)) for at in range(side.rows.rowCount())]
        return [row for row in rows if isinstance(row, SearchHit)]

    traveller.wait(lambda: any(hit.message_id == needle.id for hit in hits()))
    side.hit_requested.emit(conversation.id, needle.id, "needle")
    transcript = traveller.window.pane.transcript
    traveller.wait(lambda: marked(transcript) == ["needle"])
    assert needle.id in [message.id for message in traveller.path]
    number = transcript._stage.number_of(needle.id)
    assert number is not None
    view = transcript._stage.view_of(number)
    assert view is not None
    assert transcript.viewport().rect().intersects(view.geometry())
