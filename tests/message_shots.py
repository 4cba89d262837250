"""Pictures of what can be done with messages: marks, menus, editors, the start of a reply."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from chinwag.application import Application
from chinwag.core.conversation import Role
from chinwag.ui.message_view import MessageView

LONG_START = "Arr, the horizon be "


def message_states(
    app: Application,
    ask: Callable[[str], None],
    wait: Callable[[Callable[[], bool]], None],
    save: Callable[[QWidget, str], None],
) -> Iterator[str]:
    """The states one after the other; `save` pictures a widget that is not part of the window."""
    window, chat = app.window, app.services.chat
    pane = window.pane
    transcript = pane.transcript

    def view_of(message_id: int) -> MessageView:
        views = transcript.findChildren(MessageView)
        return next(one for one in views if one.message_id == message_id and one.isVisible())

    def menu_of(message_id: int) -> QMenu:
        view = view_of(message_id)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), QPoint(2, 2))
        QApplication.sendEvent(view, event)
        return next(menu for menu in view.findChildren(QMenu) if menu.isVisible())

    opened: list[object] = []
    chat.conversation_opened.connect(opened.append)
    chat.new()
    wait(lambda: bool(opened))
    ask("How far can I see from the crow's nest?")
    ask("And at night?")
    question, reply = chat.path()[-2:]
    chat.changes.replace_text(reply.id, "By the light of the moon, *some* ten miles.")
    wait(lambda: bool(chat.path()[-1].former_texts))
    for message in (question, reply):
        chat.changes.set_pinned(message.id, True)
    wait(lambda: chat.path()[-1].is_pinned)
    yield "30-marks"
    transcript.focus_message(len(chat.path()) - 1)
    yield "31-marks-lit"
    menu = menu_of(reply.id)
    save(menu, "32-menu-of-a-reply")
    inner = next(one for one in menu.findChildren(QMenu) if "persona" in one.title())
    inner.popup(QPoint(0, 0))
    save(inner, "33-menu-of-personas")
    inner.close()
    menu.close()
    transcript.edit_message(reply.id)
    yield "34-editing-a-reply"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    transcript.commands.insert_wished.emit(reply.id, Role.USER, True)
    yield "35-inserting-a-question"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    transcript.commands.insert_wished.emit(reply.id, Role.SYSTEM, True)
    yield "36-inserting-a-system-message"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    transcript.commands.former_wished.emit(reply.id)
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            save(dialog, "37-former-texts")
            dialog.close()
    pane.foot.reply_start.open()
    QTest.keyClicks(pane.foot.reply_start.field, LONG_START)
    yield "38-start-of-a-reply"
    chat.set_reply_start("")
    pane.foot.reply_start.set_text("")
