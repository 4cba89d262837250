"""From messages to the exact text and token ids of a prompt: template, roles it lacks, kept ids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chinwag.core.conversation import Role
from chinwag.core.errors import PromptError
from chinwag.core.prompt import PromptMessage
from chinwag.engine.backend import SpecialToken, Tokenizer
from chinwag.engine.shield import Shield, Stretch
from chinwag.engine.template import ChatTemplate, TemplateRefused

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
_SILENCE = "..."


@dataclass(frozen=True, slots=True)
class EncodedPrompt:
    """A prompt as the model gets it: the text, and the token ids that are really read."""

    text: str
    token_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A message covered for rendering; marks are empty where none could be set."""

    role: Role
    covered: str
    first: str = ""
    last: str = ""
    source: PromptMessage | None = None


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

    def encode(self, messages: Sequence[PromptMessage], opens_reply: bool = True) -> EncodedPrompt:
        """The prompt for these messages; with `opens_reply` up to where the reply goes on.

        That is behind the opening of the model's turn, or behind its last words when the last
        message is the model's.

        Raises PromptError (see ChatTemplate.render), `prompt.template_refused` with the
        template's own reason, `prompt.empty` when there is nothing to send.
        """
        if not any(message.text for message in messages):
            raise PromptError("prompt.empty")
        if self._template is None:
            return self._encode_plain(messages)
        # a conversation that ends with the model's own words is gone on with, not answered
        continues = opens_reply and messages[-1].role is Role.ASSISTANT
        reason = ""
        for folded in _foldings(messages):
            shield = Shield(self._specials, (message.text for message in folded))
            turns = [_cover(shield, message) for message in folded]
            try:
                rendered = self._template.render(
                    [_as_dict(shield, turn) for turn in turns], opens_reply and not continues
                )
            except TemplateRefused as refusal:
                reason = str(refusal)
                continue
            if all(turn.first in rendered for turn in turns if turn.role is Role.SYSTEM):
                if continues:
                    rendered = _cut_behind(turns[-1], rendered)
                return self._encode_rendered(shield, turns, rendered)
            reason = reason or "system"
        raise PromptError("prompt.template_refused", reason=reason)

    def _encode_plain(self, messages: Sequence[PromptMessage]) -> EncodedPrompt:
        """A base model continues text: the messages one after the other, blank lines between."""
        text = "".join(message.text + "\n\n" for message in messages if message.text)
        shield = Shield(self._specials, (text,))
        return self._with_bos(text, self._ids_of(shield, shield.stretch(shield.cover(text))))

    def _encode_rendered(
        self, shield: Shield, turns: Sequence[_Turn], rendered: str
    ) -> EncodedPrompt:
        ids: list[int] = []
        start = 0
        for turn in turns:
            place = self._kept_place(shield, turn, rendered, start)
            if place is None or turn.source is None:
                continue
            before = self._stretch(shield, rendered, start, place[0])
            ids += self._ids_of(shield, before, continues=bool(ids))
            ids += turn.source.token_ids
            start = place[1]
        if start < len(rendered):
            rest = self._stretch(shield, rendered, start, len(rendered))
            ids += self._ids_of(shield, rest, continues=bool(ids))
        return self._with_bos(shield.uncover(rendered), ids)

    def _stretch(self, shield: Shield, rendered: str, start: int, end: int) -> Stretch:
        if start == 0 and self._drops_bos_text(rendered):
            start = len(self._bos_text)
        return shield.stretch(rendered[start:end])

    def _drops_bos_text(self, text: str) -> bool:
        """The id is put in front, so a bos that the template wrote as text would be a second."""
        adds = self._tokenizer.leading_bos is not None
        return adds and bool(self._bos_text) and text.startswith(self._bos_text)

    def _kept_place(
        self, shield: Shield, turn: _Turn, rendered: str, start: int
    ) -> tuple[int, int] | None:
        """Where a reply stands unchanged in the rendering, if its own ids can be used there."""
        source = turn.source
        if source is None or not source.token_ids or not turn.first:
            return None
        if rendered.count(turn.first) != 1 or rendered.count(turn.last) != 1:
            return None
        lead = len(source.text) - len(source.text.lstrip())
        begin = rendered.index(turn.first) - lead
        end = begin + len(source.text)
        if begin < start or shield.uncover(rendered[begin:end]) != source.text:
            return None
        spelled = b"".join(self._tokenizer.piece(token_id) for token_id in source.token_ids)
        return (begin, end) if spelled == source.text.encode("utf-8", "replace") else None

    def _ids_of(self, shield: Shield, stretch: Stretch, continues: bool = False) -> list[int]:
        """The ids of a stretch; `continues` says that text stands directly before it."""
        if not shield.has_forgery(stretch):
            begins_with_special = any(position == 0 for position, _ in stretch.specials)
            return self._tokenize(stretch.text, True, continues and not begins_with_special)
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

    def _with_bos(self, text: str, ids: list[int]) -> EncodedPrompt:
        bos = self._tokenizer.leading_bos
        if bos is None:
            return EncodedPrompt(text, tuple(ids))
        if not text.startswith(self._bos_text):
            text = self._bos_text + text
        return EncodedPrompt(text, (bos, *ids))


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


def _cover(shield: Shield, message: PromptMessage) -> _Turn:
    covered, first, last = shield.cover_with_ends(message.text)
    return _Turn(message.role, covered, first, last, message)


def _as_dict(shield: Shield, turn: _Turn) -> dict[str, object]:
    """A turn as templates know it; a model's reasoning goes in its own key, as they expect."""
    source = turn.source
    if turn.role is Role.ASSISTANT and source is not None and _REASONING_END in source.text:
        reasoning, _, answer = source.text.partition(_REASONING_END)
        reasoning = reasoning.replace(_REASONING_START, "", 1).strip()
        return {
            "role": turn.role.value,
            "content": shield.cover(answer.lstrip()),
            "reasoning_content": shield.cover(reasoning),
        }
    return {"role": turn.role.value, "content": turn.covered}


def _foldings(messages: Sequence[PromptMessage]) -> list[list[PromptMessage]]:
    """The message lists to try: as they are, then ever plainer for templates that refuse.

    First system messages after the start are folded into the next user turn, then all of them,
    each time also with neighbours of one role joined (many templates want strict turns). Where
    the model speaks first, the same once more with a turn of three dots before that.
    """
    kept = [message for message in messages if message.text or message.role is not Role.SYSTEM]
    answered = _begin_with_user(kept)
    return [*_plainer(kept), *(_plainer(answered) if answered != kept else ())]


def _plainer(kept: Sequence[PromptMessage]) -> list[list[PromptMessage]]:
    firm, soft = _fold(kept, keep_first=True), _fold(kept, keep_first=False)
    return [list(kept), firm, _join_neighbours(firm), soft, _join_neighbours(soft)]


def _begin_with_user(messages: Sequence[PromptMessage]) -> list[PromptMessage]:
    """Many templates want the user's turn first, and a greeting answers to none."""
    spoken = [at for at, message in enumerate(messages) if message.role is not Role.SYSTEM]
    if not spoken or messages[spoken[0]].role is Role.USER:
        return list(messages)
    first = spoken[0]
    return [*messages[:first], PromptMessage(Role.USER, _SILENCE), *messages[first:]]


def _cut_behind(turn: _Turn, rendered: str) -> str:
    """A rendering without what the template closes the last reply with."""
    end = rendered.rfind(turn.last) if turn.last else -1
    if end < 0:
        return rendered
    trailing = turn.covered[turn.covered.rfind(turn.last) + 1 :]
    return rendered[: end + 1] + trailing


def _fold(messages: Sequence[PromptMessage], keep_first: bool) -> list[PromptMessage]:
    folded: list[PromptMessage] = []
    waiting: list[str] = []
    for position, message in enumerate(messages):
        if message.role is Role.SYSTEM and not (keep_first and position == 0):
            waiting.append(message.text)
        elif message.role is Role.USER and waiting:
            folded.append(replace(message, text="\n\n".join([*waiting, message.text])))
            waiting = []
        else:
            folded.append(message)
    if waiting:
        folded.append(PromptMessage(Role.USER, "\n\n".join(waiting)))
    return folded


def _join_neighbours(messages: Sequence[PromptMessage]) -> list[PromptMessage]:
    joined: list[PromptMessage] = []
    for message in messages:
        if joined and joined[-1].role is message.role:
            joined[-1] = PromptMessage(message.role, f"{joined[-1].text}\n\n{message.text}")
        else:
            joined.append(message)
    return joined
