"""What is typed into the search of models: every way to write a repository means the same."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.hub_reference import (
    FileAddress,
    RepositoryReference,
    Words,
    is_repository,
    page_of,
    understood,
)

MIRROR = "http://mirror.example:8080/hub"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("qwen 4b", Words("qwen 4b")),
        ("  smol  ", Words("smol")),
        ("", Words("")),
        ("owner/name", RepositoryReference("owner/name")),
        ("owner/name:Q4_K_M", RepositoryReference("owner/name", "Q4_K_M")),
        ("and/or not", Words("and/or not")),
        ("datasets/squad", Words("datasets/squad")),
        ("owner/..", Words("owner/..")),
        ("https://huggingface.co/models?search=tiny+llama", Words("tiny llama")),
        (
            "https://huggingface.co/datasets/owner/name",
            Words("https://huggingface.co/datasets/owner/name"),
        ),
        ("https://example.org/page.html", Words("https://example.org/page.html")),
        (
            "https://reader:secret@huggingface.co/a/b",
            Words("https://reader:secret@huggingface.co/a/b"),
        ),
        (
            "https://example.org/files/my%20model.gguf?key=1#top",
            FileAddress("https://example.org/files/my%20model.gguf?key=1"),
        ),
        (
            "https://huggingface.co/o/n?show_file_info=a-Q8_0.gguf",
            RepositoryReference("o/n", file="a-Q8_0.gguf", is_address=True),
        ),
    ],
)
def test_what_is_meant(typed: str, meant: object):
    assert understood(typed) == meant


def test_a_file_s_address_knows_the_file_s_name():
    found = understood("https://example.org/files/my%20model.gguf")
    assert isinstance(found, FileAddress)
    assert found.name == "my model.gguf"


_NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,12}[A-Za-z0-9]", fullmatch=True)
_REPOSITORIES = st.tuples(_NAMES, _NAMES).map("/".join).filter(is_repository)
_FILES = st.lists(
    st.text("abcXYZ019 _-.()é", min_size=1, max_size=8).filter(lambda one: one.strip(". ")),
    min_size=1,
    max_size=3,
).map(lambda steps: "/".join(steps) + ".gguf")
_HOSTS = st.sampled_from(
    [
        "https://huggingface.co",
        "http://www.huggingface.co",
        "https://hf.co",
        "HTTPS://HuggingFace.co",
        "hf.co",
        "huggingface.co",
        "https://hf-mirror.com",
        MIRROR,
    ]
)
_KINDS = st.sampled_from(["blob", "resolve", "raw"])
_REVISIONS = st.sampled_from(["main", "v1.0", "0123456789abcdef0123456789abcdef01234567"])
_ENDINGS = st.sampled_from(["", "?download=true", "#readme", "?a=b#c"])


@given(_HOSTS, _REPOSITORIES, _ENDINGS, st.sampled_from(["", "/", "/tree/main"]))
def test_every_address_of_a_repository_means_it(host: str, name: str, ending: str, tail: str):
    meant = RepositoryReference(name, is_address=True)
    assert understood(f" <{host}/{name}{tail}{ending}> ", MIRROR) == meant


@given(_HOSTS, _REPOSITORIES, _KINDS, _REVISIONS, _FILES, _ENDINGS)
def test_every_address_of_a_file_means_it(
    host: str, name: str, kind: str, revision: str, file: str, ending: str
):
    address = f"{host}/{name}/{kind}/{revision}/{quote(file)}{ending}"
    shown = "" if revision == "main" else revision
    meant = RepositoryReference(name, file=file, revision=shown, is_address=True)
    assert understood(address, MIRROR) == meant


@given(_REPOSITORIES, st.sampled_from(["Q4_K_M", "q8_0", "UD-Q4_K_XL"]))
def test_a_quantization_may_follow(name: str, quantization: str):
    assert understood(f"{name}:{quantization}") == RepositoryReference(name, quantization)
    with_host = RepositoryReference(name, quantization, is_address=True)
    assert understood(f"hf.co/{name}:{quantization}") == with_host


@given(_REPOSITORIES, _FILES)
def test_the_library_s_own_way_is_understood(name: str, file: str):
    meant = RepositoryReference(name, file=file, is_address=True)
    assert understood(f"hf://{name}/{file}") == meant


@given(_REPOSITORIES)
def test_a_page_is_an_address_of_the_repository(name: str):
    assert understood(page_of(name)) == RepositoryReference(name, is_address=True)
    assert understood(page_of(name, MIRROR), MIRROR).__class__ is RepositoryReference


@given(st.text(max_size=60) | st.text("htps:/.@?#%hfco[]ab 1", max_size=60))
def test_whatever_is_typed_is_understood_somehow(typed: str):
    found = understood(typed)
    if isinstance(found, RepositoryReference):
        assert is_repository(found.repository)
