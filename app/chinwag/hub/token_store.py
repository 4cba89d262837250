"""Keeps the Hub's tokens: in the system's keyring, or where there is none in a private file."""

import contextlib
import json
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from chinwag.core.errors import HubError
from chinwag.core.hub_account import TokenPlace

_SERVICE = "chinwag"
# A keyring may wait for a person to unlock it, or for a bus that never answers.
KEYRING_SECONDS = 10.0

Within = Callable[[float, Callable[[], Any]], Any]


class TokenStore:
    """One token for each origin; any thread may ask, and may have to wait.

    A keyring that fails or does not answer in time is not asked again by this object.
    """

    def __init__(
        self,
        path: Path,
        within: Within,
        backend: Any = None,
        seconds: float = KEYRING_SECONDS,
    ) -> None:
        """`within(seconds, work)` does the work, or raises TimeoutError; `backend` is a keyring."""
        self._path = path
        self._within = within
        self._backend = backend
        self._seconds = seconds
        self._has_keyring = True
        self._in_keyring: set[str] = set()  # the origins whose tokens were seen there

    def read(self, origin: str) -> tuple[str, TokenPlace]:
        """The token for an origin, and where it lies; "" without one."""
        if token := self._keyring(lambda ring: ring.get_password(_SERVICE, origin)):
            self._in_keyring.add(origin)
            return str(token), TokenPlace.KEYRING
        if token := self._kept().get(origin, ""):
            return token, TokenPlace.FILE
        return "", TokenPlace.NOWHERE

    def keep(self, origin: str, token: str) -> TokenPlace:
        """Keep a token in place of the one before. Raises HubError `hub.token_not_kept`."""

        def put(ring: Any) -> bool:
            ring.set_password(_SERVICE, origin, token)
            # There are keyrings that take everything and keep nothing.
            return ring.get_password(_SERVICE, origin) == token

        if self._keyring(put):
            self._in_keyring.add(origin)
            self._write(self._without(origin))
            return TokenPlace.KEYRING
        self._write(self._without(origin) | {origin: token})
        return TokenPlace.FILE

    def forget(self, origin: str) -> None:
        """Remove a token wherever it lies.

        Raises HubError `hub.token_not_kept`; `hub.token_not_removed` if a keyring holds on to it.
        """

        def remove(ring: Any) -> bool:
            if ring.get_password(_SERVICE, origin) is not None:
                ring.delete_password(_SERVICE, origin)
            return True

        is_removed = self._keyring(remove)
        self._write(self._without(origin))
        if not is_removed and origin in self._in_keyring:
            self._has_keyring = True  # a person may unlock it and try again
            raise HubError("hub.token_not_removed")
        self._in_keyring.discard(origin)

    def _keyring(self, ask: Callable[[Any], Any]) -> Any:
        """What the keyring answers; None where there is none that works."""
        if not self._has_keyring:
            return None
        try:
            return self._within(self._seconds, lambda: ask(self._backend or _system_keyring()))
        except Exception:  # what backends raise has no end
            self._has_keyring = False
            return None

    def _without(self, origin: str) -> dict[str, str]:
        return {name: token for name, token in self._kept().items() if name != origin}

    def _kept(self) -> dict[str, str]:
        """What the file holds; nothing where it cannot be read."""
        try:
            with self._path.open("rb") as file:
                if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    os.fchmod(file.fileno(), 0o600)
                kept = cast(object, json.loads(file.read(100_000)))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(kept, dict):
            return {}
        rows = cast(dict[str, object], kept).items()
        return {name: token for name, token in rows if isinstance(token, str)}

    def _write(self, tokens: dict[str, str]) -> None:
        """Put the file in place, readable for its owner only; no file for no tokens."""
        draft = ""
        try:
            if not tokens:
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(prefix=".hub-token.", dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:  # 0600 from the start
                json.dump(tokens, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._path)
        except OSError as error:
            if draft:
                with contextlib.suppress(OSError):
                    os.unlink(draft)
            reason = error.strerror or str(error)
            folder = str(self._path.parent)
            raise HubError("hub.token_not_kept", folder=folder, reason=reason) from error


def _system_keyring() -> Any:
    import keyring

    return keyring.get_keyring()
