"""Renders a model file's own chat template, a stranger's program, inside a sandbox with limits.

Functions, filters, tags and white-space rules are those that Transformers' `apply_chat_template`
gives a template (huggingface.co/docs/transformers, "Chat templates").
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, NoReturn, cast

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from chinwag.core.errors import PromptError
from chinwag.engine.watchdog import TimeLimitExceeded, time_limit

LONGEST_STRING = 16_000_000
WIDEST_PADDING = 100_000
LARGEST_POWER_BITS = 4096
SECONDS = 1.0

_PADDING_METHODS = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})
_PADDING_FILTERS = ("batch", "center", "indent", "slice", "wordwrap")
_LONG_NUMBER = re.compile(r"\d{6,}")


class TemplateRefused(Exception):
    """The template itself said no (`raise_exception`), with its own words."""


class _TooMuch(Exception):
    """The template asked for something larger than a prompt can be."""


class _GenerationTag(Extension):
    """`{% generation %} … {% endgeneration %}`: marks replies for training; passes them through."""

    tags = {"generation"}  # noqa: RUF012 - jinja2 declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body, lineno=line)


class _ConcatenationAsJoin(NodeTransformer):
    """Turns `a ~ b` into a join, whose size is limited: doubling a text 40 times is a terabyte."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        parts = cast(nodes.Concat, self.generic_visit(node)).nodes
        joined = nodes.Filter(
            nodes.List(parts), "join", [nodes.Const("")], [], None, None, lineno=node.lineno
        )
        return joined.set_environment(cast(jinja2.Environment, node.environment))


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox with a ceiling on what a single operation may make."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return cast(
            nodes.Template,
            _ConcatenationAsJoin().visit(super()._parse(source, name, filename)),
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            for repeated, times in ((left, right), (right, left)):
                if isinstance(repeated, (str, list, tuple, bytes)) and isinstance(times, int):
                    sized = cast(Sequence[object], repeated)
                    _allow(len(sized) * max(times, 0))
            if isinstance(left, int) and isinstance(right, int):
                _allow_bits(left.bit_length() + right.bit_length())
        elif operator == "**" and isinstance(left, int) and isinstance(right, int):
            _allow_bits(left.bit_length() * max(right, 1))
        elif operator == "%" and isinstance(left, str):
            _allow_format(left, (right,))
        elif operator == "+" and isinstance(left, (str, list)) and isinstance(right, (str, list)):
            _allow(len(cast(Sequence[object], left)) + len(cast(Sequence[object], right)))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - positional-only there
        # str.format comes wrapped by the sandbox
        owner = getattr(getattr(obj, "__wrapped__", obj), "__self__", None)
        if isinstance(owner, str):
            _allow_string_method(owner, getattr(obj, "__name__", ""), args, kwargs)
        return super().call(context, obj, *args, **kwargs)


class ChatTemplate:
    """A compiled chat template; raises PromptError `prompt.template_syntax` when it is none."""

    def __init__(self, source: str, bos_text: str, eos_text: str) -> None:
        self._environment = _make_environment()
        self._fixed = {"bos_token": bos_text, "eos_token": eos_text}
        self._moment: datetime | None = None
        cast(dict[str, Any], self._environment.globals)["strftime_now"] = self._strftime_now
        try:
            with time_limit(SECONDS):
                self._template = self._environment.from_string(source)
        except (jinja2.TemplateError, TimeLimitExceeded, RecursionError) as error:
            raise PromptError("prompt.template_syntax", reason=str(error)[:200]) from error

    def render(
        self,
        messages: Sequence[Mapping[str, object]],
        opens_reply: bool = True,
        moment: datetime | None = None,
    ) -> str:
        """The text of a conversation; with `opens_reply` up to where the reply begins.

        `moment` is what the template takes for now.

        Raises TemplateRefused when the template itself raises, PromptError `prompt.template_slow`
        after a second, `prompt.template_large` and `prompt.template_failed`.
        """
        self._moment = moment
        try:
            with time_limit(SECONDS):
                try:
                    return self._render(messages, opens_reply, tools=None, documents=None)
                except (TypeError, jinja2.UndefinedError):
                    # templates for tools go through them unless they are not there at all; one
                    # vendored template (firefunction) wants their JSON and the date by name
                    today = self._strftime_now("%b %d %Y")
                    return self._render(messages, opens_reply, functions="[]", datetime=today)
        except TimeLimitExceeded as error:
            raise PromptError("prompt.template_slow", seconds=SECONDS) from error
        except (_TooMuch, MemoryError, OverflowError) as error:
            raise PromptError("prompt.template_large") from error
        except TemplateRefused:
            raise
        except Exception as error:  # a stranger's program may fail in any way
            raise PromptError("prompt.template_failed", reason=str(error)[:200]) from error

    def _strftime_now(self, pattern: str) -> str:
        return (self._moment or datetime.now()).strftime(pattern)

    def _render(
        self, messages: Sequence[Mapping[str, object]], opens_reply: bool, **absent: object
    ) -> str:
        pieces: list[str] = []
        size = 0
        stream = self._template.generate(
            messages=[dict(message) for message in messages],
            add_generation_prompt=opens_reply,
            **absent,
            **self._fixed,
        )
        for piece in stream:
            size += len(piece)
            _allow(size)
            pieces.append(piece)
        return "".join(pieces)


def _make_environment() -> _Sandbox:
    environment = _Sandbox(
        trim_blocks=True, lstrip_blocks=True, extensions=[_GenerationTag, loopcontrols]
    )
    filters = cast(dict[str, Any], environment.filters)
    for name in _PADDING_FILTERS:
        filters[name] = _with_width_limit(filters[name])
    filters["format"] = _limited_format
    filters["tojson"] = _to_json
    filters["replace"] = _limited_replace
    filters["join"] = _limited_join(filters["join"])
    names = cast(dict[str, Any], environment.globals)
    names.pop("lipsum", None)
    names["raise_exception"] = _raise_exception
    return environment


def _allow(size: int) -> None:
    if size > LONGEST_STRING:
        raise _TooMuch


def _allow_bits(bits: int) -> None:
    if bits > LARGEST_POWER_BITS:
        raise _TooMuch


def _allow_width(width: object) -> None:
    if isinstance(width, int) and abs(width) > WIDEST_PADDING:
        raise _TooMuch


def _allow_format(pattern: str, values: Sequence[object]) -> None:
    """Refuse a format whose width or precision has six digits, written or passed for a `*`."""
    if _LONG_NUMBER.search(pattern):
        raise _TooMuch
    for value in values:
        for part in cast(Sequence[object], value) if isinstance(value, tuple) else (value,):
            if "*" in pattern:
                _allow_width(part)


def _allow_string_method(
    owner: str, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> None:
    if name in _PADDING_METHODS:
        for value in (*args, *kwargs.values()):
            _allow_width(value)
    elif name == "replace" and len(args) >= 2 and isinstance(args[1], str):
        _allow(len(owner) + (owner.count(str(args[0])) * len(args[1])))
    elif name == "join" and args and isinstance(args[0], (list, tuple)):
        parts = cast(Sequence[object], args[0])
        _allow(sum(len(part) + len(owner) for part in parts if isinstance(part, str)))
    elif name in ("format", "format_map"):
        _allow_format(owner, tuple(args))


def _with_width_limit(plain: Any) -> Any:
    @wraps(plain)
    def limited(*args: Any, **kwargs: Any) -> Any:
        for value in (*args[1:], *kwargs.values()):
            _allow_width(value)
        return plain(*args, **kwargs)

    return limited


def _limited_format(pattern: object, *args: Any, **kwargs: Any) -> str:
    _allow_format(str(pattern), args or tuple(kwargs.values()))
    return str(pattern) % (kwargs or args)


def _limited_replace(text: object, old: str, new: str, count: int | None = None) -> str:
    whole = str(text)
    _allow(len(whole) + whole.count(old) * len(new))
    return whole.replace(old, new, -1 if count is None else count)


def _limited_join(plain: Any) -> Any:
    @jinja2.pass_eval_context
    def limited(context: Any, value: Any, glue: str = "", attribute: Any = None) -> Any:
        parts = list(value)
        _allow(sum(len(part) + len(glue) for part in parts if isinstance(part, str)))
        return plain(context, parts, glue, attribute)

    return limited


def _to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    _allow_width(indent)
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _raise_exception(message: object = "") -> NoReturn:
    raise TemplateRefused(str(message)[:200])
