"""A chat fills a small window: amber, red, the question what gives way, and each way to go on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chinwag.core.memory_rules import Overflow
from chinwag.core.options import GenerationOptions
from chinwag.core.window import Plan
from chinwag.core.window_unit import Part
from chinwag.services.summarising import Offer
from chinwag.ui.banner import Banner
from journeys.traveller import Traveller

QUESTION = "Tell me about island number {0}, its trees, its weather and who lives there."


def plan_of(traveller: Traveller, draft: str) -> Plan:
    """The meter's plan, once it is of this draft."""
    chat = traveller.app.services.chat

    def is_there() -> bool:
        plan = chat.plan
        return plan is not None and chat.is_idle and plan.prompt[-1].text == draft

    traveller.wait(is_there)
    assert chat.plan is not None
    return chat.plan


def fill(traveller: Traveller, is_enough: Callable[[Plan], bool]) -> Plan:
    """Talk until the plan of the next question is as wished; that question stands in the box."""
    for number in range(30):
        draft = QUESTION.format(number)
        traveller.type(draft)
        plan = plan_of(traveller, draft)
        if is_enough(plan):
            return plan
        before = len(traveller.path)
        traveller.press(Qt.Key.Key_Return)
        traveller.wait(lambda: len(traveller.path) >= before + 2)  # noqa: B023
        traveller.hear()
    raise AssertionError("the window never filled")


def share(plan: Plan) -> float:
    return (plan.tokens + plan.limits.reserve) / plan.limits.window


def banner(traveller: Traveller) -> Banner:
    (shown,) = traveller.window.pane.banners.banners
    return shown


def test_a_chat_fills_its_window_and_goes_on(traveller: Traveller):
    app, pane = traveller.app, traveller.window.pane
    chat, meter = app.services.chat, pane.meter
    chat.speaking.set_options(GenerationOptions(max_tokens=24, temperature=0.0))
    # The table makes the window as small as it goes, from the keyboard.
    traveller.press(
        Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    table = app.memory.table
    assert table.isVisible()
    assert table.table.item(0, 0).text() == "Persona"
    for _ in range(3):
        QTest.mouseClick(table.smaller_button, Qt.MouseButton.LeftButton)
    assert table.window_field.value() == 512
    assert not table.smaller_button.isEnabled()
    QTest.keyClick(table, Qt.Key.Key_Escape)
    traveller.wait(lambda: chat.window.window == 512)

    plan = fill(traveller, lambda plan: share(plan) >= 0.8)
    assert meter.words_label.full_text in ("Filling up", "Almost full")
    before = [message.id for message in traveller.path]
    traveller.press(Qt.Key.Key_Return)
    traveller.wait(lambda: len(traveller.path) > len(before))
    traveller.hear()
    plan = fill(traveller, lambda plan: not plan.fits)
    assert meter.words_label.full_text == f"{plan.missing} tokens too many"

    # Nothing is sent, the draft stays, and a banner says by how much it is too long.
    before = [message.id for message in traveller.path]
    draft = pane.composer.text
    traveller.press(Qt.Key.Key_Return)
    assert pane.composer.text == draft
    assert [message.id for message in traveller.path] == before
    shown = banner(traveller)
    assert f"{plan.tokens:,} tokens" in shown.label.text()
    assert f"{plan.missing:,} more" in shown.label.text()
    ways = ["memory.drop", "memory.summarise", "memory.enlarge", "memory.new_chat"]
    assert list(shown.more_buttons) == ways

    # The oldest fall out: the same draft is sent, exactly as planned, and the line says where.
    counts: list[int] = []
    chat.plan_changed.connect(lambda plan: counts.append(plan.tokens))
    shown.more_buttons["memory.drop"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(shown.more_buttons["memory.drop"], Qt.Key.Key_Space)
    assert pane.composer.text_edit.hasFocus()
    traveller.wait(lambda: len(traveller.path) >= len(before) + 2)
    reply = traveller.hear()
    assert reply.statistics is not None
    assert reply.statistics.prompt_tokens in counts
    assert chat.window.overflow is Overflow.DROP
    traveller.wait(lambda: pane.transcript.memory.row is not None)
    line = pane.transcript.memory
    assert "memory begins here" in line.line.accessibleName()
    traveller.press(
        Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert line.line.isVisible()

    # A larger window takes everything in again, and the model is loaded for it.
    traveller.press(
        Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    QTest.mouseClick(table.larger_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(table, Qt.Key.Key_Escape)
    traveller.wait(lambda: app.services.shelf.state.window_tokens == 1024)
    traveller.wait(lambda: bool(chat.plan and not chat.plan.fallen))
    assert line.row is None
    traveller.say("And?")
    reply = traveller.hear()
    assert reply.statistics is not None
    assert chat.plan is not None
    assert Part.REPLY not in chat.plan.parts

    # Where a summary is done without, the keyboard goes to the box, not to what stands next.
    bar = pane.foot.summary_bar
    bar.offer(Offer("They met.", 2, is_doubtful=True))
    bar.drop_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bar.drop_button, Qt.Key.Key_Space)
    assert bar.isHidden()
    assert pane.composer.text_edit.hasFocus()


def test_a_full_window_is_gone_on_from_and_what_cannot_help_is_not_offered(traveller: Traveller):
    app, pane = traveller.app, traveller.window.pane
    chat = app.services.chat
    chat.speaking.set_options(GenerationOptions(max_tokens=2000, temperature=0.0))
    chat.window.set_window(512)
    chat.set_reply_start("the sea, " * 60)  # the starter goes on so for ever
    traveller.say("Say it.")
    reply = traveller.hear()
    assert reply.statistics is not None
    assert reply.statistics.finish_reason == "context_full"

    # Another question does not fit, and this one exchange is too long to be read for a summary.
    chat.new()
    traveller.wait(lambda: chat.conversation is None)
    traveller.type("Buy tar.")
    chat.open(reply.conversation_id)
    traveller.wait(lambda: chat.conversation is not None)
    draft = QUESTION.format(7)
    traveller.type(draft)
    plan_of(traveller, draft)
    traveller.press(Qt.Key.Key_Return)
    shown = banner(traveller)
    assert "A summary would not help" in shown.label.text()
    offers = ["memory.drop", "memory.enlarge", "memory.new_chat"]
    assert list(shown.more_buttons) == offers
    QTest.mouseClick(shown.more_buttons["memory.new_chat"], Qt.MouseButton.LeftButton)
    traveller.wait(lambda: chat.conversation is None)
    assert pane.composer.text == chat.draft == f"Buy tar.\n\n{draft}"
    assert pane.composer.text_edit.hasFocus()
    assert pane.banners.banners == []
    chat.open(reply.conversation_id)
    traveller.wait(lambda: chat.conversation is not None)
    assert pane.composer.text == ""

    # Continue says why it cannot, and goes on once the window is larger.
    chat.speaking.set_options(GenerationOptions(max_tokens=24, temperature=0.0))
    chat.continue_reply(reply.id)
    traveller.wait(lambda: bool(pane.banners.banners))
    shown = banner(traveller)
    assert list(shown.more_buttons) == ["memory.enlarge"]
    assert "+" in shown.more_buttons["memory.enlarge"].text()
    QTest.mouseClick(shown.more_buttons["memory.enlarge"], Qt.MouseButton.LeftButton)
    traveller.wait(lambda: traveller.path[-1].id != reply.id)
    longer = traveller.hear()
    assert app.services.shelf.state.window_tokens == 1024
    assert longer.text.startswith(reply.text)
    assert len(longer.text) > len(reply.text)
    assert pane.banners.banners == []
