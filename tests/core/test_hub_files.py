"""A repository's files: every model once, parts in order, companions apart, whatever the names."""

import re

from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.hub_files import sorted_out, usual_variant, variant_named
from chinwag.core.hub_repository import RepositoryFile, Variant


def files(*paths: str) -> list[RepositoryFile]:
    return [RepositoryFile(path, size=100 + at) for at, path in enumerate(paths)]


def paths(variants: tuple[Variant, ...]) -> list[list[str]]:
    return [[file.path for file in one.files] for one in variants]


def test_a_usual_repository():
    variants, companions = sorted_out(
        files(
            "README.md",
            "gemma-4-E4B-it-Q8_0.gguf",
            "gemma-4-E4B-it-Q4_K_M.gguf",
            "BF16/gemma-4-E4B-it-00002-of-00002.gguf",
            "BF16/gemma-4-E4B-it-00001-of-00002.gguf",
            "mmproj-gemma-4-E4B-it-f16.gguf",
            "imatrix.gguf",
            "gemma-imatrix.gguf",
        )
    )
    assert paths(variants) == [
        ["gemma-4-E4B-it-Q8_0.gguf"],
        ["gemma-4-E4B-it-Q4_K_M.gguf"],
        ["BF16/gemma-4-E4B-it-00001-of-00002.gguf", "BF16/gemma-4-E4B-it-00002-of-00002.gguf"],
    ]
    assert [one.quantization for one in variants] == ["Q8_0", "Q4_K_M", "BF16"]
    assert [one.path for one in companions] == ["mmproj-gemma-4-E4B-it-f16.gguf"]
    assert usual_variant(variants) is variants[1]
    assert variant_named(variants, "bf16") is variants[2]
    assert variant_named(variants, "BF16/gemma-4-E4B-it-00002-of-00002.gguf") is variants[2]
    assert variant_named(variants, "Q2_K") is None


def test_a_missing_part_is_told_and_such_a_model_is_never_chosen():
    variants, _ = sorted_out(files("m-Q4_K_M-00001-of-00003.gguf", "m-Q4_K_M-00003-of-00003.gguf"))
    assert variants[0].missing == (2,)
    assert not variants[0].is_whole
    assert usual_variant(variants) is None
    assert variant_named(variants, "Q4_K_M") is None


def test_numbers_that_cannot_be_parts_are_names():
    variants, _ = sorted_out(files("a-00000-of-00002.gguf", "a-00009-of-00002.gguf"))
    assert all(one.is_whole and len(one.files) == 1 for one in variants)
    huge, _ = sorted_out(files("a-00001-of-99999.gguf"))
    assert huge[0].is_whole


def test_without_the_usual_one_the_nearest_is_chosen():
    variants, _ = sorted_out(files("a-IQ1_S.gguf", "a-Q5_K_M.gguf", "a-Q8_0.gguf"))
    assert (usual_variant(variants) or variants[0]).quantization == "Q5_K_M"
    assert usual_variant(()) is None


_STEM = st.sampled_from(["a", "b-Q4_K_M", "c/d-Q8_0", "mmproj-a", "x-imatrix", "BF16/b", "-", "é"])
_PATH = st.one_of(
    st.tuples(_STEM, st.integers(0, 4), st.integers(1, 4)).map(
        lambda one: f"{one[0]}-{one[1]:05}-of-{one[2]:05}.gguf"
    ),
    st.tuples(_STEM, st.sampled_from([".gguf", ".GGUF", ".md", ""])).map("".join),
    st.text(max_size=20).map(lambda text: f"{text}.gguf"),
)


@given(st.lists(_PATH, unique=True, max_size=15), st.randoms())
def test_each_model_file_is_in_exactly_one_place(names: list[str], shuffled: object):
    listed = files(*names)
    variants, companions = sorted_out(listed)
    placed = [file for one in variants for file in one.files] + list(companions)
    assert len(placed) == len(set(placed))
    assert set(placed) <= set(listed)
    left_out = {file.path for file in listed} - {file.path for file in placed}
    models = {name for name in left_out if name.casefold().endswith(".gguf")}
    assert all(re.search("imatrix|vocab|tokenizer|lora|adapter", name, re.I) for name in models)
    shuffled.shuffle(listed)  # pyright: ignore[reportAttributeAccessIssue]
    assert sorted_out(listed) == (variants, companions)
    for one in variants:
        numbers = [file.path[-14:-5] for file in one.files]
        assert numbers == sorted(numbers) or len(one.files) == 1
        assert one.size == sum(file.size for file in one.files)
        if len(one.files) + len(one.missing) > 1:
            assert (
                one.files[0].path.rpartition("-of-")[2] == one.files[-1].path.rpartition("-of-")[2]
            )
