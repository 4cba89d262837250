"""The stand-in hub's files: where they are said to lie (`resolve`), and the CDN that has them."""

import re
import threading

from standin_hub.listener import Exchange
from standin_hub.repositories import Refusal, Repositories, StoredFile

_RESOLVE = re.compile(r"/(?P<id>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)")
_CACHE = re.compile(r"/api/resolve-cache/models/(?P<id>[^/]+/[^/]+)/(?P<commit>\w+)/(?P<file>.+)")
_SIGNED = re.compile(r"/(?P<sha256>[0-9a-f]{64})")


def refuse(exchange: Exchange, refusal: Refusal) -> None:
    """Say no as the Hub does."""
    headers = {"X-Error-Message": refusal.message}
    if refusal.code:
        headers["X-Error-Code"] = refusal.code
    exchange.respond(refusal.status, headers)


class FileSide:
    """Answers for both listeners; a link to the CDN is signed, and can be let expire."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._lock = threading.Lock()
        self._signed: dict[str, StoredFile] = {}
        self._plain: dict[str, StoredFile] = {}
        self.cdn_url = ""

    def put_plain(self, name: str, file: StoredFile) -> None:
        """Serve a file at the CDN's `/plain/NAME`, with no repository around it."""
        self._plain[name] = file

    def expire(self) -> None:
        """No link that was handed out works any more."""
        with self._lock:
            self._signed.clear()

    def answer_at_hub(self, exchange: Exchange) -> bool:
        if found := _CACHE.fullmatch(exchange.path):
            file = self._repositories.by_id[found["id"]].commits[found["commit"]][found["file"]]
            headers = {"ETag": f'"{file.etag}"', "X-Repo-Commit": found["commit"]}
            exchange.send_file(file, headers)
            return True
        if not (found := _RESOLVE.fullmatch(exchange.path)):
            return False
        self._resolve(exchange, found["id"], found["revision"], found["file"])
        return True

    def answer_at_cdn(self, exchange: Exchange) -> bool:
        if "authorization" in exchange.headers:
            exchange.respond(400, body=b"Only one auth mechanism allowed")
            return True
        if exchange.path.startswith("/plain/"):
            plain = self._plain.get(exchange.path.removeprefix("/plain/"))
            if plain is None:
                return False
            exchange.send_file(plain, {"ETag": '"plain"'})
            return True
        if not _SIGNED.fullmatch(exchange.path):
            return False
        with self._lock:
            file = self._signed.get(exchange.query.get("Signature", [""])[0])
        if file is None:
            exchange.respond(403, body=b"<Error><Code>AccessDenied</Code></Error>")
            return True
        exchange.send_file(file, {"ETag": f'"{file.sha256}"'})
        return True

    def _resolve(self, exchange: Exchange, repository_id: str, revision: str, name: str) -> None:
        refusal = self._repositories.refusal(repository_id, exchange.token, for_content=True)
        if refusal is not None:
            refuse(exchange, refusal)
            return
        repository = self._repositories.by_id[repository_id]
        commit = repository.commit(revision)
        if commit is None:
            refuse(exchange, Refusal(404, "RevisionNotFound", "Invalid rev id"))
            return
        file = repository.commits[commit].get(name)
        if file is None:
            refuse(exchange, Refusal(404, "EntryNotFound", "Entry not found"))
            return
        headers = {"X-Repo-Commit": commit}
        if not file.is_lfs:
            place = f"/api/resolve-cache/models/{repository_id}/{commit}/{name}"
            exchange.respond(307, {**headers, "Location": place})
            return
        with self._lock:
            signature = f"{len(self._signed)}-{file.sha256[:8]}"
            self._signed[signature] = file
        headers["X-Linked-Size"] = str(file.size)
        headers["X-Linked-ETag"] = f'"{file.sha256}"'
        headers["Location"] = f"{self.cdn_url}/{file.sha256}?Signature={signature}"
        exchange.respond(302, headers)
