"""Remembers what a set-up finished, so that the next one knows at once that nothing is left."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

FORMAT = 1  # raise it when the steps change in a way that finished set-ups must go through again


class Stage(StrEnum):
    """How much is set up; each stage holds the ones before it."""

    RUN = "run"
    TEST = "test"


@dataclass(frozen=True)
class Stamp:
    """The digest of each finished stage's inputs, and the engine installed and tried."""

    stages: Mapping[str, str] = field(default_factory=dict)
    engine: str = ""  # the key of its build

    def covers(self, stage: Stage, digest: str) -> bool:
        """Whether that stage was finished from the same inputs."""
        return self.stages.get(stage) == digest


def read_stamp(path: Path) -> Stamp:
    """The stamp in the file; an empty one if there is none or it is damaged."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Stamp(dict(values["stages"]), str(values["engine"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Stamp()


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Puts the stamp in place whole."""
    text = json.dumps({"stages": dict(stamp.stages), "engine": stamp.engine}, indent=2)
    write_whole(path, f"{text}\n")


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that no reader ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def digest_of(files: Iterable[Path], *words: str) -> str:
    """One digest over the contents of files and over words."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for word in words:
        digest.update(b"\0word\0" + word.encode())
    for file in files:
        digest.update(b"\0file\0" + file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
