"""Settings: every key once, with its type, default, range and page."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chinwag.core.memory_rules import Overflow


class Theme(StrEnum):
    """Which colours the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def _setting(
    default: Any,
    page: str,
    low: int | None = None,
    high: int | None = None,
    kind: str = "value",
    step: int = 1,
) -> Any:
    metadata = {"page": page, "low": low, "high": high, "kind": kind, "step": step}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chose; the preferences dialog is generated from these declarations.

    `window_tokens` is the context window asked for (the model's own limit caps it), `reply_tokens`
    what of it is kept for a reply, `overflow` what happens when the rest is full; `threads` 0
    means one fewer than the cores; `device` is a ggml device name, empty for automatic;
    `models_folder` empty means the folder in `core/paths.py`; `hub_address` and `proxy` empty mean
    what the environment says, else the Hub itself and no proxy; `own_variables` are lines as
    `core/variables.py` reads them.
    """

    theme: Theme = _setting(Theme.SYSTEM, page="appearance")
    text_size_percent: int = _setting(100, page="appearance", low=80, high=200, step=10)
    window_tokens: int = _setting(4096, page="model", low=512, high=1_048_576, step=512)
    reply_tokens: int = _setting(512, page="model", low=16, high=1_048_576, step=64)
    overflow: Overflow = _setting(Overflow.ASK, page="model")
    threads: int = _setting(0, page="model", low=0, high=256)
    device: str = _setting("", page="model", kind="device")
    models_folder: str = _setting("", page="folders", kind="folder")
    default_persona: str = _setting("assistant", page="chat", kind="persona")
    writes_titles: bool = _setting(True, page="chat")
    works_offline: bool = _setting(False, page="network")
    hub_address: str = _setting("", page="network", kind="address")
    proxy: str = _setting("", page="network", kind="address")
    default_model: str = _setting("", page="model", kind="hidden")
    recent_personas: tuple[str, ...] = _setting((), page="chat", kind="hidden")
    favourite_personas: tuple[str, ...] = _setting((), page="chat", kind="hidden")
    own_variables: tuple[str, ...] = _setting((), page="chat", kind="hidden")
    window_geometry: str = _setting("", page="appearance", kind="hidden")
    sidebar_width: int = _setting(256, page="appearance", low=180, high=480, kind="hidden")
    is_sidebar_open: bool = _setting(True, page="appearance", kind="hidden")
