"""The header reader: what it finds in real files, and that no file makes it fail or linger."""

import contextlib
import io
import struct
import time
from collections.abc import Callable
from pathlib import Path

import gguf
import pytest
from gguf import GGUFWriter, LlamaFileType
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core import gguf_cursor
from chinwag.core.errors import ModelFileError
from chinwag.core.gguf import FILE_TYPES, MAX_NESTING, TENSOR_TYPES, GgufHeader, read_header
from chinwag.core.options import GenerationOptions
from core.model_files import CHAT_TEMPLATE, write_model


def header_of(data: bytes, **arguments: object) -> GgufHeader:
    return read_header(io.BytesIO(data), len(data), "a.gguf", **arguments)  # type: ignore[arg-type]


def error_of(data: bytes) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        header_of(data)
    assert caught.value.values["file"] == "a.gguf"
    return caught.value


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_model(tmp_path_factory.mktemp("gguf") / "whole.gguf").read_bytes()


def raw(
    keys: bytes = b"", key_count: int = 0, tensors: bytes = b"", tensor_count: int = 0
) -> bytes:
    """A file written byte by byte, for what the package refuses to write."""
    return b"GGUF" + struct.pack("<IQQ", 3, tensor_count, key_count) + keys + tensors


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def test_a_whole_file(whole: bytes) -> None:
    header = header_of(whole)
    assert header.version == 3
    assert header.tensor_count == 2
    assert header.architecture == "llama"
    assert header.kind == "model"
    assert header.name == "Small Talk"
    assert header.quantization == "Q4_K_M"
    assert header.window_tokens == 2048
    assert header.has_template
    assert header.sampling == GenerationOptions()
    assert header.metadata["tokenizer.chat_template"] == CHAT_TEMPLATE
    assert header.metadata["tokenizer.ggml.add_bos_token"] is False
    assert header.data_offset % 32 == 0


def test_arrays_are_kept_only_when_asked_for(whole: bytes) -> None:
    assert "tokenizer.ggml.tokens" not in header_of(whole).metadata
    wanted = ["tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "not.there"]
    metadata = header_of(whole, arrays=wanted).metadata
    assert metadata["tokenizer.ggml.tokens"] == [f"word{number}" for number in range(8)]
    assert metadata["tokenizer.ggml.token_type"] == [1] * 8
    assert "tokenizer.ggml.scores" not in metadata


def test_every_kind_of_value(tmp_path: Path) -> None:
    def add(writer: GGUFWriter) -> None:
        writer.add_uint8("t.u8", 200)
        writer.add_int8("t.i8", -100)
        writer.add_uint16("t.u16", 60_000)
        writer.add_int16("t.i16", -30_000)
        writer.add_uint32("t.u32", 4_000_000_000)
        writer.add_int32("t.i32", -2_000_000_000)
        writer.add_uint64("t.u64", 2**63)
        writer.add_int64("t.i64", -(2**62))
        writer.add_float32("t.f32", 0.5)
        writer.add_float64("t.f64", 0.1)
        writer.add_bool("t.bool", True)
        writer.add_string("t.string", "Grüße, 世界")
        writer.add_array("t.nested", [[1, 2], [3]])

    data = write_model(tmp_path / "kinds.gguf", add=add).read_bytes()
    metadata = header_of(data, arrays=["t.nested"]).metadata
    assert {key: value for key, value in metadata.items() if key.startswith("t.")} == {
        "t.u8": 200,
        "t.i8": -100,
        "t.u16": 60_000,
        "t.i16": -30_000,
        "t.u32": 4_000_000_000,
        "t.i32": -2_000_000_000,
        "t.u64": 2**63,
        "t.i64": -(2**62),
        "t.f32": 0.5,
        "t.f64": 0.1,
        "t.bool": True,
        "t.string": "Grüße, 世界",
        "t.nested": [[1, 2], [3]],
    }


def test_recommended_sampling(tmp_path: Path) -> None:
    def add(writer: GGUFWriter) -> None:
        writer.add_sampling_temp(0.6)
        writer.add_sampling_top_k(20)
        writer.add_sampling_top_p(0.95)
        writer.add_sampling_min_p(7.0)  # outside our range: left unsaid
        writer.add_sampling_penalty_repeat(1.05)

    sampling = header_of(write_model(tmp_path / "s.gguf", add=add).read_bytes()).sampling
    assert sampling == GenerationOptions(temperature=0.6, top_k=20, top_p=0.95, repeat_penalty=1.05)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_nonsense_sampling_is_left_unsaid(tmp_path: Path, value: float) -> None:
    data = write_model(
        tmp_path / "n.gguf", add=lambda writer: writer.add_sampling_temp(value)
    ).read_bytes()
    assert header_of(data).sampling == GenerationOptions()


def test_a_guessed_file_type_is_told_without_the_guess(tmp_path: Path) -> None:
    guessed = LlamaFileType.GUESSED + LlamaFileType.MOSTLY_Q5_K_M
    data = write_model(tmp_path / "g.gguf", file_type=guessed).read_bytes()
    assert header_of(data).quantization == "Q5_K_M"


def test_a_base_model_has_no_template(tmp_path: Path) -> None:
    assert not header_of(write_model(tmp_path / "b.gguf", template="").read_bytes()).has_template


def test_tables_agree_with_the_package() -> None:
    assert dict(TENSOR_TYPES) == {kind.value: size for kind, size in gguf.GGML_QUANT_SIZES.items()}
    words = {
        kind.value: kind.name.removeprefix("MOSTLY_").removeprefix("ALL_")
        for kind in gguf.LlamaFileType
    }
    words.pop(gguf.LlamaFileType.GUESSED.value)
    assert dict(FILE_TYPES) == words


def test_a_large_vocabulary_takes_milliseconds(tmp_path: Path) -> None:
    path = write_model(tmp_path / "large.gguf", words=262_144)
    best = 1e9
    for _ in range(3):
        with path.open("rb") as file:
            start = time.perf_counter()
            header = read_header(file, path.stat().st_size)
            best = min(best, time.perf_counter() - start)
    assert header.has_template
    assert best < 0.25  # the package's own reader needs 10 seconds


def test_not_a_model() -> None:
    assert error_of(b"").code == "model.empty"
    assert error_of(b"GG").code == "model.not_gguf"
    assert error_of(b"%PDF-1.7 and so on").code == "model.not_gguf"
    assert error_of(b"GGUF").code == "model.truncated"


@pytest.mark.parametrize("version", [0, 1, 4, 77])
def test_versions_we_cannot_read(whole: bytes, version: int) -> None:
    error = error_of(whole[:4] + struct.pack("<I", version) + whole[8:])
    assert error.code == "model.version"
    assert error.values == {"file": "a.gguf", "version": version, "oldest": 2, "newest": 3}


def test_version_2_reads_alike(whole: bytes) -> None:
    older = header_of(whole[:4] + struct.pack("<I", 2) + whole[8:])
    assert older.version == 2
    assert older.metadata == header_of(whole).metadata


def test_big_endian(tmp_path: Path) -> None:
    data = write_model(tmp_path / "big.gguf", big_endian=True).read_bytes()
    assert error_of(data).code == "model.byte_order"


def test_cut_in_half(whole: bytes) -> None:
    error = error_of(whole[: len(whole) // 2])
    assert error.code == "model.truncated"
    assert error.values["size"] == len(whole) // 2
    assert len(whole) // 2 < int(error.values["needed"]) <= len(whole)


def test_one_byte_short_of_its_last_tensor(whole: bytes) -> None:
    # The writer pads after the last tensor; its 4 rows of Q8_0 are what must be there.
    end = header_of(whole).data_offset + 4 * 32 * 4 + 4 * 34
    assert header_of(whole[:end]).tensor_count == 2
    error = error_of(whole[: end - 1])
    assert (error.code, error.values["needed"]) == ("model.truncated", end)


def test_an_unknown_tensor_type_is_passed_over() -> None:
    tensor = text(b"w") + struct.pack("<IQIQ", 1, 10**9, 999, 0)
    assert header_of(raw(tensors=tensor, tensor_count=1) + bytes(64)).tensor_count == 1


NAMED = text(b"k") + struct.pack("<IB", 0, 1)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(raw(key_count=2**40), id="keys without end"),
        pytest.param(raw(tensor_count=2**40), id="tensors without end"),
        pytest.param(raw(struct.pack("<Q", 2**17) + bytes(2**18), 1), id="a key too long"),
        pytest.param(raw(struct.pack("<Q", 2**63) + bytes(64), 1), id="a length beyond reason"),
        pytest.param(raw(NAMED * 2, 2), id="a key twice"),
        pytest.param(raw(text(b"k") + struct.pack("<IB", 13, 1), 1), id="an unknown kind"),
        pytest.param(
            raw(text(b"k") + struct.pack("<IIQ", 9, 13, 1) + bytes(9), 1), id="an unknown item"
        ),
        pytest.param(
            raw(text(b"k") + struct.pack("<IIQ", 9, 8, 2**60) + bytes(64), 1), id="a huge array"
        ),
        pytest.param(
            raw(text(b"k") + b"\x09\0\0\0" + struct.pack("<IQ", 9, 1) * 9 + bytes(64), 1),
            id="arrays in arrays in arrays",
        ),
        pytest.param(
            raw(text(b"general.alignment") + struct.pack("<II", 4, 24), 1), id="odd alignment"
        ),
        pytest.param(
            raw(text(b"general.alignment") + struct.pack("<II", 4, 0), 1), id="no alignment"
        ),
        pytest.param(
            raw(tensors=text(b"w") + struct.pack("<IQIQ", 1, 8, 0, 7) + bytes(99), tensor_count=1),
            id="a tensor between the lines",
        ),
        pytest.param(
            raw(tensors=text(b"w") + struct.pack("<IQIQ", 1, 33, 2, 0) + bytes(99), tensor_count=1),
            id="a row that is no whole block",
        ),
        pytest.param(
            raw(
                tensors=(text(b"w") + struct.pack("<IQIQ", 1, 1, 0, 0)) * 2 + bytes(99),
                tensor_count=2,
            ),
            id="a tensor twice",
        ),
        pytest.param(
            raw(tensors=text(b"w") + struct.pack("<I5QIQ", 5, *[1] * 5, 0, 0), tensor_count=1),
            id="five sides",
        ),
        pytest.param(
            raw(tensors=text(b"w") + struct.pack("<I4QIQ", 4, *[2**60] * 4, 0, 0), tensor_count=1),
            id="a tensor beyond reason",
        ),
    ],
)
def test_damage(data: bytes) -> None:
    error = error_of(data)
    assert error.code == "model.damaged"
    assert error.values["part"] in {"metadata", "tensors"}
    assert 0 <= int(error.values["offset"]) <= len(data)


@pytest.mark.parametrize(
    ("label", "parameters"),
    [
        ("", 256),
        ("135M", 135_000_000),
        ("1.7B", 1_700_000_000),
        ("8x7B", 56_000_000_000),
        ("30B-A3B", 30_000_000_000),
        ("0.1K", 256),
        ("large", 256),
        ("9" * 40 + "B", 256),
    ],
)
def test_parameters_are_counted_or_more_where_the_makers_say_so(
    tmp_path: Path, label: str, parameters: int
) -> None:
    path = write_model(tmp_path / "a.gguf", add=lambda writer: writer.add_size_label(label))
    header = header_of(path.read_bytes())
    assert header.value_count == 256  # a table of 4 x 32 and another
    assert header.parameters == parameters


def test_nested_arrays_within_the_limit_are_passed() -> None:
    depth = MAX_NESTING - 1
    array = b"\x09\0\0\0" + struct.pack("<IQ", 9, 1) * depth + struct.pack("<IQ", 0, 3) + b"abc"
    assert header_of(raw(text(b"k") + array + NAMED.replace(b"k", b"l"), 2)).metadata == {"l": 1}


def test_what_is_walked_through_is_limited() -> None:
    # Empty texts cost eight bytes a piece: a large file of zeros could keep us for minutes.
    count = gguf_cursor.MAX_WALKED_ITEMS + 1
    data = raw(text(b"k") + struct.pack("<IIQ", 9, 8, count) + bytes(8 * count), 1)
    assert error_of(data).code == "model.damaged"


def test_arrays_in_arrays_are_limited_sooner() -> None:
    # A hundred thousand take as long as millions of texts.
    count = gguf_cursor.MAX_WALKED_ITEMS // 40 + 1
    data = raw(text(b"k") + struct.pack("<IIQ", 9, 9, count) + bytes(12 * count), 1)
    assert error_of(data).code == "model.damaged"


def test_what_is_kept_is_limited() -> None:
    half = text(bytes(gguf_cursor.MAX_TEXT_BYTES // 2))
    one = text(b"a") + b"\x08\0\0\0" + half
    assert set(header_of(raw(one, 1)).metadata) == {"a"}
    assert error_of(raw(one + one.replace(b"a", b"b", 1), 2)).code == "model.damaged"


def test_a_file_that_shrinks_while_it_is_read(whole: bytes) -> None:
    with pytest.raises(ModelFileError) as caught:
        read_header(io.BytesIO(whole[:200]), len(whole), "a.gguf")
    assert caught.value.code == "model.truncated"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "write-only"
    with path.open("wb") as file, pytest.raises(ModelFileError) as caught:
        read_header(file, 100, "a.gguf")  # type: ignore[arg-type]
    assert caught.value.code == "model.unreadable"
    assert caught.value.values["reason"]


def quickly(read: Callable[[], object]) -> None:
    start = time.perf_counter()
    with contextlib.suppress(ModelFileError):
        read()
    assert time.perf_counter() - start < 1


@given(data=st.data())
def test_no_bent_file_raises_anything_else_or_lingers(whole: bytes, data: st.DataObject) -> None:
    bent = bytearray(whole)
    header_bytes = 700  # where a changed byte means most
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, header_bytes) | st.integers(0, len(bent) - 1))
        bent[at] = data.draw(st.integers(0, 255) | st.sampled_from([0, 1, 8, 9, 127, 128, 255]))
    cut = data.draw(st.just(len(bent)) | st.integers(0, len(bent)))
    arrays = data.draw(st.sampled_from([(), ("tokenizer.ggml.tokens", "tokenizer.ggml.scores")]))
    quickly(lambda: header_of(bytes(bent[:cut]), arrays=arrays))


@given(st.binary(max_size=2000))
def test_no_stray_bytes_raise_anything_else_or_linger(stray: bytes) -> None:
    quickly(lambda: header_of(stray))
    quickly(lambda: header_of(b"GGUF\x03\0\0\0" + stray))


def test_every_cut_is_noticed(whole: bytes) -> None:
    header = header_of(whole)
    for length in range(4, header.data_offset, 7):
        assert error_of(whole[:length]).code == "model.truncated"
