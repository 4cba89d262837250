"""Conversation, Message (knows its parent: edits and retries are branches) and MessageTree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chinwag.core.document import Attachment
from chinwag.core.memory_rules import MemoryRules
from chinwag.core.options import GenerationOptions

# Ids of temporary chats and their messages begin here; no file ever gets so far, and Qt's signals
# carry numbers up to twice this.
FIRST_TEMPORARY_ID = 1 << 30


class Role(StrEnum):
    """Who a message is from, as chat templates name it."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """Where a message stands: only `STREAMING` is still growing."""

    COMPLETE = "complete"
    STREAMING = "streaming"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class ChatPhase(StrEnum):
    """What is being done for the reply under way."""

    IDLE = "idle"
    LOADING = "loading"
    READING = "reading"
    STREAMING = "streaming"


@dataclass(frozen=True, slots=True)
class ChatState:
    """Whose reply is under way, and how far; both ids are None while idle.

    They are None for a moment after a send too, until its messages are on disk.
    """

    phase: ChatPhase = ChatPhase.IDLE
    conversation_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReplyStatistics:
    """What a reply cost: tokens, seconds to its first token, and rates in tokens per second.

    `reasoning_*` is the part of it that was thought before the answer, if the model marks that.
    """

    finish_reason: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    first_token_seconds: float
    prompt_tokens_per_second: float
    tokens_per_second: float
    seed: int
    threads: int
    reasoning_tokens: int = 0
    reasoning_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FormerText:
    """What a message said until it was changed in place; `token_ids` as those of a message.

    `persona_version` is the message's of that time, "" where it is not known.
    """

    text: str
    token_ids: Sequence[int]
    replaced_at: datetime
    persona_version: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One node of a conversation's tree.

    `persona` and `model` are ids (the model's is its file name); `persona_version` is the stamp of
    the persona that spoke; `token_ids` are the ids a reply was sampled as, kept only while `text`
    is what they spell, best as TokenIds; `examples` are the few-shot
    exchanges (question, answer) that a system message brings with it. A pinned message never
    falls out of the model's memory. `former_texts` are what it said before, the oldest first.
    `attachments` are the files that were sent with it; they never change. A summary (a system
    message) stands for what was said before it.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    text: str
    status: MessageStatus
    created_at: datetime
    persona: str = ""
    persona_name: str = ""
    model: str = ""
    options: GenerationOptions = field(default_factory=GenerationOptions)
    token_ids: Sequence[int] = ()
    statistics: ReplyStatistics | None = None
    examples: tuple[tuple[str, str], ...] = ()
    deleted_at: datetime | None = None
    is_pinned: bool = False
    former_texts: tuple[FormerText, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    persona_version: str = ""
    is_summary: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation's heading: what the side bar shows and what a new message needs.

    `options` are the person's for this conversation alone, over those of whichever persona.
    """

    id: int
    title: str
    persona: str
    model: str
    leaf_id: int | None
    created_at: datetime
    updated_at: datetime
    draft: str = ""
    is_unread: bool = False
    is_title_chosen: bool = False
    deleted_at: datetime | None = None
    is_pinned: bool = False
    folder_id: int | None = None
    options: GenerationOptions = field(default_factory=GenerationOptions)
    memory: MemoryRules = field(default_factory=MemoryRules)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where conversations are kept together; `is_open` says that the side bar shows them."""

    id: int
    name: str
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A place where searched words stand: a message, or with `message_id` None the title itself.

    `snippet` is one line of plain text; U+0002 and U+0003 stand around each match and nowhere else.
    """

    conversation_id: int
    message_id: int | None
    title: str
    snippet: str


def is_temporary(number: int) -> bool:
    """Whether this is the id of a temporary chat, or of a message in one."""
    return number >= FIRST_TEMPORARY_ID


class MessageTree:
    """The messages of one conversation by id, with the questions a transcript asks of them.

    A deleted message is passed over: its children stand where it stood. Pure and in memory;
    the store writes what happens here.
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages: dict[int, Message] = {}
        # The only child as it is: of ten thousand messages few have more than one.
        self._children: dict[int | None, int | list[int]] = {}
        for message in messages:
            self.put(message)

    def __len__(self) -> int:
        return len(self._messages)

    def __contains__(self, message_id: int) -> bool:
        return message_id in self._messages

    def __getitem__(self, message_id: int) -> Message:
        return self._messages[message_id]

    def put(self, message: Message) -> None:
        """Add a message, or replace the one with its id (whose parent must be the same)."""
        if message.id not in self._messages:
            known = self._children.setdefault(message.parent_id, message.id)
            if isinstance(known, list):
                known.append(message.id)
            elif known != message.id:
                self._children[message.parent_id] = [known, message.id]
        self._messages[message.id] = message

    def path(self, leaf_id: int | None) -> list[Message]:
        """The living messages from the root to `leaf_id`, oldest first."""
        found: list[Message] = []
        while leaf_id is not None:
            message = self._messages[leaf_id]
            if message.deleted_at is None:
                found.append(message)
            leaf_id = message.parent_id
        found.reverse()
        return found

    def siblings(self, message_id: int) -> list[Message]:
        """The living versions of a message, itself included, in the order they were made."""
        parent_id = self._messages[message_id].parent_id
        versions = (self._messages[child] for child in self._children_of(parent_id))
        return [message for message in versions if message.deleted_at is None]

    def newest_leaf(self, message_id: int) -> int:
        """The leaf reached from a message by always taking the newest living child."""
        while True:
            children = self._children_of(message_id)
            living = [child for child in children if self._messages[child].deleted_at is None]
            if not living and not children:
                return message_id
            message_id = max(living or children)

    def leaf_through(self, message_id: int, leaf_id: int | None) -> int | None:
        """Where a transcript that shows this message ends: where it does now, if it shows it.

        A message that is deleted or not here is shown nowhere: the end stays.
        """
        message = self._messages.get(message_id)
        if message is None or message.deleted_at is not None or message in self.path(leaf_id):
            return leaf_id
        return self.newest_leaf(message_id)

    def leaf_after_deleting(self, message_id: int, leaf_id: int) -> int | None:
        """Where the transcript should end once a message is gone.

        Its nearest living version takes its place; without one the transcript keeps its end, and
        a message deleted at the very end leaves its parent as the end.
        """
        versions = [m.id for m in self.siblings(message_id) if m.id != message_id]
        if versions:
            return self.newest_leaf(min(versions, key=lambda other: abs(other - message_id)))
        return self._messages[message_id].parent_id if message_id == leaf_id else leaf_id

    def deleted(self) -> list[Message]:
        """The deleted messages, the one that was deleted last first."""
        gone = [(one.deleted_at, one.id) for one in self._messages.values() if one.deleted_at]
        return [self._messages[number] for _, number in sorted(gone, reverse=True)]

    def by_id(self) -> Mapping[int, Message]:
        """Every message, deleted ones too."""
        return self._messages

    def _children_of(self, parent_id: int | None) -> Sequence[int]:
        """The children of a message in the order they were made, deleted ones too."""
        known = self._children.get(parent_id, ())
        return (known,) if isinstance(known, int) else known
