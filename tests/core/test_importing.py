"""Files of chats: what comes in, and every way in which a file or a chat of it is refused."""

import contextlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.chat_file import SCHEMA, ChinwagReader, write_chats
from chinwag.core.chatgpt import ChatGptReader
from chinwag.core.conversation import MessageStatus, Role
from chinwag.core.errors import ImportFileError
from chinwag.core.importing import Unreadable, read_chats
from chinwag.core.portable import PortableChat

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
OURS = (SAMPLES / "chinwag-chats.json").read_bytes()
READERS = (ChinwagReader(), ChatGptReader())
ATTACHED = "messages[1].attachments[0]"
NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


def refusal(content: bytes, most_bytes: int = 1_000_000) -> ImportFileError:
    with pytest.raises(ImportFileError) as caught:
        read_chats(content, READERS, most_bytes)
    return caught.value


def zipped(compression: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_json", ".json"), content)
    return made.getvalue()


def with_change(change: dict[str, Any], message: int | None = None) -> bytes:
    """Our sample with other values in its first chat, or in one message of that."""
    data = json.loads(OURS)
    chat = data["conversations"][0]
    (chat if message is None else chat["messages"][message]).update(change)
    return json.dumps(data).encode()


def test_our_sample_comes_in_whole() -> None:
    chat, empty = read_chats(OURS, READERS)
    assert isinstance(chat, PortableChat)
    assert chat.origin == "chinwag:0f3a"
    assert chat.conversation.title == "Knots a sailor needs"
    assert chat.conversation.is_title_chosen
    assert chat.conversation.updated_at == datetime(2026, 11, 20, 8, 30, 0, 250_000, UTC)
    assert [(m.id, m.parent_id) for m in chat.messages] == [(1, None), (2, 1), (3, 2), (4, 2)]
    assert chat.conversation.leaf_id == 4
    assert chat.branches() == 2
    assert [m.text for m in chat.path()][-1] == "Round the **tree**."
    assert chat.messages[0].examples == (("Who goes there?", "A friend."),)
    assert chat.messages[2].token_ids == (1, 2)
    assert chat.messages[2].status is MessageStatus.STOPPED
    assert chat.messages[2].options.temperature == 0.3
    assert chat.messages[3].role is Role.ASSISTANT
    assert chat.messages[3].statistics is not None
    assert chat.messages[3].statistics.seed == 42
    assert isinstance(empty, PortableChat)
    assert empty.origin.startswith("digest:")
    assert empty.messages == ()


def test_a_file_says_what_its_keys_mean() -> None:
    chats = [one for one in read_chats(OURS, READERS) if isinstance(one, PortableChat)]
    data = json.loads(write_chats(chats, NOW))
    assert data["schema"] == SCHEMA
    for chat in data["conversations"]:
        assert set(chat) <= set(SCHEMA["conversation"])  # pyright: ignore
        for message in chat["messages"]:
            assert set(message) <= set(SCHEMA["message"])  # pyright: ignore


@pytest.mark.parametrize(
    ("change", "message", "field"),
    [
        ({"title": None}, None, "title"),
        ({"title": 5}, None, "title"),
        ({"origin": []}, None, "origin"),
        ({"created_at": "yesterday"}, None, "created_at"),
        ({"created_at": None}, None, "created_at"),
        ({"created_at": "2026-11-20T08:00:00"}, None, "created_at"),  # of which clock?
        ({"updated_at": "0001-01-01T00:00:00+14:00"}, None, "updated_at"),
        ({"deleted_at": 12}, None, "deleted_at"),
        ({"is_unread": "no"}, None, "is_unread"),
        ({"leaf": 99}, None, "leaf"),
        ({"leaf": True}, None, "leaf"),
        ({"messages": {}}, None, "messages"),
        ({"messages": ["hello"]}, None, "messages[0]"),
        ({"id": None}, 1, "messages[1].id"),
        ({"id": 10}, 1, "messages[1].id"),
        ({"parent": 30}, 1, "messages[1].parent"),  # stands after it
        ({"parent": 20}, 1, "messages[1].parent"),
        ({"role": "tool"}, 1, "messages[1].role"),
        ({"role": ["user"]}, 1, "messages[1].role"),
        ({"status": "sleeping"}, 1, "messages[1].status"),
        ({"text": None}, 1, "messages[1].text"),
        ({"persona": 1}, 1, "messages[1].persona"),
        ({"options": []}, 2, "messages[2].options"),
        ({"options": {"temperature": 9}}, 2, "messages[2].options.temperature"),
        ({"options": {"temperature": "hot"}}, 2, "messages[2].options.temperature"),
        ({"options": {"courage": 1}}, 2, "messages[2].options.courage"),
        ({"token_ids": [-1]}, 2, "messages[2].token_ids"),
        ({"token_ids": [2**32]}, 2, "messages[2].token_ids"),
        ({"token_ids": [True]}, 2, "messages[2].token_ids"),
        ({"token_ids": [1.5]}, 2, "messages[2].token_ids"),
        ({"is_pinned": "yes"}, None, "is_pinned"),
        ({"folder": 3}, None, "folder"),
        ({"is_pinned": 1}, 2, "messages[2].is_pinned"),
        ({"former_texts": {}}, 2, "messages[2].former_texts"),
        ({"former_texts": ["x"]}, 2, "messages[2].former_texts[0]"),
        (
            {"former_texts": [{"text": "x"}]},
            2,
            "messages[2].former_texts[0].replaced_at",
        ),
        ({"attachments": ["x"]}, 1, "messages[1].attachments[0]"),
        ({"attachments": [{"name": "a", "kind": "text", "pages": []}]}, 1, f"{ATTACHED}.pages"),
        ({"attachments": [{"name": "a", "kind": "text", "pages": [1]}]}, 1, f"{ATTACHED}.pages"),
        ({"attachments": [{"name": "a", "kind": "gif", "pages": ["x"]}]}, 1, f"{ATTACHED}.kind"),
        (
            {"attachments": [{"name": "a", "kind": "pdf", "pages": ["x"], "chosen": [2]}]},
            1,
            f"{ATTACHED}.chosen",
        ),
        ({"sent": 1}, 2, "messages[2].sent"),
        ({"sent": {"parts": [[99, 0, "a"]]}}, 2, "messages[2].sent.parts"),
        ({"sent": {"parts": ["x"]}}, 2, "messages[2].sent.parts"),
        ({"sent": {"parts": [], "tokens": -1}}, 2, "messages[2].sent.tokens"),
        ({"sent": {"parts": [], "tokens": 1, "sent_at": "noon"}}, 2, "messages[2].sent.sent_at"),
        ({"statistics": {"finish_reason": "stop"}}, 3, "messages[3].statistics.prompt_tokens"),
        ({"statistics": "fast"}, 3, "messages[3].statistics"),
        ({"examples": [["only a question"]]}, 0, "messages[0].examples"),
        ({"examples": [[1, 2]]}, 0, "messages[0].examples"),
    ],
)
def test_a_wrong_value_refuses_its_chat_and_no_other(
    change: dict[str, Any], message: int | None, field: str
) -> None:
    broken, sound = read_chats(with_change(change, message), READERS)
    assert isinstance(broken, Unreadable)
    assert broken.error.code == "import.field"
    assert broken.error.values == {"field": field}
    assert broken.title == ("" if "title" in change else "Knots a sailor needs")
    assert isinstance(sound, PortableChat)


@pytest.mark.parametrize(
    ("name", "value"),
    [("seed", 1.5), ("threads", 10**30), ("tokens_per_second", True), ("seed", 10**400)],
)
def test_numbers_that_are_none(name: str, value: object) -> None:
    statistics = json.loads(OURS)["conversations"][0]["messages"][3]["statistics"]
    changed = with_change({"statistics": statistics | {name: value}}, 3)
    broken = read_chats(changed, READERS)[0]
    assert isinstance(broken, Unreadable)
    assert broken.error.values == {"field": f"messages[3].statistics.{name}"}


def test_nothing_comes_in_growing() -> None:
    chat = read_chats(with_change({"status": "streaming"}, 3), READERS)[0]
    assert isinstance(chat, PortableChat)
    assert chat.messages[3].status is MessageStatus.INTERRUPTED


@pytest.mark.parametrize("chat", [None, 5, "chat", [], {}])
def test_what_is_no_chat_at_all(chat: object) -> None:
    data = json.loads(OURS)
    data["conversations"].insert(0, chat)
    found = read_chats(json.dumps(data).encode(), READERS)
    assert isinstance(found[0], Unreadable)
    assert found[0].title == ""
    assert all(isinstance(one, PortableChat) for one in found[1:])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.empty"),
        (b" \n ", "import.empty"),
        (b'{"format": "chinwag-chats", "version": 1, "conversations": []}', "import.empty"),
        (b"[]", "import.unknown"),
        (b"17", "import.unknown"),
        (b'{"format": "other"}', "import.unknown"),
        (b'{"format": "chinwag-chats", "version": 2}', "import.newer"),
        (b'{"format": "chinwag-chats", "version": 0}', "import.field"),
        (b'{"format": "chinwag-chats", "version": "1"}', "import.field"),
        (b'{"format": "chinwag-chats"}', "import.field"),
        (b'{"format": "chinwag-chats", "version": 1, "conversations": 5}', "import.field"),
        (b"{not json", "import.not_json"),
        (b"\xff\xfe\xfa", "import.not_json"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "import.not_json"),
        (b'{"format": NaN}', "import.not_json"),
        (b"9" * 10_000, "import.not_json"),
        (b"[" * 200_000, "import.too_deep"),
        (b'{"a":' * 100_000, "import.too_deep"),
        (b" " * 1_000_001, "import.too_large"),
        (b"PK\x03\x04 and then nothing", "import.zip_damaged"),
        (zipped(), "import.zip_without_chats"),
        (zipped(chat_html=b""), "import.zip_without_chats"),
        (zipped(conversations_json=b""), "import.empty"),
        (zipped(conversations_json=b" " * 1_000_001), "import.too_large"),
        (zipped(zipfile.ZIP_BZIP2, conversations_json=OURS), "import.zip_damaged"),
        (zipped(conversations_json=OURS)[:-30], "import.zip_damaged"),
    ],
    ids=range(26),
)
def test_a_file_is_refused_as_a_whole(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_more_values_than_memory_should_hold() -> None:
    content = b"[" + b"0," * 10_000_001 + b"0]"
    assert refusal(content, len(content)).code == "import.too_large"


def test_where_the_json_breaks_is_told() -> None:
    assert refusal(b'{\n "a": 1,\n}').values == {"line": 3, "column": 1}


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert len(read_chats(b"\xef\xbb\xbf" + OURS, READERS)) == 2


@pytest.mark.parametrize("name", ["conversations_json", "export__conversations_json"])
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_read(name: str, compression: int) -> None:
    found = read_chats(zipped(compression, chat_html=b"<p>", **{name: OURS}), READERS)
    assert len(found) == 2


def test_of_two_the_outer_one_is_read() -> None:
    found = zipped(older__conversations_json=b"[]", conversations_json=OURS)
    assert len(read_chats(found, READERS)) == 2


def test_a_locked_zip() -> None:
    locked = bytearray(zipped(conversations_json=OURS))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(locked)).code == "import.zip_locked"


def test_a_zip_that_lies_about_its_size_is_not_unpacked_further() -> None:
    bomb = bytearray(zipped(conversations_json=b" " * 50_000_000))
    assert len(bomb) < 100_000
    place = bomb.rindex(b"PK\x01\x02") + 24
    bomb[place : place + 4] = (10).to_bytes(4, "little")
    assert refusal(bytes(bomb)).code in ("import.zip_damaged", "import.empty")
    honest = zipped(conversations_json=b" " * 50_000_000)
    assert refusal(honest).code == "import.too_large"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.data())
def test_any_value_in_any_place_gives_chats_or_codes(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(sorted(SAMPLES.glob("*.json"))))
    root = json.loads(sample.read_text("utf-8"))
    here, key = {"root": root}, "root"
    for _ in range(data.draw(st.integers(0, 8))):
        inner = here[key]
        if isinstance(inner, dict) and inner:
            here, key = inner, data.draw(st.sampled_from(sorted(inner)))
        elif isinstance(inner, list) and inner:
            here, key = inner, data.draw(st.integers(0, len(inner) - 1))
    here[key] = data.draw(values)
    changed = here[key] if key == "root" else root
    try:
        found = read_chats(json.dumps(changed).encode(), READERS)
    except ImportFileError:
        return
    assert found
    for one in found:
        assert isinstance(one, PortableChat | Unreadable)


@given(content=st.binary(max_size=200), place=st.integers(0, 400))
def test_any_bytes_give_chats_or_codes(content: bytes, place: int) -> None:
    archive = zipped(conversations_json=OURS)
    for damaged in (content, archive[:place] + content + archive[place + len(content) :]):
        with contextlib.suppress(ImportFileError):
            assert read_chats(damaged, READERS)
