"""A small client of AT-SPI over D-Bus: reads an application as a screen reader reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

CONTROL = 4  # the mask of the key, as X counts
UP, DOWN, HOME = 0xFF52, 0xFF54, 0xFF50  # keysyms
_ROOT = "/org/a11y/atspi/accessible/root"
_ATSPI = "org.a11y.atspi"
_LINE = 3  # ATSPI_TEXT_GRANULARITY_LINE
_TYPED, _HELD, _LET_GO = 3, 5, 6  # ATSPI_KEY_SYM, _LOCKMODIFIERS, _UNLOCKMODIFIERS
_FOCUSED, _VISIBLE = 12, 30  # ATSPI_STATE_…
_PROPERTIES = "org.freedesktop.DBus.Properties"


class Refused(Exception):
    """The other side answered with an error; it may be gone."""


@dataclass(frozen=True)
class Node:
    """One accessible object: the bus name of its application, and its path there."""

    owner: str
    path: str


class Desktop:
    """The accessibility bus, with what is on it."""

    def __init__(self, session_address: str) -> None:
        session = open_dbus_connection(session_address)
        bus = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
        (address,) = _answer(session, new_method_call(bus, "GetAddress"))
        # tell every application that somebody is listening
        status = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface=_PROPERTIES)
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            body = ("org.a11y.Status", name, ("b", True))
            _answer(session, new_method_call(status, "Set", "ssv", body))
        session.close()
        self._connection = open_dbus_connection(address)

    def close(self) -> None:
        self._connection.close()

    def applications(self) -> list[Node]:
        """The applications that there are."""
        return self.children(Node(f"{_ATSPI}.Registry", _ROOT))

    def children(self, node: Node) -> list[Node]:
        """The children of a node, in the order in which they are read."""
        (pairs,) = self.call(node, "Accessible", "GetChildren")
        return [Node(*pair) for pair in pairs]

    def walk(self, node: Node) -> Iterator[Node]:
        """A node and everything under it that is to be seen."""
        yield node
        for child in self.children(node):
            if self.is_visible(child):
                yield from self.walk(child)

    def name(self, node: Node) -> str:
        return self._property(node, "Name")

    def description(self, node: Node) -> str:
        return self._property(node, "Description")

    def role(self, node: Node) -> str:
        (name,) = self.call(node, "Accessible", "GetRoleName")
        return name

    def interfaces(self, node: Node) -> list[str]:
        (names,) = self.call(node, "Accessible", "GetInterfaces")
        return [name.rsplit(".", 1)[-1] for name in names]

    def text(self, node: Node) -> str:
        """All of the text of a node."""
        (text,) = self.call(node, "Text", "GetText", "ii", (0, -1))
        return text

    def lines(self, node: Node) -> list[str]:
        """The text of a node, line by line as it is laid out."""
        (count,) = self.call(node, None, "Get", "ss", (f"{_ATSPI}.Text", "CharacterCount"))
        found: list[str] = []
        place = 0
        while place < count[1]:
            text, start, end = self.call(node, "Text", "GetStringAtOffset", "iu", (place, _LINE))
            if start >= place:
                found.append(text)
            place = max(end, place + 1)
        return found

    def call(
        self,
        node: Node,
        interface: str | None,
        method: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
    ) -> tuple[Any, ...]:
        """Call a method of a node's interface; without one, of its properties."""
        full = f"{_ATSPI}.{interface}" if interface else _PROPERTIES
        address = DBusAddress(node.path, bus_name=node.owner, interface=full)
        return _answer(self._connection, new_method_call(address, method, signature or None, body))

    def is_focused(self, node: Node) -> bool:
        """Whether the keyboard is there."""
        return self._is(node, _FOCUSED)

    def is_visible(self, node: Node) -> bool:
        """Whether it is to be seen, if need be by scrolling; a reader passes over what is not."""
        return self._is(node, _VISIBLE)

    def press(self, keysym: int, modifiers: int = 0) -> None:
        """Press a key as a keyboard does, with others held."""
        if modifiers:
            self._key(modifiers, _HELD)
        self._key(keysym, _TYPED)
        if modifiers:
            self._key(modifiers, _LET_GO)

    def expect_announcement(self) -> None:
        """Listen to what applications have said from now on."""
        registry = DBusAddress(
            "/org/a11y/atspi/registry",
            bus_name=f"{_ATSPI}.Registry",
            interface=f"{_ATSPI}.Registry",
        )
        body = ("object:announcement", [], "")
        _answer(self._connection, new_method_call(registry, "RegisterEvent", "sass", body))
        rule = MatchRule(type="signal", interface=f"{_ATSPI}.Event.Object", member="Announcement")
        _answer(self._connection, message_bus.AddMatch(rule))
        self._said = self._connection.filter(rule, bufsize=16)

    def announcement(self, seconds: float) -> str:
        """The next thing that is said; raises TimeoutError."""
        message = self._connection.recv_until_filtered(self._said.queue, timeout=seconds)
        (_, value) = message.body[3]
        return str(value)

    def _is(self, node: Node, state: int) -> bool:
        (states,) = self.call(node, "Accessible", "GetState")
        return bool(states[0] & 1 << state)

    def _key(self, code: int, kind: int) -> None:
        keys = DBusAddress(
            "/org/a11y/atspi/registry/deviceeventcontroller",
            bus_name=f"{_ATSPI}.Registry",
            interface=f"{_ATSPI}.DeviceEventController",
        )
        call = new_method_call(keys, "GenerateKeyboardEvent", "isu", (code, "", kind))
        _answer(self._connection, call)

    def _property(self, node: Node, name: str) -> str:
        ((_, value),) = self.call(node, None, "Get", "ss", (f"{_ATSPI}.Accessible", name))
        return value


def _answer(connection: DBusConnection, message: Message) -> tuple[Any, ...]:
    reply = connection.send_and_get_reply(message, timeout=10)
    if reply.header.message_type is MessageType.error:
        raise Refused(reply.body)
    return reply.body
