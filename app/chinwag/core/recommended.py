"""The models we recommend: families, models and files, made from parsed TOML; and for whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TypeVar, cast

from chinwag.core.errors import CatalogueError, OptionError
from chinwag.core.fit import Fit, FitMark, Machine, ModelShape, estimate_fit
from chinwag.core.options import GenerationOptions

_Kind = TypeVar("_Kind", str, int)
# The pick must not take the memory that the person's other programs will want.
_MOST_OF_FREE = 0.75


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """One file of a model, or one file's parts; `size` is about so many bytes.

    `pattern` is a file name in the repository, in which `*` stands for anything; the case of
    letters does not count.
    """

    pattern: str
    quantization: str
    size: int

    def is_named(self, name: str) -> bool:
        """Whether a file of the repository is this one."""
        return fnmatchcase(name.rsplit("/", 1)[-1].casefold(), self.pattern.casefold())


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """A model that we recommend, from a repository on the Hub; its files from small to large.

    `good_for` is one sentence; `sampling` is what its makers recommend.
    """

    family: str
    name: str
    repository: str
    licence: str
    good_for: str
    window_tokens: int
    shape: ModelShape
    files: tuple[CatalogueFile, ...]
    sampling: GenerationOptions = field(default_factory=GenerationOptions)
    thinks: bool = False


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One file of one model, and how it goes with this computer."""

    model: CatalogueModel
    file: CatalogueFile
    fit: Fit
    is_best: bool = False

    @property
    def id(self) -> str:
        """What it is told from others by."""
        return f"{self.model.repository}:{self.file.quantization}"


@dataclass(frozen=True, slots=True)
class StarterEntry:
    """The starter model: one exact file, which comes with the app."""

    name: str
    file: str
    size: int
    sha256: str


def recommend(
    models: Iterable[CatalogueModel], machine: Machine, window_tokens: int
) -> list[Recommendation]:
    """Every file, sorted for a computer: the best first, fast, slow, and what is too large last.

    Among the fast the largest comes first, among the others what is nearest to being usable.

    The best is the largest model that is expected to be fast and leaves other programs memory;
    where the speed is not known yet, none is marked.
    """
    found: list[Recommendation] = []
    for model in models:
        window = min(window_tokens, model.window_tokens)
        found += [
            Recommendation(model, file, estimate_fit(file.size, model.shape, window, machine))
            for file in model.files
        ]
    fast = [one for one in found if one.fit.mark is FitMark.FAST]
    roomy = [one for one in fast if one.fit.needed <= _MOST_OF_FREE * one.fit.free]
    best = max(
        roomy or fast, key=lambda one: (one.model.shape.parameters, one.file.size), default=None
    )
    order = (FitMark.FAST, FitMark.FITS, FitMark.SLOW, FitMark.TOO_LARGE)

    def place(one: Recommendation) -> tuple[bool, int, float]:
        within: float = -one.file.size
        if one.fit.mark is FitMark.SLOW:
            within = -one.fit.tokens_per_second
        elif one.fit.mark is FitMark.TOO_LARGE:
            within = one.fit.needed
        return (one is not best, order.index(one.fit.mark), within)

    return [replace(one, is_best=one is best) for one in sorted(found, key=place)]


def models_from_toml(file: str, table: Mapping[str, object]) -> list[CatalogueModel]:
    """The models of one family from its parsed file, called `file` in errors.

    Raises CatalogueError `catalogue.entry` that names the key which is missing or not right.
    """
    reader = _Reader(file)
    family, licence = reader.value(table, "family", str), reader.value(table, "licence", str)
    return [_model(reader, family, licence, one) for one in reader.tables(table, "models")]


def starter_from_toml(file: str, table: Mapping[str, object]) -> StarterEntry:
    """The starter from its parsed file; raises CatalogueError `catalogue.entry`."""
    reader = _Reader(file)
    return StarterEntry(
        reader.value(table, "name", str),
        reader.value(table, "file", str),
        reader.value(table, "size", int),
        reader.value(table, "sha256", str),
    )


def _model(
    reader: "_Reader", family: str, licence: str, table: Mapping[str, object]
) -> CatalogueModel:
    files = [
        CatalogueFile(
            reader.value(one, "file", str),
            reader.value(one, "quantization", str),
            reader.value(one, "about", int),
        )
        for one in reader.tables(table, "files")
    ]
    sampling = table.get("sampling", {})
    if not isinstance(sampling, dict):
        raise reader.wrong("sampling")
    try:
        options = GenerationOptions.from_dict(cast(dict[str, object], sampling))
    except OptionError as error:
        raise reader.wrong("sampling") from error
    return CatalogueModel(
        family=family,
        name=reader.value(table, "name", str),
        repository=reader.value(table, "repository", str),
        licence=licence,
        good_for=reader.value(table, "good_for", str),
        window_tokens=reader.value(table, "window", int),
        shape=ModelShape(
            reader.value(table, "parameters", int),
            reader.value(table, "active_parameters", int, 0),
            reader.value(table, "layers", int, 0),
            reader.value(table, "kv_heads", int, 0),
            reader.value(table, "head_size", int, 0),
        ),
        files=tuple(sorted(files, key=lambda one: one.size)),
        sampling=options,
        thinks=table.get("thinks") is True,
    )


class _Reader:
    """Takes values out of tables and says which one is wrong."""

    def __init__(self, file: str) -> None:
        self._file = file

    def wrong(self, key: str) -> CatalogueError:
        return CatalogueError("catalogue.entry", file=self._file, key=key)

    def value(
        self,
        table: Mapping[str, object],
        key: str,
        kind: type[_Kind],
        default: _Kind | None = None,
    ) -> _Kind:
        found = table.get(key, default)
        if not isinstance(found, kind) or isinstance(found, bool) or found in ("", -1):
            raise self.wrong(key)
        return found

    def tables(self, table: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
        found = table.get(key)
        if not isinstance(found, list) or not found:
            raise self.wrong(key)
        tables = cast(list[object], found)
        if not all(isinstance(one, dict) for one in tables):
            raise self.wrong(key)
        return cast(list[Mapping[str, object]], tables)
