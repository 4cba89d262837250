"""Any conversation through the plan with the real engine: within budget, and counted exactly."""

import struct
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.memory_rules import Overflow
from chinwag.core.model import InstalledModel
from chinwag.core.window import Limits, Plan
from chinwag.engine.protocol import Counted, Measured
from chinwag.services.engine_client import EngineClient
from chinwag.services.planning import PIECE_LETTERS, WHOLE_LETTERS, Inquiry, Planning

from .conftest import House
from .test_chat import LONG

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
WORDS = st.lists(
    st.sampled_from(["sea", "stars", "<|im_end|>", "世界", "é", "12", "\n", "ahoy!"]),
    min_size=1,
    max_size=30,
).map(lambda words: "a " + " ".join(words) + " z")
FILES = st.lists(
    WORDS.map(lambda text: Attachment("tides.txt", DocumentKind.TEXT, (text,))), max_size=1
).map(tuple)


@st.composite
def inquiries(draw: st.DrawFn) -> Inquiry:
    """A persona, exchanges with pins, files, notes and summaries, another persona; a question."""
    numbers = count(1)

    def message(role: Role, **said: object) -> Message:
        made = Message(next(numbers), 1, None, role, draw(WORDS), MessageStatus.COMPLETE, NOON)
        return replace(made, **said)  # pyright: ignore[reportArgumentType]

    path = [message(Role.SYSTEM, persona="p", examples=draw(EXAMPLES))]
    for kind in draw(st.text("eeeeenps", max_size=14)):
        if kind == "e":
            pinned = draw(st.integers(0, 4)) == 0
            path.append(message(Role.USER, is_pinned=pinned, attachments=draw(FILES)))
            path.append(message(Role.ASSISTANT))
        elif kind == "p":
            path.append(message(Role.SYSTEM, persona=draw(st.sampled_from("pq"))))
        else:
            path.append(message(Role.SYSTEM, is_summary=kind == "s"))
    asked = [message(Role.SYSTEM, persona="r")] if draw(st.booleans()) else []
    asked.append(message(Role.USER, attachments=draw(FILES)))
    limits = Limits(
        draw(st.sampled_from([256, 512, 2048])),
        draw(st.integers(1, 128)),
        draw(st.sampled_from(Overflow)),
    )
    return Inquiry(path, asked, limits)


EXAMPLES = st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple)


@pytest.fixture(scope="session")
def no_system_role(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    """A vocabulary with the template of a model that has no system role and wants strict turns."""
    source = ROOT / "build" / "vocabularies" / "ggml-vocab-llama-bpe.gguf"
    template = (ROOT / "build" / "templates" / "google-gemma-2-2b-it.jinja").read_bytes()
    content, key = source.read_bytes(), b"tokenizer.chat_template"
    (pairs,) = struct.unpack_from("<Q", content, 16)
    added = struct.pack("<Q", len(key)) + key + struct.pack("<IQ", 8, len(template)) + template
    path = tmp_path_factory.mktemp("models") / "strict.gguf"
    path.write_bytes(content[:16] + struct.pack("<Q", pairs + 1) + added + content[24:])
    return InstalledModel(
        "strict.gguf", path, "Strict", "llama", "", path.stat().st_size, 2048, has_template=True
    )


def counted(engine: EngineClient, plan: Plan, qtbot: QtBot) -> int:
    """What the engine counts of all that a plan would send."""
    found: list[Counted] = []
    engine.counted.connect(found.append)
    request = engine.count(plan.prompt)
    qtbot.waitUntil(lambda: any(event.id == request for event in found), timeout=LONG)
    engine.counted.disconnect(found.append)
    return next(event.tokens for event in found if event.id == request)


def hold(house: House, qtbot: QtBot) -> None:
    planning = Planning(house.engine, house.shelf, lambda: None)

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(inquiries())
    def holds(inquiry: Inquiry) -> None:
        found: list[Plan | None] = []
        planning.ask(inquiry, found.append)
        qtbot.waitUntil(lambda: bool(found), timeout=LONG)
        (plan,) = found
        assert plan is not None
        assert plan.tokens == counted(house.engine, plan, qtbot)
        assert plan.tokens == sum(plan.parts.values())
        assert plan.is_counted
        if inquiry.limits.overflow is Overflow.DROP:
            assert plan.fits or not plan.can_fit
        sent = {one.id for unit in plan.kept for one in unit.messages}
        whole = [*inquiry.path, *inquiry.asked]
        pinned = {one.id for one in inquiry.path if one.is_pinned}
        speaks = [one.id for one in whole if one.role is Role.SYSTEM and one.persona][-1]
        assert pinned | {speaks} | {one.id for one in inquiry.asked} <= sent
        order = [one.id for one in whole if one.id in sent]
        assert [one.id for unit in plan.kept for one in unit.messages] == order

    holds()
    planning.deleteLater()


def test_plans_of_the_starter(house: House, qtbot: QtBot) -> None:
    hold(house, qtbot)


def test_plans_for_a_template_without_a_system_role(
    house: House, qtbot: QtBot, no_system_role: InstalledModel
) -> None:
    house.shelf.use(no_system_role)
    qtbot.waitUntil(lambda: house.shelf.is_open, timeout=LONG)
    hold(house, qtbot)


def very_long(exchanges: int) -> list[Message]:
    """A persona and so many exchanges of some 2,000 letters each."""
    path = [Message(1, 1, None, Role.SYSTEM, "Arr.", MessageStatus.COMPLETE, NOON, persona="p")]
    for number in range(exchanges):
        text = f"{number} The tide rises and falls. " * 36
        for role in (Role.USER, Role.ASSISTANT):
            path.append(Message(len(path) + 1, 1, None, role, text, MessageStatus.COMPLETE, NOON))
    return path


def test_what_is_too_long_to_be_counted_at_once_is_counted_in_pieces(
    house: House, qtbot: QtBot
) -> None:
    path = very_long(300)
    letters = sum(len(message.text) for message in path)
    assert letters > WHOLE_LETTERS
    question = replace(path[1], id=9999, text="And then?")
    planning = Planning(house.engine, house.shelf, lambda: None)
    pieces: list[int] = []

    def on_measured(event: Measured) -> None:
        if event.tokens > 100:  # or it is the meter's, of the empty chat
            pieces.append(event.tokens)

    house.engine.measured.connect(on_measured)

    def plan_with(overflow: Overflow) -> Plan:
        found: list[Plan | None] = []
        pieces.clear()
        planning.ask(Inquiry(path, [question], Limits(2048, 128, overflow)), found.append)
        qtbot.waitUntil(lambda: bool(found), timeout=LONG)
        assert found[0] is not None
        return found[0]

    plan = plan_with(Overflow.ASK)
    # None is larger than it should be, and nothing is counted for a second time.
    assert letters // PIECE_LETTERS <= len(pieces) <= letters // PIECE_LETTERS + 2
    assert max(pieces) < 2 * plan.tokens * PIECE_LETTERS // letters
    assert not plan.fits
    assert plan.can_fit
    assert plan.is_counted
    assert plan.tokens == sum(plan.parts.values()) == counted(house.engine, plan, qtbot)
    assert plan.missing == plan.tokens - plan.limits.budget
    assert plan.fallen == frozenset()
    assert [one.id for unit in plan.kept for one in unit.messages] == [
        *(message.id for message in path),
        question.id,
    ]
    # What is known by now needs no more than the prompt itself to be counted.
    dropped = plan_with(Overflow.DROP)
    assert len(pieces) == 1
    assert dropped.fits
    assert dropped.tokens == pieces[-1] == counted(house.engine, dropped, qtbot)
    again = plan_with(Overflow.ASK)
    assert (again.tokens, again.missing) == (plan.tokens, plan.missing)
    house.engine.measured.disconnect(on_measured)
    planning.deleteLater()


def test_a_question_that_is_too_long_to_be_counted_at_once_is_counted_all_the_same(
    house: House, qtbot: QtBot
) -> None:
    path = very_long(1)
    question = replace(path[1], id=9999, text="The tide rises and falls. " * 20_000)
    assert len(question.text) > WHOLE_LETTERS
    planning = Planning(house.engine, house.shelf, lambda: None)
    found: list[Plan | None] = []
    planning.ask(Inquiry(path, [question], Limits(2048, 128, Overflow.DROP)), found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=LONG)
    (plan,) = found
    assert plan is not None
    assert not plan.can_fit
    assert plan.is_counted
    assert plan.asked > WHOLE_LETTERS // 8
    assert plan.tokens == counted(house.engine, plan, qtbot)
    planning.deleteLater()
