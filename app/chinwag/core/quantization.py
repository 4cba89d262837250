"""Quantizations: how small a model's numbers were made, by the name of it, and what that costs."""

import re
from enum import IntEnum

# As makers write them into file names: Q4_K_M, UD-Q4_K_XL, IQ2_XXS, MXFP4_MOE, BF16, i1-Q4_K_M.
_NAME = re.compile(
    r"(?:^|[-._/ ])((?:UD-|i1-)?"
    r"(?:I?Q\d(?:_[0-9A-Z]+)*|TQ\d_\d|MXFP4(?:_MOE)?|NVFP4|BF16|F16|FP16|F32|FP32))(?=$|[-._/ ])",
    re.IGNORECASE,
)
_BITS = re.compile(r"(I?)[QT]+Q?(\d)")


class Quality(IntEnum):
    """How much of a model is left; the next one up is worth having where there is room for it."""

    RUINED = 0
    POOR = 1
    WEAK = 2
    FAIR = 3
    GOOD = 4
    VERY_GOOD = 5
    NEARLY_FULL = 6
    FULL = 7


_WHOLE = {"F32", "FP32", "BF16", "F16", "FP16"}
_BY_BITS = {
    1: Quality.RUINED,
    2: Quality.POOR,
    3: Quality.FAIR,
    4: Quality.GOOD,
    5: Quality.VERY_GOOD,
    6: Quality.VERY_GOOD,
    7: Quality.NEARLY_FULL,
    8: Quality.NEARLY_FULL,
}
_SMALLEST_OF_THREE = ("Q3_K_S", "IQ3_XXS", "IQ3_XS", "Q3_K", "IQ3_S")


def quantization_in(text: str) -> str:
    """The last quantization that a file's or a folder's name tells, as it is written; else ""."""
    found = _NAME.findall(text)
    return found[-1] if found else ""


def quality_of(quantization: str) -> Quality | None:
    """How good models stay in it; None for a name that is not known."""
    name = re.sub(r"^(UD|I1)-", "", quantization.upper())
    if name in _WHOLE:
        return Quality.FULL
    if name.startswith(("MXFP4", "NVFP4")):
        return Quality.GOOD
    bits = _BITS.match(name)
    if bits is None or (count := int(bits[2])) not in _BY_BITS:
        return None
    if name in _SMALLEST_OF_THREE:
        return Quality.WEAK
    if name in ("IQ2_XXS", "IQ2_XS"):
        return Quality.RUINED
    return _BY_BITS[count]


def is_named(quantization: str, wanted: str) -> bool:
    """Whether somebody who asks for `wanted` means this one: `q4_k_m` is UD-Q4_K_M too."""
    name, asked = quantization.casefold(), wanted.casefold()
    return name == asked or re.sub(r"^(ud|i1)-", "", name) == asked
