"""Where the reader is in the transcript: nothing moves by itself, and keys lead everywhere."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chinwag.ui.round_button import RoundButton
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import (
    exchanges,
    named,
    question,
    reply,
    shown_transcript,
    streaming,
    turn_wheel,
    view_of,
)


def places(transcript: TranscriptView) -> dict[tuple[int, str], int]:
    """Where every text in sight begins, by its message and its words."""
    return {
        (row, text.toPlainText()): text.mapTo(transcript, text.rect().topLeft()).y()
        for (row, _), text in transcript._stage.texts()
    }


def focused(transcript: TranscriptView) -> QWidget:
    found = transcript.window().focusWidget()
    assert found is not None
    return found


def stream(qtbot: QtBot, transcript: TranscriptView, message_id: int, text: str) -> None:
    transcript.append_text(message_id, text)
    qtbot.waitUntil(lambda: not transcript.has_unshown_text)


def test_nothing_moves_for_a_reader_who_let_go_while_a_reply_streams(
    qtbot: QtBot, theme: Theme
) -> None:
    transcript = shown_transcript(qtbot, theme, [*exchanges(10), streaming(21, "It begins.\n\n")])
    assert transcript.is_at_end
    turn_wheel(transcript, 240)
    before = places(transcript)
    assert not transcript.is_at_end
    for number in range(30):
        stream(qtbot, transcript, 21, f"Paragraph {number}.\n\n- one\n- two\n\n")
        now = places(transcript)
        assert {key: now[key] for key in before if key in now} == {
            key: before[key] for key in before if key in now
        }
        assert min(before, key=lambda key: before[key]) in now
    button = named(transcript, "To the end", RoundButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert transcript.is_at_end
    assert any("Paragraph 29." in words for _, words in places(transcript))
    stream(qtbot, transcript, 21, "The last words.")
    assert any("The last words." in words for _, words in places(transcript))


def test_the_first_line_in_sight_stays_when_heights_above_get_measured(
    qtbot: QtBot, theme: Theme
) -> None:
    # replies whose true heights are far from what their length lets expect
    messages = [question(1)]
    messages += [
        reply(n, "# Head\n\n" + "- a\n" * (n % 17) + "\n```\nx\n```\n") for n in range(2, 99)
    ]
    transcript = shown_transcript(qtbot, theme, messages)
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum() // 2)
    seen = 0
    for _ in range(60):
        before = places(transcript)
        turn_wheel(transcript, 120)
        after = places(transcript)
        both = [key for key in before if key in after and list(before).count(key) == 1]
        moved = {after[key] - before[key] for key in both}
        assert len(moved) <= 1, "what is in sight moved apart"
        assert all(0 <= distance <= 200 for distance in moved)
        seen += len(both)
    assert seen > 100
    still = places(transcript)
    transcript.append_message(question(100, "One more"))
    assert places(transcript) == still


def test_messages_are_gone_through_from_outside_and_back(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(10))
    assert not transcript.move_by_message(1)
    assert transcript.move_by_message(-1)
    assert view_of(transcript, 20).hasFocus()
    assert transcript.move_by_message(-1)
    assert view_of(transcript, 19).hasFocus()
    for _ in range(30):
        assert transcript.move_by_message(-1)
    assert view_of(transcript, 1).hasFocus()
    steps = 0
    while transcript.move_by_message(1):
        steps += 1
    assert steps == 19
    assert view_of(transcript, 20).hasFocus()


def test_the_message_with_the_keyboard_wears_a_ring(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(2))
    transcript.focus_message(3)
    view = view_of(transcript, 4)
    edge = view.grab().toImage()
    ratio = edge.devicePixelRatio()
    y = edge.height() // 2
    assert edge.pixelColor(round(1 * ratio), y) == theme.colour("focus")
    transcript.focus_message(2)
    assert view.grab().toImage().pixelColor(round(1 * ratio), y) != theme.colour("focus")


def test_home_and_end_lead_to_the_first_and_the_last_message(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, exchanges(20))
    transcript.focus_message(20)
    QTest.keyClick(focused(transcript), Qt.Key.Key_Home)
    assert view_of(transcript, 1).hasFocus()
    assert transcript.verticalScrollBar().value() == 0
    QTest.keyClick(focused(transcript), Qt.Key.Key_End)
    assert view_of(transcript, 40).hasFocus()
    assert transcript.is_at_end


def test_an_empty_transcript_leads_nowhere(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme)
    assert not transcript.move_by_message(-1)
    assert not transcript.move_by_message(1)
    transcript.finding.open()
    assert not transcript.finding.is_open
