"""From messages to the exact text and token ids of a prompt: template, roles it lacks, kept ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise

from chinwag.core.conversation import Role
from chinwag.core.errors import PromptError
from chinwag.core.prompt import PromptMessage
from chinwag.engine.backend import SpecialToken, Tokenizer
from chinwag.engine.folding import FoldedTurn, foldings
from chinwag.engine.shares import EncodedStretch, PlacedPart, PromptShares, shares_of
from chinwag.engine.shield import Shield, Stretch
from chinwag.engine.shown import ShownPrompt, shown
from chinwag.engine.template import ChatTemplate, TemplateRefused
from chinwag.engine.token_cache import TokenCache

# markers that templates leave to the model: text must not spell them either
_KNOWN_MARKERS = frozenset(
    {
        "<think>",
        "</think>",
        "<tool_call>",
        "</tool_call>",
        "<tool_response>",
        "</tool_response>",
        "<tools>",
        "</tools>",
        "[TOOL_CALLS]",
        "[THINK]",
        "[/THINK]",
    }
)
_REASONING_END = "</think>"
_REASONING_START = "<think>"


@dataclass(frozen=True, slots=True)
class EncodedPrompt:
    """A prompt as the model gets it: the text, and the token ids that are really read."""

    text: str
    token_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn covered for rendering; marks are empty where none could be set.

    `lead` is the place in its text of the character with the first mark, `trailing` what stands
    behind the last one. `reasoning` is what the model thought, where a template wants it apart.
    """

    folded: FoldedTurn
    covered: str
    first: str
    last: str
    lead: int
    trailing: str
    reasoning: str | None = None


@dataclass(frozen=True, slots=True)
class _Layout:
    """A prompt's text and, in order, the ids of all parts of it; `bos` stands before them."""

    text: str
    stretches: tuple[EncodedStretch, ...]
    parts: tuple[PlacedPart, ...]
    bos: int | None = None

    def token_ids(self) -> tuple[int, ...]:
        leading = () if self.bos is None else (self.bos,)
        return (*leading, *chain.from_iterable(one.token_ids for one in self.stretches))


class PromptEncoder:
    """Encodes prompts for one vocabulary and template (None: a base model, plain text)."""

    def __init__(self, tokenizer: Tokenizer, template_source: str | None) -> None:
        self._tokenizer = tokenizer
        source = template_source or ""
        self._specials = _shielded_specials(tokenizer.specials, source)
        bos, eos = tokenizer_texts(tokenizer)
        self._bos_text = bos
        self._template = ChatTemplate(source, bos, eos) if template_source else None
        # SentencePiece vocabularies put a blank before every text they are given
        spelled = b"".join(map(tokenizer.piece, tokenizer.tokenize("a", parse_special=False)))
        self._adds_blank = spelled != b"a"
        self._known = TokenCache(tokenizer)

    def encode(
        self,
        messages: Sequence[PromptMessage],
        opens_reply: bool = True,
        moment: datetime | None = None,
    ) -> EncodedPrompt:
        """The prompt for these messages; with `opens_reply` up to where the reply goes on.

        That is behind the opening of the model's turn, or behind its last words when the last
        message is the model's. `moment` is what the template takes for now.

        Raises PromptError (see ChatTemplate.render), `prompt.template_refused` with the
        template's own reason, `prompt.empty` when there is nothing to send.
        """
        layout = self._lay_out(messages, opens_reply, moment)
        return EncodedPrompt(self._bos_before(layout) + layout.text, layout.token_ids())

    def show(
        self, messages: Sequence[PromptMessage], moment: datetime | None = None
    ) -> ShownPrompt:
        """The same with where in the text each token, and each message, stands."""
        layout = self._lay_out(messages, opens_reply=True, moment=moment)
        roles = [message.role for message in messages]
        before = self._bos_before(layout)
        return shown(
            layout.text,
            before,
            layout.bos,
            layout.stretches,
            layout.parts,
            roles,
            self._known.piece,
        )

    def measure(self, messages: Sequence[PromptMessage], opens_reply: bool = True) -> PromptShares:
        """What each of these messages takes of the prompt; raises as `encode` does."""
        layout = self._lay_out(messages, opens_reply)
        before = 0 if layout.bos is None else 1
        return shares_of(
            layout.text, layout.stretches, layout.parts, len(messages), before, self._known.piece
        )

    def _bos_before(self, layout: _Layout) -> str:
        """How the bos is spelled, where the template did not write it."""
        is_there = layout.bos is None or layout.text.startswith(self._bos_text)
        return "" if is_there else self._bos_text

    def _lay_out(
        self,
        messages: Sequence[PromptMessage],
        opens_reply: bool,
        moment: datetime | None = None,
    ) -> _Layout:
        if not any(message.text or message.documents for message in messages):
            raise PromptError("prompt.empty")
        if self._template is None:
            return self._lay_out_plain(messages)
        # a conversation that ends with the model's own words is gone on with, not answered
        continues = opens_reply and messages[-1].role is Role.ASSISTANT
        reason = ""
        for folded in foldings(messages):
            shield = Shield(self._specials, (turn.text for turn in folded))
            turns = [_cover(shield, turn) for turn in folded]
            try:
                rendered = self._template.render(
                    [_as_dict(shield, turn) for turn in turns],
                    opens_reply and not continues,
                    moment,
                )
            except TemplateRefused as refusal:
                reason = str(refusal)
                continue
            is_heard = (turn.first in rendered for turn in turns if _is_system(turn))
            if all(is_heard):
                if continues:
                    rendered = _cut_behind(turns[-1], rendered)
                return self._lay_out_rendered(shield, turns, rendered)
            reason = reason or "system"
        raise PromptError("prompt.template_refused", reason=reason)

    def _lay_out_plain(self, messages: Sequence[PromptMessage]) -> _Layout:
        """A base model continues text: the messages one after the other, blank lines between."""
        text = ""
        parts: list[PlacedPart] = []
        for place, message in enumerate(messages):
            if message.text or message.documents:
                start = len(text)
                text += message.whole_text + "\n\n"
                parts.append(PlacedPart(place, start, start + len(message.preface), len(text)))
        shield = Shield(self._specials, (text,))
        stretch = shield.stretch(shield.cover(text))
        ids = tuple(self._ids_of(shield, stretch))
        whole = EncodedStretch(0, len(text), ids, stretch.specials)
        return _Layout(text, (whole,), tuple(parts), self._tokenizer.leading_bos)

    def _lay_out_rendered(self, shield: Shield, turns: Sequence[_Turn], rendered: str) -> _Layout:
        stretches: list[EncodedStretch] = []
        parts: list[PlacedPart] = []
        start = 0
        for turn in turns:
            parts += _places(turn, rendered)
            place = self._kept_place(shield, turn, rendered, start)
            if place is None:
                continue
            stretches.append(self._stretch(shield, rendered, start, place[0]))
            stretches.append(EncodedStretch(*place, turn.folded.token_ids, is_kept=True))
            start = place[1]
        if start < len(rendered):
            stretches.append(self._stretch(shield, rendered, start, len(rendered)))
        text = shield.uncover(rendered)
        return _Layout(text, tuple(stretches), tuple(parts), self._tokenizer.leading_bos)

    def _stretch(self, shield: Shield, rendered: str, start: int, end: int) -> EncodedStretch:
        is_first = start == 0
        if is_first and self._drops_bos_text(rendered):
            start = len(self._bos_text)
        stretch = shield.stretch(rendered[start:end])
        ids = self._ids_of(shield, stretch, continues=not is_first)
        specials = tuple((start + place, special) for place, special in stretch.specials)
        return EncodedStretch(start, end, tuple(ids), specials)

    def _drops_bos_text(self, text: str) -> bool:
        """The id is put in front, so a bos that the template wrote as text would be a second."""
        adds = self._tokenizer.leading_bos is not None
        return adds and bool(self._bos_text) and text.startswith(self._bos_text)

    def _kept_place(
        self, shield: Shield, turn: _Turn, rendered: str, start: int
    ) -> tuple[int, int] | None:
        """Where a reply stands unchanged in the rendering, if its own ids can be used there."""
        text, token_ids = turn.folded.text, turn.folded.token_ids
        if not token_ids or not turn.first:
            return None
        if rendered.count(turn.first) != 1 or rendered.count(turn.last) != 1:
            return None
        begin = rendered.index(turn.first) - turn.lead
        end = begin + len(text)
        if begin < start or shield.uncover(rendered[begin:end]) != text:
            return None
        spelled = b"".join(map(self._known.spelling, token_ids))
        return (begin, end) if spelled == text.encode("utf-8", "replace") else None

    def _ids_of(self, shield: Shield, stretch: Stretch, continues: bool = False) -> list[int]:
        """The ids of a stretch; `continues` says that text stands directly before it."""
        if not shield.has_forgery(stretch):
            return self._plain_ids(stretch, continues)
        ids: list[int] = []
        start = 0
        strips_right = False
        for position, special in stretch.specials:
            between = stretch.text[start:position]
            between = between.lstrip() if strips_right else between
            between = between.rstrip() if special.strips_left else between
            ids += self._inert_ids(shield, between, continues and not ids)
            ids.append(special.id)
            start, strips_right = position + len(special.text), special.strips_right
        rest = stretch.text[start:].lstrip() if strips_right else stretch.text[start:]
        return ids + self._inert_ids(shield, rest, continues and not ids)

    def _plain_ids(self, stretch: Stretch, continues: bool) -> list[int]:
        """The ids of a text as llama.cpp gives them, piece by piece.

        It looks for special tokens first and reads what stands between them by itself, so a cut
        in front of one changes nothing, and a piece that was read before need not be read again.
        """
        cuts = [place for place, special in stretch.specials if place and not special.strips_left]
        ids: list[int] = []
        for start, end in pairwise([0, *cuts, len(stretch.text)]):
            text = stretch.text[start:end]
            if start == 0 and continues and self._adds_blank and not _begins_special(stretch):
                ids += self._tokenize(text, True, True)
            elif text:
                ids += self._known.token_ids(text)
        return ids

    def _inert_ids(self, shield: Shield, text: str, continues: bool) -> list[int]:
        ids: list[int] = []
        for part in shield.split_user_defined(text):
            if part:
                ids += self._tokenize(part, False, continues or bool(ids))
        return ids

    def _tokenize(self, text: str, parse_special: bool, continues: bool) -> list[int]:
        if continues and self._adds_blank:
            # a line feed in front takes the blank, and is then taken off
            feed = self._tokenizer.tokenize("\n", parse_special)
            ids = self._tokenizer.tokenize("\n" + text, parse_special)
            if ids[: len(feed)] == feed:
                return ids[len(feed) :]
        return self._tokenizer.tokenize(text, parse_special)


def tokenizer_texts(tokenizer: Tokenizer) -> tuple[str, str]:
    """How bos and eos are spelled, empty where there is none."""
    begin, end = getattr(tokenizer, "beginning_and_end", (-1, -1))
    return tokenizer.token_text(begin), tokenizer.token_text(end)


def _shielded_specials(specials: Sequence[SpecialToken], source: str) -> list[SpecialToken]:
    """Every CONTROL token, and the USER_DEFINED ones that a template names or a model acts on."""
    return [
        special
        for special in specials
        if special.text
        and (special.is_control or special.text in source or special.text in _KNOWN_MARKERS)
    ]


def _cover(shield: Shield, folded: FoldedTurn) -> _Turn:
    """A turn as it goes into the template; a model's reasoning apart, as templates expect it."""
    text, reasoning = folded.text, None
    if folded.role is Role.ASSISTANT and _REASONING_END in text:
        thought, _, text = text.partition(_REASONING_END)
        reasoning = shield.cover(thought.replace(_REASONING_START, "", 1).strip())
        text = text.lstrip()
    covered, first, last = shield.cover_with_ends(text)
    lead = len(folded.text) - len(text.lstrip())
    trailing = text[len(text.rstrip()) :]
    return _Turn(folded, covered, first, last, lead, trailing, reasoning)


def _as_dict(shield: Shield, turn: _Turn) -> dict[str, object]:
    said: dict[str, object] = {"role": turn.folded.role.value, "content": turn.covered}
    if turn.reasoning is not None:
        said["reasoning_content"] = turn.reasoning
    return said


def _begins_special(stretch: Stretch) -> bool:
    return bool(stretch.specials) and stretch.specials[0][0] == 0


def _is_system(turn: _Turn) -> bool:
    return turn.folded.role is Role.SYSTEM


def _cut_behind(turn: _Turn, rendered: str) -> str:
    """A rendering without what the template closes the last reply with."""
    end = rendered.rfind(turn.last) if turn.last else -1
    return rendered if end < 0 else rendered[: end + 1] + turn.trailing


def _places(turn: _Turn, rendered: str) -> Iterator[PlacedPart]:
    """Where the messages of a turn stand in the rendering; none for one that is not there."""
    begin = rendered.find(turn.first) if turn.first else -1
    if begin < 0:
        return
    end = max(rendered.find(turn.last, begin), begin) + 1
    parts = turn.folded.parts
    for part, following in zip(parts, (*parts[1:], None), strict=True):
        start = min(begin + max(part.start - turn.lead, 0), end)
        documents = min(begin + max(part.documents_end - turn.lead, 0), end)
        until = end if following is None else begin + max(following.start - turn.lead, 0)
        yield PlacedPart(part.place, start, documents, min(until, end))
