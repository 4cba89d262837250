"""What can be done with a message: its toolbar, its editor, its code blocks and links."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.settings import Theme as ThemeChoice
from chinwag.ui.code_frame import CodeFrame
from chinwag.ui.link_bar import real_host
from chinwag.ui.message_geometry import INSET
from chinwag.ui.message_view import MessageView
from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.theme import Theme
from chinwag.ui.transcript_view import TranscriptView
from sample_messages import (
    exchanges,
    message,
    named,
    only_version,
    question,
    reply,
    shown_text,
    shown_transcript,
    streaming,
    view_of,
)

LEFT = Qt.MouseButton.LeftButton


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def button(transcript: TranscriptView, name: str) -> QuietButton:
    return named(transcript, name, QuietButton)


def press(qtbot: QtBot, transcript: TranscriptView, name: str) -> None:
    qtbot.mouseClick(button(transcript, name), LEFT)


def menu_of(qtbot: QtBot, transcript: TranscriptView, message_id: int, who: str) -> QMenu:
    """The menu behind a message's last button, open."""
    press(qtbot, transcript, f"More for {who}")
    menus = view_of(transcript, message_id).findChildren(QMenu)
    (menu,) = [menu for menu in menus if menu.isVisible()]
    return menu


def offered(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def trigger(menu: QMenu, text: str) -> None:
    (action,) = [action for action in menu.actions() if action.text() == text]
    action.trigger()
    menu.close()


@pytest.fixture
def pair(qtbot: QtBot, theme: Theme) -> TranscriptView:
    """A question and a reply that is the second of three."""
    messages = [question(1, "How far?"), reply(2, "**Far**.")]

    def versions(message_id: int) -> tuple[int, int]:
        return (2, 3) if message_id == 2 else (1, 1)

    return shown_transcript(qtbot, theme, messages, versions)


def test_copy_takes_the_text_as_it_was_written(qtbot: QtBot, pair: TranscriptView) -> None:
    with qtbot.waitSignal(pair.copied):
        press(qtbot, pair, "Copy message 2, Pirate")
    assert clipboard() == "**Far**."


def test_regenerate_names_the_message(qtbot: QtBot, pair: TranscriptView) -> None:
    with qtbot.waitSignal(pair.regenerate_requested) as asked:
        press(qtbot, pair, "Regenerate message 2, Pirate")
    assert asked.args == [2]


@pytest.mark.parametrize(("name", "step"), [("before", -1), ("after", 1)])
def test_the_arrows_walk_the_versions(
    qtbot: QtBot, pair: TranscriptView, name: str, step: int
) -> None:
    with qtbot.waitSignal(pair.walk_requested) as asked:
        press(qtbot, pair, f"Version {name} of message 2, Pirate")
    assert asked.args == [2, step]
    assert named(pair, "Version 2 of 3")


@pytest.mark.parametrize(("key", "step"), [(Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)])
def test_left_and_right_walk_the_versions_too(
    qtbot: QtBot, pair: TranscriptView, key: Qt.Key, step: int
) -> None:
    pair.focus_message(1)
    with qtbot.waitSignal(pair.walk_requested) as asked:
        qtbot.keyClick(view_of(pair, 2), key)
    assert asked.args == [2, step]


def test_delete_and_continue_are_in_the_menu(qtbot: QtBot, pair: TranscriptView) -> None:
    with qtbot.waitSignal(pair.delete_requested) as deleted:
        trigger(menu_of(qtbot, pair, 2, "message 2, Pirate"), "Delete")
    assert deleted.args == [2]
    with qtbot.waitSignal(pair.continue_requested) as continued:
        trigger(menu_of(qtbot, pair, 2, "message 2, Pirate"), "Continue")
    assert continued.args == [2]


def test_a_message_of_the_persons_is_not_regenerated_or_continued(
    qtbot: QtBot, pair: TranscriptView
) -> None:
    names = [w.accessibleName() for w in view_of(pair, 1).stops()]
    assert names == [
        "You, message 1 of 2",
        "Copy message 1, You",
        "Edit message 1, You",
        "More for message 1, You",
    ]
    menu = menu_of(qtbot, pair, 1, "message 1, You")
    assert offered(menu) == [
        "Have it answered",
        "Pin into memory",
        "Insert before",
        "Insert after",
        "Fork to a new chat",
        "Delete",
    ]
    menu.close()


def test_what_cannot_be_done_says_why(qtbot: QtBot, theme: Theme) -> None:
    messages = [reply(1), reply(2), reply(3)]
    versions = {1: (1, 2), 2: (2, 2), 3: (1, 1)}
    transcript = shown_transcript(qtbot, theme, messages, versions.__getitem__)
    first = button(transcript, "Version before of message 1, Pirate")
    last = button(transcript, "Version after of message 2, Pirate")
    assert (first.isEnabled(), first.toolTip()) == (False, "This is the first version")
    assert (last.isEnabled(), last.toolTip()) == (False, "This is the newest version")
    menu = menu_of(qtbot, transcript, 1, "message 1, Pirate")
    (go_on,) = [action for action in menu.actions() if action.text() == "Continue"]
    assert (go_on.isEnabled(), go_on.toolTip()) == (
        False,
        "Only the last message can be continued",
    )
    assert menu.toolTipsVisible()
    menu.close()


def test_a_reason_from_outside_stands_on_every_button_it_blocks(
    qtbot: QtBot, pair: TranscriptView
) -> None:
    pair.set_blocked("Another chat is answering")
    edit = button(pair, "Edit message 1, You")
    assert (edit.isEnabled(), edit.toolTip()) == (False, "Another chat is answering")
    assert edit.accessibleDescription() == "Another chat is answering"
    assert not button(pair, "Regenerate message 2, Pirate").isEnabled()
    assert button(pair, "Copy message 2, Pirate").isEnabled()
    pair.set_blocked("")
    assert button(pair, "Edit message 1, You").isEnabled()


def test_while_a_reply_streams_nothing_can_be_changed(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), streaming(2, "Arr")])
    edit = button(transcript, "Edit message 1, You")
    assert (edit.isEnabled(), edit.toolTip()) == (
        False,
        "Wait for the reply to end, or stop it first",
    )
    transcript.replace_message(reply(2, "Arr!"))
    assert button(transcript, "Edit message 1, You").isEnabled()


def test_the_toolbar_of_the_persons_own_words_is_seen_only_when_asked_for(
    qtbot: QtBot, pair: TranscriptView
) -> None:
    own, theirs = view_of(pair, 1).toolbar, view_of(pair, 2).toolbar
    assert is_blank(own)
    assert not is_blank(theirs)
    pair.focus_message(0)
    assert not is_blank(own)


def is_blank(widget: QWidget) -> bool:
    image = widget.grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return len({image.pixel(x, y) for x, y in places}) == 1


def begin_editing(qtbot: QtBot, transcript: TranscriptView, who: str) -> QPlainTextEdit:
    press(qtbot, transcript, f"Edit {who}")
    return named(transcript, f"Edit {who}", QPlainTextEdit)


def test_editing_happens_in_place_and_asks_for_a_new_version(
    qtbot: QtBot, pair: TranscriptView
) -> None:
    box = begin_editing(qtbot, pair, "message 1, You")
    assert box.hasFocus()
    assert box.toPlainText() == "How far?"
    qtbot.keyClicks(box, " Really?")
    with qtbot.waitSignal(pair.edit_requested) as asked:
        qtbot.mouseClick(named(pair, "Save message 1, You"), LEFT)
    assert asked.args == [1, "How far? Really?"]
    assert view_of(pair, 1).hasFocus()
    assert shown_text(pair, 1) == "How far?"


def test_the_editor_is_as_high_as_its_text_from_the_beginning(qtbot: QtBot, theme: Theme) -> None:
    text = "\n\n".join(["word " * 60] * 2)
    transcript = shown_transcript(qtbot, theme, [reply(1, text), reply(2, "word\n" * 60)])
    for message_id, is_whole in ((1, True), (2, False)):
        transcript.edit_message(message_id)
        box = view_of(transcript, message_id).findChild(QPlainTextEdit)
        assert box is not None
        assert (box.verticalScrollBar().maximum() == 0) is is_whole
        assert box.height() < transcript.viewport().height() + 100


def test_control_return_saves(qtbot: QtBot, pair: TranscriptView) -> None:
    box = begin_editing(qtbot, pair, "message 2, Pirate")
    qtbot.keyClicks(box, "!")
    with qtbot.waitSignal(pair.edit_requested) as asked:
        qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [2, "**Far**.!"]


@pytest.mark.parametrize("how", ["escape", "cancel", "unchanged"])
def test_giving_up_and_saving_nothing_new_ask_for_nothing(
    qtbot: QtBot, pair: TranscriptView, how: str
) -> None:
    box = begin_editing(qtbot, pair, "message 1, You")
    if how != "unchanged":
        qtbot.keyClicks(box, "x")
    with qtbot.assertNotEmitted(pair.edit_requested):
        if how == "escape":
            qtbot.keyClick(box, Qt.Key.Key_Escape)
        elif how == "cancel":
            qtbot.mouseClick(named(pair, "Stop editing message 1, You"), LEFT)
        else:
            qtbot.mouseClick(named(pair, "Save message 1, You"), LEFT)
    assert shown_text(pair, 1) == "How far?"
    assert view_of(pair, 1).hasFocus()


def test_no_text_cannot_be_saved(qtbot: QtBot, pair: TranscriptView) -> None:
    box = begin_editing(qtbot, pair, "message 1, You")
    box.setPlainText("  \n")
    save = named(pair, "Save message 1, You")
    assert (save.isEnabled(), save.toolTip()) == (False, "There is no text")
    with qtbot.assertNotEmitted(pair.edit_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_what_is_edited_cannot_be_saved_while_a_reply_streams_and_is_not_lost(
    qtbot: QtBot, pair: TranscriptView
) -> None:
    box = begin_editing(qtbot, pair, "message 1, You")
    qtbot.keyClicks(box, " Really?")
    pair.append_message(streaming(3))
    save = named(pair, "Save message 1, You")
    assert (save.isEnabled(), save.toolTip()) == (
        False,
        "Wait for the reply to end, or stop it first",
    )
    with qtbot.assertNotEmitted(pair.edit_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    pair.replace_message(reply(3))
    with qtbot.waitSignal(pair.edit_requested) as asked:
        qtbot.mouseClick(save, LEFT)
    assert asked.args == [1, "How far? Really?"]


def test_editing_does_not_begin_while_a_reply_streams(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [question(1), streaming(2)])
    transcript.edit_message(1)
    assert shown_text(transcript, 1) == "A question?"


def test_what_is_edited_survives_scrolling_streaming_and_a_theme_change(
    qtbot: QtBot, theme: Theme
) -> None:
    messages = [*exchanges(30)]
    transcript = shown_transcript(qtbot, theme, messages)
    bar = transcript.verticalScrollBar()
    bar.setValue(0)
    box = begin_editing(qtbot, transcript, "message 1, You")
    qtbot.keyClicks(box, " More.")
    bar.setValue(bar.maximum())
    transcript.show_path([*messages, streaming(99)], only_version)
    transcript.append_text(99, "Arr")
    theme.choose(ThemeChoice.DARK, 125)
    bar.setValue(0)
    again = named(transcript, "Edit message 1, You", QPlainTextEdit)
    assert again.toPlainText() == "Question 1? More."


def test_the_editor_grows_with_its_text(qtbot: QtBot, pair: TranscriptView) -> None:
    box = begin_editing(qtbot, pair, "message 1, You")
    before = box.height()
    box.setPlainText("line\n" * 12)
    assert box.height() > before + 60


def test_a_code_block_names_its_language_and_copies_only_its_code(
    qtbot: QtBot, theme: Theme
) -> None:
    text = "Before\n\n```python\nprint(1)\nprint(2)\n```\n\n```\nplain\n```\n"
    transcript = shown_transcript(qtbot, theme, [reply(1, text)])
    with qtbot.waitSignal(transcript.copied):
        qtbot.mouseClick(named(transcript, "Copy the code: print(1)"), LEFT)
    assert clipboard() == "print(1)\nprint(2)"
    frames = view_of(transcript, 1).findChildren(CodeFrame)
    names = {frame.text.accessibleName() for frame in frames if frame.isVisible()}
    assert names == {"Code in python", "Code in code"}


def test_copying_long_code_copies_all_of_it(qtbot: QtBot, theme: Theme) -> None:
    code = "\n".join(f"line {number}" for number in range(900))
    transcript = shown_transcript(qtbot, theme, [reply(1, f"```\n{code}\n```")])
    transcript.verticalScrollBar().setValue(0)
    qtbot.mouseClick(named(transcript, "Copy the code: line 0"), LEFT)
    assert clipboard() == code


def test_long_lines_of_code_scroll_sideways(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "```\n" + "x" * 500 + "\n```")])
    (text,) = view_of(transcript, 1).texts().values()
    assert text.horizontalScrollBar().maximum() > 0
    assert text.horizontalScrollBar().value() == 0
    assert text.verticalScrollBar().maximum() == 0


def link_place(text: SegmentText) -> QPoint:
    """The middle of the first link."""
    for x in range(0, text.width(), 3):
        for y in range(2, text.height(), 3):
            if text.anchorAt(QPoint(x, y)):
                return QPoint(x + 4, y + 4)
    raise AssertionError("no link")


def click_link(qtbot: QtBot, transcript: TranscriptView, message_id: int) -> None:
    text = view_of(transcript, message_id).texts()[0]
    qtbot.mouseClick(text.viewport(), LEFT, pos=link_place(text))


def test_a_link_is_opened_only_after_its_host_was_shown(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "[safe bank](https://аpple.com/login)")])
    with qtbot.assertNotEmitted(transcript.link_requested):
        click_link(qtbot, transcript, 1)
    assert transcript.link_bar.isVisible()
    assert transcript.link_bar.words == "Open xn--pple-43d.com in the browser?"
    with qtbot.waitSignal(transcript.link_requested) as asked:
        qtbot.keyClick(_open(transcript), Qt.Key.Key_Return)
    assert real_host(asked.args[0]) == "xn--pple-43d.com"
    assert not transcript.link_bar.isVisible()


def _open(transcript: TranscriptView) -> QWidget:
    focused = transcript.link_bar.focusWidget()
    assert focused is not None
    return focused


def test_a_link_can_be_copied_or_left_alone(qtbot: QtBot, theme: Theme) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, "[x](https://example.org/a)")])
    click_link(qtbot, transcript, 1)
    with qtbot.assertNotEmitted(transcript.link_requested):
        qtbot.keyClick(_open(transcript), Qt.Key.Key_Escape)
    assert not transcript.link_bar.isVisible()
    click_link(qtbot, transcript, 1)
    with qtbot.waitSignal(transcript.copied):
        transcript.link_bar.copy_button.click()
    assert clipboard() == "https://example.org/a"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "http:///x", "smb://h/x"]
)
def test_the_question_is_not_even_asked_for_other_addresses(
    qtbot: QtBot, pair: TranscriptView, url: str
) -> None:
    assert not pair.link_bar.ask(url)
    assert not pair.link_bar.isVisible()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a", "example.org"),
        ("https://example.org@evil.example/", "evil.example"),
        ("https://EXAMPLE.org:8080/", "example.org"),
        ("mailto:captain@example.org", "captain@example.org"),
    ],
)
def test_the_host_shown_is_the_one_that_is_asked(url: str, host: str) -> None:
    assert real_host(url) == host


def test_walking_keeps_the_arrows_where_they_are(qtbot: QtBot, theme: Theme) -> None:
    messages = exchanges(8)

    def versions(message_id: int) -> tuple[int, int]:
        return (1, 2) if message_id in (12, 50) else (1, 1)

    transcript = shown_transcript(qtbot, theme, messages, versions)
    transcript.focus_message(11)
    name = "Version after of message 12, Pirate"
    arrow = button(transcript, name)
    place = arrow.mapToGlobal(QPoint(0, 0))
    qtbot.mouseClick(arrow, LEFT)
    other = reply(50, "Another version.\n\n" + "Much longer. " * 300)
    transcript.show_path([*messages[:11], other, *messages[12:]], versions)
    again = button(transcript, name)
    assert again is arrow
    assert again.mapToGlobal(QPoint(0, 0)) == place


def test_a_walk_that_led_nowhere_is_forgotten(qtbot: QtBot, theme: Theme) -> None:
    messages = exchanges(8)
    transcript = shown_transcript(qtbot, theme, messages, lambda _: (1, 2))
    press(qtbot, transcript, "Version after of message 16, Pirate")
    transcript.show_path([*messages, question(90), reply(91)], only_version)
    assert transcript.is_at_end
    assert view_of(transcript, 91).isVisible()


def test_deleting_and_restoring_show_the_path_as_it_is(qtbot: QtBot, theme: Theme) -> None:
    messages: list[Message] = exchanges(2)
    transcript = shown_transcript(qtbot, theme, messages)
    transcript.show_path([messages[0], *messages[2:]], only_version)
    shown = [v.message_id for v in transcript.findChildren(MessageView) if v.isVisible()]
    assert sorted(shown) == [1, 3, 4]
    transcript.show_path(messages, only_version)
    assert shown_text(transcript, 2).startswith("Reply 2.")


def test_a_failed_reply_without_text_still_has_its_toolbar(qtbot: QtBot, theme: Theme) -> None:
    failed = message(2, Role.ASSISTANT, "", MessageStatus.FAILED, statistics=None)
    transcript = shown_transcript(qtbot, theme, [question(1), failed])
    with qtbot.waitSignal(transcript.regenerate_requested):
        press(qtbot, transcript, "Regenerate message 2, Pirate")


@pytest.mark.parametrize(
    "text", ["> one\n>\n> ```\n> code\n> ```\n>\n> > two\n>\n> | a |\n> |-|\n> | b |\n>\n> three"]
)
def test_the_bar_of_a_quote_is_one(qtbot: QtBot, theme: Theme, text: str) -> None:
    transcript = shown_transcript(qtbot, theme, [reply(1, f"before\n\n{text}\n\nafter")])
    view = view_of(transcript, 1)
    image = view.grab().toImage()
    line, x = theme.colour("line").rgb(), INSET + 1
    barred = [y for y in range(image.height()) if image.pixel(x, y) == line]
    assert len(barred) > 100
    assert barred == list(range(barred[0], barred[-1] + 1))
