"""Decodes with the installed bindings, in a process of its own: a wrong build dies at it."""

import ctypes
import sys
from typing import Any

import llama_cpp as library
import numpy

WARNING_LEVEL, CONTINUED_LEVEL = 3, 5  # as ggml numbers them
PROMPT = b"Once upon a time there was a lighthouse, and in it lay a log of all ships that went by."


@library.llama_log_callback
def keep_warnings(level: int, text: bytes, _data: Any) -> None:
    """Lets only warnings and errors through of what the library says."""
    if WARNING_LEVEL <= level < CONTINUED_LEVEL:
        sys.stderr.write(text.decode(errors="replace"))


def main(model_file: str) -> int:
    """0 if the model read a prompt, then one token more, and came to scores that make sense."""
    library.llama_log_set(keep_warnings, ctypes.c_void_p(None))
    library.llama_backend_init()
    model_settings = library.llama_model_default_params()
    model_settings.n_gpu_layers = 0
    model = library.llama_model_load_from_file(model_file.encode(), model_settings)
    if model is None:
        raise RuntimeError("the engine does not load the starter model")
    settings = library.llama_context_default_params()
    settings.n_ctx = 128
    settings.n_threads = settings.n_threads_batch = 2
    context = library.llama_init_from_model(model, settings)
    vocabulary: Any = library.llama_model_get_vocab(model)
    size = library.llama_vocab_n_tokens(vocabulary)

    tokens = (library.llama_token * 64)()
    count = library.llama_tokenize(vocabulary, PROMPT, len(PROMPT), tokens, 64, True, False)
    # Many tokens at once and a single one take different paths through the library.
    best = decode(context, tokens, count, size)
    best = decode(context, (library.llama_token * 1)(best), 1, size)
    print(f"decoded token {best} of {size}")
    return 0


def decode(context: Any, tokens: Any, count: int, size: int) -> int:
    """Reads tokens and returns the likeliest next one. Raises RuntimeError for nonsense."""
    status = library.llama_decode(context, library.llama_batch_get_one(tokens, count))
    if status != 0:
        raise RuntimeError(f"the engine does not decode (status {status})")
    scores = numpy.ctypeslib.as_array(library.llama_get_logits_ith(context, -1), (size,))
    if not numpy.isfinite(scores).all() or scores.max() == scores.min():
        raise RuntimeError("the engine computes nonsense")
    return int(scores.argmax())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
