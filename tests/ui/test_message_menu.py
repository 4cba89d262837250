"""The menus of a message: what they offer for whom, why not, and what choosing asks for."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import FormerText, MessageStatus, Role
from chinwag.ui.dialogs.former_texts_dialog import FormerTextsDialog
from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import (
    message,
    named,
    question,
    reply,
    shown_transcript,
    streaming,
    view_of,
)

LEFT = Qt.MouseButton.LeftButton
FORMER = FormerText("Near.", (1, 2), datetime(2026, 11, 23, 10, 15, tzinfo=UTC))


@pytest.fixture
def pair(qtbot: QtBot, theme: Theme) -> TranscriptView:
    """A question, pinned, and a reply that was changed in place, the second of three."""
    messages = [
        question(1, "How far?"),
        reply(2, "**Far**.\n\n- one\n- two", former_texts=(FORMER,), is_pinned=True),
    ]

    def versions(message_id: int) -> tuple[int, int]:
        return (2, 3) if message_id == 2 else (1, 1)

    transcript = shown_transcript(qtbot, theme, messages, versions)
    transcript.commands.voices.personas = lambda: [("pirate", "Pirate"), ("poet", "Salt & Pepper")]
    transcript.commands.voices.models = lambda: [("small.gguf", "Small"), ("large.gguf", "Large")]
    return transcript


def open_menu(transcript: TranscriptView, message_id: int, name: str) -> QMenu:
    view = view_of(transcript, message_id)
    QTest.mouseClick(named(transcript, name, QuietButton), LEFT)
    (menu,) = [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    return menu


def context_menu(transcript: TranscriptView, message_id: int, over: QWidget | None = None) -> QMenu:
    """The menu of everything, as the menu key opens it."""
    view = view_of(transcript, message_id)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), QPoint(2, 2))
    QApplication.sendEvent(over or view, event)
    (menu,) = [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    return menu


def entry(menu: QMenu, *path: str) -> QAction:
    """The entry of this name, the last of a path through submenus."""
    (action,) = [action for action in menu.actions() if action.text() == path[0]]
    inner = action.menu()
    if len(path) == 1:
        return action
    assert isinstance(inner, QMenu)
    return entry(inner, *path[1:])


def choose(menu: QMenu, *path: str) -> None:
    entry(menu, *path).trigger()
    menu.close()


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_everything_is_in_the_menu_of_a_reply(pair: TranscriptView) -> None:
    menu = context_menu(pair, 2)
    assert texts(menu) == [
        "Copy message",
        "Copy as plain text",
        "Edit",
        "Regenerate",
        "With another persona",
        "With another model",
        "Version before",
        "Version after",
        "Continue",
        "Unpin from memory",
        "Former texts…",
        "What the model saw",
        "Insert before",
        "Insert after",
        "Fork to a new chat",
        "Delete",
    ]
    assert all(not action.icon().isNull() for action in menu.actions() if not action.isSeparator())
    menu.close()


def test_a_button_has_the_menu_of_its_message(pair: TranscriptView) -> None:
    menu = context_menu(pair, 1, named(pair, "Copy message 1, You"))
    assert "Have it answered" in texts(menu)
    menu.close()


def test_the_menu_of_a_growing_reply_stops_it(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), streaming(2, "Arr")])
    with qtbot.waitSignal(transcript.stop_requested):
        menu = context_menu(transcript, 2)
        assert texts(menu) == ["Copy message", "Stop"]
        choose(menu, "Stop")


@pytest.mark.parametrize(
    ("path", "signal", "args"),
    [
        (("Unpin from memory",), "pin_requested", [2, False]),
        (("Fork to a new chat",), "fork_requested", [2]),
        (("Former texts…",), "former_wished", [2]),
        (("What the model saw",), "prompt_wished", [2]),
        (("Continue",), "continue_requested", [2]),
        (("Delete",), "delete_requested", [2]),
        (("Edit",), "edit_wished", [2]),
        (("Regenerate",), "regenerate_requested", [2]),
        (("Version before",), "walk_requested", [2, -1]),
        (("Version after",), "walk_requested", [2, 1]),
        (("With another persona", "Salt && Pepper"), "persona_requested", [2, "poet"]),
        (("With another model", "Large"), "model_requested", [2, "large.gguf"]),
        (("Insert before", "Your message"), "insert_wished", [2, Role.USER, True]),
        (("Insert after", "System message"), "insert_wished", [2, Role.SYSTEM, False]),
        (("Insert after", "Reply"), "insert_wished", [2, Role.ASSISTANT, False]),
    ],
)
def test_choosing_asks_for_it(
    qtbot: QtBot, pair: TranscriptView, path: tuple[str, ...], signal: str, args: list[object]
) -> None:
    with qtbot.waitSignal(getattr(pair.commands, signal)) as asked:
        choose(context_menu(pair, 2), *path)
    assert asked.args == args


def test_a_message_is_pinned_from_the_menu_behind_the_last_button(
    qtbot: QtBot, pair: TranscriptView
) -> None:
    with qtbot.waitSignal(pair.commands.pin_requested) as asked:
        choose(open_menu(pair, 1, "More for message 1, You"), "Pin into memory")
    assert asked.args == [1, True]


def test_the_marks_of_a_message_can_be_pressed(qtbot: QtBot, pair: TranscriptView) -> None:
    with qtbot.waitSignal(pair.commands.pin_requested) as asked:
        QTest.mouseClick(named(pair, "Pinned: unpin message 2, Pirate"), LEFT)
    assert asked.args == [2, False]
    with qtbot.waitSignal(pair.commands.former_wished):
        QTest.mouseClick(named(pair, "Edited: former texts of message 2, Pirate"), LEFT)


def test_the_marks_of_the_persons_own_words_are_always_seen(qtbot: QtBot, theme: Theme) -> None:
    pinned = question(
        1,
        "How far?",
    )
    shown = shown_transcript(qtbot, theme, [pinned])
    name = "Pinned: unpin message 1, You"
    assert not [
        w for w in shown.findChildren(QuietButton) if w.accessibleName() == name and w.isVisible()
    ]
    shown.replace_message(message(1, Role.USER, "How far?", is_pinned=True))
    mark = named(shown, name, QuietButton)
    image = mark.grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    assert len({image.pixel(x, y) for x, y in places}) > 1


def test_who_else_could_answer_opens_beside_regenerate(qtbot: QtBot, pair: TranscriptView) -> None:
    menu = open_menu(pair, 2, "Regenerate message 2, Pirate otherwise")
    assert texts(menu) == ["With another persona", "With another model"]
    # the one who answered is not another one
    people = entry(menu, "With another persona").menu()
    assert isinstance(people, QMenu)
    assert texts(people) == ["Salt && Pepper"]
    menu.close()


def test_there_may_be_nobody_else(pair: TranscriptView) -> None:
    pair.commands.voices.personas = lambda: [("pirate", "Pirate")]
    pair.commands.voices.models = lambda: [("small.gguf", "Small")]
    menu = open_menu(pair, 2, "Regenerate message 2, Pirate otherwise")
    for text, reason in (
        ("With another persona", "There is no other persona"),
        ("With another model", "No other model is installed"),
    ):
        assert not entry(menu, text).isEnabled()
        assert entry(menu, text).toolTip() == reason
    menu.close()


def blocked(pair: TranscriptView) -> None:
    pair.set_blocked("Another chat is answering")


def bare(pair: TranscriptView) -> None:
    pair.set_blocked("", "No model is chosen")


@pytest.mark.parametrize(
    ("block", "reason", "names"),
    [
        (
            blocked,
            "Another chat is answering",
            ("Edit", "Regenerate", "Continue", "Insert before", "Insert after", "Delete"),
        ),
        (bare, "No model is chosen", ("Regenerate", "Continue", "With another model")),
    ],
)
def test_what_cannot_be_chosen_says_why(
    pair: TranscriptView,
    block: Callable[[TranscriptView], None],
    reason: str,
    names: tuple[str, ...],
) -> None:
    block(pair)
    menu = context_menu(pair, 2)
    for action in menu.actions():
        if action.text() in names:
            assert (action.isEnabled(), action.toolTip()) == (False, reason)
    for name in ("Copy message", "Unpin from memory", "Fork to a new chat", "Former texts…"):
        assert entry(menu, name).isEnabled()
    menu.close()
    regenerate = named(pair, "Regenerate message 2, Pirate", QuietButton)
    assert (regenerate.isEnabled(), regenerate.toolTip()) == (False, reason)
    assert named(pair, "Edit message 2, Pirate").isEnabled() is (block is bare)


def test_a_reply_without_text_cannot_be_gone_on_with(qtbot: QtBot, theme: Theme) -> None:
    failed = message(2, Role.ASSISTANT, "", MessageStatus.FAILED, statistics=None)
    transcript = shown_transcript(qtbot, theme, [question(1), failed])
    go_on = entry(open_menu(transcript, 2, "More for message 2, Pirate"), "Continue")
    assert (go_on.isEnabled(), go_on.toolTip()) == (False, "There is no text to go on from")


def test_a_copy_may_be_plain(pair: TranscriptView) -> None:
    for name, expected in (
        ("Copy as plain text", "Far.\n\n• one\n• two"),
        ("Copy message", "**Far**.\n\n- one\n- two"),
    ):
        choose(context_menu(pair, 2), name)
        assert QGuiApplication.clipboard().text() == expected


def test_an_edit_may_take_the_old_texts_place(qtbot: QtBot, pair: TranscriptView) -> None:
    for how in ("button", "keys"):
        pair.edit_message(1)
        box = named(pair, "Edit message 1, You", QPlainTextEdit)
        qtbot.keyClicks(box, " Really?")
        with (
            qtbot.assertNotEmitted(pair.edit_requested),
            qtbot.waitSignal(pair.commands.replace_requested) as asked,
        ):
            if how == "button":
                qtbot.mouseClick(named(pair, "Replace message 1, You"), LEFT)
            else:
                both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
                qtbot.keyClick(box, Qt.Key.Key_Return, both)
        assert asked.args == [1, "How far? Really?"]
        assert view_of(pair, 1).hasFocus()


def test_nothing_new_takes_no_place(qtbot: QtBot, pair: TranscriptView) -> None:
    pair.edit_message(1)
    with qtbot.assertNotEmitted(pair.commands.replace_requested):
        qtbot.mouseClick(named(pair, "Replace message 1, You"), LEFT)
    assert view_of(pair, 1).hasFocus()


def test_what_is_put_in_is_written_in_its_place(qtbot: QtBot, pair: TranscriptView) -> None:
    drafted = message(0, Role.USER, "")
    pair.show_path([question(1, "How far?"), drafted, reply(2, "Far.")], lambda _: (1, 1))
    pair.edit_message(0, "And how")
    box = named(pair, "Write message 2, You", QPlainTextEdit)
    assert box.hasFocus()
    assert not [
        w
        for w in pair.findChildren(QWidget)
        if w.accessibleName().startswith("Replace") and w.isVisible()
    ]
    qtbot.keyClicks(box, " high?")
    with qtbot.waitSignal(pair.edit_requested) as asked:
        qtbot.mouseClick(named(pair, "Insert message 2, You"), LEFT)
    assert asked.args == [0, "And how high?"]


def test_former_texts_are_looked_at_and_brought_back(qtbot: QtBot, theme: Theme) -> None:
    later = FormerText("Further.", (), datetime(2026, 11, 23, 11, tzinfo=UTC))
    dialog = FormerTextsDialog(theme, (FORMER, later), "")
    qtbot.addWidget(dialog)
    dialog.show()
    listed = dialog.findChild(QListWidget)
    assert listed is not None
    assert listed.count() == 2
    assert dialog.box.toPlainText() == "Further."
    listed.setCurrentRow(1)
    assert dialog.box.toPlainText() == "Near."
    assert dialog.box.isReadOnly()
    with qtbot.waitSignal(dialog.restore_requested) as asked:
        qtbot.mouseClick(dialog.restore_button, LEFT)
    assert asked.args == [FORMER]
    assert not dialog.isVisible()


def test_former_texts_cannot_be_brought_back_while_a_reply_is_under_way(
    qtbot: QtBot, theme: Theme
) -> None:
    dialog = FormerTextsDialog(theme, (FORMER,), "A reply is under way")
    qtbot.addWidget(dialog)
    button = dialog.restore_button
    assert (button.isEnabled(), button.toolTip()) == (False, "A reply is under way")
