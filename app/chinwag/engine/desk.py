"""The worker's desk: keeps the open vocabulary, counts, renders and encodes prompts at any time."""

import os
from collections.abc import Callable
from datetime import datetime

from chinwag.core.errors import ChinwagError, EngineError, ModelFileError
from chinwag.core.gguf import GgufHeader, read_header
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
    Measure,
    Measured,
    Open,
    Opened,
    Prompted,
    Render,
    Rendered,
    Request,
)
from chinwag.engine.shown import digest_of

_TEMPLATE_KEY = "tokenizer.chat_template"


class Desk:
    """Answers what needs no weights; passes loads and replies, made ready, to the floor."""

    def __init__(self, backend: Backend, emit: Callable[[Event], None], floor: Floor) -> None:
        self._backend = backend
        self._emit = emit
        self._floor = floor
        self._vocabulary: Vocabulary | None = None
        self._encoder: PromptEncoder | None = None
        self._recommended = GenerationOptions()

    def answer(self, request: Request) -> None:
        """Answer a request or pass it on; raises ChinwagError."""
        if isinstance(request, Open):
            self._open(request.id, request.path)
        elif isinstance(request, Load):
            self._open(request.id, request.path)
            self._floor.load(request)
        elif isinstance(request, Generate):
            moment = datetime.now()
            encoded = self._ready_encoder().encode(request.messages, moment=moment)
            digest = digest_of(encoded.text, encoded.token_ids)
            self._emit(Prompted(request.id, digest, len(encoded.token_ids), moment.isoformat()))
            options = GenerationOptions.from_dict(request.options)
            lower = self._recommended.over(GenerationOptions.defaults())
            self._floor.generate(request, encoded.token_ids, options.over(lower))
        elif isinstance(request, Count):
            encoded = self._ready_encoder().encode(request.messages, request.opens_reply)
            tokens = len(encoded.token_ids)
            self._emit(Counted(request.id, tokens, self._floor.window_tokens))
        elif isinstance(request, Measure):
            self._measure(request)
        elif isinstance(request, Render):
            self._render(request)
        else:
            self._floor.pass_on(request)

    def close(self) -> None:
        """Free the vocabulary."""
        if self._vocabulary is not None:
            self._vocabulary.close()
        self._vocabulary = self._encoder = None

    def _render(self, request: Render) -> None:
        moment = datetime.fromisoformat(request.moment) if request.moment else None
        prompt = self._ready_encoder().show(request.messages, moment)
        self._emit(
            Rendered(
                request.id,
                prompt.text,
                len(prompt.token_ids),
                prompt.token_ids,
                prompt.starts,
                prompt.specials,
                tuple((span.start, span.end, span.kind.value) for span in prompt.spans),
                digest_of(prompt.text, prompt.token_ids),
            )
        )

    def _measure(self, request: Measure) -> None:
        shares = self._ready_encoder().measure(request.messages, request.opens_reply)
        self._emit(
            Measured(
                request.id,
                tokens=sum(shares.turns) + shares.opening,
                window_tokens=self._floor.window_tokens,
                turns=shares.turns,
                documents=shares.documents,
                opening=shares.opening,
            )
        )

    def _open(self, request_id: int, path: str) -> None:
        header = read_model_header(path)
        if self._vocabulary is None or self._vocabulary.path != path:
            template = str(header.metadata[_TEMPLATE_KEY]) if header.has_template else None
            self._replace(self._backend.open(path), template)
        self._recommended = header.sampling
        self._emit(
            Opened(
                request_id,
                path=path,
                name=header.name,
                architecture=header.architecture,
                trained_window=header.window_tokens,
                has_template=header.has_template,
                sampling=header.sampling.as_dict(),
            )
        )

    def _replace(self, vocabulary: Vocabulary, template: str | None) -> None:
        """Take a new vocabulary; the old one is let go only once the new one is known to serve."""
        try:
            encoder = PromptEncoder(vocabulary, template)
        except ChinwagError:
            vocabulary.close()
            raise
        self.close()
        self._vocabulary, self._encoder = vocabulary, encoder

    def _ready_encoder(self) -> PromptEncoder:
        if self._encoder is None:
            raise EngineError("engine.not_open")
        return self._encoder


def read_model_header(path: str) -> GgufHeader:
    """A file's header, read and checked before llama.cpp sees any of it.

    Raises ModelFileError: what `core/gguf.py` finds wrong, or `model.missing`, `model.directory`
    and `model.unreadable` when there is nothing to read.
    """
    name = os.path.basename(path)
    try:
        with open(path, "rb") as file:
            return read_header(file, os.fstat(file.fileno()).st_size, name)
    except FileNotFoundError as error:
        raise ModelFileError("model.missing", file=name) from error
    except IsADirectoryError as error:
        raise ModelFileError("model.directory", file=name) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelFileError("model.unreadable", file=name, reason=reason) from error
