"""The protocol's lines: a request or an event as one JSON object, and back again."""

import json
from dataclasses import fields
from typing import Any, TypeVar, cast

from chinwag.core.conversation import Role
from chinwag.core.prompt import PromptDocument, PromptMessage
from chinwag.engine.protocol import (
    Cancel,
    Count,
    Counted,
    Devices,
    DevicesFound,
    Event,
    Failed,
    Finished,
    Generate,
    Load,
    Loaded,
    Loading,
    Measure,
    Measured,
    Open,
    Opened,
    Prompted,
    Reading,
    Ready,
    Render,
    Rendered,
    Request,
    Shutdown,
    Token,
    Unload,
    Unloaded,
)


class ProtocolError(Exception):
    """A line that is not a message of this protocol."""


_M = TypeVar("_M", Request, Event)

_REQUESTS: dict[str, type[Request]] = {
    kind.type: kind
    for kind in (Open, Load, Unload, Generate, Count, Measure, Render, Devices, Cancel, Shutdown)
}
_EVENTS: dict[str, type[Event]] = {
    kind.type: kind
    for kind in (
        Ready,
        Opened,
        Loading,
        Loaded,
        Unloaded,
        Prompted,
        Reading,
        Token,
        Finished,
        Counted,
        Measured,
        Rendered,
        DevicesFound,
        Failed,
    )
}

# what JSON brings back as a list
_TUPLES: dict[type[Request] | type[Event], tuple[str, ...]] = {
    Token: ("token_ids",),
    DevicesFound: ("devices",),
    Measured: ("turns", "documents"),
    Rendered: ("token_ids", "starts", "specials", "spans"),
}


def encode(message: Request | Event) -> bytes:
    """One line of JSON, newline included."""
    body = {"type": message.type}
    body |= {field.name: getattr(message, field.name) for field in fields(message)}
    line = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return line.encode("utf-8", "surrogatepass") + b"\n"


def _plain(turn: object) -> dict[str, Any]:
    # by hand: `asdict` copies deeply, which for 10,000 turns keeps the window waiting
    if not isinstance(turn, PromptMessage):
        raise TypeError(f"{type(turn).__name__} has no place on the wire")
    said: dict[str, Any] = {"role": turn.role, "text": turn.text, "token_ids": list(turn.token_ids)}
    if turn.documents:
        said["documents"] = [(document.name, document.text) for document in turn.documents]
    return said


def decode_request(line: bytes) -> Request:
    """The request in a line; raises ProtocolError."""
    return _decode(line, _REQUESTS)


def decode_event(line: bytes) -> Event:
    """The event in a line; raises ProtocolError."""
    return _decode(line, _EVENTS)


def _decode(line: bytes, kinds: dict[str, type[_M]]) -> _M:
    try:
        body: Any = json.loads(line.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise ProtocolError(f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise ProtocolError("not an object")
    values = cast(dict[str, Any], body)
    kind = kinds.get(str(values.pop("type", "")))
    if kind is None:
        raise ProtocolError("unknown type")
    if "messages" in values:
        values["messages"] = _prompt_messages(values["messages"])
    for name in _TUPLES.get(kind, ()):
        if name in values:
            values[name] = tuple(values[name])
    allowed = {known.name for known in fields(kind)}
    try:
        return kind(**{name: value for name, value in values.items() if name in allowed})
    except TypeError as error:
        raise ProtocolError(str(error)) from error


def _prompt_messages(raw: Any) -> tuple[PromptMessage, ...]:
    try:
        return tuple(
            PromptMessage(
                Role(one["role"]),
                one["text"],
                tuple(one.get("token_ids", ())),
                tuple(PromptDocument(name, text) for name, text in one.get("documents", ())),
            )
            for one in raw
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"not messages: {error}") from error
