"""What is done with messages, from the window to the disk: nothing a person does loses a text."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPlainTextEdit, QWidget

from chinwag.core.conversation import Message, Role
from chinwag.core.persona import Persona
from chinwag.ui.dialogs.deleted_messages_dialog import DeletedMessagesDialog
from chinwag.ui.dialogs.former_texts_dialog import FormerTextsDialog
from chinwag.ui.message_view import MessageView
from journeys.test_window import _check_names
from journeys.traveller import Traveller

pytestmark = [
    pytest.mark.journey,
    # menus, on the offscreen platform
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def choose(traveller: Traveller, message: Message, *path: str) -> None:
    """Take an entry of a message's menu, as the menu key opens it."""
    transcript = traveller.window.pane.transcript
    views = transcript.findChildren(MessageView)
    (view,) = [one for one in views if one.message_id == message.id and one.isVisible()]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), QPoint(2, 2))
    QApplication.sendEvent(view, event)
    (top,) = [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    menu: QMenu = top
    for text in path[:-1]:
        inner = entry(menu, text).menu()
        assert isinstance(inner, QMenu)
        menu = inner
    action = entry(menu, path[-1])
    assert action.isEnabled(), action.toolTip()
    action.trigger()
    top.close()


def entry(menu: QMenu, text: str) -> QAction:
    (action,) = [action for action in menu.actions() if action.text() == text]
    return action


def editor(traveller: Traveller) -> QPlainTextEdit:
    transcript = traveller.window.pane.transcript
    boxes = [box for box in transcript.findChildren(QPlainTextEdit) if box.isVisible()]
    assert len(boxes) == 1
    return boxes[0]


def seen(traveller: Traveller, name: str) -> list[QWidget]:
    """The visible widgets whose accessible name begins so."""
    widgets = traveller.window.findChildren(QWidget)
    return [one for one in widgets if one.accessibleName().startswith(name) and one.isVisible()]


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def test_a_text_is_replaced_looked_up_and_brought_back(traveller: Traveller):
    reply = traveller.ask("Name one fish.")
    choose(traveller, reply, "Edit")
    box = editor(traveller)
    box.selectAll()
    QTest.keyClicks(box, "A cod.")
    QTest.keyClick(box, Qt.Key.Key_Return, CONTROL | SHIFT)
    traveller.wait(lambda: traveller.path[-1].text == "A cod.")
    assert traveller.stored_path() == traveller.path
    assert len(traveller.path) == 3
    (mark,) = seen(traveller, "Edited: former texts")
    QTest.mouseClick(mark, Qt.MouseButton.LeftButton)
    (dialog,) = [d for d in traveller.window.findChildren(FormerTextsDialog) if d.isVisible()]
    _check_names(dialog)
    assert dialog.box.toPlainText() == reply.text
    QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    traveller.wait(lambda: traveller.path[-1].text == reply.text)
    back = traveller.path[-1]
    assert back.token_ids == reply.token_ids
    assert texts_before(back) == ["A cod."]
    assert traveller.stored_path() == traveller.path


def texts_before(message: Message) -> list[str]:
    return [former.text for former in message.former_texts]


def test_a_message_is_put_between_and_given_up(traveller: Traveller):
    traveller.ask("Name one fish.")
    before = traveller.path
    reply = before[-1]
    choose(traveller, reply, "Insert before", "Reply")
    box = editor(traveller)
    traveller.wait(box.hasFocus)
    _check_names(traveller.window)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not seen(traveller, "Write message")
    assert traveller.path == before
    choose(traveller, reply, "Insert before", "System message")
    QTest.keyClicks(editor(traveller), "Be brief.")
    QTest.keyClick(editor(traveller), Qt.Key.Key_Return, CONTROL)
    traveller.wait(lambda: len(traveller.path) == 4)
    expected = [*texts(before[:2]), "Be brief.", reply.text]
    assert texts(traveller.path) == expected
    assert traveller.stored_path() == traveller.path
    added = traveller.path[2]
    assert added.role is Role.SYSTEM
    traveller.window.pane.transcript.walk_requested.emit(added.id, -1)
    traveller.wait(lambda: traveller.path == before)


def test_what_a_full_disk_refuses_is_still_in_the_editor(traveller: Traveller):
    reply = traveller.ask("Name one fish.")
    before = traveller.path
    traveller.allow_pages(1)
    for path in (("Insert after", "Your message"), ("Edit",)):
        choose(traveller, reply, *path)
        box = editor(traveller)
        box.setPlainText("And one bird." * 2000)
        QTest.keyClick(box, Qt.Key.Key_Return, CONTROL)
        pane = traveller.window.pane
        traveller.wait(lambda pane=pane: bool(pane.banners.banners))
        (banner,) = pane.banners.banners
        assert banner.code == "store.full"
        traveller.wait(lambda: bool(seen(traveller, "Write")) or bool(seen(traveller, "Edit")))
        assert editor(traveller).toPlainText() == "And one bird." * 2000
        pane.banners.remove_banner(banner.code)
        QTest.keyClick(editor(traveller), Qt.Key.Key_Escape)
    assert traveller.path == before
    traveller.allow_pages(1_000_000)


def test_a_chat_forks_and_stands_at_the_top(traveller: Traveller):
    traveller.ask("Name one fish.")
    question = traveller.path[1]
    choose(traveller, question, "Fork to a new chat")
    traveller.wait(lambda: len(traveller.path) == 2)
    chat = traveller.app.services.chat
    assert chat.conversation is not None
    assert chat.conversation.title == "Name one fish. (fork)"
    assert traveller.window.windowTitle().startswith("Name one fish. (fork)")
    traveller.wait(lambda: len(traveller.conversations) == 2)
    assert traveller.conversations[0].id == chat.conversation.id
    choose(traveller, traveller.path[-1], "Have it answered")
    traveller.wait(lambda: len(traveller.path) == 3)
    assert traveller.hear().role is Role.ASSISTANT


def test_a_pin_is_seen_and_kept(traveller: Traveller):
    question = traveller.ask("Name one fish.")
    choose(traveller, question, "Pin into memory")
    traveller.wait(lambda: bool(seen(traveller, "Pinned: unpin")))
    assert traveller.stored_path()[-1].is_pinned
    _check_names(traveller.window)
    (mark,) = seen(traveller, "Pinned: unpin")
    QTest.mouseClick(mark, Qt.MouseButton.LeftButton)
    traveller.wait(lambda: not seen(traveller, "Pinned: unpin"))
    assert not traveller.stored_path()[-1].is_pinned


def test_another_persona_answers_for_once(traveller: Traveller):
    chat = traveller.app.services.chat
    first = traveller.ask("Name one fish.")
    chosen = chat.persona
    known = traveller.app.services.preferences.personas()
    other = next(one for one in known if isinstance(one, Persona) and one.id != chosen.id)
    choose(traveller, first, "With another persona", other.name)
    traveller.wait(lambda: traveller.path[-1].id != first.id)
    reply = traveller.hear()
    assert (reply.persona, chat.persona.id) == (other.id, chosen.id)


def test_a_reply_begins_with_the_words_it_was_given(traveller: Traveller):
    field = traveller.window.pane.foot.reply_start.field
    assert not field.isVisible()
    traveller.type("Name one fish.")
    traveller.press(Qt.Key.Key_R, CONTROL | SHIFT)
    assert field.hasFocus()
    QTest.keyClicks(field, "Aye, here is one:")
    _check_names(traveller.window)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert traveller.box.hasFocus()
    traveller.press(Qt.Key.Key_Return)
    traveller.wait(lambda: len(traveller.path) == 3)
    reply = traveller.hear()
    assert reply.text.startswith("Aye, here is one:")
    assert not field.isVisible()
    assert traveller.stored_path()[-1].text == reply.text
    # given up, it holds for nothing
    traveller.press(Qt.Key.Key_R, CONTROL | SHIFT)
    QTest.keyClicks(field, "Never")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert traveller.app.services.chat.reply_start == ""
    assert traveller.box.hasFocus()


def test_dialogs_of_messages_leave_nothing_open(traveller: Traveller):
    reply = traveller.ask("Name one fish.")
    traveller.app.services.chat.changes.replace_text(reply.id, "A cod.")
    traveller.wait(lambda: traveller.path[-1].text == "A cod.")
    choose(traveller, traveller.path[-1], "Former texts…")
    (dialog,) = [d for d in traveller.window.findChildren(QDialog) if d.isVisible()]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    traveller.wait(lambda: not traveller.window.findChildren(FormerTextsDialog))


def test_a_deleted_message_is_found_and_brought_back(traveller: Traveller):
    reply = traveller.ask("Name one fish.")
    deleted = traveller.window.actions_by_name["conversation.deleted"]
    deleted.trigger()
    (banner,) = traveller.window.pane.banners.banners
    assert banner.code == "deleted"
    choose(traveller, reply, "Delete")
    traveller.wait(lambda: traveller.path[-1].id != reply.id)
    traveller.window.toast.hide()
    deleted.trigger()
    (dialog,) = traveller.window.findChildren(DeletedMessagesDialog)
    _check_names(dialog)
    assert dialog.box.toPlainText() == reply.text
    assert dialog.list.item(0).text().startswith("Assistant\n")
    QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    traveller.wait(lambda: traveller.path[-1].id == reply.id)
    assert traveller.stored_path() == traveller.path


def test_the_keyboard_stays_on_a_message_while_it_walks_the_versions(traveller: Traveller):
    reply = traveller.ask("Name one fish.")
    chat, transcript = traveller.app.services.chat, traveller.window.pane.transcript
    for text in ("A hake.", "A cod."):
        chat.edit(reply.id, text)
        traveller.wait(lambda text=text: traveller.path[-1].text == text)
    traveller.ask("And one bird?")  # beneath the last version only
    transcript.focus_message(2)
    for key, text in (
        *((Qt.Key.Key_Left, "A hake."), (Qt.Key.Key_Left, reply.text)),
        *((Qt.Key.Key_Right, "A hake."), (Qt.Key.Key_Right, "A cod.")),
    ):
        QTest.keyClick(focus_of(traveller), key)
        traveller.wait(lambda text=text: traveller.path[2].text == text)
        focused = focus_of(traveller)
        assert isinstance(focused, MessageView), focused.accessibleName()
        assert focused.message_id == traveller.path[2].id


def focus_of(traveller: Traveller) -> QWidget:
    focused = traveller.window.focusWidget()
    assert focused is not None
    return focused
