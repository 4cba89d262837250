"""InstalledModel: a model file on this machine, what is known of it, and its state."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from chinwag.core.errors import ChinwagError, ModelFileError
from chinwag.core.fit import ModelShape
from chinwag.core.options import GenerationOptions


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """What we keep of a model file beside what the file says; times in UTC.

    `name` is what a person calls it. A linked file lies where another program or a person put it,
    and is not ours to change. `sha256` is what its bytes should come to: as the Hub or the
    catalogue said, or, where nobody did, as they were read here at `noted_at`; `verified_at` is
    when they were last compared with that. `repository`, `file` and `commit` say where on the Hub
    it came from.
    """

    path: Path
    name: str = ""
    is_linked: bool = False
    repository: str = ""
    file: str = ""
    commit: str = ""
    sha256: str = ""
    licence: str = ""
    used_at: datetime | None = None
    verified_at: datetime | None = None
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A GGUF file that can be loaded; sizes in bytes, `window_tokens` as trained.

    `name` is the person's or else the file's; what is not known of the `shape` is 0. `record` is
    what we keep of it, if anything.
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
    shape: ModelShape = field(default_factory=ModelShape)
    licence: str = ""
    record: ModelRecord | None = None

    @property
    def parameters(self) -> int:
        """How many numbers the network has; 0 where it is not known."""
        return self.shape.parameters

    @property
    def is_linked(self) -> bool:
        """Whether it is listed here but lies elsewhere and is not ours."""
        return self.record is not None and self.record.is_linked

    @property
    def is_ours(self) -> bool:
        """Whether it lies in the models folder, so that it can be deleted."""
        return not self.is_linked and not self.is_starter


@dataclass(frozen=True, slots=True)
class BrokenModel:
    """A file that calls itself a model but cannot be used, and why; or a link to nowhere."""

    path: Path
    error: ModelFileError
    is_linked: bool = False


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
