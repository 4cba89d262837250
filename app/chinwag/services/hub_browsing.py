"""Looks into one repository of the Hub: what it can give, and what its card says."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.hub_reference import RepositoryReference
from chinwag.core.hub_repository import Repository
from chinwag.hub.hub_client import HubClient
from chinwag.services.inquiry import Inquiry


@dataclass(frozen=True, slots=True)
class Card:
    """A repository's README without the lines for machines; `is_short` if there is more of it."""

    repository: str
    text: str
    is_short: bool = False


class HubBrowsing(QObject):
    """Shows one repository at a time; a newer wish ends the one before."""

    opening = Signal(RepositoryReference)
    repository_opened = Signal(Repository)
    repository_failed = Signal(ChinwagError)
    card_read = Signal(Card)
    card_failed = Signal(ChinwagError)

    def __init__(self, client: HubClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = Inquiry(client, "hub repository", self)
        self._cards = Inquiry(client, "hub card", self)
        self._reference: RepositoryReference | None = None

    @property
    def reference(self) -> RepositoryReference | None:
        """What was opened last."""
        return self._reference

    def open(self, reference: RepositoryReference) -> None:
        """Look into a repository; `repository_opened`, then the card, or `repository_failed`."""
        self._reference = reference
        self._cards.give_up()
        self.opening.emit(reference)
        self._files.ask(
            lambda queries, is_wanted: queries.repository(
                reference.repository, reference.revision, is_wanted
            ),
            self._on_opened,
            self.repository_failed.emit,
        )

    @Slot()
    def open_again(self) -> None:
        """Look into the same one anew."""
        if self._reference is not None:
            self.open(self._reference)

    @Slot()
    def give_up(self) -> None:
        """Stop asking."""
        self._files.give_up()
        self._cards.give_up()

    def fail(self, error: ChinwagError) -> None:
        """End what is under way with an error."""
        self._files.fail(error)
        self._cards.fail(error)

    def close(self) -> None:
        """End what is under way, and the threads."""
        self._files.close()
        self._cards.close()

    def _on_opened(self, repository: Repository) -> None:
        self.repository_opened.emit(repository)
        if not repository.has_card:
            self.card_read.emit(Card(repository.id, ""))
            return
        self._cards.ask(
            lambda queries, is_wanted: _card(repository, *queries.card(repository, is_wanted)),
            self.card_read.emit,
            self.card_failed.emit,
        )


def _card(repository: Repository, text: str, is_short: bool) -> Card:
    """The card without the YAML at its head, which is for machines."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    if text.startswith("---\n") and (end := text.find("\n---", 3)) > 0:
        text = text[end + 4 :].partition("\n")[2]
    return Card(repository.id, text.strip("\n"), is_short)
