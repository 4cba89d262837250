"""The way out: the switch holds for every thread, and the ledger adds up over processes."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from chinwag.core.contacts import MOST_CONTACTS, Contact, Purpose, merged
from chinwag.core.errors import NetworkError
from chinwag.services.network import NetworkService
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.store.contact_store import ContactStore
from chinwag.store.persona_store import PersonaStore
from chinwag.store.settings_store import SettingsStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    made = Tasks("files")
    yield made
    made.close()


@pytest.fixture
def preferences(tasks: Tasks, tmp_path: Path) -> PreferencesService:
    personas = PersonaStore(tmp_path / "shipped", tmp_path / "own")
    return PreferencesService(SettingsStore(tmp_path / "settings.json"), personas, tasks)


@pytest.fixture
def store(tmp_path: Path) -> ContactStore:
    return ContactStore(tmp_path / "data" / "contacts.json")


@pytest.fixture
def network(tasks: Tasks, preferences: PreferencesService, store: ContactStore) -> NetworkService:
    return NetworkService(store, preferences, tasks, lambda: NOON)


def contact(host: str = "a.example", times: int = 1, at: datetime = NOON) -> Contact:
    return Contact(host, Purpose.SEARCH, times, at, at)


def tallied(contacts: list[Contact]) -> set[tuple[str, int]]:
    return {(one.purpose.value, one.times) for one in contacts}


def test_what_was_contacted_is_kept_on_disk(
    qtbot: QtBot, network: NetworkService, store: ContactStore
):
    network.knock("a.example", Purpose.SEARCH)
    network.knock("a.example", Purpose.SEARCH)
    network.knock("a.example", Purpose.DOWNLOAD)
    assert {(one.purpose, one.times) for one in network.contacts} == {
        ("search", 2),
        ("download", 1),
    }
    with qtbot.waitSignal(network.contacts_changed):
        pass  # saved after a pause, though nothing else happens
    assert store.load() == network.contacts
    store.add([contact(times=5)])  # by the terminal, meanwhile
    network.knock("a.example", Purpose.SEARCH)
    network.close()
    with qtbot.waitSignal(network.contacts_changed):
        pass
    assert tallied(store.load()) == {("search", 8), ("download", 1)}


def test_offline_holds_on_every_thread_and_leaves_no_trace(
    qtbot: QtBot, network: NetworkService, preferences: PreferencesService
):
    with qtbot.waitSignal(network.offline_changed) as changed:
        network.go_offline(True)
    assert changed.args == [True]
    assert preferences.settings.works_offline
    codes: list[str] = []

    def knock() -> None:
        try:
            network.knock("a.example", Purpose.DOWNLOAD)
        except NetworkError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["network.offline"] * 4
    assert network.contacts == []
    network.go_offline(False)
    network.knock("a.example", Purpose.DOWNLOAD)
    assert len(network.contacts) == 1


def test_knocks_from_many_threads_add_up(network: NetworkService):
    def knock() -> None:
        for _ in range(50):
            network.knock("a.example", Purpose.MODEL)

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.times for one in network.contacts] == [200]


def test_the_ledger_can_be_emptied(qtbot: QtBot, network: NetworkService, store: ContactStore):
    store.add([contact()])
    with qtbot.waitSignal(network.contacts_changed):
        network.refresh()
    assert len(network.contacts) == 1
    with qtbot.waitSignal(network.contacts_changed):
        network.forget()
    assert network.contacts == store.load() == []


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'{"contacts": [{"host": 1}]}', b"\xff", b"[" * 100_000, b" " * 2**21]
)
def test_a_broken_ledger_is_set_aside(tmp_path: Path, content: bytes):
    path = tmp_path / "contacts.json"
    path.write_bytes(content)
    store = ContactStore(path, lambda: datetime(2026, 5, 1))
    assert store.load() == []
    assert [one.name for one in tmp_path.iterdir()] == ["contacts.json.broken-20260501-000000"]
    assert store.add([contact()]) == [contact()]


_CONTACTS = st.lists(
    st.builds(
        Contact,
        st.sampled_from(["a.example", "b.example:8080", "[::1]:9"]),
        st.sampled_from(list(Purpose)),
        st.integers(1, 9),
        st.just(NOON),
        st.integers(0, 5).map(lambda days: NOON + timedelta(days=days)),
    ),
    max_size=12,
)


@given(_CONTACTS, _CONTACTS)
def test_merging_loses_no_knock(kept: list[Contact], more: list[Contact]):
    rows = merged(kept, more)
    assert sum(one.times for one in rows) == sum(one.times for one in kept + more)
    assert len({(one.host, one.purpose) for one in rows}) == len(rows)
    assert [one.last for one in rows] == sorted((one.last for one in rows), reverse=True)
    assert merged(rows, ()) == rows


def test_the_ledger_has_an_end():
    many = [
        contact(f"{number}.example", at=NOON + timedelta(minutes=number)) for number in range(999)
    ]
    rows = merged(many, ())
    assert len(rows) == MOST_CONTACTS
    assert rows[0].host == "998.example"
