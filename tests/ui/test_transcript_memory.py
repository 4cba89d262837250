"""Where memory begins in the transcript: the line, what is dimmed above it, the way there."""

from PySide6.QtGui import QColor, QTextCursor
from pytestqt.qtbot import QtBot

from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import exchanges, only_version, shown_transcript, view_of


def colour_of(transcript: TranscriptView, message_id: int) -> QColor:
    """The colour that a message's first letter is written in."""
    (text, *_rest) = view_of(transcript, message_id).texts().values()
    cursor = QTextCursor(text.document())
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
    return cursor.charFormat().foreground().color()


def test_the_line_stands_before_the_first_message_that_fits(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(3))
    transcript.resize(900, 2400)
    memory = transcript.memory
    assert not memory.line.isVisible()
    before = view_of(transcript, 3).height()
    memory.set_mark(3, frozenset({1, 2}), "memory begins here · 2 earlier messages do not fit")
    assert memory.line.isVisible()
    assert memory.line.accessibleName().startswith("memory begins here")
    assert memory.line.y() == view_of(transcript, 3).y()
    assert view_of(transcript, 3).height() == before + memory.line.height()
    assert colour_of(transcript, 1) == colour_of(transcript, 2) == theme.colour("soft")
    assert colour_of(transcript, 3) == theme.colour("text")
    memory.set_mark(None, frozenset(), "")
    assert not memory.line.isVisible()
    assert view_of(transcript, 3).height() == before
    assert colour_of(transcript, 1) == theme.colour("text")


def test_where_nothing_fits_it_stands_behind_the_last_message(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(1))
    transcript.memory.set_mark(0, frozenset({1, 2}), "memory begins here")
    last = view_of(transcript, 2)
    assert transcript.memory.line.geometry().bottom() == last.geometry().bottom()


def test_it_is_found_from_anywhere_and_stays_when_messages_are_added(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(60))
    memory = transcript.memory
    memory.set_mark(11, frozenset(range(1, 11)), "memory begins here")
    assert not memory.line.isVisible()
    assert memory.show()
    assert memory.line.isVisible()
    transcript.show_path(exchanges(61), only_version)
    assert memory.line.y() == view_of(transcript, 11).y()
    memory.set_mark(None, frozenset(), "")
    assert not memory.show()
