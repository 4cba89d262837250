"""Takes pictures of the real app with the real model in its main states, into build/shots."""

import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "shots"
PICTURES = ROOT / "resources" / "pictures"
README_PICTURES = {
    "02-reply-light-1x-wide": "reply-light",
    "05-markdown-dark-1x-wide": "markdown-dark",
    "08-personas-light-1x-wide": "personas-light",
    "15-formulas-light-1x-wide": "formulas-light",
    "70-recommended-light-1x-wide": "models-light",
    "97-memory-begins-light-1x-wide": "memory-light",
}
LONG_QUESTION = "Here is a list of things seen at sea, to be read and put in order. " * 170
ARTICLE = """## The horizon

From a height *h* over a world of radius *R* you see about `sqrt(2*R*h)` far:

| height | distance |
| ---: | ---: |
| 2 m | 5.0 km |
| 30 m | 19.6 km |

1. Measure the height of your **eyes**.
2. Multiply:
   - by the diameter of the Earth,
   - and take the root.

```python
from math import sqrt

def horizon(height_m: float, radius_m: float = 6_371_000) -> float:
    \"\"\"Distance to the horizon, in metres.\"\"\"
    return sqrt(2 * radius_m * height_m + height_m ** 2)
```

> Refraction adds about eight per cent. See [the article](https://example.org/horizon).

مرحبا · שלום · 你好 · 🦜
"""

FORMULAS = r"""<think>
They ask how far $d$ is. By the theorem of Pythagoras:

$$(r + h)^2 = r^2 + d^2$$
</think>

From a height $h$ over a sphere of radius $r$ you see as far as \(d = \sqrt{2rh + h^2}\), so

\[ d \approx \sqrt{2rh} = \sqrt{2 \cdot 6371000 \cdot 2} \approx 5\,048\ \text{m} \]

- [x] Measure $h$, which costs $5 to $10
- [ ] Mind the refraction, $\frac{dn}{dh}$

| | $h$ in m | $d$ in km |
|-|-:|-:|
| eyes | 2 | 5.0 |
| crow's nest | 30 | 19.6 |

![The horizon](https://example.org/horizon.png)
"""


def main() -> int:
    """Run every look in a process of its own: scale and theme are chosen before Qt starts."""
    if len(sys.argv) > 1:
        return _shoot(*sys.argv[1:])
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    looks = [("light", "1", "wide"), ("dark", "1", "wide"), ("light", "2", "wide")]
    looks += [("dark", "2", "narrow"), ("light", "1", "narrow"), ("light", "1", "middle")]
    for theme, scale, width in looks:
        with tempfile.TemporaryDirectory(prefix="chinwag-shots-") as home:
            environment = {**os.environ, "CHINWAG_HOME": home, "QT_SCALE_FACTOR": scale}
            environment |= {"PYTHONPATH": str(ROOT / "app"), "QT_QPA_PLATFORM": "offscreen"}
            # Nobody's own keyring: a token of the pictures would stay there.
            environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
            command = [sys.executable, __file__, theme, scale, width]
            subprocess.run(command, check=True, env=environment)
    for shot, picture in README_PICTURES.items():
        shutil.copy(OUT / f"{shot}.png", PICTURES / f"{picture}.png")
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}")
    return 0


def _shoot(theme: str, scale: str, width: str) -> int:
    from chinwag.application import Application
    from chinwag.core.paths import find_paths
    from chinwag.core.settings import Theme
    from chinwag.launch import make_qt_application

    qt = make_qt_application()
    app = Application(qt, find_paths())
    app.window.resize({"wide": 1280, "middle": 700, "narrow": 480}[width], 820)
    app.services.preferences.change(theme=Theme(theme))
    app.start()
    try:
        _picture_all(app, theme, scale, width)
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # the app's threads would keep the process
    app.window.close()
    app.close()
    return 0


def _picture_all(app, theme: str, scale: str, width: str) -> None:
    for name in _states(app):
        rest(250)  # timers, layouts and the meter
        app.window.grab().save(str(OUT / f"{name}-{theme}-{scale}x-{width}.png"))


def _states(app) -> Iterator[str]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QDialog

    from chinwag.core.conversation import ChatPhase, Role
    from chinwag.core.errors import EngineError, ModelFileError, StoreError
    from chinwag.core.model import ModelPhase
    from chinwag.ui.thought_line import ThoughtLine
    from context_shots import context_states
    from document_shots import document_states
    from download_shots import download_states
    from finding_shots import finding_states
    from hub_shots import picture_the_hub
    from keeping_shots import keeping_states
    from message_shots import message_states
    from model_shots import picture_models
    from ordering_shots import ordering_states
    from persona_shots import persona_states

    window, services = app.window, app.services
    chat, pane = services.chat, window.pane
    box = pane.composer.text_edit

    def wait(is_so: Callable[[], bool]) -> None:
        while not is_so():
            rest(20)

    def idle() -> bool:
        return chat.state.phase is ChatPhase.IDLE

    def ask(text: str) -> None:
        before = len(chat.path())
        box.setPlainText(text)
        QTest.keyClick(box, Qt.Key.Key_Return)
        wait(lambda: len(chat.path()) >= before + 2)
        wait(idle)

    wait(lambda: services.shelf.state.phase is ModelPhase.READY)
    chat.set_persona("pirate")
    yield "01-empty"
    ask("How far can I see from the crow's nest?")
    yield "02-reply"
    before = len(chat.path())
    box.setPlainText("Write a long story about the sea.")
    QTest.keyClick(box, Qt.Key.Key_Return)
    wait(lambda: len(chat.path()) > before and (len(chat.path()[-1].text) > 60 or idle()))
    yield "03-streaming"
    chat.stop()
    wait(idle)
    box.setPlainText(LONG_QUESTION)
    QTest.keyClick(box, Qt.Key.Key_Return)
    wait(lambda: chat.state.phase is ChatPhase.READING or idle())
    yield "04-reading"
    chat.stop()
    wait(idle)
    chat.new()
    wait(lambda: chat.conversation is None)
    ask("Explain the horizon")
    reply = next(m for m in chat.path() if m.role is Role.ASSISTANT)
    chat.edit(reply.id, FORMULAS)
    wait(lambda: chat.path()[-1].text == FORMULAS)
    rest(3_000)  # until the process that draws them has begun
    yield "15-formulas"
    pane.transcript.findChild(ThoughtLine).button.click()
    yield "16-thought"
    chat.edit(reply.id, ARTICLE)
    wait(lambda: chat.path()[-1].text == ARTICLE)
    yield "05-markdown"
    pane.transcript.scroll_to_bottom()
    yield "06-markdown-end"
    pane.transcript.edit_message(chat.path()[1].id)
    yield "07-editing"
    chat.new()
    wait(lambda: chat.conversation is None)
    window.header.persona_picker.open_popover()
    yield "08-personas"
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)
    window.header.model_picker.open_popover()
    yield "09-models"
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)
    pane.show_trouble(EngineError("engine.died", exit_code=9, signal="SIGKILL", log=""))
    pane.show_trouble(StoreError("store.full", file="chinwag.sqlite3"))
    crash = {"exit_code": 0, "signal": "SIGSEGV", "log": ""}
    pane.show_trouble(ModelFileError("model.crashed", file="model.gguf", **crash))
    yield "10-banners"
    for banner in pane.banners.banners:
        pane.banners.remove_banner(banner.code)
    box.setPlainText("word " * 3600)
    yield "11-meter-warning"
    box.setPlainText("")
    window.actions_by_name["app.preferences"].trigger()
    for dialog in window.findChildren(QDialog):
        rest(250)
        dialog.grab().save(str(OUT / f"12-preferences-{_look()}.png"))
        dialog.close()
    window.header.persona_picker.edit_requested.emit("pirate")
    rest(100)
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            rest(250)
            dialog.grab().save(str(OUT / f"13-persona-editor-{_look()}.png"))
            dialog.close()
    window.sidebar.search.setText("crow")
    yield "14-search"
    window.sidebar.search.setText("")
    yield from message_states(app, ask, wait, _save)
    yield from keeping_states(app, ask, wait, _save)
    yield from finding_states(app, ask, wait)
    yield from document_states(app, ask, wait, _save)
    yield from context_states(app, ask, wait)
    yield from ordering_states(app, wait, _save)
    yield from persona_states(app, ask, wait, _save)
    picture_the_hub(app, wait, _save)
    yield from download_states(app, _save)
    picture_models(app, wait, _save)


def _save(widget, name: str) -> None:
    """Picture a widget that is not part of the window."""
    rest(250)
    widget.grab().save(str(OUT / f"{name}-{_look()}.png"))


def rest(milliseconds: int) -> None:
    """Serve the event loop for a while."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _look() -> str:
    return "-".join((sys.argv[1], f"{sys.argv[2]}x", sys.argv[3]))


if __name__ == "__main__":
    sys.exit(main())
