"""Any history of appending, deleting, restoring and walking comes back from the file as it was."""

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database


class StoreHistories(RuleBasedStateMachine):
    """Does to a store and to plain dictionaries the same things, and compares."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.time = datetime(2026, 11, 23, tzinfo=UTC)
        self.open()
        self.messages: dict[int, Message] = {}
        self.leaves: dict[int, int | None] = {}
        for title in ("one", "two"):
            self.leaves[self.store.create(title, "assistant", "").id] = None

    def open(self) -> None:
        self.database = Database(self.folder / "chinwag.sqlite3")
        self.store = ConversationStore(self.database, self.now)

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def any_message(self, data: st.DataObject) -> Message:
        return self.messages[data.draw(st.sampled_from(sorted(self.messages)))]

    @rule(
        data=st.data(),
        role=st.sampled_from(Role),
        text=st.text(),
        status=st.sampled_from(MessageStatus),
    )
    def append(self, data: st.DataObject, role: Role, text: str, status: MessageStatus) -> None:
        chat = data.draw(st.sampled_from(sorted(self.leaves)))
        here = [m.id for m in self.messages.values() if m.conversation_id == chat]
        parent = data.draw(st.just(self.leaves[chat]) | st.sampled_from([None, *here]))
        made = self.store.append(chat, parent, role, text, status=status)
        assert (made.parent_id, made.role, made.text, made.status) == (parent, role, text, status)
        assert made.created_at == self.time
        self.messages[made.id] = made
        self.leaves[chat] = made.id

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), text=st.text(), ids=st.lists(st.integers(0, 2**32 - 1)))
    def save_reply(self, data: st.DataObject, text: str, ids: list[int]) -> None:
        one = self.any_message(data)
        self.store.save_reply(one.id, text, ids)
        self.messages[one.id] = replace(
            one, text=text, token_ids=tuple(ids), status=MessageStatus.STREAMING
        )

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), text=st.text(), status=st.sampled_from(MessageStatus))
    def finish_reply(self, data: st.DataObject, text: str, status: MessageStatus) -> None:
        one = self.any_message(data)
        ended = self.store.finish_reply(one.id, text, [1], status, None)
        self.messages[one.id] = replace(one, text=text, token_ids=(1,), status=status)
        assert ended == self.messages[one.id]

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def delete_and_walk_on(self, data: st.DataObject) -> None:
        one = self.any_message(data)
        chat = one.conversation_id
        leaf = self.leaves[chat]
        tree = self.store.messages(chat)
        if leaf is not None and one in tree.path(leaf):
            end = tree.leaf_after_deleting(one.id, leaf)
            self.store.set_leaf(chat, end)
            self.leaves[chat] = end
        self.store.delete_message(one.id)
        self.messages[one.id] = replace(one, deleted_at=self.time)

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        one = self.any_message(data)
        self.store.restore_message(one.id)
        self.messages[one.id] = replace(one, deleted_at=None)

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def set_leaf(self, data: st.DataObject) -> None:
        one = self.any_message(data)
        self.store.set_leaf(one.conversation_id, one.id)
        self.leaves[one.conversation_id] = one.id

    @rule()
    def interrupt(self) -> None:
        growing = [m for m in self.messages.values() if m.status is MessageStatus.STREAMING]
        assert self.store.interrupt_streaming() == len(growing)
        for one in growing:
            self.messages[one.id] = replace(one, status=MessageStatus.INTERRUPTED)

    @rule()
    def open_again(self) -> None:
        self.database.close()
        self.open()

    @invariant()
    def the_file_says_the_same(self) -> None:
        for chat, leaf in self.leaves.items():
            tree = self.store.messages(chat)
            assert self.store.get(chat).leaf_id == leaf
            assert dict(tree.by_id()) == {
                number: one for number, one in self.messages.items() if one.conversation_id == chat
            }
            assert all(one.deleted_at is None for one in tree.path(leaf))

    @invariant()
    def the_index_holds_what_can_be_found(self) -> None:
        with self.database.transaction(durable=False) as connection:
            for index in ("message_index", "title_index"):
                connection.execute(
                    f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"
                )


TestStoreHistories = StoreHistories.TestCase
TestStoreHistories.settings = settings(max_examples=40, stateful_step_count=30)
