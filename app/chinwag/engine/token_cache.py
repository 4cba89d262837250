"""Texts that were tokenized lately, with their ids: what did not change is not read again."""

from collections import OrderedDict

from chinwag.engine.backend import Tokenizer

# characters of text that are remembered: a window of a million tokens is about as long
REMEMBERED_CHARACTERS = 4_000_000


class TokenCache:
    """Remembers whole texts by themselves, and how tokens are spelled; for one thread."""

    def __init__(self, tokenizer: Tokenizer, characters: int = REMEMBERED_CHARACTERS) -> None:
        self._tokenizer = tokenizer
        self._characters = characters
        self._held = 0
        self._ids: OrderedDict[str, list[int]] = OrderedDict()
        self._spellings: dict[int, bytes] = {}
        self._pieces: dict[int, bytes] = {}

    def token_ids(self, text: str) -> list[int]:
        """The ids of a text with the special tokens it spells; not to be changed."""
        known = self._ids.get(text)
        if known is not None:
            self._ids.move_to_end(text)
            return known
        known = self._ids[text] = self._tokenizer.tokenize(text, parse_special=True)
        self._held += len(text)
        while self._held > self._characters and len(self._ids) > 1:
            forgotten, _ = self._ids.popitem(last=False)
            self._held -= len(forgotten)
        return known

    def spelling(self, token_id: int) -> bytes:
        """The bytes a token stands for; empty for a control token."""
        known = self._spellings.get(token_id)
        if known is None:
            known = self._spellings[token_id] = self._tokenizer.piece(token_id)
        return known

    def piece(self, token_id: int) -> bytes:
        """The same, and for a control token how it is written."""
        known = self._pieces.get(token_id)
        if known is None:
            spelled = self.spelling(token_id) or self._tokenizer.token_text(token_id).encode()
            known = self._pieces[token_id] = spelled
        return known
