"""Which addresses may be asked for a picture."""

import pytest

from chinwag.core.web_address import is_loadable


@pytest.mark.parametrize("address", ["https://example.org/a.png", "http://example.org:8080/?b=c"])
def test_addresses_of_the_web_are(address: str):
    assert is_loadable(address)


@pytest.mark.parametrize(
    "address",
    [
        *("file:///etc/passwd", "data:image/png;base64,AA", "ftp://example.org/a", "//example.org"),
        *("http://", "https://user@example.org/", "http://example.org:port/", "http://["),
        *("http://localhost/", "http://router/", "http://router.local./", "http://127.0.0.1/"),
        *("http://192.168.1.1/", "http://[::1]/", "http://[fe80::1%25eth0]/", "http://2130706433/"),
        *("http://127.1/", "http://0x7f.0x1/", "http://169.254.169.254/", "http://0.0.0.0/"),
    ],
)
def test_all_others_are_not(address: str):
    assert not is_loadable(address)
