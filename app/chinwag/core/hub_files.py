"""Which of a repository's files are models: quantizations, parts put together, companions apart."""

import re
from collections import defaultdict
from collections.abc import Iterable

from chinwag.core.hub_repository import RepositoryFile, Variant
from chinwag.core.quantization import is_named, quality_of, quantization_in

_PART = re.compile(r"-(\d{5})-of-(\d{5})$")
_COMPANION = re.compile(r"(?:^|[-._/])mmproj(?:[-._]|$)", re.IGNORECASE)
_NO_MODEL = re.compile(r"(?:^|[-._/])(?:imatrix|vocab|tokenizer|lora|adapter)(?:[-._]|$)", re.I)
_SUFFIX = ".gguf"
_MOST_PARTS = 1_000
USUAL = "Q4_K_M"


def sorted_out(
    files: Iterable[RepositoryFile],
) -> tuple[tuple[Variant, ...], tuple[RepositoryFile, ...]]:
    """The models, the smallest first, and their companions; each GGUF file is in at most one."""
    companions: list[RepositoryFile] = []
    parts: defaultdict[tuple[str, int], dict[int, RepositoryFile]] = defaultdict(dict)
    for file in sorted(files, key=lambda one: one.path):
        stem = _stem(file.path)
        if stem is None or _NO_MODEL.search(stem):
            continue
        if _COMPANION.search(stem):
            companions.append(file)
            continue
        part = _PART.search(stem)
        if part is None or not 1 <= int(part[1]) <= int(part[2]) <= _MOST_PARTS:
            parts[file.path, 1].setdefault(1, file)
        else:
            parts[stem[: part.start()], int(part[2])].setdefault(int(part[1]), file)
    variants = [_variant(count, found) for (_, count), found in parts.items()]
    variants.sort(key=lambda one: (one.size, one.path))
    return tuple(variants), tuple(companions)


def variant_named(variants: Iterable[Variant], wanted: str) -> Variant | None:
    """The one that `owner/name:wanted` or a file's path means; None if there is none."""
    whole = [one for one in variants if one.is_whole]
    for one in whole:
        if any(file.path == wanted for file in one.files):
            return one
    named = [one for one in whole if is_named(one.quantization, wanted)]
    return named[0] if named else None


def usual_variant(variants: Iterable[Variant]) -> Variant | None:
    """The one to have where nobody chose: Q4_K_M, else what comes nearest to its quality."""
    whole = [one for one in variants if one.is_whole]
    if (usual := variant_named(whole, USUAL)) is not None or not whole:
        return usual
    wanted = quality_of(USUAL) or 0

    def distance(one: Variant) -> tuple[int, int]:
        quality = quality_of(one.quantization)
        return abs((quality if quality is not None else 9) - wanted), one.size

    return min(whole, key=distance)


def _stem(path: str) -> str | None:
    """The path without its suffix; None for what is no GGUF file."""
    return path[: -len(_SUFFIX)] if path.casefold().endswith(_SUFFIX) else None


def _variant(count: int, found: dict[int, RepositoryFile]) -> Variant:
    in_order = tuple(found[number] for number in sorted(found))
    path = in_order[0].path
    folder, _, name = path.rpartition("/")
    quantization = quantization_in(_PART.sub("", name[: -len(_SUFFIX)])) or quantization_in(folder)
    missing = tuple(number for number in range(1, count + 1) if number not in found)
    return Variant(in_order, quantization, missing)
