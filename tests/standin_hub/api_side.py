"""The stand-in hub's API: listings in pages, one repository, its files, who asks; as JSON."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from standin_hub.file_side import refuse
from standin_hub.listener import Exchange
from standin_hub.repositories import Refusal, Repositories, Repository, StoredFile

_REPOSITORY = re.compile(
    r"/api/models/(?P<id>[^/]+/[^/]+?)"
    r"(?:/(?P<part>revision|tree|paths-info)/(?P<revision>[^/]+)(?:/(?P<path>.+))?|/(?P<check>auth-check))?"
)
_SORTS = {"downloads", "likes", "lastModified", "createdAt", "trendingScore"}
_USUAL = ("likes", "downloads", "tags", "createdAt", "private", "gated", "trendingScore")
_PARAMETERS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


class ApiSide:
    """Answers under /api of the hub's listener.

    `raw` has whole bodies to answer with in place of ours, by path: garbage, or far too much.
    """

    def __init__(self, repositories: Repositories, address: Callable[[], str]) -> None:
        self._repositories = repositories
        self._address = address
        self.page_size = 1000
        self.raw: dict[str, bytes] = {}
        self.leaves_out: set[str] = set()  # of one repository: "gguf", "blobs"
        self.link_host = ""  # where a next page is said to be, in place of here
        self.names: dict[str, str] = {}  # of the people whose tokens are known

    def answer(self, exchange: Exchange) -> bool:
        if not exchange.path.startswith("/api/") or "resolve-cache" in exchange.path:
            return False
        if (raw := self.raw.get(exchange.path)) is not None:
            self._send(exchange, raw)
            return True
        if exchange.token is not None and exchange.token not in self._repositories.tokens:
            refuse(exchange, Refusal(401, "", "Invalid credentials in Authorization header"))
            return True
        if exchange.path == "/api/models":
            self._list(exchange)
        elif exchange.path == "/api/whoami-v2":
            self._tell_who(exchange)
        elif found := _REPOSITORY.fullmatch(exchange.path):
            self._tell_of(exchange, found)
        else:
            return False
        return True

    def _list(self, exchange: Exchange) -> None:
        query = {name: values[-1] for name, values in exchange.query.items()}
        sort = query.get("sort", "trendingScore")
        if sort not in _SORTS:
            exchange.respond(400, {"X-Error-Message": f"Invalid sort parameter: {sort}"})
            return
        filters = exchange.query.get("filter", [])
        shown = [
            one for one in self._repositories.by_id.values() if self._is_in(one, query, exchange)
        ]
        shown = [one for one in shown if all(name in _tags(one) for name in filters)]
        shown.sort(key=lambda one: (_about(one)[sort], one.id), reverse=True)
        rows = [_told(one, exchange.query.get("expand"), _USUAL) for one in shown]
        size = min(int(query.get("limit", self.page_size)), self.page_size)
        self._send_page(exchange, rows, size)

    def _is_in(self, one: Repository, query: dict[str, str], exchange: Exchange) -> bool:
        if one.is_private and one.id not in self._granted(exchange):
            return False
        if query.get("author", one.id.split("/")[0]) != one.id.split("/")[0]:
            return False
        if "gated" in query and (query["gated"].lower() == "true") != bool(one.gated):
            return False
        if wanted := query.get("num_parameters"):
            low, high = _range(wanted)
            total = one.about.get("gguf", {}).get("total", 0)
            if not low <= total <= high:
                return False
        words = query.get("search", "").casefold().split()
        return all(word in one.id.casefold() for word in words)

    def _tell_who(self, exchange: Exchange) -> None:
        if exchange.token is None:
            refuse(exchange, Refusal(401, "", "Invalid username or password."))
            return
        name = self.names.get(exchange.token, "someone")
        self._send_json(exchange, {"type": "user", "name": name, "fullname": name})

    def _tell_of(self, exchange: Exchange, found: re.Match[str]) -> None:
        checks = found["check"] is not None
        refusal = self._repositories.refusal(found["id"], exchange.token, for_content=checks)
        if refusal is not None:
            refuse(exchange, refusal)
            return
        one = self._repositories.by_id[found["id"]]
        if checks:
            exchange.respond(200)
            return
        commit = one.commit(found["revision"] or "main")
        if commit is None:
            refuse(exchange, Refusal(404, "RevisionNotFound", "Invalid rev id"))
            return
        files = one.commits[commit]
        if found["part"] == "tree":
            self._send_page(exchange, _tree(files, found["path"] or "", exchange), self.page_size)
        elif found["part"] == "paths-info":
            asked = json.loads(exchange.body)["paths"]
            self._send_json(exchange, [_entry(files[name]) for name in asked if name in files])
        else:
            usual = (*_USUAL, "cardData", "gguf", "lastModified", "usedStorage", "siblings")
            usual = tuple(name for name in usual if name not in self.leaves_out)
            told = _told(one, exchange.query.get("expand"), usual, commit)
            if "siblings" in told:
                with_blobs = "blobs" in exchange.query and "blobs" not in self.leaves_out
                told["siblings"] = [_sibling(file, with_blobs) for file in files.values()]
            self._send_json(exchange, {**told, "sha": commit})

    def _send_page(self, exchange: Exchange, rows: list[Any], size: int) -> None:
        cursor = exchange.query.get("cursor", [""])[-1]
        start = int(base64.urlsafe_b64decode(cursor)) if cursor else 0
        headers: dict[str, str] = {}
        if start + size < len(rows):
            pairs = [(name, value) for name, values in exchange.query.items() for value in values]
            pairs = [pair for pair in pairs if pair[0] != "cursor"]
            onward = base64.urlsafe_b64encode(str(start + size).encode()).decode()
            target = f"{exchange.path}?{urlencode([*pairs, ('cursor', onward)])}"
            headers["Link"] = f'<{self.link_host or self._address()}{target}>; rel="next"'
        self._send_json(exchange, rows[start : start + size], headers)

    def _send_json(
        self, exchange: Exchange, content: Any, headers: dict[str, str] | None = None
    ) -> None:
        self._send(exchange, json.dumps(content).encode(), headers)

    def _send(
        self, exchange: Exchange, content: bytes, headers: dict[str, str] | None = None
    ) -> None:
        # As a file, so that every fault of bodies can befall it.
        sent = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        exchange.send_file(StoredFile("answer.json", content), sent)

    def _granted(self, exchange: Exchange) -> set[str]:
        return self._repositories.tokens.get(exchange.token or "", set())


class ListedFile(StoredFile):
    """A file that is as large as it is said to be and of which there is nothing."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name, b"")
        self._listed = size

    @property
    def size(self) -> int:
        return self._listed


def list_files(repository: Repository, sizes: dict[str, int]) -> None:
    """Have a repository list files of these sizes; the content of none can be had."""
    for name, size in sizes.items():
        repository.files[name] = ListedFile(name, size)


def _about(one: Repository) -> dict[str, Any]:
    usual = {
        "likes": 0,
        "downloads": 0,
        "trendingScore": 0,
        "lastModified": "2026-01-01T00:00:00.000Z",
        "createdAt": "2026-01-01T00:00:00.000Z",
        "cardData": {},
        "usedStorage": sum(file.size for file in one.files.values()),
    }
    return usual | one.about


def _tags(one: Repository) -> list[str]:
    tags = list(one.about.get("tags", []))
    if any(name.endswith(".gguf") for name in one.files):
        tags.append("gguf")
    return tags


def _told(
    one: Repository, expand: list[str] | None, usual: tuple[str, ...], commit: str = ""
) -> dict[str, Any]:
    """What is said of a repository: what was asked for, else what is usual."""
    about = {
        **_about(one),
        "tags": _tags(one),
        "gated": one.gated or False,
        "private": one.is_private,
        "author": one.id.split("/")[0],
        "siblings": [],
        "sha": commit or one.head,
    }
    names = usual if expand is None else expand
    return {"_id": "0" * 24, "id": one.id} | {name: about[name] for name in names if name in about}


def _sibling(file: StoredFile, with_blobs: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"rfilename": file.name}
    if with_blobs:
        told |= {"size": file.size, "blobId": file.git_sha1}
        if file.is_lfs:
            told["lfs"] = {"sha256": file.sha256, "size": file.size, "pointerSize": 134}
    return told


def _entry(file: StoredFile) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "file",
        "oid": file.git_sha1,
        "size": file.size,
        "path": file.name,
    }
    if file.is_lfs:
        told["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": 134}
    return told


def _tree(files: dict[str, StoredFile], folder: str, exchange: Exchange) -> list[dict[str, Any]]:
    is_deep = exchange.query.get("recursive", ["false"])[-1].lower() == "true"
    start = f"{folder}/" if folder else ""
    entries: dict[str, dict[str, Any]] = {}
    for name in sorted(files):
        if not name.startswith(start):
            continue
        parts = name.removeprefix(start).split("/")
        for depth in range(1, len(parts) if is_deep else min(2, len(parts))):
            path = start + "/".join(parts[:depth])
            entries[path] = {"type": "directory", "oid": "0" * 40, "size": 0, "path": path}
        if is_deep or len(parts) == 1:
            entries[name] = _entry(files[name])
    return list(entries.values())


def _range(wanted: str) -> tuple[float, float]:
    """`min:1B,max:8B` in parameters."""
    low, high = 0.0, float("inf")
    for part in wanted.split(","):
        name, _, text = part.partition(":")
        value = float(text.rstrip("KMBT")) * _PARAMETERS.get(text[-1:], 1)
        low, high = (value, high) if name == "min" else (low, value)
    return low, high
