"""The list of conversations: order, search, rename, bin, unread marks."""

from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation, Role

from .conftest import House


def make(house: House, title: str, text: str) -> int:
    def work() -> int:
        made = house.store.create(title, "pirate", "")
        house.store.append(made.id, None, Role.USER, text)
        return made.id

    return house.tasks.call(work)


def listed(house: House, qtbot: QtBot) -> list[Conversation]:
    with qtbot.waitSignal(house.conversations.conversations_changed) as blocker:
        house.conversations.refresh()
    return blocker.args[0]


def test_the_newest_comes_first(house: House, qtbot: QtBot) -> None:
    first, second = make(house, "One", "a"), make(house, "Two", "b")
    assert [c.id for c in listed(house, qtbot)] == [second, first]


def test_rename(house: House, qtbot: QtBot) -> None:
    made = make(house, "One", "a")
    with qtbot.waitSignal(house.conversations.conversations_changed) as blocker:
        house.conversations.rename(made, "  A better\n name ")
    [renamed] = blocker.args[0]
    assert renamed.title == "A better name"
    assert renamed.is_title_chosen
    house.conversations.rename(made, " \n")
    assert listed(house, qtbot)[0].title == "A better name"


def test_delete_and_undo(house: House, qtbot: QtBot) -> None:
    made = make(house, "One", "a")
    with qtbot.waitSignal(house.conversations.conversation_deleted) as blocker:
        house.conversations.delete(made)
    assert blocker.args == [made]
    house.tasks.drain()
    assert listed(house, qtbot) == []
    with qtbot.waitSignal(house.conversations.conversations_changed) as blocker:
        house.conversations.restore(made)
    assert [c.id for c in blocker.args[0]] == [made]


def test_mark_read(house: House, qtbot: QtBot) -> None:
    made = make(house, "One", "a")
    house.tasks.call(lambda: house.store.set_unread(made, True))
    assert listed(house, qtbot)[0].is_unread
    with qtbot.waitSignal(house.conversations.conversations_changed) as blocker:
        house.conversations.mark_read(made)
    assert not blocker.args[0][0].is_unread


def test_search_as_you_type_answers_the_newest_words(house: House, qtbot: QtBot) -> None:
    made = make(house, "One", "a walrus and a carpenter")
    heard: list[tuple[str, list[int]]] = []
    house.conversations.hits_found.connect(
        lambda words, hits: heard.append((words, [hit.conversation_id for hit in hits]))
    )
    for end in range(1, len("walrus") + 1):
        house.conversations.search("walrus"[:end])
    qtbot.waitUntil(lambda: ("walrus", [made]) in heard)
    # One search ran, one was kept, the others were typed over.
    assert len(heard) <= 2


def test_search_takes_any_input(house: House, qtbot: QtBot) -> None:
    for words in ('"', "a AND", "(", "*", "NEAR(", "\0", "", "🙂"):
        with qtbot.waitSignal(house.conversations.hits_found) as blocker:
            house.conversations.search(words)
        assert blocker.args[0] == words


def test_what_is_gone_is_told(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.conversations.trouble) as blocker:
        house.conversations.rename(4711, "Nowhere")
    assert blocker.args[0].code == "store.no_conversation"
