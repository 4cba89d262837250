"""Reads the header of a GGUF model file, checking every count and length against the file.

Written after the format's specification, versions 2 and 3, little-endian:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Model files come from strangers, so
whatever the bytes are, the answer is a header or a ModelFileError, and soon. Arrays (a vocabulary
is one) are stepped over unless asked for by name.
"""

import re
import struct
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO, TypeAlias, TypeVar

from chinwag.core.errors import ModelFileError, OptionError
from chinwag.core.fit import ModelShape
from chinwag.core.gguf_cursor import MAX_TEXT_BYTES, U32, U64, GgufCursor
from chinwag.core.options import WHOLE_OPTIONS, GenerationOptions

Scalar: TypeAlias = str | int | float | bool
MetadataValue: TypeAlias = Scalar | list["MetadataValue"]
_Kind = TypeVar("_Kind", bound=Scalar)

MAGIC = b"GGUF"
OLDEST_VERSION, NEWEST_VERSION = 2, 3
MAX_KEYS = 65_536
MAX_TENSORS = 131_072
MAX_DIMENSIONS = 4
MAX_KEY_BYTES = 65_535
MAX_NESTING = 4

_TEXT, _ARRAY = 8, 9
# Stepping over an array in an array takes as long as over so many texts; nobody writes many.
_ARRAY_COST = 40
_SCALARS = {
    kind: struct.Struct("<" + code)
    for kind, code in zip((*range(8), 10, 11, 12), "BbHhIif?Qqd", strict=True)
}

# fmt: off
# ggml type to (values in a block, bytes of a block)
TENSOR_TYPES: Mapping[int, tuple[int, int]] = MappingProxyType({
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 40), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8),
    28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
    40: (64, 36), 41: (128, 18),
})
# general.file_type to the word that file names use for it
FILE_TYPES: Mapping[int, str] = MappingProxyType({
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4_MOE",
    39: "NVFP4", 40: "Q1_0",
})
# fmt: on
_GUESSED_FILE_TYPE = 1024
_EXPERTS = "_exps."  # in the names of tensors
# 135M, 1.7B, 8x7B: experts by parameters
_SIZE_LABEL = re.compile(r"(?:(\d{1,4})x)?(\d{1,5}(?:\.\d{1,3})?)([KMBT])", re.IGNORECASE)
_SIZE_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}

_SAMPLING_KEYS = {
    "general.sampling.temp": "temperature",
    "general.sampling.top_k": "top_k",
    "general.sampling.top_p": "top_p",
    "general.sampling.min_p": "min_p",
    "general.sampling.penalty_repeat": "repeat_penalty",
}


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a model file says of itself; `data_offset` is the byte where its tensors begin.

    `value_count` is how many numbers its tensors hold: its parameters, or those of one part;
    `expert_value_count` is how many of them belong to experts, of which a token reads a few.
    """

    version: int
    metadata: Mapping[str, MetadataValue]
    tensor_count: int
    data_offset: int
    value_count: int = 0
    expert_value_count: int = 0

    @property
    def architecture(self) -> str:
        """The name llama.cpp knows the network by, "" if the file does not say."""
        return self._said("general.architecture", str, "")

    @property
    def kind(self) -> str:
        """What the file holds: "model", or else "adapter", "mmproj", "imatrix"…"""
        return self._said("general.type", str, "model")

    @property
    def name(self) -> str:
        """The name its makers gave it, "" if none."""
        return self._said("general.name", str, "").strip()

    @property
    def parameters(self) -> int:
        """How many parameters the model has: counted, or more if its makers say so of the whole."""
        match = _SIZE_LABEL.match(self._said("general.size_label", str, ""))
        said = 0.0
        if match:
            said = float(match[1] or 1) * float(match[2]) * _SIZE_UNITS[match[3].upper()]
        return max(self.value_count, round(said))

    @property
    def shape(self) -> ModelShape:
        """The numbers that memory and speed follow from; those that vary by layer are left out."""
        heads = self._of_network("attention.head_count")
        head_size = self._of_network("attention.key_length")
        if not head_size and heads:
            head_size = self._of_network("embedding_length") // heads
        active = self.value_count
        experts, used = self._of_network("expert_count"), self._of_network("expert_used_count")
        if experts and used:
            active -= round(self.expert_value_count * max(0.0, 1 - used / experts))
        share = active / self.value_count if self.value_count else 1.0
        return ModelShape(
            parameters=self.parameters,
            active_parameters=round(self.parameters * share),
            layers=self._of_network("block_count"),
            kv_heads=self._of_network("attention.head_count_kv"),
            head_size=head_size,
        )

    @property
    def licence(self) -> str:
        """The licence as the file names it, "" if it does not."""
        return self._said("general.license", str, "").strip()

    @property
    def quantization(self) -> str:
        """How the weights are packed, as file names word it (Q4_K_M), "" if unknown."""
        file_type = self._said("general.file_type", int, -1)
        return FILE_TYPES.get(file_type & ~_GUESSED_FILE_TYPE, "") if file_type >= 0 else ""

    @property
    def window_tokens(self) -> int:
        """How many tokens it was trained to look at, 0 if the file does not say."""
        return self._of_network("context_length")

    @property
    def has_template(self) -> bool:
        """Whether it is a chat model: one that brings a template for turns."""
        return bool(self._said("tokenizer.chat_template", str, "").strip())

    @property
    def sampling(self) -> GenerationOptions:
        """The options its makers recommend; one that lies outside our ranges is left unsaid."""
        options = GenerationOptions()
        for key, name in _SAMPLING_KEYS.items():
            value = self.metadata.get(key)
            if isinstance(value, float):
                value = int(value) if name in WHOLE_OPTIONS and value.is_integer() else value
                # Written as 32-bit floats: 0.6 would come out as 0.6000000238.
                value = float(f"{value:.6g}") if isinstance(value, float) else value
            if value is not None:
                try:
                    options = GenerationOptions.from_dict({name: value}).over(options)
                except OptionError:
                    continue
        return options

    def _of_network(self, key: str) -> int:
        """A number that the file gives of its network, as far as it makes sense; else 0."""
        return max(0, min(self._said(f"{self.architecture}.{key}", int, 0), 2**31 - 1))

    def _said(self, key: str, kind: type[_Kind], default: _Kind) -> _Kind:
        value = self.metadata.get(key)
        return value if isinstance(value, kind) else default


def read_header(
    file: BinaryIO, size: int, name: str = "", arrays: Collection[str] = ()
) -> GgufHeader:
    """Read and check the header of a file of `size` bytes, and that its tensors fit in it.

    `name` goes into the errors; `arrays` are the keys of the arrays to keep. Raises
    ModelFileError: `model.empty`, `model.not_gguf`, `model.byte_order`, `model.version`,
    `model.truncated`, `model.damaged`, `model.unreadable`.
    """
    cursor = GgufCursor(file, size, name)
    if size == 0:
        raise ModelFileError("model.empty", file=name)
    if size < len(MAGIC) or cursor.take(len(MAGIC)) != MAGIC:
        raise ModelFileError("model.not_gguf", file=name)
    version = cursor.number(U32)
    if not OLDEST_VERSION <= version <= NEWEST_VERSION:
        if OLDEST_VERSION <= int.from_bytes(U32.pack(version), "big") <= NEWEST_VERSION:
            raise ModelFileError("model.byte_order", file=name)
        raise ModelFileError(
            "model.version",
            file=name,
            version=version,
            oldest=OLDEST_VERSION,
            newest=NEWEST_VERSION,
        )
    tensor_count, key_count = cursor.number(U64), cursor.number(U64)
    # The smallest key is a length, a type and a byte; the smallest tensor has no name and no side.
    cursor.check_count(tensor_count, MAX_TENSORS, least_bytes=24, part="tensors")
    cursor.check_count(key_count, MAX_KEYS, least_bytes=13, part="metadata")

    metadata: dict[str, MetadataValue] = {}
    seen: set[str] = set()
    for _ in range(key_count):
        key = cursor.text(MAX_KEY_BYTES, part="metadata")
        if key in seen:
            raise cursor.damaged("metadata")
        seen.add(key)
        value = _read_value(cursor, cursor.number(U32), wanted=key in arrays)
        if value is not None:
            metadata[key] = value

    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
        raise cursor.damaged("metadata")
    data_bytes = value_count = expert_value_count = 0
    for end, values, is_expert in _tensors(cursor, tensor_count, alignment):
        data_bytes = max(data_bytes, end)
        value_count += values
        expert_value_count += values if is_expert else 0
    data_offset = -(-cursor.position // alignment) * alignment
    if tensor_count:
        cursor.check_data(data_offset + data_bytes)
    return GgufHeader(
        version,
        MappingProxyType(metadata),
        tensor_count,
        data_offset,
        value_count,
        expert_value_count,
    )


def _read_value(
    cursor: GgufCursor, kind: int, wanted: bool, nesting: int = 0
) -> MetadataValue | None:
    if kind in _SCALARS:
        return cursor.scalar(_SCALARS[kind])
    if kind == _TEXT:
        return cursor.text(MAX_TEXT_BYTES, part="metadata")
    if kind != _ARRAY or nesting == MAX_NESTING:
        raise cursor.damaged("metadata")
    item_kind, count = cursor.number(U32), cursor.number(U64)
    scalar = _SCALARS.get(item_kind)
    # An array in an array is at least a type and a count, a text at least a length.
    least = scalar.size if scalar else {_TEXT: 8, _ARRAY: 12}.get(item_kind, 0)
    if not least:
        raise cursor.damaged("metadata")
    cursor.check_room(count * least, part="metadata")
    if not wanted and scalar:
        cursor.skip(count * least, part="metadata")
        return None
    cursor.walk(count * _ARRAY_COST if item_kind == _ARRAY else count)
    if not wanted and item_kind == _TEXT:
        cursor.skip_texts(count)
        return None
    items: list[MetadataValue] = []
    for _ in range(count):
        item = _read_value(cursor, item_kind, wanted, nesting + 1)
        if item is not None:
            items.append(item)
    return items if wanted else None


def _tensors(cursor: GgufCursor, count: int, alignment: int) -> Iterator[tuple[int, int, bool]]:
    """Where the data of each tensor ends, in bytes from the start of all data; its values; and
    whether they are those of experts.
    """
    seen: set[str] = set()
    for _ in range(count):
        name = cursor.text(MAX_KEY_BYTES, part="tensors")
        sides = cursor.number(U32)
        if name in seen or sides > MAX_DIMENSIONS:
            raise cursor.damaged("tensors")
        seen.add(name)
        shape = [cursor.number(U64) for _ in range(sides)]
        kind, offset = cursor.number(U32), cursor.number(U64)
        values = 1
        for side in shape:
            values *= side
        # A type that this table does not know yet is for llama.cpp to judge.
        block_values, block_bytes = TENSOR_TYPES.get(kind, (1, 0))
        row = shape[0] if shape else 1
        if offset % alignment or row % block_values:
            raise cursor.damaged("tensors")
        yield offset + values // block_values * block_bytes, values, _EXPERTS in name
