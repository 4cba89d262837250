"""The worker's desk: keeps the open vocabulary, counts, renders and encodes prompts at any time."""

from collections.abc import Callable, Mapping

from chinwag.core.errors import EngineError, OptionError
from chinwag.core.options import GenerationOptions
from chinwag.engine.backend import Backend, Vocabulary
from chinwag.engine.encoding import PromptEncoder
from chinwag.engine.floor import Floor
from chinwag.engine.protocol import (
    Count,
    Counted,
    Event,
    Generate,
    Load,
    Open,
    Opened,
    Render,
    Rendered,
    Request,
)

_TEMPLATE_KEY = "tokenizer.chat_template"
# llama.cpp's names for what a file recommends (general.sampling.*) and ours
_SAMPLING_KEYS = {
    "temp": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "penalty_repeat": "repeat_penalty",
}


class Desk:
    """Answers what needs no weights; passes loads and replies, made ready, to the floor."""

    def __init__(self, backend: Backend, emit: Callable[[Event], None], floor: Floor) -> None:
        self._backend = backend
        self._emit = emit
        self._floor = floor
        self._vocabulary: Vocabulary | None = None
        self._encoder: PromptEncoder | None = None

    def answer(self, request: Request) -> None:
        """Answer a request or pass it on; raises ChinwagError."""
        if isinstance(request, Open):
            self._open(request.id, request.path)
        elif isinstance(request, Load):
            self._open(request.id, request.path)
            self._floor.load(request)
        elif isinstance(request, Generate):
            encoded = self._ready_encoder().encode(request.messages)
            options = GenerationOptions.from_dict(request.options)
            lower = self._recommended().over(GenerationOptions.defaults())
            self._floor.generate(request, encoded.token_ids, options.over(lower))
        elif isinstance(request, Count):
            encoded = self._ready_encoder().encode(request.messages)
            tokens = len(encoded.token_ids)
            self._emit(Counted(request.id, tokens, self._floor.window_tokens))
        elif isinstance(request, Render):
            encoded = self._ready_encoder().encode(request.messages)
            self._emit(Rendered(request.id, encoded.text, len(encoded.token_ids)))
        else:
            self._floor.pass_on(request)

    def close(self) -> None:
        """Free the vocabulary."""
        if self._vocabulary is not None:
            self._vocabulary.close()
        self._vocabulary = self._encoder = None

    def _open(self, request_id: int, path: str) -> None:
        if self._vocabulary is None or self._vocabulary.path != path:
            self.close()
            self._vocabulary = self._backend.open(path)
            template = self._vocabulary.metadata.get(_TEMPLATE_KEY) or None
            self._encoder = PromptEncoder(self._vocabulary, template)
        metadata = self._vocabulary.metadata
        architecture = metadata.get("general.architecture", "")
        window = metadata.get(f"{architecture}.context_length", "0")
        self._emit(
            Opened(
                request_id,
                path=path,
                name=metadata.get("general.name", ""),
                architecture=architecture,
                trained_window=int(window) if window.isdigit() else 0,
                has_template=_TEMPLATE_KEY in metadata,
                sampling=self._recommended().as_dict(),
            )
        )

    def _ready_encoder(self) -> PromptEncoder:
        if self._encoder is None:
            raise EngineError("engine.not_open")
        return self._encoder

    def _recommended(self) -> GenerationOptions:
        return recommended_sampling(self._vocabulary.metadata if self._vocabulary else {})


def recommended_sampling(metadata: Mapping[str, str]) -> GenerationOptions:
    """What a file's `general.sampling.*` keys ask for; keys that make no sense are passed over."""
    options = GenerationOptions()
    for theirs, ours in _SAMPLING_KEYS.items():
        try:
            value = float(metadata[f"general.sampling.{theirs}"])
            whole = int(value) if ours == "top_k" else value
            options = GenerationOptions.from_dict({ours: whole}).over(options)
        except (KeyError, ValueError, OverflowError, OptionError):
            continue
    return options
