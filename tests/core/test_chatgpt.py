"""ChatGPT's export: its branches, what is passed over, and chats that cannot be read."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chinwag.core.chatgpt import ChatGptReader
from chinwag.core.conversation import MessageStatus, Role
from chinwag.core.errors import ImportFileError
from chinwag.core.importing import Unreadable, read_chats
from chinwag.core.portable import PortableChat

SAMPLE = (Path(__file__).resolve().parents[1] / "samples" / "chatgpt-conversations.json").read_text(
    "utf-8"
)


def read(data: object) -> list[PortableChat | Unreadable]:
    return read_chats(json.dumps(data).encode(), [ChatGptReader()])


def chat_of(*nodes: tuple[str, str | None, str, str], **more: Any) -> dict[str, Any]:
    """A chat of nodes, each with an id, its parent, an author and its words."""
    mapping = {
        name: {
            "parent": parent,
            "message": {"author": {"role": author}, "content": {"parts": [words]}},
        }
        for name, parent, author, words in nodes
    }
    return {"title": "Knots", "create_time": 0, "mapping": mapping, "id": "one", **more}


def only(data: object) -> PortableChat:
    [chat] = read([data])
    assert isinstance(chat, PortableChat)
    return chat


def refusal(data: object) -> ImportFileError:
    [broken] = read([data])
    assert isinstance(broken, Unreadable)
    return broken.error


@pytest.fixture
def sample() -> PortableChat:
    found = read(json.loads(SAMPLE))[0]
    assert isinstance(found, PortableChat)
    return found


def test_the_sample_has_its_branches(sample: PortableChat) -> None:
    assert [(m.id, m.parent_id, m.role, m.text) for m in sample.messages] == [
        (1, None, Role.USER, "How do I tie a bowline?"),
        (2, 1, Role.ASSISTANT, "Like a rabbit"),
        (3, 1, Role.ASSISTANT, "Round the **tree**."),
        (4, 3, Role.USER, "And what knot is this?"),
        (5, 4, Role.ASSISTANT, "I looked it up.\n\nIt is a sheet bend."),
    ]
    assert sample.branches() == 2
    assert [m.id for m in sample.path()] == [1, 3, 4, 5]


def test_the_sample_keeps_what_is_known(sample: PortableChat) -> None:
    assert sample.origin == "chatgpt:6a1f-01"
    heading = sample.conversation
    assert (heading.title, heading.is_title_chosen) == ("Bowlines", True)
    assert heading.created_at == datetime.fromtimestamp(1763600000.25, UTC)
    assert heading.updated_at == datetime.fromtimestamp(1763600070.25, UTC)
    assert sample.left_out == 1, "the picture"
    reply = sample.messages[1]
    assert (reply.status, reply.model) == (MessageStatus.INTERRUPTED, "gpt-4o")
    assert (reply.persona, reply.persona_name) == ("", "ChatGPT")
    assert sample.messages[0].persona_name == ""


def test_a_chat_without_a_title_takes_its_first_words() -> None:
    chat = read(json.loads(SAMPLE))[1]
    assert isinstance(chat, PortableChat)
    assert chat.conversation.title.startswith("List the prime numbers")
    assert not chat.conversation.is_title_chosen
    assert chat.conversation.updated_at == chat.messages[0].created_at


def test_a_chat_without_words_is_told() -> None:
    broken = read(json.loads(SAMPLE))[2]
    assert isinstance(broken, Unreadable)
    assert (broken.title, broken.error.code) == ("New chat", "import.no_messages")


def test_the_order_of_children_is_that_of_the_list_not_of_the_mapping() -> None:
    chat = chat_of(("q", None, "user", "?"), ("b", "q", "user", "b"), ("a", "q", "user", "a"))
    chat["mapping"]["q"]["children"] = ["a", "b", "gone", 5]
    assert [m.text for m in only(chat).messages] == ["?", "a", "b"]


def test_versions_of_a_reply_are_never_joined() -> None:
    chat = chat_of(
        *(("q", None, "user", "?"), ("a", "q", "assistant", "a")),
        *(("b", "a", "assistant", "b"), ("c", "a", "assistant", "c")),
    )
    assert [(m.text, m.parent_id) for m in only(chat).messages] == [
        *(("?", None), ("a", 1), ("b", 2), ("c", 2)),
    ]


def test_a_leaf_at_a_tool_is_the_message_before_it() -> None:
    chat = chat_of(("q", None, "user", "?"), ("t", "q", "tool", "found"), current_node="t")
    assert only(chat).conversation.leaf_id == 1


def test_an_unknown_leaf_is_the_last_message() -> None:
    chat = chat_of(("q", None, "user", "?"), ("a", "q", "assistant", "!"), current_node="gone")
    assert only(chat).conversation.leaf_id == 2


def test_code_and_speech_are_words() -> None:
    chat = chat_of(("q", None, "user", "?"), ("a", "q", "assistant", ""))
    chat["mapping"]["a"]["message"]["content"] = {
        "content_type": "code",
        "language": "python",
        "text": "print('```')",
    }
    chat["mapping"]["q"]["message"]["content"] = {
        "content_type": "multimodal_text",
        "parts": [
            {"content_type": "audio_transcription", "text": "What do you say?"},
            {"content_type": "audio_asset_pointer"},
        ],
    }
    read_one = only(chat)
    assert read_one.messages[0].text == "What do you say?"
    assert read_one.messages[1].text == "````python\nprint('```')\n````"
    assert read_one.left_out == 1


def test_a_chain_longer_than_any_stack() -> None:
    nodes = [("n0", None, "user", "0")]
    nodes += [(f"n{n}", f"n{n - 1}", "user", str(n)) for n in range(1, 5000)]
    assert len(only(chat_of(*nodes)).path()) == 5000


def test_nodes_in_a_circle_are_told() -> None:
    chat = chat_of(("a", "b", "user", "a"), ("b", "a", "user", "b"), ("q", None, "user", "?"))
    assert refusal(chat).code == "import.tangled"


@pytest.mark.parametrize("time", [None, "now", 1e300, -1e300, 10**400, True])
def test_a_time_that_is_none_is_that_of_the_message_before(time: object) -> None:
    chat = chat_of(("q", None, "user", "?"), ("a", "q", "assistant", "!"), create_time=time)
    chat["mapping"]["q"]["message"]["create_time"] = 60
    chat["mapping"]["a"]["message"]["create_time"] = time
    one = only(chat)
    assert one.messages[1].created_at == one.messages[0].created_at
    assert one.messages[0].created_at == datetime.fromtimestamp(60, UTC)


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (("mapping",), [], "mapping"),
        (("mapping", "q"), 5, "mapping.q"),
        (("mapping", "q", "message"), "hi", "mapping.q.message"),
        (("mapping", "q", "message", "author"), "user", "mapping.q.message.author"),
        (("mapping", "q", "message", "author", "role"), 1, "mapping.q.message.author.role"),
        (("mapping", "q", "message", "content"), [], "mapping.q.message.content"),
        (("mapping", "q", "message", "content", "parts"), "x", "mapping.q.message.content.parts"),
        (("mapping", "q", "message", "content", "parts"), [1], "mapping.q.message.content.parts"),
        (("mapping", "q", "message", "metadata"), 1, "mapping.q.message.metadata"),
    ],
)
def test_a_wrong_value_refuses_its_chat(place: tuple[str, ...], value: object, field: str) -> None:
    chat = chat_of(("q", None, "user", "?"))
    inner: Any = chat
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    error = refusal(chat)
    assert (error.code, error.values) == ("import.field", {"field": field})


def test_without_an_id_the_same_words_have_the_same_origin() -> None:
    chat = chat_of(("q", None, "user", "?"), id=None)
    other = chat_of(("q", None, "user", "!"), id=None)
    assert only(chat).origin == only(chat).origin != only(other).origin


def test_instructions_are_a_system_message_of_its_own_speaker() -> None:
    chat = chat_of(("s", None, "system", "Be brief."), ("q", "s", "user", "?"))
    first, question = only(chat).messages
    assert (first.role, first.persona_name) == (Role.SYSTEM, "ChatGPT")
    assert question.parent_id == first.id


def test_what_is_hidden_or_for_a_tool_is_passed_over() -> None:
    chat = chat_of(
        *(("s", None, "system", "hidden"), ("q", "s", "user", "?")),
        *(("t", "q", "assistant", "to a tool"), ("a", "t", "assistant", "!")),
    )
    hidden = {"is_visually_hidden_from_conversation": True}
    chat["mapping"]["s"]["message"]["metadata"] = hidden
    chat["mapping"]["t"]["message"]["recipient"] = "python"
    assert [m.text for m in only(chat).messages] == ["?", "!"]


def test_nulls_are_nothing() -> None:
    chat = chat_of(("q", None, "user", "?"), ("n", "q", "user", "!"), title=None, current_node=None)
    chat["mapping"]["q"]["message"].update(metadata=None, status=None, recipient=None)
    chat["mapping"]["q"]["message"]["content"]["parts"] = [None, "?"]
    chat["mapping"]["n"]["message"]["content"] = None
    chat["mapping"]["gone"] = None
    read_one = only(chat)
    assert [m.text for m in read_one.messages] == ["?"]
    assert read_one.left_out == 0
