"""Addresses of mirrors and proxies: made whole, or refused; and whose secrets they may see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.errors import HubError
from chinwag.core.hub_address import HUB, host_of, hub_address, origin_of, proxy_address


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("", HUB),
        ("  ", HUB),
        ("hf-mirror.example", "https://hf-mirror.example"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("HTTPS://Host/hub//", "https://Host/hub"),
        ("[::1]:80", "https://[::1]:80"),
    ],
)
def test_what_is_typed_is_made_whole(typed: str, whole: str):
    assert hub_address(typed) == whole


def test_a_proxy_may_be_nothing_and_is_plain_by_itself():
    assert proxy_address("") == ""
    assert proxy_address("reader:secret@proxy:3128") == "http://reader:secret@proxy:3128"


@pytest.mark.parametrize(
    "typed", ["a b", "ftp://a", "https://", "a:0", "a:x", "a?b", "a#b", "a\x00", "[::1", "x" * 3000]
)
def test_what_is_no_address_is_refused(typed: str):
    with pytest.raises(HubError, match=r"hub\.bad_address"):
        hub_address(typed)


@pytest.mark.parametrize(
    ("address", "origin", "host"),
    [
        ("https://huggingface.co:443/a/b?c", "https://huggingface.co", "huggingface.co"),
        ("HTTP://Host:8080", "http://host:8080", "host:8080"),
        ("https://user:secret@host/", "https://host", "host"),
        ("http://[::1]:9/", "http://[::1]:9", "[::1]:9"),
        ("file:///etc/passwd", "", ""),
        ("https://host:port/", "", ""),
        ("nonsense", "", ""),
    ],
)
def test_an_origin_is_what_browsers_call_one(address: str, origin: str, host: str):
    assert (origin_of(address), host_of(address)) == (origin, host)


@given(st.text(max_size=40))
def test_whatever_is_typed_becomes_an_address_or_an_error(typed: str):
    try:
        whole = hub_address(typed)
    except HubError:
        return
    assert origin_of(whole)
    assert hub_address(whole) == whole
