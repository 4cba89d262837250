"""The plan of the window: never over budget, in order, persona and pins always in."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.prompt import SUMMARY_LEAD, PromptMessage, prompt_from_path
from chinwag.core.window import Limits, Overflow, Plan, plan_window, room_for_reply
from chinwag.core.window_history import History, question_units
from chinwag.core.window_unit import Cost, Part

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DOCUMENT = Attachment("tides.txt", DocumentKind.TEXT, ("High at noon.",))


def message(number: int, role: Role, text: str = "", **said: object) -> Message:
    text = text or f"{role} {number}"
    made = Message(number, 1, None, role, text, MessageStatus.COMPLETE, NOON)
    return replace(made, **said)  # pyright: ignore[reportArgumentType]


def exchange(number: int, **said: object) -> list[Message]:
    return [message(number, Role.USER, **said), message(number + 1, Role.ASSISTANT)]


@st.composite
def paths(draw: st.DrawFn) -> list[Message]:
    """Any conversation: personas, notes, greetings, pins, documents, summaries, failed replies."""
    numbers = count(1)
    path: list[Message] = []
    for kind in draw(st.lists(st.sampled_from("uuuuaapnsfg"), max_size=24)):
        pinned = draw(st.integers(0, 5)) == 0
        match kind:
            case "u":
                files = (DOCUMENT,) if draw(st.booleans()) else ()
                path.append(message(next(numbers), Role.USER, is_pinned=pinned, attachments=files))
            case "a" | "g":
                path.append(message(next(numbers), Role.ASSISTANT, is_pinned=pinned))
            case "f":
                failed = message(next(numbers), Role.ASSISTANT, status=MessageStatus.FAILED)
                path.append(replace(failed, text=""))
            case "p":
                shown = (("Tea?", "Yes."),) if draw(st.booleans()) else ()
                path.append(message(next(numbers), Role.SYSTEM, persona="p", examples=shown))
            case "n":
                path.append(message(next(numbers), Role.SYSTEM))
            case _:
                path.append(message(next(numbers), Role.SYSTEM, is_summary=True))
    return path


@st.composite
def costed(draw: st.DrawFn) -> tuple[History, Plan, list[Message]]:
    path = draw(paths())
    brings_persona = draw(st.booleans())
    asked = [message(1000, Role.SYSTEM, persona="q")] if brings_persona else []
    asked.append(message(1001, Role.USER, attachments=(DOCUMENT,)))
    history = History(path, speaks=not brings_persona)
    question = question_units(asked)
    sizes = st.integers(1, 60)
    for unit in (*history.units, *question):
        taken = [draw(sizes) for _ in unit.turns]
        unit.learn([Cost(tokens, min(tokens, 3)) for tokens in taken])
    history.forget_sums()
    limits = Limits(
        draw(st.integers(16, 600)), draw(st.integers(1, 15)), draw(st.sampled_from(Overflow))
    )
    return history, plan_window(history, question, limits, opening=draw(st.integers(0, 5))), asked


@given(costed())
def test_a_plan_is_within_its_budget_in_order_and_keeps_what_never_falls_out(
    made: tuple[History, Plan, list[Message]],
) -> None:
    history, plan, asked = made
    sent = [one for unit in plan.kept for one in unit.messages]
    order = {one.id: place for place, one in enumerate((*history.path, *asked))}
    assert [order[one.id] for one in sent] == sorted(order[one.id] for one in sent)
    assert {one.id for one in sent} | plan.fallen == set(order)
    assert not {one.id for one in sent} & plan.fallen

    always = {one.id for one in history.path if one.is_pinned} | {one.id for one in asked}
    personas = [one.id for one in history.path if one.role is Role.SYSTEM and one.persona]
    always |= set(personas[-1:]) if history.speaks else set()
    always |= {one.id for one in [m for m in history.path if m.is_summary][-1:]}
    assert always <= {one.id for one in sent}

    assert plan.tokens == sum(plan.parts.values())
    assert plan.is_counted
    assert plan.fits == (plan.tokens <= plan.limits.budget)
    if plan.limits.overflow is Overflow.DROP:
        assert plan.fits or not plan.can_fit
        assert plan.fits or plan.tokens == plan.least
    else:
        summaries = [place for place, one in enumerate(history.path) if one.is_summary]
        behind = history.path[summaries[-1] + 1 :] if summaries else history.path
        assert not plan.fallen & {one.id for one in behind}


@given(costed())
def test_what_falls_out_is_whole_exchanges_the_oldest_first(
    made: tuple[History, Plan, list[Message]],
) -> None:
    history, plan, _asked = made
    kept = {id(unit) for unit in plan.kept}
    loose = [unit for unit in history.units if unit.is_loose]
    stays = [id(unit) in kept for unit in loose]
    assert stays == sorted(stays)
    for unit in history.units:
        ids = {one.id for one in unit.messages}
        assert ids <= plan.fallen or not ids & plan.fallen
    if plan.fallen and plan.memory_begins:
        place = [one.id for one in history.path].index(plan.memory_begins)
        assert not plan.fallen & {one.id for one in history.path[place:]}


@given(costed())
def test_no_more_falls_out_than_a_quarter_beyond_what_must(
    made: tuple[History, Plan, list[Message]],
) -> None:
    history, plan, asked = made
    before = [n for n, unit in enumerate(history.units) if unit.is_loose and n < plan.begin]
    if plan.limits.overflow is not Overflow.DROP or not before or not plan.can_fit:
        return
    question = [unit for unit in plan.kept if unit.messages and unit.messages[0] in asked]
    opening = plan.tokens - sum(unit.tokens for unit in plan.kept)
    spare = plan.limits.budget // 4
    for place in reversed(before):
        more = plan_window(history, question, plan.limits, opening, begin=place)
        if not more.fits:
            return
        spare -= history.units[place].tokens
        assert spare > 0
    raise AssertionError("all of it would have fitted")


def test_memory_begins_at_the_same_message_for_a_few_turns() -> None:
    """Each time it moves, everything behind it is read again."""
    begins: list[int | None] = []
    path = [message(1, Role.SYSTEM, persona="p")]
    for number in range(40):
        path += exchange(2 + 2 * number)
        history = History(path)
        for unit in history.units:
            unit.learn([Cost(10) for _ in unit.turns])
        history.forget_sums()
        plan = plan_window(history, [], Limits(420, 20, Overflow.DROP))
        assert plan.fits
        begins.append(plan.memory_begins)
    moves = sum(one != other for one, other in pairwise(begins))
    assert moves <= 6


@given(paths())
def test_a_plan_that_drops_nothing_sends_what_the_transcript_holds(path: list[Message]) -> None:
    if any(one.is_summary for one in path):
        return
    plan = plan_window(History(path), [], Limits(100_000, 10, Overflow.DROP))
    assert plan.fallen == frozenset()
    assert plan.memory_begins is None
    assert plan.prompt == prompt_from_path(path)


def test_the_next_exchange_to_fall_out_is_the_oldest_loose_one() -> None:
    path = [message(1, Role.SYSTEM, persona="p"), *exchange(2, is_pinned=True), *exchange(4)]
    history = History(path)
    begin = history.after(0)
    assert plan_window(history, [], Limits(100, 1), begin=begin).fallen == {4, 5}
    assert history.after(begin) == begin


def test_a_summary_stands_for_what_was_said_before_it() -> None:
    summary = message(6, Role.SYSTEM, "They met.", is_summary=True)
    path = [message(1, Role.SYSTEM, persona="p"), *exchange(2), *exchange(4), summary, *exchange(7)]
    plan = plan_window(History(path), [], Limits(1000, 10))
    assert [one.id for unit in plan.kept for one in unit.messages] == [1, 6, 7, 8]
    assert plan.prompt[1] == PromptMessage(Role.SYSTEM, f"{SUMMARY_LEAD}\nThey met.")
    assert plan.fallen == {2, 3, 4, 5}
    assert plan.fallen_count == 4
    assert plan.memory_begins == 6
    assert plan.parts[Part.SUMMARY] > 0


def test_an_earlier_persona_goes_with_the_last_that_was_said_under_it() -> None:
    first, second = (message(n, Role.SYSTEM, persona=f"p{n}") for n in (1, 4))
    history = History([first, *exchange(2), second, *exchange(5)])
    for unit in history.units:
        unit.learn([Cost(10) for _ in unit.turns])
    history.forget_sums()
    both = plan_window(history, [], Limits(61, 1, Overflow.DROP))
    assert both.fallen == frozenset()
    one = plan_window(history, [], Limits(60, 1, Overflow.DROP))
    assert one.fallen == {1, 2, 3}
    assert one.fallen_count == 2
    assert one.memory_begins == 4
    none = plan_window(history, [], Limits(29, 1, Overflow.DROP))
    assert none.fallen == {1, 2, 3, 5, 6}
    assert none.memory_begins == 0
    assert none.tokens == none.least == 10


def test_documents_are_counted_apart_from_their_question() -> None:
    history = History([message(1, Role.USER, attachments=(DOCUMENT,))])
    history.units[0].learn([Cost(30, documents=20)])
    assert plan_window(history, [], Limits(100, 5), opening=4).parts == {
        Part.DOCUMENTS: 20,
        Part.HISTORY: 14,
    }


def test_the_room_for_the_reply_is_fair() -> None:
    assert room_for_reply(4096, 512, None) == 512
    assert room_for_reply(4096, 512, 200) == 200
    assert room_for_reply(512, 512, None) == 128
    assert room_for_reply(4096, 512, 2000) == 512


@given(paths(), st.data())
def test_the_parts_are_those_of_the_turns(path: list[Message], data: st.DataObject) -> None:
    expected: dict[Part, int] = {}

    def count(part: Part, tokens: int) -> None:
        expected[part] = expected.get(part, 0) + tokens

    history = History(path)
    for unit in history.units:
        costs = [Cost(data.draw(st.integers(5, 60))) for _ in unit.turns]
        if any(one.attachments for one in unit.messages):
            costs = [
                replace(cost, documents=3 if turn.documents else 0)
                for cost, turn in zip(costs, unit.turns, strict=True)
            ]
        unit.learn(costs)
        is_persona = unit.messages[0].role is Role.SYSTEM and not unit.is_summary
        for number, cost in enumerate(costs):
            count(Part.DOCUMENTS, cost.documents)
            if is_persona:
                count(Part.EXAMPLES if number else Part.PERSONA, cost.tokens)
            elif unit.is_summary:
                count(Part.SUMMARY, cost.tokens)
            else:
                pinned = any(one.is_pinned for one in unit.messages)
                count(Part.PINNED if pinned else Part.HISTORY, cost.tokens - cost.documents)
    history.forget_sums()
    found: dict[Part, int] = {}
    for unit in history.units:
        unit.add_to(found)
        again = History(unit.messages, known={unit.messages[0].id: unit}).units[0]
        assert (again.tokens, again.is_counted) == (unit.tokens, True)
    assert +Counter(found) == +Counter(expected)


def test_what_is_known_of_other_messages_is_not_taken_over():
    path = exchange(1)
    counted = History(path).units[0]
    counted.learn([Cost(1000)] * len(counted.turns))
    known = {path[0].id: counted}
    assert History(path, known=known).units[0].tokens == 1000 * len(path)
    edited = [path[0], replace(path[1], text="Something else.")]
    longer = [*path, message(99, Role.ASSISTANT)]
    for other in (edited, longer):
        assert History(other, known=known).units[0].tokens < 1000
        assert not History(other, known=known).units[0].is_counted


PLAIN = st.lists(st.sampled_from([Role.USER, Role.ASSISTANT]), max_size=4).map(
    lambda roles: [message(number, role) for number, role in enumerate(roles)]
)


RULES_AND_SUMMARY = [
    *(message(500, Role.SYSTEM), message(501, Role.USER)),
    message(502, Role.SYSTEM, is_summary=True),
]


@settings(max_examples=500)
@given(
    paths() | paths().map(lambda path: path + RULES_AND_SUMMARY),
    PLAIN | paths(),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_a_history_that_goes_on_from_another_is_the_one_made_afresh(
    old: list[Message], end: list[Message], gone: int, voices: int
):
    spoke, speaks = (True, True) if voices > 2 else (voices > 0, voices > 1)
    kept = old[: max(0, len(old) - gone)]
    new = [*kept, *(replace(one, id=one.id + 1000) for one in end)]
    grown = History(new, speaks, before=History(old, spoke))
    afresh = History(new, speaks)

    def told(history: History) -> list[tuple[object, ...]]:
        return [
            (u.messages, u.part, u.is_fixed, u.head, u.is_out, u.tokens, u.turn_count, u.is_counted)
            for u in history.units
        ]

    assert told(grown) == told(afresh)


def test_what_a_long_conversation_has_before_its_end_is_not_made_again():
    path = [one for number in range(0, 200, 2) for one in exchange(number)]
    before = History(path)
    grown = History([*path, *exchange(300)], before=before)
    assert all(one is other for one, other in zip(grown.units, before.units, strict=False))
    assert len(grown.units) == len(before.units) + 1


def test_what_a_reply_goes_on_from_is_a_turn_of_the_question() -> None:
    start = PromptMessage(Role.ASSISTANT, "It was a dark night")
    units = question_units([message(1, Role.USER)], start)
    plan = plan_window(History([]), units, Limits(100, 1), opening=3)
    assert plan.prompt == [PromptMessage(Role.USER, "user 1"), start]
    assert not plan.is_counted
    units[1].learn([Cost(7)])
    units[0].learn([Cost(5)])
    assert plan_window(History([]), units, Limits(100, 1), opening=3).parts == {Part.DRAFT: 15}
