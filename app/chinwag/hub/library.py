"""What is installed: lists the models on this machine and finds one by path or name."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from chinwag.core.errors import ModelFileError
from chinwag.core.gguf import GgufHeader, read_header
from chinwag.core.model import BrokenModel, InstalledModel, ModelRecord
from chinwag.hub.header_cache import HeaderCache

_SUFFIX = ".gguf"
_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)
_QUANTIZATION = re.compile(r"[-._](?:I?Q\d\w*|TQ\d\w*|MXFP4\w*|NVFP4|BF16|F16|F32)$", re.IGNORECASE)


Records = Mapping[Path, ModelRecord]


def _no_records() -> Records:
    return {}


class Library:
    """The starter model, the models folder, and files elsewhere that are linked.

    A model's id is its file name; where two share one, the later has its folder before it. A file
    elsewhere is called by its whole path. Headers are read once for each state of a file.
    """

    def __init__(
        self,
        starter: Path,
        folder: Path,
        records: Callable[[], Records] = _no_records,
        headers: HeaderCache | None = None,
    ) -> None:
        """`starter` is a file, or the folder that it lies in; neither need exist.

        `records` gives what is kept of models, links among it, and may raise ChinwagError.
        """
        self.folder = folder
        self._starter = starter
        self._records = records
        self._headers = headers or HeaderCache()

    def list_all(self) -> list[InstalledModel]:
        """Every model that can be loaded, the starter first; what is broken is left out."""
        return self.survey()[0]

    def survey(self) -> tuple[list[InstalledModel], list[BrokenModel]]:
        """Every model that can be loaded, and every file that cannot; parts are neither."""
        found: list[InstalledModel] = []
        broken: list[BrokenModel] = []
        records = self._records()
        for model_id, (path, is_starter) in self._candidates(records).items():
            try:
                found.append(self._model(model_id, path, is_starter, records))
            except ModelFileError as error:
                if error.code != "model.other_kind":
                    is_linked = path in records and records[path].is_linked
                    broken.append(BrokenModel(path, error, is_linked))
        self._headers.save()
        return found, broken

    def find(self, path_or_id: str) -> InstalledModel:
        """The model of that id (`.gguf` may be left off, or more if it stays clear), or at a path.

        What a person called a model finds it too.

        Raises ModelFileError: `model.unknown`, `model.ambiguous`, `model.missing`,
        `model.directory`, `model.part_missing`, `model.other_kind`, and those of `read_header`.
        """
        records = self._records()
        candidates = self._candidates(records)
        if path_or_id in candidates:
            return self._model(path_or_id, *candidates[path_or_id], records)
        path = _as_path(path_or_id)
        is_path = bool(re.search(r"[/\\]|^~|\.gguf$", path_or_id, re.IGNORECASE))
        if is_path and os.path.exists(path):
            return self._at(path, candidates, records)
        matches = _matches(path_or_id, list(candidates)) or [
            model_id
            for model_id, (listed, _) in candidates.items()
            if listed in records and records[listed].name.casefold() == path_or_id.casefold()
        ]
        if len(matches) == 1:
            return self._model(matches[0], *candidates[matches[0]], records)
        if matches:
            raise ModelFileError("model.ambiguous", name=path_or_id, known=", ".join(matches))
        if is_path or os.path.isfile(path):
            return self._at(path, candidates, records)
        known = ", ".join(model.id for model in self.list_all())
        raise ModelFileError("model.unknown", name=path_or_id, known=known)

    def _at(
        self, path: Path, candidates: dict[str, tuple[Path, bool]], records: Records
    ) -> InstalledModel:
        if os.path.isfile(path):
            path = parts_of(path)[0]
            for model_id, (listed, is_starter) in candidates.items():
                if os.path.realpath(listed) == os.path.realpath(path):
                    return self._model(model_id, listed, is_starter, records)
        return self._model(str(path), path, False, records)

    def _candidates(self, records: Records) -> dict[str, tuple[Path, bool]]:
        """Every file that calls itself a model, by id; and whether it is the starter."""
        candidates: dict[str, tuple[Path, bool]] = {}
        seen: set[str] = set()
        starters = [self._starter] if self._starter.is_file() else _model_files(self._starter)
        links = [path for path, record in records.items() if record.is_linked]
        for is_starter, paths in (
            (True, starters),
            (False, _model_files(self.folder)),
            (False, links),
        ):
            for path in paths:
                real = os.path.realpath(path)
                part = _PART.search(path.name)
                if real in seen or (part and int(part[1]) != 1):
                    continue
                seen.add(real)
                names = (path.name, f"{path.parent.name}/{path.name}", path.as_posix())
                model_id = next((name for name in names if name not in candidates), str(path))
                candidates[model_id] = (path, is_starter)
        return candidates

    def _model(
        self, model_id: str, path: Path, is_starter: bool, records: Records
    ) -> InstalledModel:
        state = _size_and_time(path)
        model = self._headers.get(path, state)
        if model is None:
            model = _read_model(path, state[0])
            self._headers.put(path, state, model)
        parts = parts_of(path)
        size = state[0] if len(parts) == 1 else sum(_size_and_time(part)[0] for part in parts)
        record = records.get(path)
        return replace(
            model,
            id=model_id,
            size=size,
            is_starter=is_starter,
            name=(record.name if record else "") or model.name,
            licence=model.licence or (record.licence if record else ""),
            record=record,
        )


def _as_path(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # ~ and no such user
        return Path(text).absolute()


def _matches(wanted: str, ids: list[str]) -> list[str]:
    """The ids that a name stands for: the first way of matching that finds any decides."""
    wanted = wanted.casefold()
    if not wanted:
        return []
    folded = {model_id: model_id.casefold() for model_id in ids}
    for names in (
        [model_id for model_id, name in folded.items() if name == wanted],
        [model_id for model_id, name in folded.items() if name == wanted + _SUFFIX],
        [model_id for model_id, name in folded.items() if name.startswith(wanted)],
    ):
        if names:
            return names
    return []


def _model_files(folder: Path) -> Iterator[Path]:
    """The model files under a folder, by path; linked folders too, each once."""
    found: list[Path] = []
    seen: set[str] = set()
    for place, folders, files in os.walk(folder, followlinks=True):
        folders.sort()
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        found += [Path(place, name) for name in files if name.casefold().endswith(_SUFFIX)]
    yield from sorted(found)


def parts_of(path: Path) -> list[Path]:
    """The files of a split model that `path` is one of, in order; else that one alone.

    Raises ModelFileError `model.part_missing`.
    """
    part = _PART.search(path.name)
    if not part:
        return [path]
    stem = path.name[: part.start()]
    parts: list[Path] = []
    for number in range(1, int(part[2]) + 1):
        one = path.with_name(f"{stem}-{number:05}-of-{part[2]}{path.suffix}")
        if not one.is_file():
            raise ModelFileError("model.part_missing", file=path.name, part=one.name)
        parts.append(one)
    return parts


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # no such name can be
        raise ModelFileError("model.missing", file=path.name, path=str(path)) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise ModelFileError("model.directory", file=path.name, path=str(path))
    if not stat.S_ISREG(found.st_mode):  # opening a pipe would wait for somebody to write to it
        raise ModelFileError("model.not_gguf", file=path.name)
    return found.st_size, found.st_mtime_ns


def _read_model(path: Path, size: int) -> InstalledModel:
    try:
        with path.open("rb") as file:
            header = read_header(file, size, path.name)
    except OSError as error:
        raise _unreadable(path, error) from error
    _check_kind(path, header)
    name = _PART.sub("", path.name).removesuffix(path.suffix)
    return InstalledModel(
        id=path.name,
        path=path,
        # Makers' own names are often scraps of their file systems; people know the file's.
        name=_QUANTIZATION.sub("", name) or name,
        architecture=header.architecture,
        quantization=header.quantization,
        size=size,
        window_tokens=header.window_tokens,
        has_template=header.has_template,
        sampling=header.sampling,
        shape=header.shape,
        licence=header.licence,
    )


def _check_kind(path: Path, header: GgufHeader) -> None:
    """Raise for the companions of models, which cannot be talked with."""
    kind = header.kind
    if header.architecture == "clip":
        kind = "mmproj"  # older ones do not say what they are
    elif kind == "model" and not header.tensor_count:
        kind = "vocab"
    if kind != "model":
        raise ModelFileError("model.other_kind", file=path.name, kind=kind)
    if not header.architecture:
        raise ModelFileError("model.damaged", file=path.name, part="metadata", offset=0)


def _unreadable(path: Path, error: OSError) -> ModelFileError:
    reason = error.strerror or str(error)
    return ModelFileError("model.unreadable", file=path.name, reason=reason)
