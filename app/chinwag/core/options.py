"""Generation options with their ranges and defaults, and how the layers of them are merged."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, cast

from chinwag.core.errors import OptionError


def _option(low: float, high: float, default: float | None) -> Any:
    return field(default=None, metadata={"low": low, "high": high, "default": default})


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How a reply is sampled; None means "not said here", so that a lower layer decides.

    Layers, lowest first: `defaults()`, the model file's own `general.sampling.*` keys, the
    persona's options, the person's options for this request.
    """

    temperature: float | None = _option(0.0, 2.0, 0.8)
    top_k: int | None = _option(0, 1000, 40)
    top_p: float | None = _option(0.0, 1.0, 0.95)
    min_p: float | None = _option(0.0, 1.0, 0.05)
    repeat_penalty: float | None = _option(0.5, 2.0, 1.0)
    max_tokens: int | None = _option(1, 1_000_000, 1024)
    seed: int | None = _option(0, 2**32 - 2, None)

    def __post_init__(self) -> None:
        """Raise OptionError (`option.type`, `option.range`) for a value that cannot be used."""
        for name, (low, high, _) in option_ranges().items():
            value = getattr(self, name)
            if value is None:
                continue
            whole = name in WHOLE_OPTIONS
            if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
                raise OptionError("option.type", name=name, value=str(value))
            if not low <= value <= high:
                raise OptionError("option.range", name=name, value=value, low=low, high=high)

    def over(self, lower: "GenerationOptions") -> "GenerationOptions":
        """These options where said, `lower` where not."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(lower, **said)

    def as_dict(self) -> dict[str, float | int]:
        """Only what is said, for TOML, JSON and the protocol."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> "GenerationOptions":
        """The reverse of `as_dict`; raises OptionError for an unknown name or a wrong value."""
        known = option_ranges()
        for name in values:
            if name not in known:
                raise OptionError("option.unknown", name=name)
        return cls(**cast(dict[str, Any], dict(values)))

    @classmethod
    def defaults(cls) -> "GenerationOptions":
        """The lowest layer: every option said except the seed."""
        return cls(**{name: default for name, (_, _, default) in option_ranges().items()})  # pyright: ignore[reportArgumentType]


WHOLE_OPTIONS = frozenset({"top_k", "max_tokens", "seed"})


def option_ranges() -> dict[str, tuple[float, float, float | None]]:
    """Name of each option to (lowest, highest, default); a default of None is chosen at random."""
    return {
        option.name: (option.metadata["low"], option.metadata["high"], option.metadata["default"])
        for option in fields(GenerationOptions)
    }
