"""Export and import from the menu to the file and back, in the real window, without a model."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from chinwag.application import Application
from chinwag.core.conversation import Role
from chinwag.core.export import ExportFormat
from chinwag.core.paths import find_paths
from chinwag.store.conversation_store import ConversationStore
from chinwag.ui.dialogs.import_dialog import ImportDialog
from chinwag.ui.transfer_commands import file_name, format_for

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[1] / "samples"


class Person:
    """Somebody who uses the menu and the dialogs it opens."""

    def __init__(self, qtbot: QtBot, app: Application) -> None:
        self.qtbot = qtbot
        self.app = app
        self.titles: list[str] = []
        app.services.conversations.conversations_changed.connect(self._on_listed)
        app.window.show()
        qtbot.waitExposed(app.window)

    def add(self, title: str) -> int:
        """A chat that is there before."""

        def work() -> int:
            store = ConversationStore(self.app.services._database, lambda: NOW)
            number = store.create(title, "pirate", "").id
            store.append(number, None, Role.USER, f"Tell me of {title}")
            return number

        number = self.app.services.tasks.call(work)
        self.app.services.conversations.refresh()
        self.app.services.tasks.drain()
        return number

    def open(self, number: int) -> None:
        self.app.services.chat.open(number)
        self.qtbot.waitUntil(lambda: len(self.app.services.chat.path()) == 1)

    def choose(self, action: str) -> None:
        self.app.window.actions_by_name[action].trigger()

    def file_dialog(self) -> QFileDialog:
        dialogs = self.app.window.findChildren(QFileDialog)
        [dialog] = [one for one in dialogs if one.isVisible()]
        return dialog

    def answer(self, path: Path, kind: str = "") -> None:
        """Type a path into the file dialog, as a format if one is named."""
        dialog = self.file_dialog()
        if kind:
            [name] = [name for name in dialog.nameFilters() if name.startswith(kind)]
            dialog.selectNameFilter(name)
            dialog.filterSelected.emit(name)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        line.setText(str(path))
        buttons = dialog.findChild(QDialogButtonBox)
        accept = {QFileDialog.AcceptMode.AcceptSave: QDialogButtonBox.StandardButton.Save}
        kind_of = accept.get(dialog.acceptMode(), QDialogButtonBox.StandardButton.Open)
        self.qtbot.mouseClick(buttons.button(kind_of), Qt.MouseButton.LeftButton)

    def export(self, path: Path, kind: str = "", action: str = "transfer.export") -> None:
        self.choose(action)
        with self.qtbot.waitSignal(self.app.services.transfers.exported):
            self.answer(path, kind)

    def preview(self, path: Path) -> ImportDialog:
        """Choose a file to import, up to its list."""
        self.choose("transfer.import")
        self.answer(path)
        [dialog] = self.app.window.findChildren(ImportDialog)
        self.qtbot.waitUntil(lambda: not dialog.line.text().startswith("Reading"))
        return dialog

    def sentences(self) -> list[str]:
        return [banner.label.text() for banner in self.app.window.pane.banners.banners]

    def _on_listed(self, conversations: list) -> None:
        self.titles = sorted(one.title for one in conversations)


@pytest.fixture
def person(qapp: QApplication, qtbot: QtBot) -> Iterator[Person]:
    app = Application(qapp, find_paths())
    yield Person(qtbot, app)
    app.window.close()
    app.close()
    app.window.deleteLater()
    app.deleteLater()


def test_a_chat_is_copied_as_it_is_shown(person: Person) -> None:
    person.choose("transfer.copy")
    assert ["nothing to copy" in one for one in person.sentences()] == [True]
    person.open(person.add("Knots"))
    person.choose("transfer.copy")
    copied = QApplication.clipboard().text()
    assert copied.startswith("# Knots\n\n*")
    assert copied.endswith("Tell me of Knots\n")
    assert person.sentences() == ["The chat was copied."]


def test_a_chat_is_exported_in_each_format(person: Person, tmp_path: Path) -> None:
    person.open(person.add("knots"))
    starts = {
        "Markdown": ("a.md", b"# knots"),
        "Web page": ("a.html", b"<!DOCTYPE html>"),
        "Plain text": ("a.txt", b"knots\n====="),
        "PDF": ("a.pdf", b"%PDF-"),
        "JSON": ("a.json", b'{"format": "chinwag-chats"'),
    }
    for kind, (name, start) in starts.items():
        person.export(tmp_path / name, kind)
        assert (tmp_path / name).read_bytes().startswith(start)
        assert person.sentences() == [f"The chat was saved in “{name}”."]


def test_a_name_is_proposed_and_takes_the_suffix_of_the_format(person: Person) -> None:
    person.open(person.add("Knots: how/why?"))
    person.choose("transfer.export")
    dialog = person.file_dialog()
    assert [Path(file).name for file in dialog.selectedFiles()] == ["Knots how why.md"]
    [pdf] = [name for name in dialog.nameFilters() if name.startswith("PDF")]
    dialog.selectNameFilter(pdf)
    dialog.filterSelected.emit(pdf)
    assert [Path(file).name for file in dialog.selectedFiles()] == ["Knots how why.pdf"]
    dialog.reject()


def test_all_are_exported_and_known_again(person: Person, tmp_path: Path, qtbot: QtBot) -> None:
    numbers = [person.add(title) for title in ("knots", "sails", "tides")]
    file = tmp_path / "all.json"
    person.export(file, action="transfer.export_all")
    assert len(json.loads(file.read_text("utf-8"))["conversations"]) == 3
    assert person.sentences() == ["3 chats were saved in “all.json”."]
    for number in numbers[:2]:
        person.app.services.tasks.call(lambda n=number: person.app.services._store.purge(n))
    dialog = person.preview(file)
    assert dialog.line.text() == "2 of 3 chats will be imported."
    with qtbot.waitSignal(person.app.services.conversations.conversations_changed):
        qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    assert person.titles == ["knots", "sails", "tides"]
    assert person.sentences() == ["2 chats were imported."]
    qtbot.waitUntil(lambda: not person.app.window.findChildren(ImportDialog))


def test_one_that_is_imported_is_opened(person: Person, qtbot: QtBot) -> None:
    dialog = person.preview(SAMPLES / "chatgpt-conversations.json")
    qtbot.mouseClick(dialog.none_button, Qt.MouseButton.LeftButton)
    first = dialog.list.topLevelItem(0)
    assert first is not None
    first.setCheckState(0, Qt.CheckState.Checked)
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    chat = person.app.services.chat
    qtbot.waitUntil(lambda: chat.conversation is not None)
    assert chat.conversation is not None
    assert chat.conversation.title == "Bowlines"
    assert [m.role for m in chat.path()] == [Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT]
    assert len(chat.siblings(chat.path()[1].id)) == 2
    assert person.titles == ["Bowlines"]


def test_a_file_that_is_none_is_told_in_the_dialog(person: Person, tmp_path: Path) -> None:
    (tmp_path / "noise.json").write_text("noise")
    dialog = person.preview(tmp_path / "noise.json")
    assert "cannot be understood" in dialog.line.text()
    dialog.reject()


def test_an_empty_chat_has_nothing_to_export(person: Person) -> None:
    person.choose("transfer.export")
    assert person.sentences() == ["This chat is still empty: there is nothing to export."]
    assert person.app.window.findChildren(QFileDialog) == []


def test_without_chats_there_are_none_to_export(person: Person) -> None:
    person.choose("transfer.export_all")
    assert person.sentences() == ["There are no chats yet: there is nothing to export."]
    assert person.app.window.findChildren(QFileDialog) == []


def test_a_chat_is_exported_from_the_side_bar(person: Person, tmp_path: Path, qtbot: QtBot) -> None:
    person.add("knots")
    number = person.add("sails")
    person.app.window.sidebar.wishes.export_requested.emit(number)
    assert Path(person.file_dialog().selectedFiles()[0]).name == "sails.md"
    with qtbot.waitSignal(person.app.services.transfers.exported):
        person.answer(tmp_path / "one.txt")
    assert "Tell me of sails" in (tmp_path / "one.txt").read_text("utf-8")


def test_a_file_that_cannot_be_written_is_told(
    person: Person, tmp_path: Path, qtbot: QtBot
) -> None:
    person.open(person.add("knots"))
    person.choose("transfer.export")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner").touch()
    dialog = person.file_dialog()
    with qtbot.waitSignal(person.app.services.transfers.export_failed):
        dialog.fileSelected.emit(str(tmp_path / "folder" / "inner" / "knots.md"))
    dialog.reject()
    [sentence] = person.sentences()
    assert "knots.md" in sentence


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Knots", "Knots"),
        ("../../etc/passwd", "etc passwd"),
        ('a<b>:"c"\\|?*\n', "a b c"),
        (" . ", "chat"),
        ("", "chat"),
        ("世界", "世界"),
        ("x" * 300, "x" * 60),
    ],
)
def test_titles_as_file_names(title: str, name: str) -> None:
    assert file_name(title) == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.md", ExportFormat.MARKDOWN),
        ("a.JSON", ExportFormat.JSON),
        ("version 1.2", ExportFormat.PDF),
        ("a", ExportFormat.PDF),
    ],
)
def test_a_suffix_that_is_typed_counts(name: str, kind: ExportFormat) -> None:
    assert format_for(Path(name), ExportFormat.PDF) is kind
