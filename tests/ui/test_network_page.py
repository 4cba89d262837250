"""The page of the network: what it offers for a token, at the Hub and at a mirror."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QWidget

from chinwag.core.hub_account import Account, TokenPlace
from chinwag.ui.network_page import NetworkPage
from chinwag.ui.theme import Theme


@pytest.mark.parametrize(
    ("account", "asks", "leads"),
    [
        (Account("huggingface.co"), True, True),
        (Account("mirror.example"), True, False),
        (Account("huggingface.co", TokenPlace.KEYRING), False, False),
        (Account(), True, False),  # whose it would be is not known yet
    ],
)
def test_a_token_is_made_at_the_hub_alone(
    theme: Theme, show: Callable[[QWidget], None], account: Account, asks: bool, leads: bool
):
    page = NetworkPage(theme, lambda: datetime.now(UTC))
    show(page)
    page.set_account(account)
    assert page.token.isVisible() == page.add_button.isVisible() == asks
    assert page.make_button.isVisible() == leads
