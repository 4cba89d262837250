"""Quantizations are found in names as makers write them, and more bits are never worse."""

import pytest

from chinwag.core.quantization import Quality, is_named, quality_of, quantization_in


@pytest.mark.parametrize(
    ("name", "quantization"),
    [
        ("Qwen3.5-4B-Q4_K_M", "Q4_K_M"),
        ("qwen2.5-7b-instruct-q4_k_m", "q4_k_m"),
        ("SmolLM2-135M-Instruct.Q4_1", "Q4_1"),
        ("Qwen3.5-27B-UD-Q4_K_XL", "UD-Q4_K_XL"),
        ("model.i1-IQ3_XXS", "i1-IQ3_XXS"),
        ("gpt-oss-20b-mxfp4", "mxfp4"),
        ("gpt-oss-20b-MXFP4_MOE", "MXFP4_MOE"),
        ("BF16", "BF16"),
        ("a/Q8_0", "Q8_0"),
        ("tiny-f16", "f16"),
        ("Q4-tales-Q8_0", "Q8_0"),
        ("Iq-master", ""),
        ("Qwen-7B", ""),
        ("", ""),
    ],
)
def test_a_name_tells_its_quantization(name: str, quantization: str):
    assert quantization_in(name) == quantization


def test_more_is_never_worse():
    in_order = ["IQ1_S", "Q2_K", "IQ3_XXS", "Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "F16"]
    found = [quality_of(name) for name in in_order]
    assert None not in found
    assert found == sorted(found, key=int)  # pyright: ignore[reportArgumentType]
    assert set(found) >= set(Quality) - {Quality.RUINED}


@pytest.mark.parametrize("name", ["", "nonsense", "Q9_K", "Q0"])
def test_what_is_not_known_has_no_quality(name: str):
    assert quality_of(name) is None


def test_case_and_the_maker_s_mark_do_not_matter():
    assert is_named("UD-Q4_K_XL", "q4_k_xl")
    assert is_named("q4_k_m", "Q4_K_M")
    assert not is_named("Q4_K_M", "Q4_K_S")
    assert quality_of("UD-Q4_K_XL") == quality_of("q4_k_m") == Quality.GOOD
