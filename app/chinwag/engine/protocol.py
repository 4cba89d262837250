"""Requests and events between the app and its engine process, each a value of its own type."""

from dataclasses import dataclass, field
from typing import ClassVar

from chinwag.core.prompt import PromptMessage

PROTOCOL_VERSION = 1


@dataclass(frozen=True, slots=True)
class Request:
    """What the app asks; `id` comes back in every event that answers it."""

    type: ClassVar[str]
    id: int


@dataclass(frozen=True, slots=True)
class Open(Request):
    """Open a file's vocabulary and template only; answered by `Opened` or `Failed`."""

    type: ClassVar[str] = "open"
    path: str


@dataclass(frozen=True, slots=True)
class Load(Request):
    """Load a file's weights (opening it first if it is not the open one).

    `window_tokens` is capped by what the model was trained on; `threads` 0 means one fewer than
    the cores; `device` is a ggml device name, empty for the CPU build's default. Answered by
    `Opened`, any number of `Loading`, then `Loaded` or `Failed`.
    """

    type: ClassVar[str] = "load"
    path: str
    window_tokens: int = 4096
    threads: int = 0
    device: str = ""


@dataclass(frozen=True, slots=True)
class Unload(Request):
    """Free the weights; the vocabulary stays open. Answered by `Unloaded`."""

    type: ClassVar[str] = "unload"


@dataclass(frozen=True, slots=True)
class Generate(Request):
    """Read a prompt and stream a reply.

    `options` holds only what was said (see GenerationOptions.as_dict). `is_repeatable` pins the
    thread count for prompt and reply and reads the whole prompt afresh in pieces of a fixed size,
    so that one seed gives one text on one machine. Answered by any number of `Reading` and
    `Token`, then `Finished` or `Failed`.
    """

    type: ClassVar[str] = "generate"
    messages: tuple[PromptMessage, ...]
    options: dict[str, float | int] = field(default_factory=dict[str, float | int])
    is_repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Count(Request):
    """How many tokens a prompt comes to, its template included.

    `opens_reply` counts the opening of the reply too, as `Generate` sends it. Answered by
    `Counted` at any time once a file is open.
    """

    type: ClassVar[str] = "count"
    messages: tuple[PromptMessage, ...]
    opens_reply: bool = True


@dataclass(frozen=True, slots=True)
class Measure(Request):
    """How many tokens each turn of a prompt takes; the same whole as `Count` tells.

    Answered by `Measured` at any time once a file is open.
    """

    type: ClassVar[str] = "measure"
    messages: tuple[PromptMessage, ...]
    opens_reply: bool = True


@dataclass(frozen=True, slots=True)
class Render(Request):
    """The exact text that a prompt becomes; answered by `Rendered` once a file is open.

    `moment` is what the template takes for now, in ISO 8601; empty for the time it is.
    """

    type: ClassVar[str] = "render"
    messages: tuple[PromptMessage, ...]
    moment: str = ""


@dataclass(frozen=True, slots=True)
class Devices(Request):
    """What the engine can run on; answered by `DevicesFound`."""

    type: ClassVar[str] = "devices"


@dataclass(frozen=True, slots=True)
class Cancel(Request):
    """Stop the load or reply whose id is `target`; that request then ends as it says."""

    type: ClassVar[str] = "cancel"
    target: int


@dataclass(frozen=True, slots=True)
class Shutdown(Request):
    """Leave; so does the end of standard input."""

    type: ClassVar[str] = "shutdown"


@dataclass(frozen=True, slots=True)
class Event:
    """What the engine says; `id` is the request it answers, 0 for none."""

    type: ClassVar[str]
    id: int


@dataclass(frozen=True, slots=True)
class Ready(Event):
    """The first event: the worker is up and speaks this version."""

    type: ClassVar[str] = "ready"
    protocol: int
    pid: int
    bindings: str
    system: str


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """A vocabulary is open; `sampling` is what the file itself recommends."""

    type: ClassVar[str] = "opened"
    path: str
    name: str
    architecture: str
    trained_window: int
    has_template: bool
    sampling: dict[str, float | int]


@dataclass(frozen=True, slots=True)
class Loading(Event):
    """How far a load is, 0 to 1."""

    type: ClassVar[str] = "loading"
    fraction: float


@dataclass(frozen=True, slots=True)
class Loaded(Event):
    """Weights are ready; `window_tokens` is the window really made, `seconds` what it took."""

    type: ClassVar[str] = "loaded"
    path: str
    window_tokens: int
    threads: int
    device: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Unloaded(Event):
    """The weights are gone."""

    type: ClassVar[str] = "unloaded"


@dataclass(frozen=True, slots=True)
class Prompted(Event):
    """A prompt is encoded and about to be read, before anything else is said of its reply.

    `digest` tells its text and ids from all others; `moment` is what the template took for now.
    """

    type: ClassVar[str] = "prompted"
    digest: str
    tokens: int
    moment: str


@dataclass(frozen=True, slots=True)
class Reading(Event):
    """Prompt tokens read so far, of `total`, of which `cached` did not need reading again."""

    type: ClassVar[str] = "reading"
    done: int
    total: int
    cached: int


@dataclass(frozen=True, slots=True)
class Token(Event):
    """More of the reply: whole characters, and the ids sampled since the last such event."""

    type: ClassVar[str] = "token"
    text: str
    token_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """A reply has ended: `reason` is stop, length, cancelled or context_full.

    Rates are tokens per second; `first_token_seconds` counts from the request's arrival.
    `prompt_positions` is how many positions llama.cpp's own memory held once the prompt was read.
    """

    type: ClassVar[str] = "finished"
    reason: str
    seed: int
    threads: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    first_token_seconds: float
    prompt_tokens_per_second: float
    tokens_per_second: float
    prompt_positions: int = 0


@dataclass(frozen=True, slots=True)
class Counted(Event):
    """The answer to `Count`: tokens of the prompt, of the window they must fit in.

    `window_tokens` is the loaded window, 0 while no weights are loaded.
    """

    type: ClassVar[str] = "counted"
    tokens: int
    window_tokens: int


@dataclass(frozen=True, slots=True)
class Measured(Event):
    """The answer to `Measure`: `tokens` is the sum of all `turns` and of `opening`.

    One number for each message asked about, what the template puts around it included;
    `documents` are the share of each that its documents take. `opening` is what stands behind the
    last turn: the beginning of the reply.
    """

    type: ClassVar[str] = "measured"
    tokens: int
    window_tokens: int
    turns: tuple[int, ...]
    documents: tuple[int, ...]
    opening: int


@dataclass(frozen=True, slots=True)
class Rendered(Event):
    """The answer to `Render`: the text, the ids that are read, and where they begin in it.

    `starts` and `specials` are as in `engine/shown.py`; `spans` are start, end and SpanKind of the
    words of each message; `digest` is as in `Prompted`.
    """

    type: ClassVar[str] = "rendered"
    text: str
    tokens: int
    token_ids: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()
    specials: tuple[int, ...] = ()
    spans: tuple[tuple[int, int, str], ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class DevicesFound(Event):
    """The answer to `Devices`: name, description and kind of each, memory in bytes."""

    type: ClassVar[str] = "devices_found"
    devices: tuple[dict[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """A request ended without its answer: a code, its sentence's values, the last log lines."""

    type: ClassVar[str] = "failed"
    code: str
    values: dict[str, str | int | float] = field(default_factory=dict[str, str | int | float])
    log: str = ""
