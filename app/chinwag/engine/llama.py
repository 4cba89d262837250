"""The real backend: llama.cpp through its low-level calls, and the only door to its bindings."""

import ctypes
import os
import secrets
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import llama_cpp.llama_cpp as api

from chinwag.core.errors import EngineError, ModelFileError, PromptError
from chinwag.core.options import GenerationOptions
from chinwag.engine.backend import (
    LoadedWeights,
    ReadProgress,
    ReplyEnd,
    ReplyStep,
    Sampled,
    SpecialToken,
)
from chinwag.engine.devices import backend_devices, choose_device, describe_device

FIXED_PIECE = 256
LARGEST_PIECE = 512
SMALLEST_PIECE = 32
# a file this small is read so quickly that the first piece may be as long as the fixed one
SMALL_FILE_BYTES = 500_000_000
PIECE_SECONDS = 0.4
PENALTY_TOKENS = 64
LOG_LINES = 200
ABORTED = 2
# enum ggml_log_level in ggml.h
LOG_INFO = 2
LOG_CONTINUED = 5

_SEQUENCE = 0


class _AbortFlag:
    """A flag that ggml's compute threads read without Python's lock.

    ggml asks `bool abort_callback(void *)` between operations. A Python callback would take the
    interpreter's lock a thousand times a token; C's own `strlen` on a two-byte buffer answers
    the same question: 0 for an empty string, 1 for a string of one character.
    """

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)
        library = ctypes.CDLL("msvcrt" if os.name == "nt" else None)
        self.callback = ctypes.cast(library.strlen, api.ggml_abort_callback)
        self.address = ctypes.cast(self._bytes, ctypes.c_void_p)

    def set(self) -> None:
        self._bytes[0] = b"\x01"

    def clear(self) -> None:
        self._bytes[0] = b"\x00"

    def is_set(self) -> bool:
        return self._bytes[0] != b"\x00"


class LlamaVocabulary:
    """A file's vocabulary and metadata, opened without weights; safe to use from one thread."""

    def __init__(self, path: str) -> None:
        parameters = api.llama_model_default_params()
        parameters.vocab_only = True
        self._model: Any = _load_file(path, parameters)
        self._vocabulary: Any = api.llama_model_get_vocab(self._model)
        self._size = api.llama_vocab_n_tokens(self._vocabulary)
        self.path = path
        self.specials = self._find_specials()
        begin: Any = api.llama_vocab_bos(self._vocabulary)
        end: Any = api.llama_vocab_eos(self._vocabulary)
        self.beginning_and_end: tuple[int, int] = (begin, end)
        adds_bos = api.llama_vocab_get_add_bos(self._vocabulary) and begin >= 0
        self.leading_bos: int | None = begin if adds_bos else None

    def tokenize(self, text: str, parse_special: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        while True:
            ids = (api.llama_token * room)()
            count = api.llama_tokenize(
                self._vocabulary, raw, len(raw), ids, room, False, parse_special
            )
            if count >= 0:
                return list(ids[:count])
            room = -count

    def piece(self, token_id: int) -> bytes:
        if not 0 <= token_id < self._size:
            return b""
        return _piece(self._vocabulary, token_id)

    def token_text(self, token_id: int) -> str:
        if not 0 <= token_id < self._size:
            return ""
        raw = api.llama_vocab_get_text(self._vocabulary, token_id)
        return raw.decode("utf-8", "replace")

    def close(self) -> None:
        if self._model is not None:
            api.llama_model_free(self._model)
            self._model = None

    def _find_specials(self) -> Sequence[SpecialToken]:
        wanted = api.LLAMA_TOKEN_ATTR_CONTROL | api.LLAMA_TOKEN_ATTR_USER_DEFINED
        found: list[SpecialToken] = []
        for token_id in range(self._size):
            attributes = api.llama_vocab_get_attr(self._vocabulary, token_id)
            if attributes & wanted:
                found.append(
                    SpecialToken(
                        token_id,
                        self.token_text(token_id),
                        bool(attributes & api.LLAMA_TOKEN_ATTR_CONTROL),
                        bool(attributes & api.LLAMA_TOKEN_ATTR_LSTRIP),
                        bool(attributes & api.LLAMA_TOKEN_ATTR_RSTRIP),
                    )
                )
        return found


class LlamaBackend:
    """One model at a time, one sequence in its window; what is read of it is kept."""

    def __init__(self) -> None:
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._log_level = LOG_INFO
        self._log_callback = api.llama_log_callback(self._on_log)
        api.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        api.llama_backend_init()
        self._abort = _AbortFlag()
        self._model: Any = None
        self._context: Any = None
        self._vocabulary: Any = None
        self._window = 0
        self._threads = 1
        self._piece_tokens = 2 * SMALLEST_PIECE
        self._read: list[int] = []

    def system(self) -> str:
        return api.llama_print_system_info().decode("utf-8", "replace").strip(" |")

    def log_tail(self) -> str:
        return "".join(self._log)

    def devices(self) -> list[dict[str, str | int]]:
        return [describe_device(device) for device in backend_devices()]

    def open(self, path: str) -> LlamaVocabulary:
        self._log.clear()
        try:
            return LlamaVocabulary(path)
        except ModelFileError as error:
            raise _explained(error, path, self.log_tail()) from error

    def load(
        self,
        path: str,
        window_tokens: int,
        threads: int,
        device: str,
        progress: Callable[[float], None],
    ) -> LoadedWeights | None:
        self.unload()
        self._log.clear()
        parameters = api.llama_model_default_params()
        chosen = choose_device(parameters, device)

        def report(fraction: float, _data: Any) -> bool:
            progress(fraction)
            return not self._abort.is_set()

        parameters.progress_callback = api.llama_progress_callback(report)
        try:
            self._model = _load_file(path, parameters)
        except ModelFileError as error:
            if self._abort.is_set():
                return None
            raise _explained(error, path, self.log_tail()) from error
        self._vocabulary = api.llama_model_get_vocab(self._model)
        if not api.llama_model_has_decoder(self._model):
            self.unload()
            raise ModelFileError("model.no_decoder", file=os.path.basename(path))
        is_small = os.path.getsize(path) < SMALL_FILE_BYTES
        self._piece_tokens = FIXED_PIECE if is_small else 2 * SMALLEST_PIECE
        self._make_context(window_tokens, threads)
        if self._abort.is_set():
            self.unload()
            return None
        return LoadedWeights(self._window, self._threads, chosen)

    def unload(self) -> None:
        if self._context is not None:
            api.llama_free(self._context)
        if self._model is not None:
            api.llama_model_free(self._model)
        self._context = self._model = self._vocabulary = None
        self._window = 0
        self._read = []

    def abort(self) -> None:
        self._abort.set()

    def clear_abort(self) -> None:
        self._abort.clear()

    def reply(
        self, prompt: Sequence[int], options: GenerationOptions, is_repeatable: bool
    ) -> Iterator[ReplyStep]:
        if self._context is None:
            raise EngineError("engine.not_loaded")
        if len(prompt) >= self._window:
            raise PromptError("prompt.too_long", tokens=len(prompt), window=self._window)
        seed = options.seed if options.seed is not None else secrets.randbelow(2**32 - 1)
        cached = self._keep_prefix(prompt, is_repeatable)
        yield ReadProgress(cached, len(prompt), cached)
        for done in self._read_pieces(prompt[cached:], is_repeatable):
            yield ReadProgress(done, len(prompt), cached)
        held = self._positions()
        if self._abort.is_set():
            yield ReplyEnd("cancelled", seed, self._threads, cached, held)
            return
        chain = _sampler_chain(options, seed, api.llama_vocab_n_tokens(self._vocabulary))
        try:
            reason = yield from self._sample(chain, options.max_tokens)
        finally:
            api.llama_sampler_free(chain)
        yield ReplyEnd(reason, seed, self._threads, cached, held)

    def _make_context(self, window_tokens: int, threads: int) -> None:
        trained = api.llama_model_n_ctx_train(self._model)
        parameters = api.llama_context_default_params()
        parameters.n_ctx = min(window_tokens, trained) if trained > 0 else window_tokens
        parameters.n_batch = parameters.n_ubatch = LARGEST_PIECE
        parameters.n_seq_max = 1
        self._threads = threads
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.no_perf = True
        parameters.abort_callback = self._abort.callback
        parameters.abort_callback_data = self._abort.address
        self._context = api.llama_init_from_model(self._model, parameters)
        if self._context is None:
            wanted = int(parameters.n_ctx)
            self.unload()
            raise EngineError("engine.no_window", window=wanted)
        self._window = api.llama_n_ctx(self._context)

    def _sample(self, chain: Any, max_tokens: int | None) -> Generator[ReplyStep, None, str]:
        """Sample until the reply ends; returns why it did."""
        count = 0
        while True:
            if self._abort.is_set():
                return "cancelled"
            token_id = int(api.llama_sampler_sample(chain, self._context, -1))
            if api.llama_vocab_is_eog(self._vocabulary, token_id):
                return "stop"
            yield Sampled(token_id, _piece(self._vocabulary, token_id))
            count += 1
            if max_tokens is not None and count >= max_tokens:
                return "length"
            if len(self._read) >= self._window:
                return "context_full"
            if not self._decode([token_id]):
                return "cancelled"

    def _read_pieces(self, prompt: Sequence[int], is_repeatable: bool) -> Iterator[int]:
        """Decode a prompt's rest; yields how much of the whole is read after each piece.

        Pieces are of one size when the text must come out the same again, and otherwise as long
        as keeps progress moving a few times a second.
        """
        size = FIXED_PIECE if is_repeatable else self._piece_tokens
        start = 0
        while start < len(prompt):
            begun = time.monotonic()
            if not self._decode(prompt[start : start + size]):
                return
            start += size
            yield len(self._read)
            if not is_repeatable and start <= len(prompt):
                is_quick = time.monotonic() - begun < PIECE_SECONDS
                size = min(size * 2, LARGEST_PIECE) if is_quick else max(size // 2, SMALLEST_PIECE)
                self._piece_tokens = size

    def _decode(self, token_ids: Sequence[int]) -> bool:
        """Put tokens into the window; False when aborted, with the window as it was before."""
        ids = (api.llama_token * len(token_ids))(*token_ids)
        status = api.llama_decode(self._context, api.llama_batch_get_one(ids, len(token_ids)))
        if status == 0:
            self._read += token_ids
            return True
        # what an aborted or failed decode left behind must not be taken for read
        self._forget_from(len(self._read))
        if status == ABORTED:
            return False
        raise EngineError("engine.decode", status=status)

    def _keep_prefix(self, prompt: Sequence[int], is_repeatable: bool) -> int:
        """Drop from the window what the prompt does not begin with; how many tokens stay."""
        kept = 0
        if not is_repeatable:
            # the last token is always read again: its logits are needed
            for before, wanted in zip(self._read, prompt[:-1], strict=False):
                if before != wanted:
                    break
                kept += 1
        if kept < len(self._read):
            self._forget_from(kept)
        return len(self._read)

    def _positions(self) -> int:
        """How many positions are taken in the window, as llama.cpp itself counts them."""
        memory: Any = api.llama_get_memory(self._context)
        return int(api.llama_memory_seq_pos_max(memory, _SEQUENCE)) + 1

    def _forget_from(self, position: int) -> None:
        """Drop tokens from `position` on; all of them where the model cannot drop only some."""
        memory: Any = api.llama_get_memory(self._context)
        if position > 0:
            dropped = api.llama_memory_seq_rm(memory, _SEQUENCE, position, -1)
            oldest = api.llama_memory_seq_pos_min(memory, _SEQUENCE)
            sliding = api.llama_model_n_swa(self._model)
            # seq_rm says yes even when a sliding window no longer holds what is looked back at
            is_whole = oldest == 0 or (sliding > 0 and 0 <= oldest <= max(0, position - sliding))
            if dropped and is_whole:
                del self._read[position:]
                return
        api.llama_memory_clear(memory, True)
        self._read = []

    def _on_log(self, level: int, text: bytes, _data: object) -> None:
        # a continuation (level 5) belongs to the line before it
        self._log_level = self._log_level if level == LOG_CONTINUED else level
        if self._log_level >= LOG_INFO:
            self._log.append(text.decode("utf-8", "replace"))


def _load_file(path: str, parameters: api.llama_model_params) -> Any:
    model = api.llama_model_load_from_file(os.fsencode(path), parameters)
    if not model:
        raise ModelFileError("model.refused", file=os.path.basename(path))
    return model


def _explained(error: ModelFileError, path: str, log: str) -> ModelFileError:
    """The same refusal with llama.cpp's own reason, where its log gives one."""
    marker = "unknown model architecture: '"
    if marker in log:
        name = log.split(marker, 1)[1].split("'", 1)[0]
        return ModelFileError(
            "model.architecture", file=os.path.basename(path), architecture=name[:60]
        )
    reasons = [line for line in log.splitlines() if "error" in line.lower()]
    reason = reasons[0].split(":", 1)[-1].strip()[:200] if reasons else ""
    return ModelFileError(error.code, file=os.path.basename(path), reason=reason)


def _sampler_chain(options: GenerationOptions, seed: int, vocabulary_size: int) -> Any:
    """Samplers in llama.cpp's usual order; the penalty sees the reply only, not the prompt."""
    chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())

    def add(sampler: Any) -> None:
        api.llama_sampler_chain_add(chain, sampler)

    penalty = options.repeat_penalty
    if penalty is not None and penalty != 1.0:
        add(api.llama_sampler_init_penalties(vocabulary_size, PENALTY_TOKENS, penalty, 0.0, 0.0))
    if options.temperature is not None and options.temperature <= 0:
        add(api.llama_sampler_init_greedy())
        return chain
    if options.top_k:
        add(api.llama_sampler_init_top_k(options.top_k))
    if options.top_p is not None and options.top_p < 1:
        add(api.llama_sampler_init_top_p(options.top_p, 1))
    if options.min_p:
        add(api.llama_sampler_init_min_p(options.min_p, 1))
    if options.temperature is not None:
        add(api.llama_sampler_init_temp(options.temperature))
    add(api.llama_sampler_init_dist(seed))
    return chain


def _piece(vocabulary: Any, token_id: int) -> bytes:
    buffer = ctypes.create_string_buffer(64)
    size = api.llama_token_to_piece(vocabulary, token_id, buffer, len(buffer), 0, False)
    if size < 0:
        buffer = ctypes.create_string_buffer(-size)
        size = api.llama_token_to_piece(vocabulary, token_id, buffer, len(buffer), 0, False)
    return buffer.raw[:size]
