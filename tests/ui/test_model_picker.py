"""The model's button in each of its states, and what can be done from its popover."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from chinwag.core.errors import ModelFileError
from chinwag.core.model import InstalledModel, ModelPhase, ModelState
from chinwag.ui.model_picker import ModelPicker
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]


def installed(name: str, size: int) -> InstalledModel:
    """A model as the shelf lists it."""
    return InstalledModel(
        f"{name}.gguf", Path(f"{name}.gguf"), name, "llama", "Q4_1", size, 2048, True
    )


SMALL, LARGE = installed("Small", 98_000_000), installed("Large", 4_200_000_000)
FAILURE = ModelFileError("model.not_gguf", file="Small.gguf")


@pytest.fixture
def picker(theme: Theme, window: QWidget, show: Show) -> ModelPicker:
    """A picker with two models, none loaded, in a window with room."""
    picker = ModelPicker(theme, window)
    picker.set_models([SMALL, LARGE])
    picker.set_state(ModelState(ModelPhase.NOT_LOADED, SMALL))
    show(window)
    return picker


@pytest.mark.parametrize(
    ("state", "words", "action", "signal"),
    [
        (ModelState(ModelPhase.NOT_LOADED, SMALL), "not loaded", "Load", "load_requested"),
        (
            ModelState(ModelPhase.LOADING, SMALL, 0.436),
            "loading 43 %",
            "Cancel",
            "cancel_requested",
        ),
        (
            ModelState(ModelPhase.READY, SMALL, 1, 4096, 3, 1.2),
            "ready",
            "Eject",
            "eject_requested",
        ),
        (
            ModelState(ModelPhase.FAILED, SMALL, error=FAILURE),
            "failed: ",
            "Try again",
            "load_requested",
        ),
    ],
)
def test_each_state_is_in_words_and_has_its_button(
    picker: ModelPicker, qtbot: QtBot, state: ModelState, words: str, action: str, signal: str
):
    picker.set_state(state)
    assert picker.state_text.startswith(words)
    assert picker.accessibleName().startswith("Model: Small, Q4_1, " + words)
    picker.open_popover()
    assert picker.state_button.text() == action
    assert picker.state_button.accessibleName() == f"{action} Small"
    with qtbot.waitSignal(getattr(picker, signal)):
        qtbot.mouseClick(picker.state_button, Qt.MouseButton.LeftButton)


def test_a_failure_says_why_in_the_button_and_in_the_popover(picker: ModelPicker):
    picker.set_state(ModelState(ModelPhase.FAILED, SMALL, error=FAILURE))
    picker.open_popover()
    reason = picker.state_label.text()
    assert "Small.gguf" in reason
    assert picker.state_text == f"failed: {reason}"
    assert reason in picker.toolTip()


def test_a_load_shows_how_far_it_is(picker: ModelPicker):
    picker.open_popover()
    assert not picker.progress.isVisible()
    picker.set_state(ModelState(ModelPhase.LOADING, SMALL, 0.25))
    assert picker.progress.isVisible()
    assert picker.progress.value() == 25


def test_without_a_model_it_offers_a_file(picker: ModelPicker):
    picker.set_models([])
    picker.set_state(ModelState(ModelPhase.NONE))
    assert picker.title == "Choose a model"
    picker.open_popover()
    assert not picker.state_button.isVisible()
    assert not picker.popover.list.isVisible()


def test_rows_say_quantization_and_size(picker: ModelPicker):
    rows = picker.popover.rows
    first, second = rows.row_at(rows.index(0)), rows.row_at(rows.index(1))
    assert first is not None
    assert second is not None
    assert first.description.startswith("Q4_1 · 98")
    assert first.is_current
    assert second.description.startswith("Q4_1 · 4")
    assert not second.is_current


def test_choosing_another_model(picker: ModelPicker, qtbot: QtBot):
    picker.open_popover()
    qtbot.keyClick(picker.popover.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(picker.model_requested) as asked:
        qtbot.keyClick(picker.popover.list, Qt.Key.Key_Return)
    assert asked.args == ["Large.gguf"]


def test_the_tick_follows_the_state(picker: ModelPicker):
    picker.set_state(ModelState(ModelPhase.NOT_LOADED, LARGE))
    rows = picker.popover.rows
    assert rows.current_row() == 1


def test_a_file_from_anywhere(picker: ModelPicker, qtbot: QtBot, tmp_path: Path):
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF")
    picker.open_file_dialog()
    dialog = picker.window().findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(picker.file_requested) as asked:
        dialog.fileSelected.emit(str(file))
    assert asked.args == [file]
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
