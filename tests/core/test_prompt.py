"""Which turns are sent, in which order."""

from dataclasses import replace
from datetime import UTC, datetime

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.persona import Persona
from chinwag.core.prompt import (
    PromptDocument,
    PromptMessage,
    opening,
    prompt_from_path,
    speaker_of_path,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXAMPLES = (("Tea?", "Yes."), ("Milk?", "No."))
SHOWN = [
    PromptMessage(Role.SYSTEM, "Be brief."),
    PromptMessage(Role.USER, "Tea?"),
    PromptMessage(Role.ASSISTANT, "Yes."),
    PromptMessage(Role.USER, "Milk?"),
    PromptMessage(Role.ASSISTANT, "No."),
]


def message(role: Role, text: str, **said: object) -> Message:
    return replace(
        Message(1, 1, None, role, text, MessageStatus.COMPLETE, NOON),
        **said,  # pyright: ignore[reportArgumentType]
    )


SYSTEM = message(Role.SYSTEM, "Be brief.", persona="assistant", examples=EXAMPLES)


def test_a_persona_opens_with_its_examples() -> None:
    assert opening(Persona("x", "X", "Be brief.", examples=EXAMPLES)) == SHOWN


def test_a_transcript_sends_the_same_opening_as_its_persona() -> None:
    path = [SYSTEM, message(Role.USER, "Sugar?")]
    assert prompt_from_path(path) == [*SHOWN, PromptMessage(Role.USER, "Sugar?")]


def test_a_reply_goes_as_the_tokens_it_was_sampled_as() -> None:
    reply = message(Role.ASSISTANT, "Green.", token_ids=(5, 6), status=MessageStatus.STOPPED)
    assert prompt_from_path([reply]) == [PromptMessage(Role.ASSISTANT, "Green.", (5, 6))]


def test_what_was_attached_goes_with_its_question() -> None:
    tides = Attachment("tides.pdf", DocumentKind.PDF, ("Low at six.", "High at noon."), (2,))
    attached = (tides, Attachment("a.md", DocumentKind.TEXT, ("# A",)))
    (turn,) = prompt_from_path([message(Role.USER, "When?", attachments=attached)])
    assert turn.documents == (
        PromptDocument("tides.pdf", "High at noon."),
        PromptDocument("a.md", "# A"),
    )
    assert turn.whole_text == turn.preface + "When?"
    assert turn.preface.index("High at noon.") < turn.preface.index("# A")
    assert PromptMessage(Role.USER, "When?").whole_text == "When?"


def test_a_reply_without_text_or_still_growing_is_left_out() -> None:
    assert prompt_from_path([message(Role.ASSISTANT, "", status=MessageStatus.FAILED)]) == []
    growing = message(Role.ASSISTANT, "Gre", status=MessageStatus.STREAMING)
    assert prompt_from_path([growing]) == []


def test_a_later_persona_speaks_from_where_it_stands() -> None:
    later = message(Role.SYSTEM, "Arr.", persona="pirate")
    question = message(Role.USER, "Sugar?")
    turns = prompt_from_path([SYSTEM, question, later])
    assert turns == [*SHOWN, PromptMessage(Role.USER, "Sugar?"), PromptMessage(Role.SYSTEM, "Arr.")]
    assert speaker_of_path([SYSTEM, question]) == "assistant"
    assert speaker_of_path([SYSTEM, question, later]) == "pirate"
    assert speaker_of_path([question]) is None
