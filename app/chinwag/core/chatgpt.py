"""Reads ChatGPT's export: `conversations.json`, a list of trees of nodes, with their branches.

A chat is `{"title", "create_time", "mapping": {id: node}, "current_node", …}`, a node is
`{"id", "message": null or {…}, "parent", "children"}`. Nodes without words for a reader (tools,
hidden ones, the empty root) are passed over; what follows them follows their parent. Pictures and
other files are not in the JSON; they are counted as left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from chinwag.core.chat_file import digest
from chinwag.core.conversation import Conversation, Message, MessageStatus, Role
from chinwag.core.errors import ImportFileError
from chinwag.core.importing import Fields, Unreadable, finite
from chinwag.core.portable import PortableChat
from chinwag.core.title import title_of

SPEAKER = "ChatGPT"
# Marks for its own web page, such as citations, in private-use characters.
_MARKS = re.compile("\ue200[^\ue201]*\ue201|[\ue200-\ue2ff]")
_STATUSES = {
    "in_progress": MessageStatus.INTERRUPTED,
    "finished_partial_completion": MessageStatus.STOPPED,
}
_NO_WORDS = {"thoughts", "reasoning_recap", "user_editable_context", "model_editable_context"}


class ChatGptReader:
    """Reads the list that ChatGPT's data export holds."""

    def recognises(self, data: object) -> bool:
        """Whether any item of the list has a mapping, as only ChatGPT's have."""
        return any(isinstance(item, dict) and "mapping" in item for item in _items(data))

    def read(self, data: object) -> Iterator[PortableChat | Unreadable]:
        """Each chat or why it cannot be read."""
        for item in _items(data):
            try:
                yield _chat(Fields(item))
            except ImportFileError as error:
                title = cast(dict[str, object], item).get("title") if isinstance(item, dict) else ""
                yield Unreadable(title if isinstance(title, str) else "", error)


@dataclass(slots=True)
class _Node:
    """One node of the mapping, as far as it is of use."""

    parent: str | None
    children: list[str]
    message: Fields | None
    number: int | None = None  # of the message that it became, or that it follows


class _Tree:
    """The nodes of one chat, and the messages that are made of them."""

    def __init__(self, mapping: Fields) -> None:
        self._nodes: dict[str, _Node] = {}
        for name in mapping.names():
            said = mapping.inner(name)
            message = None if said.get("message") is None else said.inner("message")
            parent = said.get("parent")
            known = parent if isinstance(parent, str) and mapping.get(parent) else None
            self._nodes[name] = _Node(known, [], message)
        for name, node in self._nodes.items():
            if node.parent is not None:
                self._nodes[node.parent].children.append(name)
        for name, node in self._nodes.items():
            order = _order(mapping.inner(name).get("children"))
            node.children.sort(key=lambda child, order=order: order.get(child, len(order)))
        self.messages: list[Message] = []
        self.left_out = 0

    def read(self, begun: datetime) -> None:
        """Make the messages; raises `import.tangled` for nodes that nothing leads to."""
        waiting = [name for name, node in self._nodes.items() if node.parent is None]
        waiting.reverse()
        reached = 0
        while waiting:
            node = self._nodes[waiting.pop()]
            reached += 1
            above = self._nodes[node.parent] if node.parent is not None else None
            node.number = above.number if above else None
            if node.message is not None:
                is_only = above is not None and len(above.children) == 1
                self._take(node, node.message, begun, is_only)
            waiting += reversed(node.children)
        if reached < len(self._nodes):
            raise ImportFileError("import.tangled")

    def number_at(self, name: object) -> int | None:
        """The message at a node, or the one it follows; without such a node, the last message."""
        if isinstance(name, str) and name in self._nodes:
            return self._nodes[name].number
        return len(self.messages) or None

    def _take(self, node: _Node, said: Fields, begun: datetime, is_only: bool) -> None:
        author = said.inner("author").text("role")
        text, left_out = _words(said)
        if _is_hidden(said):
            return
        self.left_out += left_out
        try:
            role = Role(author)
        except ValueError:  # a tool's
            return
        if not text.strip():
            return
        above = self.messages[node.number - 1] if node.number else None
        model = said.inner("metadata").get("model_slug")
        status = said.get("status")
        message = Message(
            id=len(self.messages) + 1,
            conversation_id=0,
            parent_id=node.number,
            role=role,
            text=text,
            status=_STATUSES.get(str(status), MessageStatus.COMPLETE),
            created_at=_moment(said.get("create_time")) or (above.created_at if above else begun),
            persona_name="" if role is Role.USER else SPEAKER,
            model=model if isinstance(model, str) and role is Role.ASSISTANT else "",
        )
        # A reply that used tools comes in pieces; templates of models want one turn of it.
        if above and is_only and above.role is role is Role.ASSISTANT and self._ends(above):
            joined = replace(above, text=f"{above.text}\n\n{text}", status=message.status)
            self.messages[above.id - 1] = joined
        else:
            self.messages.append(message)
            node.number = message.id

    def _ends(self, message: Message) -> bool:
        """Whether nothing follows a message yet, so that it may still grow."""
        return message.id == len(self.messages)


def _chat(said: Fields) -> PortableChat:
    begun = _moment(said.get("create_time")) or datetime.fromtimestamp(0, UTC)
    tree = _Tree(said.inner("mapping"))
    tree.read(begun)
    if not tree.messages:
        raise ImportFileError("import.no_messages")
    title = said.get("title")
    given = " ".join(title.split()) if isinstance(title, str) else ""
    newest = max(message.created_at for message in tree.messages)
    conversation = Conversation(
        id=0,
        title=given or _first_words(tree.messages),
        persona="",
        model="",
        leaf_id=tree.number_at(said.get("current_node")),
        created_at=begun,
        updated_at=_moment(said.get("update_time")) or newest,
        is_title_chosen=bool(given),
    )
    chat = PortableChat("", conversation, tuple(tree.messages), tree.left_out)
    name = said.get("conversation_id") or said.get("id")
    return replace(chat, origin=f"chatgpt:{name if isinstance(name, str) else digest(chat)}")


def _first_words(messages: list[Message]) -> str:
    asked = (message.text for message in messages if message.role is Role.USER)
    return title_of(next(asked, messages[0].text))


def _is_hidden(said: Fields) -> bool:
    metadata = said.inner("metadata")
    recipient = said.get("recipient")
    content = said.inner("content").get("content_type")
    return (
        metadata.get("is_visually_hidden_from_conversation") is True
        or recipient not in (None, "all")
        or content in _NO_WORDS
    )


def _words(said: Fields) -> tuple[str, int]:
    """What a message says as text, and how many of its parts are none."""
    if said.get("content") is None:
        return "", 0
    content = said.inner("content")
    if content.get("content_type") == "code":
        language = content.get("language")
        known = language if isinstance(language, str) and language.isalnum() else ""
        return _fenced(content.text("text", ""), "" if known == "unknown" else known), 0
    if content.get("parts") is None:
        text = content.get("text")
        return (_MARKS.sub("", text), 0) if isinstance(text, str) else ("", 0)
    texts: list[str] = []
    left_out = 0
    for part in content.array("parts"):
        if isinstance(part, str):
            texts.append(part)
            continue
        if part is None:
            continue
        kind = Fields(part, content.place("parts"))
        spoken = kind.get("text")
        if kind.get("content_type") == "audio_transcription" and isinstance(spoken, str):
            texts.append(spoken)
        else:
            left_out += 1
    return _MARKS.sub("", "\n\n".join(filter(None, texts))), left_out


def _fenced(code: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}" if code.strip() else ""


def _moment(value: object) -> datetime | None:
    """A time in seconds since 1970; None for what is none."""
    seconds = finite(value)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _order(children: object) -> Mapping[object, int]:
    listed = enumerate(_items(children))
    return {name: place for place, name in listed if isinstance(name, str)}


def _items(data: object) -> list[object]:
    """The items of a list; none of anything else."""
    return cast(list[object], data) if isinstance(data, list) else []
