"""A tokenizer for tests of encoding: specials as llama.cpp matches them, else characters."""

import re
from collections.abc import Sequence

from chinwag.engine.backend import SpecialToken

_FIRST_CHARACTER_ID = 10_000


class SpelledTokenizer:
    """Implements the Tokenizer seam over a list of special texts; ids are readable back."""

    def __init__(
        self,
        control: Sequence[str],
        user_defined: Sequence[str] = (),
        bos: str = "",
        adds_bos: bool = False,
    ) -> None:
        texts = [(text, True) for text in control] + [(text, False) for text in user_defined]
        self.specials = [
            SpecialToken(number, text, is_control)
            for number, (text, is_control) in enumerate(texts)
        ]
        self._by_text = {special.text: special for special in self.specials}
        self.beginning_and_end = (self._by_text[bos].id if bos else -1, -1)
        self.leading_bos = self.beginning_and_end[0] if adds_bos else None

    def tokenize(self, text: str, parse_special: bool) -> list[int]:
        matched = [s.text for s in self.specials if parse_special or not s.is_control]
        if not matched:
            return [_FIRST_CHARACTER_ID + ord(character) for character in text]
        pattern = "|".join(map(re.escape, sorted(matched, key=len, reverse=True)))
        ids: list[int] = []
        for part in re.split(f"({pattern})", text):
            if part in self._by_text and part in matched:
                ids.append(self._by_text[part].id)
            else:
                ids += [_FIRST_CHARACTER_ID + ord(character) for character in part]
        return ids

    def piece(self, token_id: int) -> bytes:
        return (
            chr(token_id - _FIRST_CHARACTER_ID).encode() if token_id >= _FIRST_CHARACTER_ID else b""
        )

    def token_text(self, token_id: int) -> str:
        return self.specials[token_id].text if 0 <= token_id < len(self.specials) else ""

    def special_ids(self, ids: Sequence[int]) -> list[int]:
        """Only the ids of specials."""
        return [token_id for token_id in ids if token_id < _FIRST_CHARACTER_ID]
