"""InstalledModel: a model file on this machine and what its header says of it."""

from dataclasses import dataclass, field
from pathlib import Path

from chinwag.core.options import GenerationOptions


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A GGUF file that can be loaded; sizes in bytes, `window_tokens` as trained."""

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
