"""What a message view says besides its message: names, times, numbers, how a reply ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.transcript import OWN_TEXT, is_greeting
from chinwag.ui import wording
from chinwag.ui.message_toolbar import ToolbarState
from chinwag.ui.option_rows import option_name
from chinwag.ui.transcript_row import TranscriptRow


@dataclass(frozen=True, slots=True)
class MessageWords:
    """`who` tells the message from all others; `details` stand beside the speaker's name.

    `name` is what a screen reader calls it: who speaks, and which of how many messages it is.
    """

    speaker: str
    details: str
    who: str
    name: str
    moment: str  # date and time in full, and what the reply was made by
    waiting: str
    toolbar: ToolbarState


def words_for(
    row: TranscriptRow,
    number: int,
    total: int,
    versions: tuple[int, int],
    reason: str,
    reply_reason: str,
    is_last: bool,
    model_name: Callable[[str], str],
) -> MessageWords:
    """The words for the message that is the `number`th of `total` shown, counted from 1.

    `versions` is which of how many it is; `reason` says why nothing may be changed now, or "",
    `reply_reason` why no reply can be asked for.
    """
    message = row.message
    speaker = speaker_of(message)
    time = wording.lately(message.created_at, datetime.now().astimezone().date())
    note = note_for(message)
    if message.role is Role.USER:
        note = time
    reply_reason = reason or reply_reason
    if number <= 2 and is_greeting(message):
        reply_reason = _tr("It says this by itself; there is no question to answer again")
    continue_reason = "" if is_last else _tr("Only the last message can be continued")
    if not row.text.strip():
        continue_reason = _tr("There is no text to go on from")
    toolbar = ToolbarState(
        role=message.role,
        who=_tr("message {0}, {1}").format(number, speaker),
        is_streaming=row.is_streaming,
        version=versions[0],
        versions=versions[1],
        is_pinned=message.is_pinned,
        joins=number > 1 and message.role is Role.SYSTEM and bool(message.persona),
        is_changed=bool(message.former_texts),
        blocked_reason=reason,
        reply_reason=reply_reason,
        continue_reason=reply_reason or continue_reason,
        persona=message.persona,
        model=message.model,
        note=note,
        is_note_warning=message.status in (MessageStatus.FAILED, MessageStatus.INTERRUPTED),
    )
    details = " · ".join(filter(None, (model_name(message.model), time)))
    if message.role is Role.SYSTEM:
        tokens = _tr("{0} tokens").format(wording.number(row.tokens)) if row.tokens >= 0 else ""
        parts = (_tr("System message"), message.persona_name, tokens)
        if number > 1 and message.persona:
            joins = _tr("{0} speaks from here").format(message.persona_name or message.persona)
            parts = (joins, tokens)
        if message.is_summary:
            parts = (_tr("Summary of what was said before"), tokens)
        if message.persona_version.endswith(OWN_TEXT):
            parts = (*parts, _tr("changed for this chat"))
        details = " · ".join(filter(None, parts))
    moment = "\n".join((wording.full_moment(message.created_at), *_made_by(message)))
    name = _name(message.role).format(speaker, wording.number(number), wording.number(total))
    return MessageWords(speaker, details, toolbar.who, name, moment, _waiting(row), toolbar)


def end_sentence(message: Message) -> str:
    """What a screen reader says when a reply has ended."""
    match message.status:
        case MessageStatus.STOPPED:
            sentence = _tr("The reply of {0} was stopped")
        case MessageStatus.INTERRUPTED:
            sentence = _tr("The reply of {0} was interrupted")
        case MessageStatus.FAILED:
            sentence = _tr("The reply of {0} failed")
        case _:
            sentence = _tr("{0} has answered")
    return sentence.format(speaker_of(message))


def note_for(message: Message) -> str:
    """How a reply ended, where that is worth saying, and what it cost."""
    parts: list[str] = []
    statistics = message.statistics
    match message.status:
        case MessageStatus.STOPPED:
            parts.append(wording.finish_reason("cancelled"))
        case MessageStatus.INTERRUPTED:
            parts.append(_tr("interrupted"))
        case MessageStatus.FAILED:
            parts.append(_tr("failed"))
        case _:
            if statistics is not None and statistics.finish_reason != "stop":
                parts.append(wording.finish_reason(statistics.finish_reason))
    if statistics is not None:
        digits = 1 if statistics.tokens_per_second < 10 else 0
        rate = QLocale().toString(float(statistics.tokens_per_second), "f", digits)
        parts += (
            _tr("{0} tokens").format(wording.number(statistics.completion_tokens)),
            _tr("{0} tok/s").format(rate),
            _tr("first in {0}").format(wording.duration(statistics.first_token_seconds)),
        )
    return " · ".join(parts)


def _made_by(message: Message) -> list[str]:
    """Which version of the persona spoke, and the options, of a reply that a model made."""
    if message.role is not Role.ASSISTANT or not message.model:
        return []
    number, _, digest = message.persona_version.removesuffix(OWN_TEXT).partition("-")
    version = _tr("{0}, version {1} ({2})").format(message.persona_name, number, digest)
    if message.persona_version.endswith(OWN_TEXT):
        version += " · " + _tr("changed for this chat")
    options = [
        f"{option_name(name)} {QLocale().toString(float(value), 'g', 4)}"
        for name, value in message.options.as_dict().items()
    ]
    return [*([version] if digest else []), *([" · ".join(options)] if options else [])]


def speaker_of(message: Message) -> str:
    """What the one is called who said it."""
    match message.role:
        case Role.USER:
            return _tr("You")
        case Role.SYSTEM:
            return _tr("Summary") if message.is_summary else _tr("System message")
        case Role.ASSISTANT:
            return message.persona_name or _tr("Assistant")


def _name(role: Role) -> str:
    match role:
        case Role.USER:
            return _tr("{0}, message {1} of {2}")
        case Role.SYSTEM:
            return _tr("{0}, {1} of {2}")
        case Role.ASSISTANT:
            return _tr("{0}, reply {1} of {2}")


def _waiting(row: TranscriptRow) -> str:
    reading = row.reading
    if reading is None:
        return _tr("Waiting for the first word")
    done, total = wording.number(reading.done), wording.number(reading.total)
    words = _tr("Reading {0} of {1}").format(done, total)
    if reading.seconds_left < 0:
        return words
    # Whole seconds: a tenth would only flicker.
    left = wording.duration(round(reading.seconds_left))
    return words + " · " + _tr("{0} left").format(left)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageWords", text)
