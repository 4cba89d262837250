"""The window as a whole: names for every control, keys, narrow and wide, what it remembers."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QTextBrowser,
    QWidget,
)

from chinwag.core.conversation import Role
from chinwag.core.persona import Persona
from chinwag.core.settings import Theme
from chinwag.ui.actions import ENTRIES
from journeys.conftest import OpenApp
from journeys.traveller import Traveller

pytestmark = pytest.mark.journey

CONTROL = Qt.KeyboardModifier.ControlModifier
_CONTROLS = (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QTextBrowser,
)
_CLASS_LIKE = re.compile(r"^(Q[A-Z]|qt_)|(Button|Edit|Widget|View|Label|Box)$")


def _spoken_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def _controls(root: QWidget) -> list[QWidget]:
    return [
        widget
        for kind in _CONTROLS
        for widget in root.findChildren(kind)
        if widget.isVisibleTo(root) and not _is_inner(widget)
    ]


def _is_inner(widget: QWidget) -> bool:
    """Qt's own parts of a control (a spin box's line) are spoken of as that control."""
    parent = widget.parentWidget()
    return isinstance(parent, (QComboBox, QSpinBox)) or widget.objectName().startswith("qt_")


def _check_names(root: QWidget) -> None:
    names: dict[str, QWidget] = {}
    controls = _controls(root)
    assert len(controls) >= 3
    for widget in controls:
        name = _spoken_name(widget)
        assert name.strip(), f"{widget} has no name"
        assert not _CLASS_LIKE.search(name), f"{widget} is called {name!r}"
        assert name not in names, f"{widget} and {names[name]} are both called {name!r}"
        names[name] = widget


def test_every_control_has_a_name_of_its_own(traveller: Traveller):
    _check_names(traveller.window)
    traveller.ask("Hello")
    traveller.ask("And again")
    _check_names(traveller.window)


@pytest.mark.parametrize("name", ["app.preferences", "persona.edit"])
def test_every_control_of_a_dialog_has_a_name_of_its_own(traveller: Traveller, name: str):
    if name == "persona.edit":
        traveller.window.header.persona_picker.edit_requested.emit("pirate")
    else:
        traveller.window.actions_by_name[name].trigger()
    traveller.wait(lambda: bool(_dialogs(traveller)))
    (dialog,) = _dialogs(traveller)
    _check_names(dialog)
    dialog.close()


def _dialogs(traveller: Traveller) -> list[QDialog]:
    return [d for d in traveller.window.findChildren(QDialog) if d.isVisible()]


def test_tab_reaches_everything_and_comes_back(traveller: Traveller):
    window = traveller.window
    window.activateWindow()
    traveller.box.setFocus()
    traveller.wait(lambda: window.focusWidget() is traveller.box)
    visited: list[QWidget] = []
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        here = window.focusWidget()
        if here in visited:
            break
        visited.append(here)
    assert window.focusWidget() in visited, "the round never closes"
    reached = set(visited)
    for wanted in (
        window.sidebar.new_button,
        window.sidebar.search,
        window.header.persona_picker,
        window.header.model_picker,
        *window.pane.suggestions.buttons,
    ):
        assert wanted in reached, f"Tab does not reach {_spoken_name(wanted)!r}"


def test_narrow_folds_the_side_bar_and_wide_brings_it_back(traveller: Traveller):
    window = traveller.window
    assert window.sidebar.isVisible()
    window.resize(600, 700)
    traveller.wait(lambda: not window.sidebar.isVisible())
    traveller.press(Qt.Key.Key_B, CONTROL)
    assert window.sidebar.isVisible()
    window.resize(1200, 700)
    traveller.wait(lambda: window.sidebar.isVisible())
    window.resize(480, 700)
    traveller.wait(lambda: not window.sidebar.isVisible())
    assert window.pane.composer.width() <= 480
    for button in window.pane.suggestions.buttons:
        assert window.rect().contains(button.mapTo(window, QPoint(0, 0)))


def test_the_window_stands_again_as_it_stood(open_app: OpenApp):
    first = open_app()
    first.window.resize(760, 640)
    first.press(Qt.Key.Key_B, CONTROL)
    assert not first.window.sidebar.isVisible()
    first.app.services.preferences.change(theme=Theme.DARK, text_size_percent=120)
    first.leave()
    again = open_app()
    assert (again.window.width(), again.window.height()) == (760, 640)
    assert not again.window.sidebar.isVisible()
    assert again.app.theme.is_dark
    assert again.app.theme.text_factor == pytest.approx(1.2)


def test_a_persona_is_found_by_typing_and_chosen_by_enter(traveller: Traveller):
    chat = traveller.app.services.chat
    traveller.press(Qt.Key.Key_P, CONTROL)
    focus = traveller.window.focusWidget()
    QTest.keyClicks(focus, "shak")
    QTest.keyClick(traveller.window.focusWidget(), Qt.Key.Key_Return)
    traveller.wait(lambda: chat.persona.id == "shakespeare")
    recent = traveller.app.services.preferences.settings.recent_personas
    assert recent[0] == "shakespeare"


def test_a_persona_is_edited_saved_and_reset(traveller: Traveller):
    preferences = traveller.app.services.preferences
    traveller.window.header.persona_picker.edit_requested.emit("pirate")
    (dialog,) = _dialogs(traveller)
    name = dialog.findChildren(QLineEdit)[0]
    name.selectAll()
    QTest.keyClicks(name, "Corsair")
    save = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "Save")
    QTest.mouseClick(save, Qt.MouseButton.LeftButton)
    traveller.wait(lambda: preferences.persona("pirate").name == "Corsair")
    assert preferences.can_reset("pirate")
    preferences.reset_persona("pirate")
    traveller.wait(lambda: preferences.persona("pirate").name == "Pirate")


def test_deleting_a_chat_and_a_message_can_be_undone(traveller: Traveller):
    traveller.ask("Hello")
    chat, toast = traveller.app.services.chat, traveller.window.toast
    reply = traveller.path[-1]
    traveller.window.pane.transcript.delete_requested.emit(reply.id)
    traveller.wait(lambda: reply.id not in [m.id for m in traveller.path])
    assert toast.isVisible()
    toast.undo_requested.emit(("message", reply.id))
    traveller.wait(lambda: traveller.path[-1].id == reply.id)
    conversation = chat.conversation
    assert conversation is not None
    traveller.window.actions_by_name["conversation.delete"].trigger()
    traveller.wait(lambda: chat.conversation is None and not traveller.conversations)
    toast.undo_requested.emit(("conversation", conversation.id))
    traveller.wait(lambda: [c.id for c in traveller.conversations] == [conversation.id])


def test_a_draft_is_there_after_a_restart(open_app: OpenApp):
    first = open_app()
    first.type("half a thought")
    first.leave()
    again = open_app()
    again.wait(lambda: again.window.pane.composer.text == "half a thought")


def test_search_finds_words_of_a_reply(traveller: Traveller):
    traveller.ask("Tell me about the albatross.")
    window = traveller.window
    traveller.press(Qt.Key.Key_K, CONTROL)
    assert window.sidebar.search.hasFocus()
    with traveller.qtbot.waitSignal(traveller.app.services.searches.hits_found) as found:
        QTest.keyClicks(window.sidebar.search, "albatr")
    traveller.wait(lambda: window.sidebar.rows.rowCount() >= 1)
    assert "albatr".startswith(found.args[0])


def test_up_in_the_empty_box_edits_the_last_question(traveller: Traveller):
    traveller.ask("Name one fish.")
    traveller.press(Qt.Key.Key_Up)
    transcript = traveller.window.pane.transcript
    traveller.wait(lambda: bool(_editors(transcript)))
    (editor,) = _editors(transcript)
    assert editor.toPlainText() == "Name one fish."
    editor.selectAll()
    QTest.keyClicks(editor, "Name one bird.")
    QTest.keyClick(editor, Qt.Key.Key_Return, CONTROL)
    traveller.wait(lambda: any(m.text == "Name one bird." for m in traveller.path))
    traveller.hear()
    question = next(m for m in traveller.path if m.role is Role.USER)
    assert len(traveller.app.services.chat.siblings(question.id)) == 2


def _editors(transcript: QWidget) -> list[QPlainTextEdit]:
    return [box for box in transcript.findChildren(QPlainTextEdit) if box.isVisible()]


def test_shortcuts_are_unique():
    keys = [entry.shortcut for entry in ENTRIES if entry.shortcut]
    assert len(keys) == len(set(keys))
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


def test_a_broken_model_file_leaves_the_choice_and_says_why(traveller: Traveller, tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(20))
    shelf = traveller.app.services.shelf
    before = shelf.state.model
    traveller.window.header.model_picker.file_requested.emit(broken)
    traveller.wait(lambda: bool(traveller.window.pane.banners.banners))
    (banner,) = traveller.window.pane.banners.banners
    assert banner.code.startswith("model.")
    assert shelf.state.model == before
    assert isinstance(traveller.app.services.chat.persona, Persona)


def test_eject_and_load_again(traveller: Traveller):
    shelf = traveller.app.services.shelf
    traveller.window.header.model_picker.eject_requested.emit()
    traveller.wait(lambda: shelf.state.phase.value == "not_loaded")
    traveller.window.header.model_picker.load_requested.emit()
    traveller.wait(lambda: shelf.state.phase.value == "ready")


def test_another_chat_may_open_while_the_old_one_is_still_drawn(traveller: Traveller):
    traveller.ask("Hello")
    shown = traveller.path[-1].id
    traveller.begin_anew()
    pane = traveller.window.pane
    assert traveller.app.services.chat.siblings(shown) == []
    pane.transcript.append_text(shown, " more")
    pane.refresh_speakers()
    assert pane.suggestions.isVisible()
