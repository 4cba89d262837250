"""Reads a character card from a file of the person's choice."""

from pathlib import Path

from chinwag.core.character_card import MOST_BYTES, CharacterCard, read_card
from chinwag.store.whole_file import error_for


def read_card_file(path: Path) -> CharacterCard:
    """The character card in a file of the person's choice.

    Raises CardError as `read_card` does, StoreError `store.cannot_open`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise error_for(path, error, otherwise="store.cannot_open") from error
    return read_card(content)
