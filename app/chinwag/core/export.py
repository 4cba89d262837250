"""Chats as files to read: Markdown, plain text, a web page; as JSON through `chat_file`.

JSON holds every branch; the others show each chat as it is on the screen, its other branches and
deleted messages left out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chinwag.core.chat_file import write_chats
from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.document import Attachment, said_pages
from chinwag.core.portable import PortableChat
from chinwag.core.reasoning import split_reasoning

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#&|~])")


class ExportFormat(StrEnum):
    """What a chat can be saved as; the value is the suffix of the file."""

    JSON = "json"
    MARKDOWN = "md"
    HTML = "html"
    TEXT = "txt"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class ExportWords:
    """What the files say besides the messages, in the person's language."""

    you: str
    assistant: str
    system: str
    untitled: str
    unfinished: str  # stands beside a reply that was stopped, interrupted or failed
    pinned: str  # beside a message that never falls out of the model's memory
    edited: str  # beside one whose text was changed in place
    moment: Callable[[datetime], str]
    thought: str  # over what a reply thought before its answer
    attached: str  # in front of the names of the files that were sent with a message


def write(
    kind: ExportFormat, chats: Sequence[PortableChat], words: ExportWords, now: datetime
) -> bytes:
    """The file that holds these chats; PDF is Qt's affair and raises KeyError here."""
    if kind is ExportFormat.JSON:
        return write_chats(chats, now)
    made = {
        ExportFormat.MARKDOWN: markdown,
        ExportFormat.HTML: html,
        ExportFormat.TEXT: plain_text,
    }[kind](chats, words)
    return made.encode("utf-8", "replace")


def markdown(chats: Sequence[PortableChat], words: ExportWords) -> str:
    """Markdown: a heading a chat, a smaller one a message; the messages' own text as it is."""
    parts: list[str] = []
    for chat in chats:
        parts.append(f"# {_escaped(_title(chat, words))}")
        parts.append(f"*{_escaped(words.moment(chat.conversation.created_at))}*")
        for message in chat.path():
            parts.append(f"## {_escaped(_speaker(message, words))}")
            parts.append(f"*{_escaped(_details(message, words))}*")
            thought, answer = _told_apart(message)
            if thought:
                parts.append(_quoted(f"**{_escaped(words.thought)}**\n\n{_closed(thought)}"))
            if answer:
                parts.append(_closed(answer))
    return "\n\n".join(parts) + "\n"


def plain_text(chats: Sequence[PortableChat], words: ExportWords) -> str:
    """Plain text: the title underlined, a line that names the speaker over each message."""
    written: list[str] = []
    for chat in chats:
        title = _title(chat, words)
        parts = [f"{title}\n{'=' * max(3, min(72, len(title)))}"]
        for message in chat.path():
            parts.append(f"{_speaker(message, words)} · {_details(message, words)}")
            thought, answer = _told_apart(message)
            if thought:
                parts.append(_quoted(f"{words.thought}\n\n{thought}"))
            if answer:
                parts.append(answer)
        written.append("\n\n".join(parts))
    return "\n\n\n".join(written) + "\n"


def html(chats: Sequence[PortableChat], words: ExportWords, is_for_print: bool = False) -> str:
    """One page that needs nothing else: no script, nothing that is loaded, all text escaped.

    One for print keeps to what Qt's rich text can show.
    """
    # Its parser of markdown has sixty modules, and most days nothing is exported.
    from chinwag.core.export_page import Article, Post, page

    articles: list[Article] = []
    for chat in chats:
        posts: list[Post] = []
        for message in chat.path():
            speaker, details = _speaker(message, words), _details(message, words)
            thought, answer = _told_apart(message)
            posts.append(Post(speaker, details, message.role, answer, thought))
        moment = words.moment(chat.conversation.created_at)
        articles.append(Article(_title(chat, words), moment, posts))
    return page(articles, words.thought, is_for_print)


def _told_apart(message: Message) -> tuple[str, str]:
    """What a reply thought, and the answer; of any other message there is only its text."""
    thought, answer = "", message.text
    if message.role is Role.ASSISTANT:
        thought, answer, _ = split_reasoning(message.text)
    return thought.strip() and thought.strip("\n"), answer.strip() and answer.strip("\n")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _title(chat: PortableChat, words: ExportWords) -> str:
    return " ".join(chat.conversation.title.split()) or words.untitled


def _speaker(message: Message, words: ExportWords) -> str:
    if message.role is Role.USER:
        return words.you
    name = " ".join(message.persona_name.split())
    if message.role is Role.SYSTEM:
        return f"{words.system} · {name}" if name else words.system
    return name or words.assistant


def _details(message: Message, words: ExportWords) -> str:
    is_whole = message.status is MessageStatus.COMPLETE
    said = (
        words.moment(message.created_at),
        " ".join(message.model.split()),
        "" if is_whole else words.unfinished,
        words.pinned if message.is_pinned else "",
        words.edited if message.former_texts else "",
        _attached(message.attachments, words),
    )
    return " · ".join(filter(None, said))


def _attached(attachments: Sequence[Attachment], words: ExportWords) -> str:
    names = [
        " ".join(one.name.split()) + (f" ({said_pages(one.chosen)})" if one.chosen else "")
        for one in attachments
    ]
    return f"{words.attached}: {', '.join(names)}" if names else ""


def _escaped(line: str) -> str:
    return _MARKDOWN.sub(r"\\\1", line)


def _closed(text: str) -> str:
    """The text with a fence that was left open closed, lest it swallow what follows."""
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if not found:
            continue
        mark, rest = found.groups()
        if not fence:
            is_fence = mark[0] == "~" or "`" not in rest
            fence = mark if is_fence else ""
        elif mark.startswith(fence) and not rest.strip():
            fence = ""
    return f"{text}\n{fence}" if fence else text
