"""Restore from backup in the real window, from the menu to the chats and back again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chinwag.application import Application
from chinwag.core.conversation import Role
from chinwag.core.errors import StoreError
from chinwag.core.paths import find_paths
from chinwag.core.recovered import Recovery, Salvaged
from chinwag.core.retention import Backup, BackupKind
from chinwag.store.conversation_store import ConversationStore
from chinwag.ui.backup_words import content_words, recovered_sentence, why_words
from chinwag.ui.dialogs.restore_dialog import RestoreDialog

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


class Person:
    """Somebody who chats, has a backup made, and wants it back."""

    def __init__(self, qtbot: QtBot, app: Application) -> None:
        self.qtbot = qtbot
        self.app = app
        self.is_there = True
        self.titles: list[str] = []
        app.services.conversations.conversations_changed.connect(self._on_listed)
        app.window.show()
        qtbot.waitExposed(app.window)

    def add(self, title: str) -> int:
        def work() -> int:
            store = ConversationStore(self.app.services._database, lambda: NOW)
            number = store.create(title, "pirate", "").id
            store.append(number, None, Role.USER, f"Tell me of {title}")
            return number

        return self.app.services.tasks.call(work)

    def back_up(self) -> Backup:
        safekeeping = self.app.services.safekeeping
        with self.qtbot.waitSignal(safekeeping.backup_made) as made:
            safekeeping.begin()
        assert made.args is not None
        return made.args[0]

    def open_dialog(self) -> RestoreDialog:
        self.app.window.actions_by_name["backup.restore"].trigger()
        [dialog] = self.app.window.findChildren(RestoreDialog)
        self.qtbot.waitUntil(lambda: not dialog.line.text().startswith("Looking"))
        return dialog

    def leave(self) -> None:
        if self.is_there:
            self.is_there = False
            self.app.window.close()
            self.app.close()
            self.app.window.deleteLater()
            self.app.deleteLater()

    def sentences(self) -> list[str]:
        return [banner.label.text() for banner in self.app.window.pane.banners.banners]

    def _on_listed(self, conversations: list) -> None:
        self.titles = sorted(one.title for one in conversations)


@pytest.fixture
def person(qapp: QApplication, qtbot: QtBot) -> Iterator[Person]:
    person = Person(qtbot, Application(qapp, find_paths()))
    yield person
    person.leave()


def test_a_backup_is_chosen_put_back_and_undone(person: Person, qtbot: QtBot) -> None:
    person.add("Knots")
    person.back_up()
    person.app.services.chat.open(person.add("Sails"))
    qtbot.waitUntil(lambda: person.app.services.chat.conversation is not None)
    dialog = person.open_dialog()
    assert dialog.list.topLevelItemCount() == 1
    row = dialog.list.topLevelItem(0)
    assert row is not None
    assert [row.text(column) for column in (1, 2, 3, 5)] == ["Daily", "1", "1", "Knots"]
    assert dialog.detail.text() == (
        "Here now: 2 chats, 2 messages. In this backup: 1 chat, 1 message."
    )
    qtbot.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: person.titles == ["Knots"])
    assert person.app.services.chat.conversation is None
    [sentence] = person.sentences()
    assert sentence.startswith("The chats are as they were in the backup of ")
    qtbot.waitUntil(lambda: not person.app.window.findChildren(RestoreDialog))
    [banner] = person.app.window.pane.banners.banners
    qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: person.titles == ["Knots", "Sails"])


def test_what_is_typed_while_restoring_is_not_written_into_a_chat_that_is_gone(
    person: Person, qtbot: QtBot
) -> None:
    person.add("Knots")
    person.back_up()
    person.app.services.chat.open(person.add("Sails"))
    qtbot.waitUntil(lambda: person.app.services.chat.conversation is not None)
    dialog = person.open_dialog()
    qtbot.keyClicks(person.app.window.pane.composer.text_edit, "half a sentence")
    qtbot.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: person.titles == ["Knots"])
    [sentence] = person.sentences()
    assert "as they were" in sentence


def test_without_any_backup_the_dialog_says_so(person: Person) -> None:
    dialog = person.open_dialog()
    assert dialog.line.text() == "There is no backup yet. One is made each day that you chat."
    assert not dialog.restore_button.isEnabled()
    dialog.reject()


def test_a_backup_that_cannot_be_used_is_shown_and_not_offered(person: Person) -> None:
    person.add("Knots")
    person.back_up().path.write_bytes(b"noise" * 4000)
    dialog = person.open_dialog()
    row = dialog.list.topLevelItem(0)
    assert row is not None
    assert row.text(5) == "cannot be used"
    assert "is damaged" in dialog.detail.text()
    assert not dialog.restore_button.isEnabled()
    dialog.reject()


def test_a_restore_that_failed_is_told_in_the_dialog(person: Person, qtbot: QtBot) -> None:
    person.add("Knots")
    backup = person.back_up()
    dialog = person.open_dialog()
    backup.path.unlink()
    qtbot.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "cannot be" in dialog.line.text())
    assert dialog.restore_button.isEnabled()
    dialog.reject()


def test_a_damaged_file_is_told_of_in_the_window(
    person: Person, qtbot: QtBot, qapp: QApplication
) -> None:
    person.add("Knots")
    path = person.app.services.paths.database
    person.leave()
    path.write_bytes(bytes(100) + path.read_bytes()[100:])
    again = Person(qtbot, Application(qapp, find_paths()))
    try:
        again.app.services.safekeeping.begin()
        [sentence] = again.sentences()
        assert "was damaged. 1 chat, 1 message could be saved" in sentence
        assert f"{path.name}.broken-" in sentence
        qtbot.waitUntil(lambda: again.titles == ["Knots"])
    finally:
        again.leave()


@pytest.mark.parametrize("kind", BackupKind)
def test_every_reason_has_words(kind: BackupKind) -> None:
    assert why_words(Backup(Path("a"), kind, NOW))


def test_how_much_there_is() -> None:
    assert content_words(1, 1) == "1 chat, 1 message"
    assert content_words(0, 340) == "0 chats, 340 messages"


def test_what_came_back_in_part_or_from_a_backup_is_told() -> None:
    sentence = recovered_sentence(Recovery(Salvaged(3, 90, 2, 7), Path("old.broken")))
    assert "3 chats, 90 messages could be saved" in sentence
    assert "Of 2 messages only the beginning" in sentence
    assert "7 messages come from the newest backup." in sentence
    sentence = recovered_sentence(Recovery(Salvaged(3, 90, 1, 1), Path("old.broken")))
    assert "Of one message only the beginning" in sentence
    assert "One message comes from the newest backup." in sentence


def test_an_error_of_the_listing_is_shown(person: Person) -> None:
    dialog = person.open_dialog()
    dialog.show_error(StoreError("store.busy", file="a", folder="b"))
    assert "Another program" in dialog.line.text()
    dialog.reject()
