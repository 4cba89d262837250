"""Pictures of files that go with a message, and of what the model saw."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from chinwag.application import Application
from chinwag.ui.dialogs.prompt_dialog import PromptDialog
from core.document_files import docx_of, pdf_of

TIDE = "The tide rises and falls twice a day, as the Moon and the Sun pull at the sea. "


def document_states(
    app: Application,
    ask: Callable[[str], None],
    wait: Callable[[Callable[[], bool]], None],
    save: Callable[[QWidget, str], None],
) -> Iterator[str]:
    """The states one after the other; `save` pictures a widget that is not part of the window."""
    window, chat = app.window, app.services.chat
    composer, attaching = window.pane.composer, chat.attaching
    bar = composer.attachments
    folder = Path(tempfile.mkdtemp())

    def write(name: str, content: bytes) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    def attach(*paths: Path) -> None:
        attaching.add(paths)
        wait(lambda: not attaching.awaited)
        known = [attaching.tokens(one) for one in attaching.attachments]
        wait(lambda: all(attaching.tokens(one) for one in attaching.attachments) or not known)

    def dialog() -> QDialog:
        return next(one for one in window.findChildren(QDialog) if one.isVisible())

    opened: list[object] = []
    chat.conversation_opened.connect(opened.append)
    chat.new()
    wait(lambda: bool(opened))
    pages = [f"Page {number}\n" + "\n".join([TIDE] * 6) for number in range(1, 13)]
    attach(
        write("tides-1843.pdf", pdf_of(pages)),
        write("letter to the harbour master.docx", docx_of("Dear Anne,", "the boat is mended.")),
        write("größen.csv", "Höhe;Länge\n1;2\n".encode("cp1252")),
    )
    attaching.choose(0, (1, 2, 3))
    composer.text_edit.setPlainText("And how long would a longboat take to row that far?")
    wait(lambda: all(attaching.tokens(one) for one in attaching.attachments))
    yield "80-files"
    bar.chips[0].click()
    menu = next(one for one in bar.findChildren(QMenu) if one.isVisible())
    save(menu, "81-menu-of-a-file")
    menu.close()
    bar.pages_wished.emit(0)
    pages_dialog = dialog()
    save(pages_dialog, "82-choose-pages")
    pages_dialog.field.setText("9-14")
    save(pages_dialog, "83-no-such-page")
    pages_dialog.close()
    for name in ("scan.pdf", "locked.docx", "gone.txt"):
        content = pdf_of([""]) if name == "scan.pdf" else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        content += "EncryptedPackage".encode("utf-16-le")
        if name != "gone.txt":
            write(name, content)
        attach(folder / name)
    yield "84-files-refused"
    for banner in window.pane.banners.banners:
        window.pane.banners.remove_banner(banner.code)
    attach(write("the whole sea.txt", (TIDE * 300).encode()))
    wait(lambda: "fit" in bar.chips[-1].accessibleName())
    bar.chips[-1].setFocus(Qt.FocusReason.TabFocusReason)
    yield "85-file-too-long"
    attaching.remove(len(attaching.attachments) - 1)
    QTest.keyClick(composer.text_edit, Qt.Key.Key_Return)
    wait(lambda: len(chat.path()) >= 2 and not attaching.attachments)
    wait(lambda: chat.state.message_id is None)
    yield "86-files-sent"
    QApplication.processEvents()
    window.pane.transcript.commands.file_wished.emit(chat.path()[-2].id, 0)
    save(dialog(), "87-text-of-a-file")
    dialog().close()
    ask("What is a tide?")
    reply = chat.path()[-1]
    commands = window.pane.transcript.commands
    commands.prompt_wished.emit(reply.id)
    wait(lambda: any(one.isVisible() for one in window.findChildren(PromptDialog)))
    seen = next(one for one in window.findChildren(PromptDialog) if one.isVisible())
    save(seen, "88-what-the-model-saw")
    seen.boundary_button.click()
    seen.box.select_token(len(chat.path()) * 9)
    save(seen, "89-token-boundaries")
    seen.field.setText("moon")
    save(seen, "90-find-in-the-prompt")
    seen.field.setText("")
    seen.diff_button.click()
    wait(lambda: seen.box.toPlainText().startswith("  "))
    save(seen, "91-what-is-new")
    seen.close()
