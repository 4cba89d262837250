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
from chinwag.engine.protocol import Counted
from chinwag.services.engine_client import EngineClient
from chinwag.services.planning import Inquiry, Planning

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
