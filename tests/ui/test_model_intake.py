"""Taking model files in by the window: dropped, chosen, found with others; by key and pointer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.taking_in import FoundModel, Way
from chinwag.ui.dialogs.found_dialog import FoundDialog
from chinwag.ui.dialogs.take_in_dialog import TakeInDialog
from chinwag.ui.model_drop import ModelDrop
from chinwag.ui.theme import Theme

Key = Qt.Key
FILES = [Path("/far/a.gguf"), Path("/far/B.GGUF")]
THEIRS = [
    FoundModel("LM Studio", "Talk", Path("/far/talk.gguf"), 4_000_000_000),
    FoundModel("Ollama", "llama3:8b", Path("/far/blob"), 5_000_000_000),
]
Show = Callable[[QWidget], None]


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


def drop_on(widget: QWidget, urls: list[QUrl]) -> bool:
    """Drag over a widget and let go; whether it would have taken it."""
    carried = QMimeData()
    carried.setUrls(urls)
    arguments = (carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(widget.rect().center(), copy, *arguments)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), copy, *arguments))
    return enter.isAccepted()


def test_only_model_files_are_taken_from_a_drop(window: QWidget, show: Show, qtbot: QtBot):
    drop = ModelDrop()
    drop.watch(window)
    show(window)
    local = [QUrl.fromLocalFile(str(path)) for path in FILES]
    with qtbot.waitSignal(drop.files_dropped) as told:
        assert drop_on(window, local)
    assert told.args == [FILES]
    with qtbot.assertNotEmitted(drop.files_dropped):
        assert not drop_on(window, [])
        assert not drop_on(window, [*local, QUrl.fromLocalFile("/far/notes.txt")])
        assert not drop_on(window, [QUrl("https://example.org/a.gguf")])


@pytest.mark.parametrize(
    ("downs", "way"), [(0, Way.LINK), (1, Way.MOVE), (2, Way.COPY)], ids=lambda one: str(one)
)
def test_the_way_is_chosen_by_key(
    theme: Theme, window: QWidget, show: Show, qtbot: QtBot, downs: int, way: Way
):
    show(window)
    dialog = TakeInDialog(theme, FILES[:1], 4_200_000_000, Path("/home/models"), window)
    dialog.open()
    assert dialog.line.text() == "Add “a.gguf”, 4.2 GB"
    qtbot.waitUntil(lambda: dialog.buttons[Way.LINK].hasFocus())
    for _ in range(downs):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Down)
    with qtbot.waitSignal(dialog.take_in_requested) as asked:
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert asked.args == [FILES[:1], way]
    assert not dialog.isVisible()


def test_several_files_are_one_question(theme: Theme, window: QWidget, show: Show, qtbot: QtBot):
    show(window)
    dialog = TakeInDialog(theme, FILES, 9_000_000_000, Path("/home/models"), window)
    dialog.open()
    assert dialog.line.text() == "Add 2 model files, 9.0 GB"
    with qtbot.assertNotEmitted(dialog.take_in_requested):
        qtbot.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()


def test_found_models_are_ticked_and_can_be_left_out(
    theme: Theme, window: QWidget, show: Show, qtbot: QtBot
):
    show(window)
    dialog = FoundDialog(theme, THEIRS, window)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.list.hasFocus())
    assert dialog.chosen() == THEIRS
    qtbot.keyClick(dialog.list, Key.Key_Space)
    assert dialog.chosen() == THEIRS[1:]
    qtbot.keyClick(dialog.list, Key.Key_Down)
    qtbot.keyClick(dialog.list, Key.Key_Space)
    assert not dialog.use_button.isEnabled()
    assert dialog.use_button.toolTip()
    qtbot.keyClick(dialog.list, Key.Key_Space)
    with qtbot.waitSignal(dialog.adopt_requested) as asked:
        qtbot.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    assert asked.args == [THEIRS[1:]]
