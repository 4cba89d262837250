"""A popover with a list: keyboard, filter, focus that stays inside and goes back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from chinwag.ui.picker_list import PickerPopover
from chinwag.ui.picker_rows import PickerListModel, PickerRow
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import TextButton

Show = Callable[[QWidget], None]
ROWS = [
    PickerRow("assistant", "Assistant", "Answers plainly", trailing="gear", trailing_name="Edit A"),
    PickerRow("pirate", "Pirate", "Talks of the sea", is_current=True, trailing="gear"),
    PickerRow("broken", "broken.toml", "It has no name", is_enabled=False),
    PickerRow("cook", "Cook", "Cooks with what is there"),
]


class Stage(QWidget):
    """A window with a text, a button and a popover under it."""

    def __init__(self, theme: Theme, filter_from: int = 0) -> None:
        super().__init__()
        self.resize(600, 500)
        self.edit = QLineEdit()
        self.button = QPushButton("Open")
        self.popover = PickerPopover(theme, "Things", "Find", filter_from, self)
        self.create = TextButton(theme, "Create", "entry")
        self.popover.footer.addWidget(self.create)
        self.popover.set_rows(ROWS)
        layout = QVBoxLayout(self)
        layout.addWidget(self.edit)
        layout.addWidget(self.button)
        layout.addStretch(1)

    def open(self) -> None:
        """Open the popover as a picker does."""
        self.edit.setFocus()
        self.popover.open_under(self.button, 320)

    @property
    def lit(self) -> str:
        """The id of the row that is lit."""
        row = self.popover.rows.row_at(self.popover.list.currentIndex())
        return row.id if row is not None else ""


@pytest.fixture
def stage(theme: Theme, show: Show) -> Stage:
    """The window, shown, its popover open."""
    stage = Stage(theme)
    show(stage)
    stage.open()
    return stage


def test_the_model_keeps_the_rules(qtmodeltester: ModelTester):
    model = PickerListModel()
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Warning, model
    )
    assert tester.model() is model
    model.set_rows(ROWS)
    model.set_words("co")
    qtmodeltester.check(model)
    model.set_words("")
    model.set_rows([])
    qtmodeltester.check(model)


def test_words_narrow_the_list_and_titles_come_first():
    model = PickerListModel()
    model.set_rows(ROWS)
    model.set_words("the")
    assert [model.index(at).data() for at in range(model.rowCount())] == ["Pirate", "Cook"]
    model.set_words("p")
    assert model.index(0).data() == "Pirate"
    model.set_words("cook sea")
    assert model.rowCount() == 0


def test_it_opens_on_the_row_in_use_with_the_filter_ready(stage: Stage):
    assert stage.lit == "pirate"
    assert QApplication.focusWidget() is stage.popover.filter


@pytest.mark.parametrize(
    ("keys", "lit"),
    [
        ([Qt.Key.Key_Down], "cook"),  # over the row that cannot be used
        ([Qt.Key.Key_Up], "assistant"),
        ([Qt.Key.Key_End], "cook"),
        ([Qt.Key.Key_End, Qt.Key.Key_Up], "pirate"),
        ([Qt.Key.Key_Home], "assistant"),
        ([Qt.Key.Key_Home, Qt.Key.Key_Up], "assistant"),
        ([Qt.Key.Key_PageDown], "cook"),
        ([Qt.Key.Key_PageDown, Qt.Key.Key_PageUp], "assistant"),
    ],
)
def test_keys_move_through_the_list(stage: Stage, qtbot: QtBot, keys: list[Qt.Key], lit: str):
    for key in keys:
        qtbot.keyClick(stage.popover.filter, key)
    assert stage.lit == lit


def test_typing_lights_the_first_match_and_enter_takes_it(stage: Stage, qtbot: QtBot):
    qtbot.keyClicks(stage.popover.filter, "coo")
    assert stage.lit == "cook"
    with qtbot.waitSignal(stage.popover.row_chosen) as chosen:
        qtbot.keyClick(stage.popover.filter, Qt.Key.Key_Return)
    assert chosen.args == ["cook"]
    assert not stage.popover.isVisible()
    assert QApplication.focusWidget() is stage.edit


def test_enter_takes_nothing_where_nothing_matches(stage: Stage, qtbot: QtBot):
    qtbot.keyClicks(stage.popover.filter, "zzz")
    with qtbot.assertNotEmitted(stage.popover.row_chosen):
        qtbot.keyClick(stage.popover.filter, Qt.Key.Key_Return)
    assert stage.popover.isVisible()


def test_escape_closes_and_gives_the_keyboard_back(stage: Stage, qtbot: QtBot):
    with qtbot.waitSignal(stage.popover.closed):
        qtbot.keyClick(stage.popover.filter, Qt.Key.Key_Escape)
    assert not stage.popover.isVisible()
    assert QApplication.focusWidget() is stage.edit


def test_it_opens_again_without_the_words_of_last_time(stage: Stage, qtbot: QtBot):
    qtbot.keyClicks(stage.popover.filter, "cook")
    qtbot.keyClick(stage.popover.filter, Qt.Key.Key_Escape)
    stage.open()
    assert stage.popover.filter.text() == ""
    assert stage.popover.rows.rowCount() == len(ROWS)


def test_tab_goes_round_inside(stage: Stage, qtbot: QtBot):
    qtbot.keyClick(stage.popover.filter, Qt.Key.Key_Home)
    seen = []
    for _ in range(4):
        seen.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [
        stage.popover.filter,
        stage.popover.trailing,
        stage.create,
        stage.popover.filter,
    ]
    assert stage.popover.trailing.accessibleName() == "Edit A"


def test_the_button_at_the_end_of_a_row_says_which(stage: Stage, qtbot: QtBot):
    qtbot.keyClick(stage.popover.filter, Qt.Key.Key_Home)
    with qtbot.waitSignal(stage.popover.trailing_chosen) as chosen:
        qtbot.mouseClick(stage.popover.trailing, Qt.MouseButton.LeftButton)
    assert chosen.args == ["assistant"]
    assert not stage.popover.isVisible()


def test_a_row_without_a_button_has_none(stage: Stage, qtbot: QtBot):
    qtbot.keyClick(stage.popover.filter, Qt.Key.Key_End)
    assert not stage.popover.trailing.isVisible()


def test_a_click_chooses_a_usable_row_only(stage: Stage, qtbot: QtBot):
    popover = stage.popover
    place = popover.list.visualRect(popover.rows.index(2)).center()
    with qtbot.assertNotEmitted(popover.row_chosen):
        qtbot.mouseClick(popover.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    place = popover.list.visualRect(popover.rows.index(3)).center()
    with qtbot.waitSignal(popover.row_chosen) as chosen:
        qtbot.mouseClick(popover.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["cook"]


def test_the_pointer_lights_the_row_under_it(stage: Stage):
    viewport = stage.popover.list.viewport()
    place = QPointF(stage.popover.list.visualRect(stage.popover.rows.index(3)).center())
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        viewport.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, move)
    assert stage.lit == "cook"


def test_a_press_beside_it_closes(stage: Stage, qtbot: QtBot):
    qtbot.mouseClick(stage.popover, Qt.MouseButton.LeftButton, pos=QPoint(580, 480))
    assert not stage.popover.isVisible()


def test_it_goes_when_the_keyboard_is_taken_elsewhere(stage: Stage, qtbot: QtBot):
    stage.button.setFocus()
    qtbot.waitUntil(lambda: not stage.popover.isVisible())
    assert QApplication.focusWidget() is stage.button


def test_it_stays_inside_a_window_that_shrinks(stage: Stage, qtbot: QtBot):
    stage.resize(260, 300)
    qtbot.waitUntil(lambda: stage.rect().contains(stage.popover.panel.geometry()))
    assert stage.popover.panel.width() < 320


def test_few_rows_need_no_filter_and_the_list_has_the_keys(theme: Theme, show: Show, qtbot: QtBot):
    stage = Stage(theme, filter_from=6)
    show(stage)
    stage.open()
    assert not stage.popover.filter.isVisible()
    assert QApplication.focusWidget() is stage.popover.list
    qtbot.keyClick(stage.popover.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(stage.popover.row_chosen) as chosen:
        qtbot.keyClick(stage.popover.list, Qt.Key.Key_Return)
    assert chosen.args == ["cook"]


def test_other_rows_while_open_keep_the_lit_one(stage: Stage, qtbot: QtBot):
    qtbot.keyClick(stage.popover.filter, Qt.Key.Key_End)
    stage.popover.set_rows([PickerRow("new", "New"), *ROWS])
    assert stage.lit == "cook"


def test_in_a_low_window_the_list_gives_way(theme: Theme, show: Show):
    window = QWidget()
    window.resize(420, 380)
    anchor = QPushButton("Open", window)
    anchor.setGeometry(10, 10, 100, 30)
    popover = PickerPopover(theme, "Things", "Find a thing", parent=window)
    foot = QPushButton("At the foot")
    popover.footer.addWidget(foot)
    popover.set_rows(
        PickerRow(str(at), f"Thing {at}", "about it", trailing="gear", trailing_name=f"Edit {at}")
        for at in range(12)
    )
    show(window)
    popover.open_under(anchor, 360)
    bottom = popover.list.mapTo(window, QPoint(0, popover.list.height())).y()
    assert popover.list.height() >= popover.list.sizeHintForRow(0)
    assert bottom <= foot.mapTo(window, QPoint(0, 0)).y()
    assert popover.panel.geometry().bottom() < window.height()
    # the button stands on its row, which a scroll bar makes narrower
    row = popover.list.visualRect(popover.list.currentIndex())
    assert row.contains(popover.trailing.geometry())
