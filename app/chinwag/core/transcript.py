"""Transcript: the conversation that is open, and where in its tree the next messages belong."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from chinwag.core.conversation import Conversation, Message, MessageStatus, MessageTree, Role
from chinwag.core.document import Attachment, without
from chinwag.core.memory_rules import MemoryRules
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.prompt import speaker_of_path

# At the end of a version: the system message was rewritten for one chat alone.
OWN_TEXT = "+"
_NOT_YET = datetime.fromtimestamp(0, UTC)


class Transcript:
    """One conversation in memory: its heading, its tree, its draft and the leaf that is shown.

    Without a heading it is the empty chat, which is stored with its first message. Messages that
    are not stored yet have the id 0. Pure; whoever changes it writes the change to the store.
    """

    def __init__(
        self,
        conversation: Conversation | None = None,
        tree: MessageTree | None = None,
        draft: str = "",
        attachments: Sequence[Attachment] = (),
    ) -> None:
        self.conversation = conversation
        self.tree = tree or MessageTree()
        self.draft = draft
        self.attachments = tuple(attachments)  # what the draft is to be sent with
        # The question that is being planned, with its files: on the disk it is still a draft.
        self.asked = ""
        self.asked_files: tuple[Attachment, ...] = ()
        self.reply_start = ""  # how the next reply is to begin, as the person typed it
        self.persona: Persona | None = None  # who was chosen while the chat was empty
        self.own_text: tuple[str, str] | None = None  # persona id, its prompt in this chat alone
        self._options = GenerationOptions()
        self._memory = MemoryRules()

    @property
    def leaf_id(self) -> int | None:
        """The last message of the branch that is shown."""
        return self.conversation.leaf_id if self.conversation else None

    @property
    def options(self) -> GenerationOptions:
        """What is wished for this conversation alone; it goes before what the persona says."""
        return self.conversation.options if self.conversation else self._options

    def set_options(self, options: GenerationOptions) -> None:
        """Wish for these from now on."""
        self._options = options
        if self.conversation is not None:
            self.conversation = replace(self.conversation, options=options)

    @property
    def memory(self) -> MemoryRules:
        """What holds for the window in this conversation alone, over what the settings say."""
        return self.conversation.memory if self.conversation else self._memory

    def set_memory(self, memory: MemoryRules) -> None:
        """Have these rules hold from now on."""
        self._memory = memory
        if self.conversation is not None:
            self.conversation = replace(self.conversation, memory=memory)

    @property
    def kept_draft(self) -> str:
        """The draft as it is to be on the disk: nothing that was typed may be missing there."""
        return "\n\n".join(filter(None, (self.asked, self.draft)))

    @property
    def kept_files(self) -> tuple[Attachment, ...]:
        """The same of the files beside it."""
        return (*self.asked_files, *self.attachments)

    def take_over(self, other: "Transcript", sent: Sequence[Attachment]) -> None:
        """Be what `other` was, the same chat, which was left and has just been read again.

        `sent` are the files of the question that is under way there.
        """
        self.asked, self.asked_files = other.asked, other.asked_files
        self.draft = other.draft
        # A file that was read meanwhile is on the disk alone, where those of the question may be
        # beside it still.
        self.attachments = tuple(without(self.attachments, sent))
        self.reply_start, self.own_text = other.reply_start, other.own_text
        self.persona = other.persona
        self._options, self._memory = other._options, other._memory

    def shows(self, conversation_id: int) -> bool:
        """Whether this is that conversation."""
        return self.conversation is not None and self.conversation.id == conversation_id

    def path(self) -> list[Message]:
        """The messages shown, oldest first."""
        return self.tree.path(self.leaf_id)

    def move_to(self, leaf_id: int | None) -> None:
        """Show the branch that ends there."""
        if self.conversation is not None:
            self.conversation = replace(self.conversation, leaf_id=leaf_id)

    def question(
        self,
        persona: Persona,
        text: str,
        parent_id: int | None,
        attachments: Sequence[Attachment] = (),
    ) -> tuple[int | None, list[Message]]:
        """Where a question goes that is asked after `parent_id`, and the messages it takes.

        A persona that is not the one speaking there stands in front of the question; it takes the
        place of another that nobody has spoken to. Where it opens the conversation, its greeting
        stands after it: the question may answer that. A blank text without attachments gives the
        persona alone.
        """
        history = self.tree.path(parent_id)
        turns: list[Message] = []
        if speaker_of_path(history) != persona.id:
            unheard = _unheard(history)
            if unheard:
                parent_id = unheard[0].parent_id
            turns.append(system_message(persona))
            if persona.greeting and len(unheard) == len(history):
                turns.append(greeting_message(persona))
        if text.strip() or attachments:
            turns.append(unstored(Role.USER, text, attachments=attachments))
        return parent_id, turns

    def question_again(
        self, persona: Persona, message_id: int
    ) -> tuple[int | None, list[Message]] | None:
        """The same for another reply in the place of `message_id`; None where nothing was asked.

        The same persona answers beside the reply; another one gets the question in a branch of
        its own, since its text must stand in front of it.
        """
        message = self.tree[message_id]
        end = message.id if message.role is Role.USER else message.parent_id
        history = self.tree.path(end)
        questions = [turn for turn in history if turn.role is Role.USER]
        if message.role is Role.SYSTEM or not questions:
            return None
        if speaker_of_path(history) == persona.id:
            return end, []
        asked = questions[-1]
        return self.question(persona, asked.text, asked.parent_id, asked.attachments)

    def insertion(
        self, role: Role, text: str, message_id: int, is_before: bool
    ) -> tuple[Message, list[Message]]:
        """A message to be put before or after one that is shown, and what then follows it.

        It goes under a parent that is there already. What follows it is shown under its parent
        too, and stays there as the other version: whoever stores this copies it under the new
        message, since a message never changes its parent.
        """
        path = self.path()
        place = [message.id for message in path].index(message_id)
        end = place if is_before else place + 1
        history, following = path[:end], path[end:]
        # Beside what follows, also where a deleted message stands between: it stays a version.
        parent_id = following[0].parent_id if following else message_id
        speaker = persona_of_path(history) if role is Role.ASSISTANT else None
        message = unstored(
            role,
            text,
            persona=speaker.id if speaker else "",
            persona_name=speaker.name if speaker else "",
        )
        conversation_id = path[place].conversation_id
        message = replace(message, conversation_id=conversation_id, parent_id=parent_id)
        return message, following


def system_message(persona: Persona) -> Message:
    """The message that puts a persona into a conversation."""
    return unstored(
        Role.SYSTEM,
        persona.system_prompt,
        persona=persona.id,
        persona_name=persona.name,
        examples=persona.examples,
        persona_version=persona.stamp,
    )


def greeting_message(persona: Persona) -> Message:
    """What a persona says before anything was asked; no model has made it."""
    return unstored(
        Role.ASSISTANT,
        persona.greeting,
        persona=persona.id,
        persona_name=persona.name,
        persona_version=persona.stamp,
    )


def is_greeting(message: Message) -> bool:
    """Whether a persona said this by itself: no model has made it."""
    return message.role is Role.ASSISTANT and bool(message.persona) and not message.model


def unstored(
    role: Role,
    text: str,
    *,
    persona: str = "",
    persona_name: str = "",
    examples: Sequence[tuple[str, str]] = (),
    attachments: Sequence[Attachment] = (),
    persona_version: str = "",
) -> Message:
    """A message that is still to be stored."""
    return Message(
        id=0,
        conversation_id=0,
        parent_id=None,
        role=role,
        text=text,
        status=MessageStatus.COMPLETE,
        created_at=_NOT_YET,
        persona=persona,
        persona_name=persona_name,
        examples=tuple(examples),
        attachments=tuple(attachments),
        persona_version=persona_version,
    )


def version_of_path(path: Sequence[Message], persona: Persona) -> str:
    """The version of a persona that speaks at the end of a transcript: what was put in there."""
    for message in reversed(path):
        if message.role is Role.SYSTEM and message.persona == persona.id:
            return message.persona_version or persona.stamp
    return persona.stamp


def own_version(message: Message) -> str:
    """The version of a message that is given another text: a persona's is then its own no more."""
    version = message.persona_version
    if message.role is not Role.SYSTEM or not version:
        return version
    return version.removesuffix(OWN_TEXT) + OWN_TEXT


def without_personas(path: Sequence[Message]) -> list[Message]:
    """What was said, without the texts that personas brought, and their greetings."""
    kept: list[Message] = []
    is_after_persona = False
    for message in path:
        is_persona = message.role is Role.SYSTEM and bool(message.persona)
        if not is_persona and not (is_after_persona and is_greeting(message)):
            kept.append(message)
        is_after_persona = is_persona
    return kept


def persona_of_path(path: Sequence[Message]) -> Persona | None:
    """The last persona of a transcript as its own message tells it, should its file be gone."""
    for message in reversed(path):
        if message.role is Role.SYSTEM and message.persona:
            return Persona(
                id=message.persona,
                name=message.persona_name or message.persona,
                system_prompt=message.text,
                examples=message.examples,
                source_stamp=message.persona_version,
            )
    return None


def _unheard(path: Sequence[Message]) -> Sequence[Message]:
    """The end of a transcript that is a persona to whom nobody has spoken, and its greeting."""
    end = len(path) - 1
    if end > 0 and is_greeting(path[end]):
        end -= 1
    is_persona = end >= 0 and path[end].role is Role.SYSTEM and path[end].persona
    return path[end:] if is_persona else ()
