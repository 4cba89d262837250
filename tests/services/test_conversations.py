"""The list of conversations: order, pages, rename, pins, folders, bin, unread marks."""

from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Conversation, Folder, Role
from chinwag.services.conversations import FIRST_PAGE

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


def test_what_is_gone_is_told(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.conversations.trouble) as blocker:
        house.conversations.rename(4711, "Nowhere")
    assert blocker.args[0].code == "store.no_conversation"


def test_the_first_page_comes_before_the_rest(house: House, qtbot: QtBot) -> None:
    count = FIRST_PAGE + 5

    def fill() -> None:
        with house.database.transaction(durable=False) as connection:
            for number in range(count):
                connection.execute(
                    "INSERT INTO conversation (title, persona, model, created_at, updated_at)"
                    " VALUES (?, 'pirate', '', ?, ?)",
                    (f"Chat {number}", *(f"2026-01-01T00:00:00.{number:06}+00:00",) * 2),
                )

    house.tasks.call(fill)
    lengths: list[int] = []
    house.conversations.conversations_changed.connect(lambda found: lengths.append(len(found)))
    house.conversations.refresh()
    qtbot.waitUntil(lambda: len(lengths) == 2)
    assert lengths == [FIRST_PAGE, count]
    house.conversations.refresh()
    qtbot.waitUntil(lambda: len(lengths) == 3)
    assert lengths[-1] == len(house.conversations.conversations) == count


def test_wishes_while_the_list_is_read_are_one(house: House) -> None:
    make(house, "One", "a")
    lists: list[int] = []
    house.conversations.conversations_changed.connect(lambda found: lists.append(len(found)))
    for _ in range(20):
        house.conversations.refresh()
    house.tasks.drain()
    assert lists == [1, 1]


def test_a_list_that_cannot_be_read_can_be_asked_for_again(house: House, qtbot: QtBot) -> None:
    make(house, "One", "a")

    def rename_table(old: str, new: str) -> None:
        with house.database.transaction(durable=False) as connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")

    house.tasks.call(lambda: rename_table("folder", "mislaid"))
    with qtbot.waitSignal(house.conversations.trouble):
        house.conversations.refresh()
    house.tasks.call(lambda: rename_table("mislaid", "folder"))
    assert len(listed(house, qtbot)) == 1


def test_pins_and_folders(house: House, qtbot: QtBot) -> None:
    first, second = make(house, "One", "a"), make(house, "Two", "b")
    folders: list[list[Folder]] = []
    house.conversations.folders_changed.connect(folders.append)
    with qtbot.waitSignal(house.conversations.folder_created) as blocker:
        house.conversations.create_folder("  The\n sea ", first)
    [folder] = folders[-1]
    assert (blocker.args, folder.name) == ([folder.id], "The sea")
    house.conversations.set_pinned(second, True)
    house.conversations.rename_folder(folder.id, " ")
    house.conversations.rename_folder(folder.id, "Shore")
    house.conversations.set_folder_open(folder.id, False)
    house.tasks.drain()
    assert folders[-1] == [Folder(folder.id, "Shore", is_open=False)]
    shown = {
        chat.id: (chat.is_pinned, chat.folder_id) for chat in house.conversations.conversations
    }
    assert shown == {first: (False, folder.id), second: (True, None)}
    house.conversations.move(second, folder.id)
    house.conversations.delete_folder(folder.id)
    house.tasks.drain()
    assert folders[-1] == []
    assert {chat.folder_id for chat in house.conversations.conversations} == {None}


def test_the_bin_is_listed_restored_and_emptied(house: House, qtbot: QtBot) -> None:
    made = [make(house, f"Chat {number}", "a") for number in range(4)]
    for number in made:
        house.conversations.delete(number)
    with qtbot.waitSignal(house.conversations.bin_changed) as blocker:
        house.conversations.list_bin()
    assert [chat.id for chat in blocker.args[0]] == made[::-1]
    with qtbot.waitSignal(house.conversations.bin_changed) as blocker:
        house.conversations.restore_all(made[:2])
    assert [chat.id for chat in blocker.args[0]] == [made[3], made[2]]
    with qtbot.waitSignal(house.conversations.bin_changed) as blocker:
        house.conversations.purge(made)  # what is not in the bin stays
    assert blocker.args[0] == []
    assert {chat.id for chat in listed(house, qtbot)} == set(made[:2])
