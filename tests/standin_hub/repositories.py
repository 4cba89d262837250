"""What the stand-in hub has: repositories, their commits and files, and who may see them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

_LFS_SUFFIXES = (".gguf", ".bin", ".safetensors")


class StoredFile:
    """A file of a repository: bytes, or a file on this machine."""

    def __init__(self, name: str, content: bytes | Path, is_lfs: bool | None = None) -> None:
        self.name = name
        self.content = content
        self.is_lfs = name.endswith(_LFS_SUFFIXES) if is_lfs is None else is_lfs

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    @cached_property
    def sha256(self) -> str:
        if isinstance(self.content, bytes):
            return hashlib.sha256(self.content).hexdigest()
        with self.content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def git_sha1(self) -> str:
        """The name of a small file's blob, which is its etag."""
        data = self.read()
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.is_lfs else self.git_sha1

    def read(self, start: int = 0, length: int = -1) -> bytes:
        if isinstance(self.content, bytes):
            return self.content[start : None if length < 0 else start + length]
        with self.content.open("rb") as file:
            file.seek(start)
            return file.read(length)


@dataclass
class Repository:
    """One repository and every commit that it has had; `about` is what the API tells besides."""

    id: str
    commits: dict[str, dict[str, StoredFile]] = field(default_factory=dict)
    head: str = ""
    gated: str = ""  # "", "auto" or "manual"
    is_private: bool = False
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, StoredFile]:
        return self.commits[self.head]

    def put(self, files: Mapping[str, bytes | Path]) -> str:
        """A commit that has these files besides (or in place of) those that are here; its name."""
        merged = dict(self.commits.get(self.head, {}))
        merged |= {name: StoredFile(name, content) for name, content in files.items()}
        text = f"{self.id} {len(self.commits)} " + " ".join(sorted(merged))
        self.head = hashlib.sha1(text.encode()).hexdigest()
        self.commits[self.head] = merged
        return self.head

    def commit(self, revision: str) -> str | None:
        """The commit that a revision stands for."""
        if revision == "main":
            return self.head
        return revision if revision in self.commits else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """How the Hub says no: `code` is its X-Error-Code, empty where it sends none."""

    status: int
    code: str
    message: str


class Repositories:
    """All repositories, and the tokens that the hub knows with the gated ones they may open."""

    def __init__(self) -> None:
        self.by_id: dict[str, Repository] = {}
        self.tokens: dict[str, set[str]] = {}

    def add(
        self,
        repository_id: str,
        files: Mapping[str, bytes | Path],
        gated: str = "",
        is_private: bool = False,
        **about: Any,
    ) -> Repository:
        made = Repository(repository_id, gated=gated, is_private=is_private, about=about)
        made.put(files)
        self.by_id[repository_id] = made
        return made

    def add_folder(self, folder: Path) -> None:
        """Every `owner/name` under a folder, with all files in it."""
        for place in sorted(folder.glob("*/*/")):
            files = {
                path.relative_to(place).as_posix(): path
                for path in sorted(place.rglob("*"))
                if path.is_file()
            }
            self.add(place.relative_to(folder).as_posix(), files)

    def refusal(self, repository_id: str, token: str | None, for_content: bool) -> Refusal | None:
        """Why a repository, or its gated content, is not shown to whoever has this token."""
        if token is not None and token not in self.tokens:
            return Refusal(401, "", "Invalid credentials in Authorization header")
        repository = self.by_id.get(repository_id)
        granted = self.tokens.get(token, set()) if token is not None else set()
        if repository is None or (repository.is_private and repository_id not in granted):
            status = 401 if token is None else 404
            return Refusal(status, "RepoNotFound", "Repository not found")
        if for_content and repository.gated and repository_id not in granted:
            status = 401 if token is None else 403
            return Refusal(status, "GatedRepo", f"Access to model {repository_id} is restricted")
        return None
