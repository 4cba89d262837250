"""InstalledModel: a model file on this machine and what its header says of it; and its state."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from chinwag.core.errors import ChinwagError
from chinwag.core.options import GenerationOptions


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A GGUF file that can be loaded; sizes in bytes, `window_tokens` as trained.

    `parameters` is 0 where it is not known.
    """

    id: str
    path: Path
    name: str
    architecture: str
    quantization: str
    size: int
    window_tokens: int
    has_template: bool
    is_starter: bool = False
    sampling: GenerationOptions = field(default_factory=GenerationOptions)
    parameters: int = 0


class ModelPhase(StrEnum):
    """How near a model is to answering; `NONE` means that none is installed or chosen."""

    NONE = "none"
    NOT_LOADED = "not_loaded"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelState:
    """The chosen model and how far it is.

    `fraction` (0 to 1) counts while loading; `window_tokens`, `threads` and `seconds` (what the
    load took) are known once ready; `error` says why it failed.
    """

    phase: ModelPhase
    model: InstalledModel | None = None
    fraction: float = 0.0
    window_tokens: int = 0
    threads: int = 0
    seconds: float = 0.0
    error: ChinwagError | None = None
