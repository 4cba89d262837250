"""Long conversations in a small window, one for each way to make room, with the real engine."""

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, MessageStatus
from chinwag.core.memory_rules import Overflow
from chinwag.core.options import GenerationOptions
from chinwag.services.asking import Overfull
from long_checks import LongCheck

from .conftest import House
from .test_chat import LONG, ask
from .test_planning import planned, sent, summarised

BY_HAND = "They spoke of islands, of their trees, and of what the weather is like there."


def make_room(house: House, qtbot: QtBot, overflow: Overflow, draft: str) -> None:
    """What a person does when a draft is refused: sum up by hand, or take what is offered."""
    with qtbot.waitSignal(house.chat.overfull, timeout=LONG) as refused:
        assert not house.chat.send(draft)
    overfull: Overfull = refused.args[0]
    assert overfull.plan.missing > 0
    offer = summarised(house, qtbot, overfull.plan)
    is_taken = overflow is Overflow.SUMMARISE and offer.text and len(offer.text) < 400
    with qtbot.waitSignal(house.chat.summaries.taken, timeout=LONG):
        house.chat.summaries.take(offer.text if is_taken else BY_HAND)


@pytest.mark.long
@pytest.mark.parametrize("overflow", list(Overflow))
def test_a_chat_goes_on_for_as_long_as_one_likes(
    house: House, qtbot: QtBot, long_check: LongCheck, overflow: Overflow
) -> None:
    chat = house.chat
    chat.window.set_window(512)
    chat.window.set_overflow(overflow)
    chat.speaking.set_options(GenerationOptions(max_tokens=8))
    rooms = 0
    turns = long_check.counts(20, 300)
    for number in turns:
        draft = f"Tell me what you saw on island number {number}, and what the weather was like."
        plan = planned(house, qtbot, draft)
        while not plan.fits:
            rooms += 1
            make_room(house, qtbot, overflow, draft)
            plan = planned(house, qtbot, draft)
        reply: Message = ask(house, qtbot, draft)
        assert reply.status is MessageStatus.COMPLETE
        # the meter was right, and what the model may be told of is exactly what was planned
        assert sent(reply) == plan.tokens <= plan.limits.budget
        assert (plan.memory_begins is not None) == bool(plan.fallen)
    assert house.troubles == []
    last = planned(house, qtbot, "And then?")
    assert last.fallen
    assert (rooms == 0) == (overflow is Overflow.DROP)
    long_check.record(f"{len(turns)} turns, room made {rooms} times, no error")
