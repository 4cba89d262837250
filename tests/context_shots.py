"""Pictures of the context window: the meter, its table, the memory line, what does not fit."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chinwag.application import Application
from chinwag.core.memory_rules import Overflow

QUESTION = "Tell me about island number {0}, its trees, its weather and who lives there."


def context_states(
    app: Application,
    ask: Callable[[str], None],
    wait: Callable[[Callable[[], bool]], None],
) -> Iterator[str]:
    """The states one after the other."""
    window, chat = app.window, app.services.chat
    pane, table = window.pane, app.memory.table
    box = pane.composer.text_edit
    opened: list[object] = []
    chat.conversation_opened.connect(opened.append)
    chat.new()
    wait(lambda: bool(opened))
    chat.window.set_window(512)

    def share() -> float:
        plan = chat.plan
        assert plan is not None
        return (plan.tokens + plan.limits.reserve) / plan.limits.window

    def is_counted() -> bool:
        return chat.plan is not None and chat.plan.prompt[-1].text == box.toPlainText()

    box.setPlainText("How far can I see?")
    wait(lambda: chat.plan is not None and chat.plan.limits.window == 512)
    yield "90-meter"
    ask(QUESTION.format(1))
    box.setPlainText("And what does one see there")
    for _ in range(40):
        if share() >= 0.82:
            break
        box.setPlainText(f"{box.toPlainText()} and there")
        wait(is_counted)
    yield "91-meter-amber"
    app.memory.open_table()
    yield "92-table"
    table.dismiss()
    ask("And what does one see there?")
    box.setPlainText("And what do the stars tell us about the tides? " * 16)
    wait(lambda: chat.plan is not None and not chat.plan.fits)
    yield "93-meter-too-long"
    QTest.keyClick(box, Qt.Key.Key_Return)
    yield "94-stop-and-ask"
    app.memory.open_table()
    yield "95-table-too-long"
    table.dismiss()
    pane.banners.action_requested.emit("memory.summarise")
    wait(lambda: pane.foot.summary_bar.isVisible())
    pane.foot.summary_bar.text_edit.setPlainText("They spoke of an island with coral reefs.")
    yield "96-summary"
    pane.foot.summary_bar.cancel_button.click()
    chat.window.set_overflow(Overflow.DROP)
    wait(lambda: chat.plan is not None and chat.plan.fits and bool(chat.plan.fallen))
    for banner in pane.banners.banners:
        pane.banners.remove_banner(banner.code)
    pane.transcript.memory.show()
    yield "97-memory-begins"
    box.setPlainText("word " * 2000)
    wait(lambda: chat.plan is not None and not chat.plan.can_fit)
    QTest.keyClick(box, Qt.Key.Key_Return)
    yield "98-question-too-long"
    opened.clear()
    chat.new()
    wait(lambda: bool(opened))
    chat.window.set_window(512)
    chat.set_reply_start("the sea, " * 60)  # the starter goes on so until the window is full
    ask("Say it.")
    box.setPlainText(QUESTION.format(2))
    wait(lambda: is_counted() and chat.plan is not None and not chat.plan.fits)
    QTest.keyClick(box, Qt.Key.Key_Return)
    yield "99-no-summary"
    box.setPlainText("")
