"""Pictures of finding words in a chat: the bar, the marks, and when there is nothing."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chinwag.application import Application


def finding_states(
    app: Application, ask: Callable[[str], None], wait: Callable[[Callable[[], bool]], None]
) -> Iterator[str]:
    """The states one after the other, in the chat that is open."""
    window = app.window
    finding = window.pane.transcript.finding
    ask("Say something of the sea, the sea, and the sea")
    window.actions_by_name["find.open"].trigger()
    finding.bar.field.setText("sea")
    wait(lambda: "…" not in finding.bar.count.text())
    finding.step(1)
    yield "41-finding"
    finding.bar.field.setText("xyzzy")
    yield "42-nothing-found"
    QTest.keyClick(finding.bar.field, Qt.Key.Key_Escape)
    window.actions_by_name["message.previous"].trigger()
    yield "43-message-with-the-keyboard"
