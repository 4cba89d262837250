"""From an entry of the catalogue to the file that the Hub has now, or to what comes nearest."""

import re
from collections.abc import Iterable

from chinwag.core.download import DownloadWish, WantedFile
from chinwag.core.hub_repository import Repository, RepositoryRow, Variant
from chinwag.core.recommended import CatalogueFile, CatalogueModel

# Where a pattern leaves it open, what most people take.
_USUAL = ("Q4_K_M", "Q4_K_S", "Q4_0")


def variant_for(file: CatalogueFile, variants: Iterable[Variant]) -> Variant | None:
    """The model in a repository that an entry means; None if it is not there or not whole."""
    named = [one for one in variants if one.is_whole and file.is_named(one.path)]

    def rank(one: Variant) -> tuple[int, str]:
        usual = one.quantization.upper()
        return (_USUAL.index(usual) if usual in _USUAL else len(_USUAL), one.path)

    return min(named, key=rank, default=None)


def wish_for(model: CatalogueModel, repository: Repository, variant: Variant) -> DownloadWish:
    """The wish for a variant, pinned to the commit that was looked at."""
    files = tuple(
        WantedFile(repository.id, one.path, repository.commit, size=one.size, sha256=one.sha256)
        for one in variant.files
    )
    return DownloadWish(
        f"{model.name} {variant.quantization}".strip(),
        files,
        repository.row.licence or model.licence,
    )


def nearest(model: CatalogueModel, rows: Iterable[RepositoryRow]) -> RepositoryRow | None:
    """Of repositories that a search found, the one that has this model too; the best known one."""
    wanted = _words(model.name)
    alike = [row for row in rows if wanted <= _words(row.name) and row.id != model.repository]
    return max(alike, key=lambda row: row.downloads, default=None)


def _words(name: str) -> set[str]:
    return {word for word in re.split(r"[^a-z0-9.]+", name.casefold()) if word}
