"""PortableChat: a conversation on its way out of a store or into one, its messages numbered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chinwag.core.conversation import Conversation, Message, MessageStatus, MessageTree
from chinwag.core.sent_prompt import SentPrompt, renumbered


@dataclass(frozen=True, slots=True)
class PortableChat:
    """A conversation with every message of its tree, free of any database's ids.

    Messages are numbered from 1 in the order they were made, so that a parent stands before its
    children; `parent_id` and `leaf_id` are such numbers, and the conversation's own id is 0.
    `origin` names the chat wherever it goes. `left_out` counts what its file had beyond text.
    `folder` is the name of the folder it is in, "" for none. `sent` is what replies were given,
    by their numbers.
    """

    origin: str
    conversation: Conversation
    messages: tuple[Message, ...]
    left_out: int = 0
    folder: str = ""
    sent: Mapping[int, SentPrompt] = field(default_factory=dict[int, SentPrompt])

    def path(self) -> list[Message]:
        """The messages of the branch that is shown, oldest first."""
        return MessageTree(self.messages).path(self.conversation.leaf_id)

    def branches(self) -> int:
        """How many ends the tree has; 1 for a chat in which nothing was edited or asked again."""
        parents = {message.parent_id for message in self.messages}
        return sum(message.id not in parents for message in self.messages)


def pack(
    origin: str,
    conversation: Conversation,
    tree: MessageTree,
    folder: str = "",
    sent: Mapping[int, SentPrompt] | None = None,
) -> PortableChat:
    """A stored conversation as it can leave; a reply that is growing leaves as interrupted.

    `sent` is what replies were given, by their ids.
    """
    kept = sorted(tree.by_id().values(), key=_id_of)
    numbers: Mapping[int | None, int | None] = {
        None: None,
        **{message.id: number for number, message in enumerate(kept, start=1)},
    }
    return PortableChat(
        origin,
        replace(conversation, id=0, leaf_id=numbers[conversation.leaf_id], folder_id=None),
        tuple(
            replace(
                ended(message),
                id=number,
                conversation_id=0,
                parent_id=numbers[message.parent_id],
            )
            for number, message in enumerate(kept, start=1)
        ),
        folder=folder,
        sent=_renumbered(sent or {}, {one.id: n for n, one in enumerate(kept, start=1)}),
    )


def _renumbered(
    sent: Mapping[int, SentPrompt], numbers: Mapping[int, int]
) -> dict[int, SentPrompt]:
    found: dict[int, SentPrompt] = {}
    for message_id, one in sent.items():
        parts = renumbered(one.parts, numbers)
        if parts is not None and message_id in numbers:
            found[numbers[message_id]] = replace(one, parts=parts)
    return found


def ended(message: Message) -> Message:
    """The message as it is where nothing can add to it."""
    if message.status is MessageStatus.STREAMING:
        return replace(message, status=MessageStatus.INTERRUPTED)
    return message


def _id_of(message: Message) -> int:
    return message.id
