"""The parts of a prompt: they add up to the count, also when a template refuses a beginning."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from .conftest import House
from .test_chat import LONG, ask


def measured(house: House, qtbot: QtBot) -> dict[str, int]:
    found: list[dict[str, int]] = []
    assert house.chat.measure(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=LONG)
    return found[0]


def test_parts_add_up_to_the_count(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    house.chat.set_draft("And what happened then?")
    parts = measured(house, qtbot)
    assert list(parts) == ["persona", "examples", "history", "draft"]
    assert all(tokens > 0 for tokens in parts.values())
    reply = ask(house, qtbot, "And what happened then?")
    assert reply.statistics is not None
    assert sum(parts.values()) == reply.statistics.prompt_tokens


def test_a_beginning_that_cannot_be_counted_falls_to_the_next(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "count", "--fault", "refuse", "--code", "prompt.template_refused")
    qtbot.waitUntil(lambda: house.shelf.is_open, timeout=LONG)
    assert measured(house, qtbot) == {}


def test_without_an_open_model_nothing_is_measured(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "open", "--fault", "refuse", "--code", "model.damaged")
    qtbot.waitUntil(lambda: bool(house.troubles), timeout=LONG)
    assert not house.chat.measure(lambda _parts: None)
    assert house.troubles[-1] == "engine.not_open"
