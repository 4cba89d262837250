"""What the Hub answers is read with care: whatever comes, it is rows or one error."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.errors import HubError
from chinwag.core.hub_listing import (
    read_model_facts,
    read_repository,
    read_rows,
    read_tree,
    with_files,
)
from chinwag.core.hub_repository import Gate, RepositoryFile, RepositoryRow

ROW: dict[str, Any] = {
    "id": "owner/Name-GGUF",
    "downloads": 12,
    "likes": 3,
    "lastModified": "2026-05-01T12:00:00.000Z",
    "gated": "manual",
    "private": False,
    "tags": ["gguf", "license:apache-2.0"],
    "gguf": {
        "total": 4_000_000_000,
        "architecture": "qwen35",
        "context_length": 32768,
        "chat_template": "{{ x }}",
    },
}
SHA = "ab" * 32


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def test_a_row():
    assert read_rows(encoded([ROW]), "hub") == (
        RepositoryRow(
            id="owner/Name-GGUF",
            downloads=12,
            likes=3,
            changed=datetime(2026, 5, 1, 12, tzinfo=UTC),
            licence="apache-2.0",
            gate=Gate.MANUAL,
            parameters=4_000_000_000,
            architecture="qwen35",
            window_tokens=32768,
            has_template=True,
        ),
    )


def test_what_cannot_be_understood_is_left_out():
    rows = read_rows(encoded([1, None, {}, {"id": "../.."}, {"id": "a/b", "likes": "x"}]), "hub")
    assert rows == (RepositoryRow("a/b"),)


@pytest.mark.parametrize(
    ("about", "licence"),
    [
        ({"cardData": {"license": "mit"}, "tags": ["license:other"]}, "mit"),
        ({"cardData": {"license": ["mit", "apache-2.0"]}}, "mit"),
        ({"cardData": {"license": "other", "license_name": "own-terms"}}, "own-terms"),
        ({"cardData": {"license": "other"}}, "other"),
        ({"cardData": {"license": "a\nb\u202e"}}, "ab"),
        ({"cardData": "nonsense", "tags": [3, "license:gemma"]}, "gemma"),
        ({}, ""),
    ],
)
def test_a_licence(about: dict[str, Any], licence: str):
    assert read_rows(encoded([{"id": "a/b"} | about]), "hub")[0].licence == licence


def test_a_repository_with_its_files():
    told = ROW | {
        "sha": "12" * 20,
        "cardData": {"base_model": ["maker/model", "../x"]},
        "siblings": [
            {"rfilename": "README.md", "size": 10},
            {"rfilename": "m-Q8_0.gguf", "size": 9, "lfs": {"sha256": SHA, "size": 900}},
            {"rfilename": "m-Q4_K_M.gguf", "size": 500},
            {"rfilename": "m\u202efug.gguf", "size": 5},
            {"rfilename": 7},
            "nonsense",
        ],
    }
    found = read_repository(encoded(told), "hub")
    assert (found.id, found.commit, found.has_card) == ("owner/Name-GGUF", "12" * 20, True)
    assert found.base_models == ("maker/model",)
    assert [one.files for one in found.variants] == [
        (RepositoryFile("m-Q4_K_M.gguf", 500),),
        (RepositoryFile("m-Q8_0.gguf", 900, SHA),),
    ]


def test_a_tree():
    listed = [
        {"type": "directory", "path": "BF16", "size": 0},
        {"type": "file", "path": "BF16/m.gguf", "size": 5, "lfs": {"oid": SHA, "size": 50}},
        {"type": "file", "path": "a.md", "size": 5, "oid": "short"},
    ]
    files = read_tree(encoded(listed), "hub")
    assert files == (RepositoryFile("BF16/m.gguf", 50, SHA), RepositoryFile("a.md", 5))
    found = with_files(read_repository(encoded(ROW), "hub"), files)
    assert [one.quantization for one in found.variants] == ["BF16"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"null", b"7", b"[" * 100_000, b'"x"', b"{}"]
)
def test_nonsense_is_one_error(content: bytes):
    readers = [read_rows, read_tree, read_repository]
    for read in readers:
        with pytest.raises(HubError, match=r"hub\.nonsense"):
            read(content, "hub")


KEYS = {*ROW, *ROW["gguf"], "rfilename", "size", "lfs", "sha256", "path", "type", "sha", "oid"}
KEYS |= {"siblings", "cardData", "license", "license_name", "base_model", "modelId", "createdAt"}
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["a/b", "main", "m-Q4_0.gguf", "2026-01-01", SHA]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(sorted(KEYS)),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_whatever_comes_is_read_or_refused(value: object):
    content = json.dumps(value).encode()
    for read in (read_rows, read_tree, read_repository, read_model_facts):
        with contextlib.suppress(HubError):
            read(content, "hub")


@given(st.dictionaries(st.sampled_from(list(ROW)), _JSON))
def test_a_row_with_some_of_it_spoiled_is_still_a_row(spoiled: dict[str, object]):
    spoiled.pop("id", None)
    (row,) = read_rows(encoded([ROW | spoiled]), "hub")
    assert row.id == "owner/Name-GGUF"
    assert row.licence.isprintable()
