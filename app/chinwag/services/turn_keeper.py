"""Stores the messages that a wish for a reply takes, all of them before the engine is asked."""

from dataclasses import dataclass, field

from chinwag.core.conversation import Conversation, Message, MessageStatus, Role
from chinwag.core.document import Attachment, without
from chinwag.core.errors import StoreError
from chinwag.core.memory_rules import MemoryRules
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.prompt import PromptMessage
from chinwag.core.title import title_of
from chinwag.store.conversation_store import ConversationStore


@dataclass(frozen=True, slots=True)
class Turn:
    """A reply that is wished for: what it follows, what must be stored first, who gives it.

    `conversation_id` None makes a new conversation, with `chat_options` and `chat_memory` for it
    alone. `continued` is the reply that this one goes on from; `start` is what it begins with
    otherwise.
    `persona_version` is the version that speaks. `prompt` is what was planned to be sent, up to
    what the reply goes on from; None while nothing could be planned. `draft_left` is the draft once
    the question and its files `sent` are taken from it; None for a turn that takes nothing.
    """

    conversation_id: int | None
    parent_id: int | None
    messages: tuple[Message, ...]
    persona: Persona
    model: str
    options: GenerationOptions
    continued: Message | None = None
    start: str = ""
    persona_version: str = ""
    chat_options: GenerationOptions = field(default_factory=GenerationOptions)
    chat_memory: MemoryRules = field(default_factory=MemoryRules)
    prompt: tuple[PromptMessage, ...] | None = None
    draft_left: str | None = None
    sent: tuple[Attachment, ...] = ()

    @property
    def beginning(self) -> PromptMessage | None:
        """What the reply goes on from, None for nothing."""
        if self.continued is not None:
            return PromptMessage(Role.ASSISTANT, self.continued.text, self.continued.token_ids)
        return PromptMessage(Role.ASSISTANT, self.start) if self.start else None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """The same on disk: the conversation's heading, the messages, last of all the empty reply."""

    conversation: Conversation
    messages: tuple[Message, ...]

    @property
    def reply(self) -> Message:
        """The message that the reply is streamed into."""
        return self.messages[-1]


def store_turn(store: ConversationStore, turn: Turn) -> StoredTurn:
    """Store a turn durably; raises StoreError, and then leaves no new conversation behind."""
    if turn.conversation_id is not None:
        return _append(store, turn, turn.conversation_id)
    question = next((m.text for m in turn.messages if m.role is Role.USER), "")
    created = store.create(title_of(question), turn.persona.id, turn.model)
    try:
        if turn.chat_options.as_dict():
            store.set_options(created.id, turn.chat_options)
        if turn.chat_memory.as_dict():
            store.set_memory(created.id, turn.chat_memory)
        return _append(store, turn, created.id)
    except StoreError:
        _purge(store, created.id)
        raise


def _append(store: ConversationStore, turn: Turn, conversation_id: int) -> StoredTurn:
    parent_id = turn.parent_id
    stored: list[Message] = []
    for message in turn.messages:
        added = store.append(
            conversation_id,
            parent_id,
            message.role,
            message.text,
            persona=message.persona,
            persona_name=message.persona_name,
            examples=message.examples,
            attachments=message.attachments,
            persona_version=message.persona_version,
        )
        stored.append(added)
        parent_id = added.id
    reply = store.append(
        conversation_id,
        parent_id,
        Role.ASSISTANT,
        turn.beginning.text if turn.beginning else "",
        status=MessageStatus.STREAMING,
        persona=turn.persona.id,
        persona_name=turn.persona.name,
        model=turn.model,
        options=turn.options,
        persona_version=turn.persona_version,
    )
    if store.get(conversation_id).model != turn.model:
        store.set_model(conversation_id, turn.model)
    if turn.draft_left is not None:
        _take_draft(store, turn, conversation_id, turn.draft_left)
    return StoredTurn(store.get(conversation_id), (*stored, reply))


def _take_draft(
    store: ConversationStore, turn: Turn, conversation_id: int, draft_left: str
) -> None:
    """Leave with the conversation what came beside the question since it was asked."""
    files = store.draft_attachments(turn.conversation_id)
    store.save_draft(conversation_id, draft_left)
    store.save_draft_attachments(conversation_id, without(files, turn.sent))
    if turn.conversation_id is None:
        store.save_draft(None, "")
        store.save_draft_attachments(None, ())


def _purge(store: ConversationStore, conversation_id: int) -> None:
    try:
        store.purge(conversation_id)
    except StoreError:
        # What kept the messages from being stored may keep the heading from going, too.
        return
