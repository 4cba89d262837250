"""Searching beside everything else: the newest words win, and writers are not waited for."""

import threading

from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Role, SearchHit

from .conftest import House


def make(house: House, title: str, text: str) -> int:
    def work() -> int:
        made = house.store.create(title, "pirate", "")
        house.store.append(made.id, None, Role.USER, text)
        return made.id

    return house.tasks.call(work)


def test_search_as_you_type_answers_the_newest_words(house: House, qtbot: QtBot) -> None:
    made = make(house, "One", "a walrus and a carpenter")
    heard: list[tuple[str, list[int]]] = []
    house.searches.hits_found.connect(
        lambda words, hits: heard.append((words, [hit.conversation_id for hit in hits]))
    )
    for end in range(1, len("walrus") + 1):
        house.searches.search("walrus"[:end])
    qtbot.waitUntil(lambda: ("walrus", [made]) in heard)
    # One search ran, one was kept, the others were typed over.
    assert len(heard) <= 2


def test_search_takes_any_input(house: House, qtbot: QtBot) -> None:
    for words in ('"', "a AND", "(", "*", "NEAR(", "\0", "", "🙂", "persona:", 'before:"'):
        with qtbot.waitSignal(house.searches.hits_found) as blocker:
            house.searches.search(words)
        assert blocker.args[0] == words


def test_a_search_passes_a_writer_that_takes_its_time(house: House, qtbot: QtBot) -> None:
    made = make(house, "One", "a walrus")
    done = threading.Event()

    def write() -> None:
        with house.database.transaction(durable=True) as connection:
            connection.execute("UPDATE conversation SET title = 'Two'")
            done.wait()

    house.tasks.submit(write)
    hits: list[SearchHit] = []
    try:
        with qtbot.waitSignal(house.searches.hits_found) as blocker:
            house.searches.search("walrus persona:pirate")
        hits = blocker.args[1]
    finally:
        done.set()
    assert [(hit.conversation_id, hit.title) for hit in hits] == [(made, "One")]


def test_a_search_that_fails_is_told_and_the_next_one_works(house: House, qtbot: QtBot) -> None:
    made = make(house, "One", "a walrus")

    def rename_table(old: str, new: str) -> None:
        with house.database.transaction(durable=False) as connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")

    house.tasks.call(lambda: rename_table("message", "mislaid"))
    with qtbot.waitSignal(house.searches.trouble) as blocker:
        house.searches.search("walrus")
    assert blocker.args[0].code == "store.failed"
    house.tasks.call(lambda: rename_table("mislaid", "message"))
    with qtbot.waitSignal(house.searches.hits_found) as blocker:
        house.searches.search("walrus")
    assert [hit.conversation_id for hit in blocker.args[1]] == [made]


def test_closing_in_the_middle_of_a_search(house: House) -> None:
    make(house, "One", "a walrus")
    house.searches.search("wal")
    house.searches.search("walrus")
    house.searches.close()
    house.searches.close()
