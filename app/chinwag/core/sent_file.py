"""What replies were given, in our own file of chats: as JSON, and back from a stranger's."""

import json
from collections.abc import Mapping
from datetime import datetime

from chinwag.core.importing import Fields
from chinwag.core.sent_prompt import SentPrompt, parts_from, parts_said, renumbered

_LARGEST_INTEGER = 2**53


def sent_said(sent: SentPrompt) -> dict[str, object]:
    """As JSON; messages are named by their numbers in the file."""
    return {
        "parts": json.loads(parts_said(sent.parts)),
        "digest": sent.digest,
        "tokens": sent.tokens,
        "sent_at": sent.sent_at.isoformat(),
    }


def read_sent(message: Fields, numbers: Mapping[int, int]) -> SentPrompt | None:
    """What a message says of it; None for nothing. Raises ImportFileError `import.field`.

    `numbers` are those of the messages by the ids that the file gives them.
    """
    if message.get("sent") is None:
        return None
    said = message.inner("sent")
    try:
        parts = renumbered(parts_from(json.dumps(said.array("parts"))), numbers)
    except ValueError:
        said.refuse("parts")
    if parts is None:
        said.refuse("parts")
    tokens = said.whole("tokens")
    if tokens is None or not 0 <= tokens <= _LARGEST_INTEGER:
        said.refuse("tokens")
    try:
        sent_at = datetime.fromisoformat(said.text("sent_at"))
    except ValueError:
        said.refuse("sent_at")
    return SentPrompt(parts, said.text("digest"), tokens, sent_at)
