"""Whether a model fits into this computer's memory, and how fast it may be expected to write."""

from dataclasses import dataclass
from enum import StrEnum

# Below this, reading along is waiting: the pick for a computer must be expected to reach it.
FAST_TOKENS_PER_SECOND = 8.0
# What decoding gets of the bandwidth that copying on all cores shows.
_DECODING_SHARE = 0.6
# What one core unpacks and multiplies of weights in a second: 4 to 5 GB were measured.
_CORE_BYTES = 4e9
_KEY_VALUE_BYTES = 2  # 16-bit floats
# Without numbers of the network: what models with grouped attention take a token, and of how many
# parameters. Larger ones are wider and deeper, so that it grows as the root.
_USUAL_TOKEN_BYTES, _USUAL_PARAMETERS = 131_072, 8e9
# Logits and intermediate values of one piece of a prompt; they follow the vocabulary.
_SMALL_BUFFER, _LARGE_BUFFER = 160_000_000, 400_000_000
_SMALL_PARAMETERS = 700_000_000


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The numbers of a network that its memory and speed follow from; 0 where not known.

    `active_parameters` are those that one token reads: fewer than all in a mixture of experts, and
    where embeddings are only looked up. `layers` counts those that keep keys and values of every
    token, which in hybrid networks are a few of all; sliding windows are not known of, so that
    the estimate lies above for those.
    """

    parameters: int = 0
    active_parameters: int = 0
    layers: int = 0
    kv_heads: int = 0
    head_size: int = 0

    @property
    def active_share(self) -> float:
        """How much of the file one token reads, from 0 to 1."""
        if not self.parameters or not self.active_parameters:
            return 1.0
        return min(1.0, self.active_parameters / self.parameters)


@dataclass(frozen=True, slots=True)
class Machine:
    """What of this computer the estimate needs: bytes of memory, and bytes a second.

    `free_memory` is what programs could be given now; `bandwidth` is 0 until it is measured;
    `cores` are real ones.
    """

    total_memory: int
    free_memory: int
    bandwidth: float = 0.0
    cores: int = 4


class FitMark(StrEnum):
    """How a model goes with a computer; FITS where the speed is not known yet."""

    FAST = "fast"
    SLOW = "slow"
    FITS = "fits"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Fit:
    """What a model needs and what there is, in bytes; `tokens_per_second` 0 if not known."""

    mark: FitMark
    needed: int
    free: int
    tokens_per_second: float = 0.0

    @property
    def is_fit(self) -> bool:
        """Whether it can be loaded."""
        return self.mark is not FitMark.TOO_LARGE


def estimate_fit(size: int, shape: ModelShape, window_tokens: int, machine: Machine) -> Fit:
    """How a model of `size` bytes goes with a computer, with a window of so many tokens.

    Needed are the weights as they are in the file, keys and values of a full window, and the
    buffers of the computation.
    """
    needed = size + window_tokens * _token_bytes(size, shape) + _buffer_bytes(size, shape)
    speed = 0.0
    if machine.bandwidth and size:
        pace = min(machine.bandwidth * _DECODING_SHARE, machine.cores * _CORE_BYTES)
        speed = pace / (size * shape.active_share)
    if needed > machine.free_memory:
        mark = FitMark.TOO_LARGE
    elif not speed:
        mark = FitMark.FITS
    else:
        mark = FitMark.FAST if speed >= FAST_TOKENS_PER_SECOND else FitMark.SLOW
    return Fit(mark, needed, machine.free_memory, speed)


def window_bytes(size: int, shape: ModelShape, window_tokens: int) -> int:
    """What the keys and values of a full window take, in bytes; `size` is that of the file."""
    return window_tokens * _token_bytes(size, shape)


def _token_bytes(size: int, shape: ModelShape) -> int:
    """Bytes that the keys and values of one token take."""
    if shape.layers and shape.kv_heads and shape.head_size:
        return 2 * shape.layers * shape.kv_heads * shape.head_size * _KEY_VALUE_BYTES
    return round(_USUAL_TOKEN_BYTES * (_parameters(size, shape) / _USUAL_PARAMETERS) ** 0.5)


def _buffer_bytes(size: int, shape: ModelShape) -> int:
    return _SMALL_BUFFER if _parameters(size, shape) < _SMALL_PARAMETERS else _LARGE_BUFFER


def _parameters(size: int, shape: ModelShape) -> int:
    """As known, or as many as such a file usually holds: some five bits for each."""
    return shape.parameters or round(size * 8 / 5)
