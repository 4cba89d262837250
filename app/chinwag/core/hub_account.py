"""Whose token the Hub sees, and where that is kept."""

from dataclasses import dataclass
from enum import StrEnum

from chinwag.core.errors import ChinwagError, HubError

_LONGEST = 500


class TokenPlace(StrEnum):
    """Where a token lies."""

    NOWHERE = ""
    KEYRING = "keyring"  # the system's, locked with the person's password
    FILE = "file"  # one that only the person may read


@dataclass(frozen=True, slots=True)
class Account:
    """The token for one hub, but not the token itself; `name` is "" until the hub has told it.

    `error` says why the hub did not.
    """

    host: str = ""
    place: TokenPlace = TokenPlace.NOWHERE
    name: str = ""
    error: ChinwagError | None = None

    @property
    def has_token(self) -> bool:
        """Whether there is one."""
        return self.place is not TokenPlace.NOWHERE


def token_typed(text: str) -> str:
    """A token as it was pasted, without what surrounds it. Raises HubError `hub.no_token`."""
    token = text.strip().strip("\"'").strip()
    if not 4 <= len(token) <= _LONGEST or not token.isascii() or not token.isprintable():
        raise HubError("hub.no_token")
    if " " in token:
        raise HubError("hub.no_token")
    return token
