"""Finds the models that other programs keep on this computer: where each lies, and whose it is.

LM Studio, Ollama, Jan, GPT4All and the cache of Hugging Face's own tools; only read, never
changed. Where they keep things was read in their documentation and source, of 2024 to 2026.
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from chinwag.core.taking_in import FoundModel

_SUFFIX = ".gguf"
_NOT_FIRST_PART = re.compile(r"-(?!00001)\d{5}-of-\d{5}\.gguf$", re.IGNORECASE)
_DEEPEST = 6
_LARGEST_MANIFEST = 2**20
_MODEL_LAYER = "application/vnd.ollama.image.model"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Discovery:
    """Looks in the places where other programs keep models, of one person's home."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def find(self) -> list[FoundModel]:
        """Every model file, by program; each file once. What cannot be read is passed over."""
        found: dict[str, FoundModel] = {}
        for one in (
            *self._lm_studio(),
            *self._ollama(),
            *self._jan(),
            *self._gpt4all(),
            *self._hugging_face(),
        ):
            found.setdefault(os.path.realpath(one.path), one)
        return list(found.values())

    def _lm_studio(self) -> Iterator[FoundModel]:
        homes = [self._home / ".lmstudio", self._home / ".cache" / "lm-studio"]
        pointer = self._home / ".lmstudio-home-pointer"
        if text := _text(pointer):
            homes.insert(0, Path(text.strip()))
        for home in homes:
            for path in _files(home / "models"):
                maker = path.relative_to(home / "models").parts
                repository = "/".join(maker[:2]) if len(maker) == 3 else ""
                yield from _found("LM Studio", _stem(path), path, repository=repository)

    def _ollama(self) -> Iterator[FoundModel]:
        chosen = self._environment.get("OLLAMA_MODELS")
        folders = [self._home / ".ollama" / "models"]
        if sys.platform == "linux":  # where its service keeps them
            folders.append(Path("/usr/share/ollama/.ollama/models"))
        if chosen:
            folders.insert(0, Path(chosen))
        for folder in folders:
            for manifest in _files(folder / "manifests", ""):
                parts = manifest.relative_to(folder / "manifests").parts
                if len(parts) < 3:
                    continue
                # host/library/name/tag; what is not of the usual library says whose it is
                name = "/".join(part for part in parts[1:-1] if part != "library")
                digest = _model_digest(manifest)
                if digest:
                    blob = folder / "blobs" / digest.replace(":", "-")
                    sha256 = digest.removeprefix("sha256:")
                    yield from _found("Ollama", f"{name}:{parts[-1]}", blob, sha256)

    def _jan(self) -> Iterator[FoundModel]:
        homes = [self._home / "jan", *(data / "Jan" / "data" for data in self._data_folders())]
        for home in homes:
            for folder in (home / "models", home / "llamacpp" / "models"):
                for path in _files(folder):
                    # its files are called model.gguf; the folder has the name
                    name = _stem(path)
                    if name == "model":
                        name = path.parent.relative_to(folder).as_posix()
                    yield from _found("Jan", name, path)

    def _gpt4all(self) -> Iterator[FoundModel]:
        for data in self._data_folders():
            for path in _files(data / "nomic.ai" / "GPT4All"):
                if not path.name.startswith("incomplete-"):
                    yield from _found("GPT4All", _stem(path), path)

    def _hugging_face(self) -> Iterator[FoundModel]:
        said = self._environment
        cache = Path(said.get("XDG_CACHE_HOME") or self._home / ".cache") / "huggingface"
        hub = Path(said.get("HF_HUB_CACHE") or Path(said.get("HF_HOME") or cache) / "hub")
        for path in _files(hub):
            parts = path.relative_to(hub).parts
            if len(parts) >= 4 and parts[0].startswith("models--") and parts[1] == "snapshots":
                repository = parts[0].removeprefix("models--").replace("--", "/")
                # The blob is called by its hash, where the Hub keeps large files.
                blob = Path(os.path.realpath(path)).name
                sha256 = blob if re.fullmatch(r"[0-9a-f]{64}", blob) else ""
                yield from _found("Hugging Face", _stem(path), path, sha256, repository)

    def _data_folders(self) -> Iterator[Path]:
        """Where programs keep data, on each system."""
        said = self._environment
        if sys.platform == "win32":
            for name in ("APPDATA", "LOCALAPPDATA"):
                if said.get(name):
                    yield Path(said[name])
        elif sys.platform == "darwin":
            yield self._home / "Library" / "Application Support"
        else:
            yield Path(said.get("XDG_DATA_HOME") or self._home / ".local" / "share")
            yield Path(said.get("XDG_CONFIG_HOME") or self._home / ".config")


def _files(folder: Path, suffix: str = _SUFFIX) -> Iterator[Path]:
    """The files under a folder that end so, not too deep; the first part for those in parts."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        if len(Path(place).relative_to(folder).parts) >= _DEEPEST:
            folders.clear()
        for name in sorted(names):
            if name.casefold().endswith(suffix) and not _NOT_FIRST_PART.search(name):
                yield Path(place, name)


def _found(
    program: str, name: str, path: Path, sha256: str = "", repository: str = ""
) -> Iterator[FoundModel]:
    """The model, unless the file is not there or is only a companion of one."""
    if path.name.casefold().startswith("mmproj"):
        return
    try:
        size = path.stat().st_size
    except OSError:
        return
    yield FoundModel(program, name, path, size, sha256, repository)


def _model_digest(manifest: Path) -> str:
    """Which blob an Ollama manifest names as the model, "" if it is no manifest."""
    try:
        said: Any = json.loads(_text(manifest))
        layers = cast(list[dict[str, str]], said["layers"])
        named = [str(one["digest"]) for one in layers if one["mediaType"] == _MODEL_LAYER]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return next((digest for digest in named if _DIGEST.fullmatch(digest)), "")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_MANIFEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _stem(path: Path) -> str:
    return re.sub(r"(-00001-of-\d{5})?\.gguf$", "", path.name, flags=re.IGNORECASE)
