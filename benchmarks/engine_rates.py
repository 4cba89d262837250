"""The worker's rates against the bindings' own high-level class, and a kept prefix against none."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rows import Row

from chinwag.core.conversation import Role
from chinwag.core.prompt import PromptMessage
from chinwag.engine.protocol import Generate
from engine.conftest import STARTER, start_worker
from engine.worker_process import WorkerProcess, turns

ROUNDS = 5
STORY = turns("Write a long story about the sea.")
LONG = "The quick brown fox jumps over the lazy dog. " * 60
OPTIONS = {"max_tokens": 100, "temperature": 0.8, "seed": 11}

# the same prompt through llama_cpp.Llama with the same thread count, in a process of its own
_HIGH_LEVEL = """
import json, sys, time
from llama_cpp import Llama
path, threads, text = sys.argv[1], int(sys.argv[2]), sys.argv[3]
model = Llama(path, n_ctx=2048, n_threads=threads, n_threads_batch=threads, verbose=False)
tokens = model.tokenize(text.encode(), add_bos=False, special=True)
begun = time.perf_counter()
model.reset(); model.eval(tokens)
read = time.perf_counter()
made = 0
for token in model.generate(tokens, top_k=40, top_p=0.95, min_p=0.05, temp=0.8, reset=True):
    made += 1
    if made == 1:
        first = time.perf_counter()
    if made == 100:
        break
seconds = time.perf_counter() - first
print(json.dumps({"write": 99 / seconds, "read": len(tokens) / (read - begun)}))
"""


def rows() -> Iterator[Row]:
    """Reading and writing rates, and the second turn of a conversation."""
    ours_write, theirs_write, ours_read, theirs_read = [], [], [], []
    kept, fresh, stopped, whole = [], [], [], []
    for _ in range(ROUNDS):
        worker = WorkerProcess(start_worker())
        worker.until("ready")
        loaded = worker.load(Path(STARTER), window_tokens=2048)
        reply = worker.reply(STORY, options=OPTIONS)
        ours_write.append(reply.finished.tokens_per_second)
        long = turns(LONG)
        first = worker.reply(long, options=OPTIONS)
        ours_read.append(first.finished.prompt_tokens_per_second)
        second = (
            *long,
            PromptMessage(Role.ASSISTANT, first.text, first.token_ids),
            PromptMessage(Role.USER, "And then?"),
        )
        kept.append(worker.reply(second, options=OPTIONS).finished.first_token_seconds)
        again = worker.reply(second, options=OPTIONS, is_repeatable=True)
        fresh.append(again.finished.first_token_seconds)
        whole.append(again.finished.first_token_seconds * 1000)
        stopped.append(_stop_milliseconds(worker))
        worker.finish()
        theirs = _high_level(loaded.threads)
        theirs_write.append(theirs["write"])
        theirs_read.append(theirs["read"])
    yield _rate("tokens written a second", ours_write, theirs_write)
    yield _rate("prompt tokens read a second", ours_read, theirs_read)
    measured, baseline = statistics.median(kept), statistics.median(fresh)
    yield Row(
        "first token of a second turn, against the whole prompt read afresh",
        measured,
        baseline,
        "s",
        "under 0.5",
        measured < 0.5 * baseline,
    )
    yield Row(
        "stopping while a prompt is read (worst), against reading a prompt to its end",
        max(stopped),
        statistics.median(whole),
        "ms",
        "under 100 ms",
        max(stopped) < 100,
    )


def _stop_milliseconds(worker: WorkerProcess) -> float:
    """From the cancel to the end of a reply whose prompt is being read."""
    prompt = turns("Something else to read, and to be stopped in the middle of. " * 60)
    request = worker.send(Generate, messages=prompt, options=OPTIONS)
    worker.until("reading", of=request)
    begun = time.perf_counter()
    worker.cancel(request)
    worker.until("finished", of=request)
    return (time.perf_counter() - begun) * 1000


def _rate(figure: str, ours: list[float], theirs: list[float]) -> Row:
    measured, baseline = statistics.median(ours), statistics.median(theirs)
    figure = f"{figure}, worker against llama_cpp.Llama 0.3.36 with the same threads"
    return Row(figure, measured, baseline, "/s", "at least 0.95", measured >= 0.95 * baseline)


def _high_level(threads: int) -> dict[str, float]:
    text = "<|im_start|>user\n" + LONG + "<|im_end|>\n<|im_start|>assistant\n"
    done = subprocess.run(
        [sys.executable, "-c", _HIGH_LEVEL, str(STARTER), str(threads), text],
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)
