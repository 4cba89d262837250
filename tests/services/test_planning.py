"""Plans before replies: exact for the meter and the engine, and each way to make room."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.memory_rules import MemoryRules, Overflow
from chinwag.core.window import Plan, overfull
from chinwag.core.window_unit import Part
from chinwag.services.summarising import Offer

from .conftest import House
from .test_chat import LONG, ask, long_reply, reply_to, stored


def planned(house: House, qtbot: QtBot, draft: str) -> Plan:
    """The plan of a draft, once the meter has it."""
    house.chat.set_draft(draft)
    found: list[dict[str, int]] = []
    assert house.chat.measure(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=LONG)

    def is_there() -> bool:
        plan = house.chat.plan
        return plan is not None and {p.value: n for p, n in plan.parts.items()} == found[0]

    qtbot.waitUntil(is_there, timeout=LONG)
    assert house.chat.plan is not None
    return house.chat.plan


def fill(house: House, qtbot: QtBot, draft: str) -> Plan:
    """Talk until a draft does not fit any more beside what was said."""
    for number in range(30):
        plan = planned(house, qtbot, draft)
        if not plan.fits:
            return plan
        ask(house, qtbot, f"Tell me about island number {number}, its trees and its weather.")
    raise AssertionError("the window never filled")


def sent(reply: Message) -> int:
    assert reply.statistics is not None
    return reply.statistics.prompt_tokens


def test_the_parts_add_up_to_what_is_then_read(house: House, qtbot: QtBot) -> None:
    ask(house, qtbot, "Hello")
    plan = planned(house, qtbot, "And what happened then?")
    assert list(plan.parts) == [Part.PERSONA, Part.EXAMPLES, Part.HISTORY, Part.DRAFT]
    assert all(tokens > 0 for tokens in plan.parts.values())
    assert sum(plan.parts.values()) == plan.tokens
    assert sent(ask(house, qtbot, "And what happened then?")) == plan.tokens


def test_a_conversation_that_a_template_refuses_has_no_parts(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "count", "--fault", "refuse", "--code", "prompt.template_refused")
    qtbot.waitUntil(lambda: house.shelf.is_open, timeout=LONG)
    found: list[dict[str, int]] = []
    assert house.chat.measure(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=LONG)
    assert found == [{}]
    assert house.chat.plan is None


def test_without_an_open_model_nothing_is_measured(
    scripted: Callable[..., House], qtbot: QtBot
) -> None:
    house = scripted("--stage", "open", "--fault", "refuse", "--code", "model.damaged")
    qtbot.waitUntil(lambda: bool(house.troubles), timeout=LONG)
    assert not house.chat.measure(lambda _parts: None)
    assert house.troubles[-1] == "engine.not_open"


def test_a_question_that_waits_for_its_plan_does_not_wait_for_a_broken_file(
    house: House, qtbot: QtBot, tmp_path: Path
) -> None:
    model = house.shelf.state.model
    assert model is not None
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF")
    house.chat.set_draft("Something to count")
    assert house.chat.send("Hello")
    assert house.chat.asking.is_considering
    house.shelf.use(replace(model, path=broken))
    qtbot.waitUntil(lambda: house.chat.is_idle, timeout=LONG)
    assert house.chat.path()[-1].status is MessageStatus.FAILED


@pytest.fixture
def small(house: House, qtbot: QtBot) -> House:
    """A house whose chat has a window of 512 tokens."""
    house.chat.window.set_window(512)
    assert house.chat.window.window == 512
    return house


def test_asked_first_nothing_is_sent_and_nothing_falls_out(small: House, qtbot: QtBot) -> None:
    draft = "What else did you see on the way home, and who was there with you?"
    plan = fill(small, qtbot, draft)
    assert plan.limits.overflow is Overflow.ASK
    assert plan.fallen == frozenset()
    assert plan.missing == plan.tokens + plan.limits.reserve - plan.limits.window > 0
    before = small.chat.path()
    with qtbot.waitSignal(small.chat.overfull, timeout=LONG) as refused:
        assert not small.chat.send(draft)
    assert refused.args[0].plan is plan
    assert overfull(plan).code == "prompt.no_room"
    assert small.chat.path() == before
    assert small.chat.draft == draft

    # Dropping the oldest makes room, in this chat from now on; the meter says exactly what is read.
    small.chat.window.set_overflow(Overflow.DROP)
    plan = planned(small, qtbot, draft)
    assert plan.fits
    oldest = next(m.id for m in before if m.role is not Role.SYSTEM)
    assert oldest in plan.fallen
    assert plan.memory_begins is not None
    reply = ask(small, qtbot, draft)
    assert sent(reply) == plan.tokens
    assert not small.troubles
    kept = small.tasks.call(lambda: small.store.get(reply.conversation_id))
    assert kept.memory == MemoryRules(512, 0, Overflow.DROP)


def test_pinned_messages_stay_while_others_fall_out(small: House, qtbot: QtBot) -> None:
    small.chat.window.set_overflow(Overflow.DROP)
    first = ask(small, qtbot, "Remember that the treasure lies under the third palm.")
    with qtbot.waitSignal(small.chat.message_changed, timeout=LONG):
        small.chat.changes.set_pinned(first.id, True)
    plan = planned(small, qtbot, "Where is it?")
    for number in range(11):
        assert Part.PINNED in plan.parts
        ask(small, qtbot, f"Tell me about island number {number}, its trees and its weather.")
        plan = planned(small, qtbot, "Where is it?")
    assert plan.fallen
    assert first.id not in plan.fallen
    assert first.parent_id not in plan.fallen
    assert any("third palm" in turn.text for turn in plan.prompt)
    assert sent(ask(small, qtbot, "Where is it?")) == plan.tokens


def test_a_larger_window_makes_room_and_is_kept_with_the_chat(small: House, qtbot: QtBot) -> None:
    draft = "What else did you see on the way home, and who was there with you?"
    fill(small, qtbot, draft)
    small.chat.window.set_window(1024)
    plan = planned(small, qtbot, draft)
    assert plan.limits.window == 1024
    assert plan.fits
    reply = ask(small, qtbot, draft)
    assert sent(reply) == plan.tokens
    assert small.shelf.state.window_tokens == 1024
    with qtbot.waitSignal(small.chat.conversation_opened):
        small.chat.new()
    assert small.chat.window.window_wished == small.preferences.settings.window_tokens
    with qtbot.waitSignal(small.chat.conversation_opened):
        small.chat.open(reply.conversation_id)
    assert small.chat.window.window_wished == 1024


def test_a_larger_window_is_offered_where_it_gives_anything_at_its_real_price(
    house: House, qtbot: QtBot
) -> None:
    model, window = house.shelf.state.model, house.chat.window
    assert model is not None
    assert model.window_tokens == window.largest == 8192
    assert [window.next_up(tokens) for tokens in (512, 5000, 8000, 8192, 9000)] == [
        *(1024, 8192),
        *(0, 0, 0),  # windows are made in steps, so that 8000 gets 8192 already
    ]
    window.set_window(512)
    ask(house, qtbot, "Hello")
    assert house.shelf.state.window_tokens == 512
    token = window.cost(512).whole // 512
    assert window.cost(1024).more == 512 * token
    assert window.cost(600).whole == 768 * token
    assert window.cost(100_000).whole == 8192 * token
    # The room for a reply grows with the window: this would not fit into 1024.
    found = [window.large_enough(tokens) for tokens in (700, 780, 8000)]
    assert [cost and cost.tokens for cost in found] == [1024, 2048, None]


def test_another_reply_that_does_not_fit_is_asked_for_again_once_there_is_room(
    small: House, qtbot: QtBot
) -> None:
    draft = "What else did you see on the way home, and who was there with you?"
    fill(small, qtbot, draft)
    last = small.chat.path()[-1]
    small.chat.changes.replace_text(last.parent_id or 0, "And the weather? " * 20)
    qtbot.waitUntil(lambda: small.chat.path()[-2].text.startswith("And the weather"))
    with qtbot.waitSignal(small.chat.overfull, timeout=LONG) as refused:
        small.chat.regenerate(last.id)
    assert not refused.args[0].is_draft
    small.chat.window.set_overflow(Overflow.DROP)
    again = reply_to(small, qtbot, small.chat.asking.try_again)
    assert again.status is MessageStatus.COMPLETE
    assert again.parent_id == last.parent_id
    assert stored(small)[-1].id == again.id


def test_a_reply_that_fills_the_window_stops_with_its_text_and_goes_on_after_room_is_made(
    small: House, qtbot: QtBot
) -> None:
    long_reply(small)
    reply = ask(small, qtbot, "Tell me everything about the sea.")
    assert reply.statistics is not None
    assert reply.statistics.finish_reason == "context_full"
    assert reply.text
    with qtbot.waitSignal(small.chat.overfull, timeout=LONG):
        small.chat.continue_reply(reply.id)
    small.chat.window.set_window(1024)
    small.chat.text_appended.connect(small.chat.stop)
    longer = reply_to(small, qtbot, small.chat.asking.try_again)
    assert longer.text.startswith(reply.text)
    assert len(longer.text) > len(reply.text)
    assert longer.token_ids[: len(reply.token_ids)] == reply.token_ids


def summarised(house: House, qtbot: QtBot, plan: Plan) -> Offer:
    """What the starter offers; it is too small for its summaries to be taken unasked."""
    with qtbot.waitSignal(house.chat.summaries.offered, timeout=LONG) as offered:
        house.chat.summaries.begin(plan)
        assert house.chat.summaries.is_writing
        assert not house.chat.is_idle
    assert house.chat.is_idle
    return offered.args[0]


def test_a_summary_stands_for_the_oldest_messages_and_they_stay_in_their_branch(
    small: House, qtbot: QtBot
) -> None:
    draft = "What else did you see on the way home, and who was there with you?"
    plan = fill(small, qtbot, draft)
    before = small.chat.path()
    offer = summarised(small, qtbot, plan)
    assert offer.is_doubtful
    assert offer.count > 0
    with qtbot.waitSignal(small.chat.summaries.taken, timeout=LONG):
        small.chat.summaries.take("They spoke of islands, and of their trees.")
    path = small.chat.path()
    place = next(n for n, one in enumerate(path) if one.is_summary)
    assert [one.id for one in path[:place]] == [one.id for one in before[:place]]
    assert [one.text for one in path[place + 1 :]] == [one.text for one in before[place:]]
    assert stored(small)[place] == path[place]
    plan = planned(small, qtbot, draft)
    assert plan.fits
    assert plan.parts[Part.SUMMARY] > 0
    assert plan.fallen_count == offer.count
    assert plan.memory_begins == path[place].id
    reply = ask(small, qtbot, draft)
    assert sent(reply) == plan.tokens
    # The other version of what follows is the chat as it was.
    small.chat.walk(path[place].id, -1)
    assert [one.text for one in small.chat.path()] == [one.text for one in before]
    assert not small.troubles


def test_there_is_nothing_to_summarise_in_a_new_chat(small: House, qtbot: QtBot) -> None:
    plan = planned(small, qtbot, "Hello")
    small.chat.summaries.begin(plan)
    assert small.troubles == ["prompt.nothing_to_summarise"]
    assert not small.chat.summaries.is_writing


def test_a_summary_that_is_stopped_is_not_offered(small: House, qtbot: QtBot) -> None:
    draft = "What else did you see on the way home, and who was there with you?"
    plan = fill(small, qtbot, draft)
    with (
        qtbot.assertNotEmitted(small.chat.summaries.offered),
        qtbot.waitSignal(small.chat.summaries.ended, timeout=LONG),
    ):
        small.chat.summaries.begin(plan)
        small.chat.stop()
    assert small.chat.is_idle
