"""From persona and history to the messages that are sent to the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.persona import Persona

SUMMARY_LEAD = "Summary of the conversation so far:"


@dataclass(frozen=True, slots=True)
class PromptDocument:
    """A document that a turn brings with it: what it is called, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One turn as the engine gets it; `token_ids` stand for a text that the model itself wrote.

    `documents` stand in the turn before its text.
    """

    role: Role
    text: str
    token_ids: Sequence[int] = ()
    documents: tuple[PromptDocument, ...] = ()

    @property
    def preface(self) -> str:
        """The documents as the model reads them, in front of the text."""
        return "".join(map(_presented, self.documents))

    @property
    def whole_text(self) -> str:
        """Everything that the turn says: its documents, then its text."""
        return self.preface + self.text if self.documents else self.text


def opening(persona: Persona) -> list[PromptMessage]:
    """What a persona puts before a conversation: its system prompt, then its examples."""
    return _system(persona.system_prompt, persona.examples)


def prompt_from_path(path: Iterable[Message]) -> list[PromptMessage]:
    """The turns of a transcript, oldest first, each system message followed by its examples.

    A reply that holds no text (it failed before its first token) is left out.
    """
    turns: list[PromptMessage] = []
    for message in path:
        if message.is_summary:
            turns.append(PromptMessage(Role.SYSTEM, f"{SUMMARY_LEAD}\n{message.text}"))
        elif message.role is Role.SYSTEM:
            turns += _system(message.text, message.examples)
        elif message.role is Role.USER:
            turns.append(PromptMessage(Role.USER, message.text, (), _documents(message)))
        elif message.text and message.status is not MessageStatus.STREAMING:
            turns.append(PromptMessage(Role.ASSISTANT, message.text, message.token_ids))
    return turns


def speaker_of_path(path: Iterable[Message]) -> str | None:
    """The id of the persona that the last system message in a transcript belongs to.

    A system message that a person put in is nobody's.
    """
    speaker = None
    for message in path:
        if message.role is Role.SYSTEM and message.persona:
            speaker = message.persona
    return speaker


def _documents(message: Message) -> tuple[PromptDocument, ...]:
    return tuple(PromptDocument(one.name, one.text) for one in message.attachments)


def _presented(document: PromptDocument) -> str:
    return f"[Document: {document.name}]\n{document.text}\n[End of document]\n\n"


def _system(text: str, examples: Iterable[tuple[str, str]]) -> list[PromptMessage]:
    turns = [PromptMessage(Role.SYSTEM, text)]
    for question, answer in examples:
        turns += [PromptMessage(Role.USER, question), PromptMessage(Role.ASSISTANT, answer)]
    return turns
