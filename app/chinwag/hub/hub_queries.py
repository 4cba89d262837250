"""What is asked of the Hub: listings page by page, one repository with its files, its card."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from chinwag.core.contacts import Purpose
from chinwag.core.errors import HubError
from chinwag.core.hub_address import host_of
from chinwag.core.hub_listing import (
    read_model_facts,
    read_repository,
    read_rows,
    read_tree,
    with_files,
)
from chinwag.core.hub_repository import Gate, Repository, RepositoryFile, SearchPage, SearchWish
from chinwag.hub.hub_client import HubClient
from chinwag.hub.hub_line import HubLine, Wish

PAGE_ROWS = 30
LARGEST_LISTING = 16_000_000  # bytes; each row may bring a chat template
LARGEST_CARD = 256_000
_MOST_TREE_PAGES = 20
_ROW_FACTS = ("downloads", "likes", "lastModified", "gated", "private", "tags", "gguf")

IsWanted = Callable[[], bool]


def _always() -> bool:
    return True


class HubQueries:
    """Questions one after another, on one thread; `cut` ends one from any other thread.

    Everything raises ChinwagError: hub.*, network.*; `network.given_up` once it is not wanted.
    """

    def __init__(self, client: HubClient) -> None:
        self._client = client
        self._line = HubLine(client)

    def cut(self) -> None:
        """End the question under way."""
        self._line.cut()

    def close(self) -> None:
        """Let go of the connections."""
        self._line.close()

    def search(self, wish: SearchWish, is_wanted: IsWanted = _always) -> SearchPage:
        """The first page of what is found."""
        query = [("filter", "gguf"), ("sort", wish.sort.value), ("limit", str(PAGE_ROWS))]
        if wish.words.strip():
            query.append(("search", " ".join(wish.words.split())))
        if wish.licence:
            query.append(("filter", f"license:{wish.licence}"))
        bounds = [("min", wish.least_parameters), ("max", wish.most_parameters)]
        if bounded := [f"{name}:{count / 1e9:g}B" for name, count in bounds if count]:
            query.append(("num_parameters", ",".join(bounded)))
        query += [("expand", fact) for fact in _ROW_FACTS]
        return self._page("/api/models", tuple(query), is_wanted)

    def more(self, address: str, is_wanted: IsWanted = _always) -> SearchPage:
        """The page at the `next_address` of another."""
        return self._page(address, (), is_wanted)

    def repository(
        self, repository: str, revision: str = "", is_wanted: IsWanted = _always
    ) -> Repository:
        """What a repository has, at its newest commit or another revision."""
        address = f"/api/models/{repository}"
        if revision:
            address += f"/revision/{quote(revision, safe='')}"
        answer = self._ask(address, (("blobs", "true"),), repository, is_wanted)
        found = read_repository(answer, self._host())
        if any(not variant.size for variant in found.variants):
            found = with_files(found, self._tree(found, is_wanted))
        if found.variants and not found.row.parameters:
            found = self._with_facts(found, is_wanted)
        if found.row.gate is not Gate.OPEN:
            found = replace(found, has_access=self.has_access(found.id, is_wanted))
        return found

    def has_access(self, repository: str, is_wanted: IsWanted = _always) -> bool:
        """Whether our token opens a gated repository's files; without one nobody is asked."""
        if not self._client.token():
            return False
        try:
            self._ask(f"/api/models/{repository}/auth-check", (), repository, is_wanted)
        except HubError as error:
            # A mirror may not know the question: then the download will find out.
            return error.code not in ("hub.gated", "hub.gated_not_granted")
        return True

    def card(self, repository: Repository, is_wanted: IsWanted = _always) -> tuple[str, bool]:
        """The text of a repository's README, and whether it is longer than LARGEST_CARD."""
        revision = repository.commit or "main"
        answer = self._line.ask(
            Wish(
                f"/{repository.id}/resolve/{revision}/README.md",
                Purpose.CARD,
                LARGEST_CARD,
                repository=repository.id,
                file="README.md",
                may_be_cut=True,
            ),
            is_wanted,
        )
        return answer.content.decode("utf-8", "replace"), answer.is_short

    def _page(
        self, address: str, query: tuple[tuple[str, str], ...], is_wanted: IsWanted
    ) -> SearchPage:
        answer = self._line.ask(Wish(address, Purpose.SEARCH, LARGEST_LISTING, query), is_wanted)
        return SearchPage(read_rows(answer.content, self._host()), answer.next_address)

    def _tree(self, found: Repository, is_wanted: IsWanted) -> list[RepositoryFile]:
        """Every file of a repository with its size."""
        files: list[RepositoryFile] = []
        address = f"/api/models/{found.id}/tree/{found.commit or 'main'}"
        query: tuple[tuple[str, str], ...] = (("recursive", "true"),)
        for _ in range(_MOST_TREE_PAGES):
            answer = self._line.ask(
                Wish(address, Purpose.MODEL, LARGEST_LISTING, query, found.id), is_wanted
            )
            files += read_tree(answer.content, self._host())
            if not answer.next_address:
                break
            address, query = answer.next_address, ()
        return files

    def _with_facts(self, found: Repository, is_wanted: IsWanted) -> Repository:
        """What the Hub read in the model files, where it did not say so at once."""
        try:
            answer = self._ask(
                f"/api/models/{found.id}", (("expand", "gguf"),), found.id, is_wanted
            )
            facts = read_model_facts(answer, self._host())
        except HubError:
            return found
        if facts is None:
            return found
        row = replace(
            found.row,
            parameters=facts.parameters,
            architecture=facts.architecture,
            window_tokens=facts.window_tokens,
            has_template=facts.has_template,
        )
        return replace(found, row=row)

    def _ask(
        self,
        address: str,
        query: tuple[tuple[str, str], ...],
        repository: str,
        is_wanted: IsWanted,
    ) -> bytes:
        wish = Wish(address, Purpose.MODEL, LARGEST_LISTING, query, repository)
        return self._line.ask(wish, is_wanted).content

    def _host(self) -> str:
        return host_of(self._client.access.address)
