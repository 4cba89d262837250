"""A chat that came from elsewhere goes on here: it is asked, and answers with its history."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from chinwag.core.conversation import Role
from chinwag.ui.dialogs.import_dialog import TITLE, ImportDialog
from journeys.traveller import Traveller

pytestmark = pytest.mark.journey

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "chatgpt-conversations.json"


def test_an_imported_chat_goes_on(traveller: Traveller) -> None:
    window = traveller.window
    window.actions_by_name["transfer.import"].trigger()
    [files] = [one for one in window.findChildren(QFileDialog) if one.isVisible()]
    files.fileSelected.emit(str(SAMPLE))
    files.reject()
    [dialog] = window.findChildren(ImportDialog)
    traveller.wait(lambda: dialog.list.topLevelItemCount() == 3)
    second = dialog.list.topLevelItem(1)
    assert second is not None
    second.setCheckState(TITLE, Qt.CheckState.Unchecked)
    traveller.qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    traveller.wait(lambda: len(traveller.path) == 4)
    before = traveller.path
    traveller.say("And which one holds best?")
    traveller.wait_for_words(3)
    path = traveller.path
    assert path[:4] == before
    assert path[-2].text == "And which one holds best?"
    assert path[-1].role is Role.ASSISTANT
    assert path[-1].text
    assert path[-1].persona, "one of ours answers"
