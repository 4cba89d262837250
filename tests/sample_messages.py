"""Messages for tests of the transcript, and a transcript that shows them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, MessageStatus, ReplyStatistics, Role
from chinwag.ui.message_view import MessageView
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView, Versions

Widget = TypeVar("Widget", bound=QWidget)

BEGINNING = datetime(2025, 1, 2, 9, 30, tzinfo=UTC)
STATISTICS = ReplyStatistics("stop", 600, 0, 214, 0.21, 200.0, 31.2, 1, 2)


def message(
    message_id: int,
    role: Role,
    text: str,
    status: MessageStatus = MessageStatus.COMPLETE,
    **values: Any,
) -> Message:
    """A message; a reply is from the persona Pirate and has statistics once it ended."""
    if role is Role.ASSISTANT:
        values.setdefault("persona", "pirate")
        values.setdefault("persona_name", "Pirate")
        values.setdefault("model", "small.gguf")
        if status is not MessageStatus.STREAMING:
            values.setdefault("statistics", STATISTICS)
    moment = BEGINNING + timedelta(minutes=message_id)
    return Message(message_id, 1, None, role, text, status, moment, **values)


def question(message_id: int, text: str = "A question?") -> Message:
    """A message of the person's."""
    return message(message_id, Role.USER, text)


def reply(message_id: int, text: str = "A reply.", **values: Any) -> Message:
    """A message of the model's."""
    return message(message_id, Role.ASSISTANT, text, **values)


def streaming(message_id: int, text: str = "") -> Message:
    """A reply that is still being written."""
    return message(message_id, Role.ASSISTANT, text, MessageStatus.STREAMING)


def exchanges(count: int, words: int = 40) -> list[Message]:
    """So many questions and replies, with ids from 1."""
    messages: list[Message] = []
    for number in range(1, 2 * count, 2):
        messages.append(question(number, f"Question {number}?"))
        text = " ".join(f"word{index}" for index in range(words))
        messages.append(reply(number + 1, f"Reply {number + 1}.\n\n{text}\n\n{text}"))
    return messages


def no_avatar(persona: str, name: str, pixels: int, ratio: float) -> QPixmap:
    """An avatar that is not there."""
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def only_version(message_id: int) -> tuple[int, int]:
    """Every message is the only one of its kind."""
    return 1, 1


def shown_transcript(
    qtbot: QtBot,
    theme: Theme,
    messages: Sequence[Message] = (),
    versions: Versions = only_version,
    width: int = 700,
    height: int = 500,
) -> TranscriptView:
    """A transcript in an active window."""
    view = TranscriptView(
        theme, no_avatar, lambda model: model.removesuffix(".gguf"), QGuiApplication.clipboard()
    )
    # Held until the test is torn down: a window that is collected while it is being painted
    # takes the process with it.
    qtbot.addWidget(view, before_close_func=lambda _: view.hide())
    view.resize(width, height)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.show_path(messages, versions)
    return view


def view_of(transcript: TranscriptView, message_id: int) -> MessageView:
    """The view that shows a message, which must be in sight."""
    (view,) = [
        view for view in transcript.findChildren(MessageView) if view.message_id == message_id
    ]
    return view


def named(ancestor: QWidget, name: str, kind: type[Widget] = QWidget) -> Widget:
    """The one visible widget of this accessible name."""
    found = [w for w in ancestor.findChildren(kind) if w.accessibleName() == name and w.isVisible()]
    assert len(found) == 1, [w.accessibleName() for w in ancestor.findChildren(kind)]
    return found[0]


def shown_text(transcript: TranscriptView, message_id: int) -> str:
    """The text of a message as far as it is in sight."""
    texts = view_of(transcript, message_id).texts().values()
    return "\n".join(text.toPlainText() for text in texts)


def turn_wheel(over: QAbstractScrollArea, up: int) -> None:
    """Turn the mouse wheel by so many eighths of a degree; up is positive."""
    # As the system sends it: an event sent to a widget would not go on to its parents.
    window = over.window()
    place = over.viewport().mapTo(window, over.viewport().rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(place), QPoint(0, up))
