"""The app as a screen reader meets it: over the accessibility bus, in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TypeVar

import pytest

from chinwag.core.conversation import Role
from chinwag.core.paths import find_paths
from chinwag.services.assembly import now
from chinwag.store.conversation_store import ConversationStore
from chinwag.store.database import Database
from journeys.accessibility_client import CONTROL, UP, Desktop, Node, Refused

pytestmark = pytest.mark.journey

Found = TypeVar("Found")
APP = Path(__file__).with_name("spoken_app.py")
PATIENCE = 15.0  # seconds; turns a hang into a failure
SERVICE = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
REPLY = """The first *paragraph*.

- one
- two

| a | b |
|---|---|
| c | $x^2$ |

```python
first = 1
second = 2
```

So $E = mc^2$ it is.
"""


def missing() -> str:
    """What this system lacks for the test, as a sentence; "" if nothing."""
    if not sys.platform.startswith("linux"):
        return "Only Linux has AT-SPI, the accessibility bus that is looked at here."
    packages = [] if shutil.which("dbus-daemon") else ["dbus"]
    packages += [] if SERVICE.exists() else ["at-spi2-core"]
    if not packages:
        return ""
    return f"These Debian packages are missing for it: {', '.join(packages)}."


@pytest.fixture
def session(screen: str) -> Iterator[dict[str, str]]:
    """The environment of a screen and a session bus of our own."""
    if reason := missing():
        pytest.skip(reason)
    with TemporaryDirectory(prefix="chinwag-") as runtime:
        environment = {**os.environ, "XDG_RUNTIME_DIR": runtime, "DISPLAY": screen}
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        assert bus.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        yield environment
        end(bus)


def end(process: "subprocess.Popen[str]") -> None:
    """End a process and wait until it has."""
    process.terminate()
    process.communicate()


@pytest.fixture
def desktop(session: dict[str, str]) -> Iterator[Desktop]:
    """What a screen reader sees of all applications."""
    desktop = Desktop(session["DBUS_SESSION_BUS_ADDRESS"])
    yield desktop
    desktop.close()


@pytest.fixture
def app(session: dict[str, str], desktop: Desktop) -> Iterator[Node]:
    """The app, showing a conversation of thirty-two messages."""
    environment = session | {
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "LC_ALL": "C.UTF-8",
    }
    command = [sys.executable, str(APP), str(stored())]
    process = subprocess.Popen(command, env=environment, text=True)
    try:
        yield wait(lambda: first_application(desktop, process))
    finally:
        end(process)


def first_application(desktop: Desktop, process: "subprocess.Popen[str]") -> Node | None:
    """The app once it is there; raises AssertionError if it has ended, so that nobody waits."""
    assert process.poll() is None, "the app has ended"
    return next(iter(desktop.applications()), None)


def stored() -> int:
    """Put a conversation into the home; its id."""
    paths = find_paths()
    paths.data.mkdir(parents=True)
    database = Database(paths.database)
    store = ConversationStore(database, now)
    conversation = store.create("At sea", "assistant", "")
    parent: int | None = None
    for number in range(1, 17):
        reply = REPLY if number == 16 else f"Reply {number}"
        asked = store.append(conversation.id, parent, Role.USER, f"Question {number}")
        parent = store.append(
            conversation.id,
            asked.id,
            Role.ASSISTANT,
            reply,
            persona="pirate",
            persona_name="Pirate",
        ).id
    database.close()
    return conversation.id


def wait(look: Callable[[], Found | None]) -> Found:
    """Look until something is there; the app is another process, which no signal tells of."""
    end = monotonic() + PATIENCE
    while monotonic() < end:
        try:
            if found := look():
                return found
        except Refused:  # it went while it was looked at
            continue
    raise AssertionError("nothing came")


def found(desktop: Desktop, root: Node, role: str, name: str) -> Node | None:
    """The first node of a role whose name begins so."""
    for node in desktop.walk(root):
        if desktop.name(node).startswith(name) and desktop.role(node) == role:
            return node
    return None


def texts(desktop: Desktop, node: Node) -> list[Node]:
    """Everything under a node that has text, in the order in which it is read."""
    return [node for node in desktop.walk(node) if "Text" in desktop.interfaces(node)]


def transcript(desktop: Desktop, app: Node) -> Node:
    """Where the messages are, once the last one is there."""
    node = wait(lambda: found(desktop, app, "filler", "Transcript"))
    wait(lambda: messages(desktop, node).get("Pirate, reply 32 of 32"))
    return node


def messages(desktop: Desktop, transcript: Node) -> dict[str, Node]:
    """The messages in sight, from the top, by their names."""
    (area, *_) = desktop.children(transcript)
    return {
        desktop.name(node): node
        for node in desktop.children(area)
        if desktop.is_visible(node) and desktop.role(node) == "panel"
    }


def test_every_message_can_be_read_line_by_line(desktop: Desktop, app: Node) -> None:
    here = transcript(desktop, app)
    names = list(messages(desktop, here))
    last = messages(desktop, here)[names[-1]]
    assert names[-2:] == ["You, message 31 of 32", "Pirate, reply 32 of 32"]
    read = [node for node in desktop.walk(last) if desktop.role(node) in ("label", "text")]
    assert desktop.name(read[0]).startswith("Pirate, ")
    lines = [desktop.lines(node) for node in texts(desktop, last)]
    assert lines == [
        ["The first paragraph."],
        ["one", "two"],
        ["a\tb", "c\t$x^2$"],
        ["first = 1", "second = 2"],
        ["So $E = mc^2$ it is."],
    ]
    # by keyboard, from the box one types in to the first message
    visited: list[str] = []
    for number in range(32, 0, -1):
        desktop.press(UP, CONTROL)
        name = f"You, message {number} of 32" if number % 2 else f"Pirate, reply {number} of 32"
        node = wait(lambda name=name: focused(desktop, here, name))
        if number < 32:
            said = "".join(desktop.text(text) for text in texts(desktop, node))
            visited.append(said)
    kinds = [f"{kind} {number}" for number in range(1, 17) for kind in ("Question", "Reply")]
    assert visited == kinds[-2::-1]


def focused(desktop: Desktop, here: Node, name: str) -> Node | None:
    """The message of this name, if it has the keyboard."""
    node = messages(desktop, here).get(name)
    return node if node is not None and desktop.is_focused(node) else None


def test_the_end_of_a_reply_is_announced(desktop: Desktop, app: Node) -> None:
    here = transcript(desktop, app)
    picker = wait(lambda: found(desktop, app, "push button", "Model: "))
    wait(lambda: desktop.name(picker).endswith(", ready"))
    desktop.expect_announcement()
    box = wait(lambda: found(desktop, app, "text", "Message"))
    send = wait(lambda: found(desktop, app, "push button", "Send"))
    desktop.call(box, "EditableText", "SetTextContents", "s", ("Hello",))
    wait(lambda: desktop.text(box) == "Hello")
    desktop.call(send, "Action", "DoAction", "i", (0,))
    wait(lambda: messages(desktop, here).get("Assistant, reply 35 of 35"))
    heard = ""
    while not heard.endswith("has answered"):
        heard = desktop.announcement(PATIENCE)
    assert heard == "Assistant has answered"
