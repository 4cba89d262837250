"""Copies of the chats in words: why one was made, what is in it, what a damaged file gave back."""

from PySide6.QtCore import QCoreApplication

from chinwag.core.recovered import Recovery
from chinwag.core.retention import Backup, BackupKind
from chinwag.ui import wording


def why_words(backup: Backup) -> str:
    """Why a copy was made."""
    return {
        BackupKind.DAILY: _tr("Daily"),
        BackupKind.VERSION: _tr("Before an update"),
        BackupKind.OVERWRITTEN: _tr("Before a restore"),
    }[backup.kind]


def content_words(conversations: int, messages: int) -> str:
    """How much is in a database: “12 chats, 340 messages”."""
    chats = _tr("1 chat") if conversations == 1 else _tr("{chats} chats")
    said = _tr("1 message") if messages == 1 else _tr("{messages} messages")
    return f"{chats}, {said}".format(
        chats=wording.number(conversations), messages=wording.number(messages)
    )


def recovered_sentence(recovery: Recovery) -> str:
    """What came back of a damaged file, and where that lies."""
    done = recovery.salvaged
    text = _tr(
        "The file with your chats was damaged. {content} could be saved; the damaged file is kept"
        " as {file}."
    )
    content = content_words(done.conversations, done.messages)
    sentences = [text.format(content=content, file=recovery.aside)]
    if done.cut_messages:
        text = _tr("Of {count} messages only the beginning could be read.")
        if done.cut_messages == 1:
            text = _tr("Of one message only the beginning could be read.")
        sentences.append(text.format(count=wording.number(done.cut_messages)))
    if done.copied_messages:
        text = _tr("{count} messages come from the newest backup.")
        if done.copied_messages == 1:
            text = _tr("One message comes from the newest backup.")
        sentences.append(text.format(count=wording.number(done.copied_messages)))
    return " ".join(sentences)


def _tr(text: str) -> str:
    return QCoreApplication.translate("backups", text)
