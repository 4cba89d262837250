"""What a message's line and its tooltip say of who spoke, from where on, and by what."""

from dataclasses import replace
from datetime import UTC, datetime

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.transcript import greeting_message, system_message
from chinwag.ui import wording
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.message_words import MessageWords, words_for
from chinwag.ui.transcript_row import TranscriptRow

PIRATE = Persona("pirate", "Pirate", "Arr.", greeting="Ahoy!", version=3)
REPLY = Message(
    1,
    1,
    None,
    Role.ASSISTANT,
    "Aye.",
    MessageStatus.COMPLETE,
    datetime(2026, 3, 1, tzinfo=UTC),
    persona="pirate",
    persona_name="Pirate",
    model="small.gguf",
    options=GenerationOptions(temperature=0.4, top_k=40),
    persona_version=PIRATE.stamp,
)


def words(message: Message, number: int) -> MessageWords:
    row = TranscriptRow(message, MarkdownReader())
    return words_for(row, number, 9, (1, 1), "", "", True, lambda model: model)


def test_a_reply_says_which_version_spoke_and_how():
    _, version, options = words(REPLY, 3).moment.split("\n")
    digest = PIRATE.stamp.partition("-")[2]
    assert version == f"Pirate, version 3 ({digest})"
    assert options == "Temperature 0.4 · Top k 40"
    own = words(replace(REPLY, persona_version=f"{PIRATE.stamp}+"), 3).moment
    assert own.split("\n")[1] == f"{version} · changed for this chat"
    old = words(replace(REPLY, persona_version="", options=GenerationOptions()), 3).moment
    assert "\n" not in old


def test_a_message_of_another_day_says_which():
    assert words(REPLY, 3).details == f"small.gguf · {wording.moment(REPLY.created_at)}"
    now = datetime.now(UTC)
    assert words(replace(REPLY, created_at=now), 3).details.endswith(
        f"· {wording.time_of_day(now)}"
    )


def test_a_persona_that_joins_says_from_where_it_speaks():
    message = replace(system_message(PIRATE), id=1)
    first, later = words(message, 1), words(message, 5)
    assert first.details == "System message · Pirate"
    assert later.details == "Pirate speaks from here"
    assert (first.toolbar.joins, later.toolbar.joins) == (False, True)
    own = replace(message, persona_version=f"{PIRATE.stamp}+")
    assert words(own, 1).details == "System message · Pirate · changed for this chat"
    inserted = replace(message, persona="", persona_name="")
    assert not words(inserted, 5).toolbar.joins


def test_a_greeting_cannot_be_answered_again():
    greeting = replace(greeting_message(PIRATE), id=2)
    assert words(greeting, 2).toolbar.reply_reason
    assert not words(REPLY, 2).toolbar.reply_reason
    assert "\n" not in words(greeting, 2).moment
