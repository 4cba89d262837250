"""Fields of dialogs: values, the wheel, folders, names for the ear."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chinwag.ui.fields import (
    CheckField,
    ChoiceField,
    DecimalField,
    FieldRow,
    FolderField,
    NumberField,
)
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]


def turn_wheel(widget: QWidget) -> None:
    """One notch of the wheel, down."""
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.fixture
def choice(theme: Theme, show: Show) -> ChoiceField:
    """A choice of three."""
    choice = ChoiceField(theme)
    choice.set_choices([("a", "First"), ("b", "Second"), ("c", "Third")])
    show(choice)
    return choice


def test_only_a_person_s_choice_is_told(choice: ChoiceField, qtbot: QtBot):
    with qtbot.assertNotEmitted(choice.value_chosen):
        choice.set_value("b")
    assert choice.value == "b"
    with qtbot.waitSignal(choice.value_chosen) as chosen:
        qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert chosen.args == ["c"]


def test_other_choices_keep_the_one_shown(choice: ChoiceField):
    choice.set_value("b")
    choice.set_choices([("b", "Renamed"), ("d", "New")])
    assert (choice.value, choice.currentText()) == ("b", "Renamed")
    choice.set_value("gone")
    assert choice.value is None


@pytest.mark.parametrize("kind", [NumberField, DecimalField, ChoiceField])
def test_the_wheel_turns_only_what_has_the_keyboard(
    theme: Theme, window: QWidget, show: Show, kind: type
):
    layout = QVBoxLayout(window)
    other, field = QLineEdit(), kind(theme)
    if isinstance(field, ChoiceField):
        field.set_choices([(0, "0"), (1, "1"), (2, "2")])
        field.set_value(1)
    else:
        field.setValue(1)
    layout.addWidget(other)
    layout.addWidget(field)
    show(window)
    value = (lambda: field.value) if isinstance(field, ChoiceField) else field.value
    other.setFocus()
    turn_wheel(field)
    assert value() == 1
    field.setFocus()
    turn_wheel(field)
    assert value() != 1


def test_a_number_is_told_once_it_is_typed(theme: Theme, show: Show, qtbot: QtBot):
    number = NumberField(theme)
    number.setRange(0, 5000)
    show(number)
    told: list[int] = []
    number.valueChanged.connect(told.append)
    number.selectAll()
    qtbot.keyClicks(number, "1234")
    assert told == []
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert told == [1234]


def test_a_folder_and_the_way_back(theme: Theme, show: Show, qtbot: QtBot, tmp_path: object):
    field = FolderField(theme, "Models")
    field.resize(500, 40)
    show(field)
    assert not field.usual_button.isVisible()
    qtbot.mouseClick(field.choose_button, Qt.MouseButton.LeftButton)
    dialog = field.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(field.folder_chosen) as chosen:
        dialog.fileSelected.emit(str(tmp_path))
    assert chosen.args == [str(tmp_path)]
    assert field.label.full_text == str(tmp_path)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    with qtbot.waitSignal(field.folder_chosen) as chosen:
        qtbot.mouseClick(field.usual_button, Qt.MouseButton.LeftButton)
    assert chosen.args == [""]
    assert field.label.full_text == "The usual folder"


def test_a_box_is_ticked_by_pointer_and_by_space(theme: Theme, show: Show, qtbot: QtBot):
    box = CheckField(theme, "Temperature")
    show(box)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert box.isChecked()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert not box.isChecked()
    box.setChecked(True)
    corner = box.grab().toImage().pixelColor(4, box.height() // 2 + 4).name()
    assert corner == theme.css("accent")


def test_a_row_names_and_explains_its_control(theme: Theme):
    control = NumberField(theme)
    row = FieldRow(theme, "Threads", "How many cores work.", control)
    assert row.control.accessibleName() == "Threads"
    assert row.control.accessibleDescription() == "How many cores work."
