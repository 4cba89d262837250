"""Contacts: which computers of the web were asked for something, why, when and how often."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MOST_CONTACTS = 300


class Purpose(StrEnum):
    """Why a computer was contacted."""

    SEARCH = "search"
    MODEL = "model"  # what is in a repository, and whether one may have it
    CARD = "card"
    ACCOUNT = "account"  # whose token it is
    DOWNLOAD = "download"
    PICTURE = "picture"  # one that somebody clicked on in a chat
    PROXY = "proxy"  # asked on the way to another host


class Knock(Protocol):
    """What must be called before each request, redirects included; any thread may call it.

    Raises NetworkError `network.offline` where nothing may go out.
    """

    def __call__(self, host: str, purpose: Purpose) -> None: ...


@dataclass(frozen=True, slots=True)
class Contact:
    """One host and one reason; `first` and `last` are in UTC, `host` has a port if unusual."""

    host: str
    purpose: Purpose
    times: int
    first: datetime
    last: datetime


def merged(kept: Iterable[Contact], more: Iterable[Contact]) -> list[Contact]:
    """Both lists as one, the latest first; beyond MOST_CONTACTS the oldest are let go."""
    rows: dict[tuple[str, Purpose], Contact] = {}
    for contact in (*kept, *more):
        key = (contact.host, contact.purpose)
        known = rows.get(key)
        if known is not None:
            contact = Contact(
                contact.host,
                contact.purpose,
                known.times + contact.times,
                min(known.first, contact.first),
                max(known.last, contact.last),
            )
        rows[key] = contact
    latest_first = sorted(rows.values(), key=lambda one: (one.last, one.host), reverse=True)
    return latest_first[:MOST_CONTACTS]
