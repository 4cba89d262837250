"""The token: in the keyring or a private file, checked before it is kept, never anywhere else."""

import json
import logging
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring.backend
import keyring.errors
import pytest
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from pytestqt.qtbot import QtBot

from chinwag.core.errors import HubError
from chinwag.core.hub_account import Account, TokenPlace, token_typed
from chinwag.hub.hub_client import HubClient
from chinwag.hub.token_store import TokenStore
from chinwag.services.account import AccountService
from chinwag.services.tasks import within
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

HUB, TOKEN = "https://huggingface.co", "hf_secret_of_reader"


class OwnKeyring(keyring.backend.KeyringBackend):
    """A keyring in memory, and how it can go wrong."""

    priority = 1  # pyright: ignore[reportAssignmentType]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.locked = threading.Event()
        self.locked.set()

    def _answer(self) -> None:
        self.locked.wait(30)
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[OwnKeyring]:
    made = OwnKeyring()
    yield made
    made.locked.set()
    for thread in threading.enumerate():
        if thread.name == "within":
            thread.join(timeout=10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "hub-token"


def store(path: Path, backend: Any, seconds: float = 20) -> TokenStore:
    return TokenStore(path, within, backend, seconds)


def test_a_keyring_keeps_the_token_and_no_file_does(path: Path, ring: OwnKeyring):
    kept = store(path, ring)
    assert kept.read(HUB) == ("", TokenPlace.NOWHERE)
    assert kept.keep(HUB, TOKEN) is TokenPlace.KEYRING
    assert store(path, ring).read(HUB) == (TOKEN, TokenPlace.KEYRING)
    assert kept.read("https://mirror.example") == ("", TokenPlace.NOWHERE)
    assert not path.exists()
    kept.forget(HUB)
    assert ring.kept == {}
    kept.forget(HUB)  # once more is no mistake


def test_a_keyring_that_holds_on_to_a_token_is_said_and_asked_again(path: Path, ring: OwnKeyring):
    kept = store(path, ring)
    kept.keep(HUB, TOKEN)
    ring.error = keyring.errors.KeyringLocked()
    with pytest.raises(HubError, match=r"hub\.token_not_removed"):
        kept.forget(HUB)
    ring.error = None
    assert kept.read(HUB) == (TOKEN, TokenPlace.KEYRING)
    kept.forget(HUB)
    assert (kept.read(HUB), ring.kept) == (("", TokenPlace.NOWHERE), {})


@pytest.mark.parametrize("backend", [FailKeyring(), NullKeyring()])
def test_without_a_keyring_a_private_file_keeps_it(path: Path, backend: Any):
    kept = store(path, backend)
    assert kept.keep(HUB, TOKEN) is TokenPlace.FILE
    assert kept.keep("https://other.example", "hf_other") is TokenPlace.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    os.chmod(path, 0o644)  # by a restored backup, say
    assert store(path, backend).read(HUB) == (TOKEN, TokenPlace.FILE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept.forget(HUB)
    assert json.loads(path.read_text()) == {"https://other.example": "hf_other"}
    kept.forget("https://other.example")
    assert not path.exists()


@pytest.mark.parametrize("error", [keyring.errors.KeyringLocked(), OSError(), RuntimeError("bus")])
def test_a_keyring_that_fails_is_done_without(path: Path, ring: OwnKeyring, error: Exception):
    ring.error = error
    assert store(path, ring).keep(HUB, TOKEN) is TokenPlace.FILE
    assert store(path, ring).read(HUB) == (TOKEN, TokenPlace.FILE)


def test_a_keyring_that_never_answers_is_waited_for_once(path: Path, ring: OwnKeyring):
    kept = store(path, ring, seconds=0.05)
    ring.locked.clear()
    assert kept.keep(HUB, TOKEN) is TokenPlace.FILE
    assert kept.read(HUB) == (TOKEN, TokenPlace.FILE)
    waiting = [one for one in threading.enumerate() if one.name == "within"]
    assert len(waiting) == 1


def test_a_token_moves_from_the_file_to_a_keyring_that_came(path: Path, ring: OwnKeyring):
    store(path, FailKeyring()).keep(HUB, "hf_older")
    assert store(path, ring).keep(HUB, TOKEN) is TokenPlace.KEYRING
    assert not path.exists()


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"a": 1}', b"\xff", b""])
def test_a_broken_file_holds_no_token(path: Path, content: bytes):
    path.parent.mkdir()
    path.write_bytes(content)
    kept = store(path, FailKeyring())
    assert kept.read(HUB) == ("", TokenPlace.NOWHERE)
    kept.keep(HUB, TOKEN)
    assert kept.read(HUB) == (TOKEN, TokenPlace.FILE)


def test_a_file_that_cannot_be_written_is_said(path: Path):
    path.parent.write_text("a file where the folder should be")
    with pytest.raises(HubError, match=r"hub\.token_not_kept"):
        store(path, FailKeyring()).keep(HUB, TOKEN)


@pytest.mark.parametrize("typed", ["", "hf", "two words", "hf_\u00e9", "hf_a\nhf_b", "x" * 501])
def test_what_is_no_token_is_refused(typed: str):
    with pytest.raises(HubError, match=r"hub\.no_token"):
        token_typed(typed)


def test_what_surrounds_a_token_is_left_out():
    assert token_typed(' "hf_abc"\n') == "hf_abc"


# the service


@pytest.fixture
def account(
    qapp: object, standin: StandinHub, path: Path, ring: OwnKeyring
) -> Iterator[AccountService]:
    standin.repositories.tokens[TOKEN] = set()
    standin.api.names[TOKEN] = "reader"
    tokens = store(path, ring)
    client = HubClient(lambda host, purpose: None, lambda origin: tokens.read(origin)[0])
    client.use(standin.url, "")
    made = AccountService(tokens, client)
    yield made
    made.close()


def test_a_token_is_kept_once_the_hub_has_told_whose_it_is(
    qtbot: QtBot, standin: StandinHub, account: AccountService, caplog: pytest.LogCaptureFixture
):
    host = standin.url.removeprefix("http://")
    with caplog.at_level(logging.DEBUG):
        with qtbot.waitSignal(account.account_changed):
            account.refresh()
        assert account.account == Account(host)
        assert standin.log == []
        with qtbot.waitSignal(account.account_changed):
            account.add(f" {TOKEN} ")
        assert account.account == Account(host, TokenPlace.KEYRING, "reader")
        with qtbot.waitSignal(account.account_changed):
            account.refresh()
        assert len(standin.log) == 1  # the Hub limits such questions
        with qtbot.waitSignal(account.account_changed):
            account.remove()
    assert account.account == Account(host)
    assert TOKEN not in caplog.text


def test_a_token_the_hub_does_not_know_is_not_kept(
    qtbot: QtBot, account: AccountService, ring: OwnKeyring, path: Path
):
    for typed, code in (("hf_unknown", "hub.bad_token"), ("no token", "hub.no_token")):
        with qtbot.waitSignal(account.token_refused) as refused:
            account.add(typed)
        assert refused.args[0].code == code
        assert typed not in str(refused.args[0])
    assert ring.kept == {}
    assert not path.exists()


def test_a_token_that_has_ended_is_told_and_stays_until_it_is_removed(
    qtbot: QtBot, standin: StandinHub, account: AccountService, ring: OwnKeyring
):
    ring.kept["chinwag", standin.url] = "hf_ended"
    with qtbot.waitSignal(account.account_changed):
        account.refresh()
    found = account.account
    assert found.error is not None
    assert (found.place, found.error.code) == (TokenPlace.KEYRING, "hub.bad_token")
    standin.faults.add(Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "9"}))
    with qtbot.waitSignal(account.account_changed):
        account.refresh()
    assert account.account.error is not None
    assert account.account.error.code == "hub.rate_limited_for"
    with qtbot.waitSignal(account.account_changed):
        account.remove()
    assert ring.kept == {}
