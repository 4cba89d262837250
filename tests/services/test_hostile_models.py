"""A thousand model files that were tampered with: each is answered in words, and soon.

Through the library as the window asks it, and through the real worker whatever that said: a file
may change between the two. What is only scratched still loads, and the next file finds an engine.
"""

import random
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.conversation import Role
from chinwag.core.errors import ChinwagError
from chinwag.core.gguf import read_header
from chinwag.core.paths import find_paths
from chinwag.core.prompt import PromptMessage
from chinwag.services.engine_client import error_of
from chinwag.services.engine_room import EngineRoom
from chinwag.ui.wording import error_codes, error_sentence
from core.tiny_model import WINDOW, write_tiny_model
from long_checks import LongCheck

SAMPLE, FULL = 30, 1000
HANG_MILLISECONDS = 10_000
ABSURD = (0, 1, 255, 2**16, 2**31 - 1, 2**32 - 1, 2**40, 2**63 - 1, 2**63, 2**64 - 1)
NUMBERS = (
    *("llama.context_length", "llama.embedding_length", "llama.block_count"),
    *("llama.feed_forward_length", "llama.attention.head_count", "llama.attention.head_count_kv"),
    *("llama.rope.dimension_count", "llama.attention.layer_norm_rms_epsilon"),
    *("tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id"),
    "tokenizer.ggml.unknown_token_id",
)
ARRAYS = ("tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type")
TEXTS = ("general.architecture", "tokenizer.ggml.model", "tokenizer.chat_template")
QUESTION = (PromptMessage(Role.USER, "hello"),)


@dataclass
class Mutant:
    """One file's bytes, and whether it is only scratched."""

    kind: str
    data: bytes
    is_harmless: bool = False


class Mutator:
    """Tampers with one whole model, by a seed."""

    def __init__(self, whole: bytes, data_offset: int) -> None:
        self.whole = whole
        self.data_offset = data_offset

    def make(self, seed: int) -> Mutant:
        """The mutant of a seed; kinds take turns, so that a sample has every kind."""
        chance = random.Random(seed)
        kinds: tuple[Callable[[random.Random], Mutant], ...] = (
            self._flipped,
            self._cut,
            self._counted,
            self._numbered,
            self._lengthened,
            self._renamed,
            self._scratched,
            self._swapped,
        )
        return kinds[seed % len(kinds)](chance)

    def _flipped(self, chance: random.Random) -> Mutant:
        """Some bytes of the header are others."""
        data = bytearray(self.whole)
        for _ in range(chance.choice((1, 1, 2, 8, 64))):
            data[chance.randrange(4, self.data_offset)] = chance.randrange(256)
        return Mutant("flipped", bytes(data))

    def _cut(self, chance: random.Random) -> Mutant:
        """The end is missing, or there is too much of it."""
        if chance.random() < 0.1:
            extra = bytes(chance.randrange(1, 5000))
            return Mutant("longer", self.whole + extra, is_harmless=True)
        end = chance.randrange(len(self.whole))
        if chance.random() < 0.3:  # cut, and filled up with noughts to its length
            hole = bytes(len(self.whole) - end)
            return Mutant("hollow", self.whole[:end] + hole, end >= self.data_offset)
        return Mutant("cut", self.whole[:end])

    def _counted(self, chance: random.Random) -> Mutant:
        """A count or a length is absurd."""
        places = [8, 16]
        for key in ARRAYS:
            at = self._value_of(key)
            places += [at + 4, at + 12]  # the array's count; the length of its first text
        places += [self.whole.index(key.encode()) - 8 for key in (*NUMBERS, *ARRAYS, *TEXTS)]
        places += [self._value_of(key) for key in TEXTS]
        return self._with(
            "counted", chance.choice(places), struct.pack("<Q", chance.choice(ABSURD))
        )

    def _numbered(self, chance: random.Random) -> Mutant:
        """A number of the network or of the vocabulary is absurd."""
        value = struct.pack("<I", chance.choice(ABSURD) & 0xFFFFFFFF)
        return self._with("numbered", self._value_of(chance.choice(NUMBERS)), value)

    def _lengthened(self, chance: random.Random) -> Mutant:
        """A text is longer than anybody needs, or there are very many of them."""
        key = chance.choice((*TEXTS, "general.name"))
        at = self.whole.index(key.encode()) + len(key) + 4
        [length] = struct.unpack_from("<Q", self.whole, at)
        size = chance.choice((1_000, 65_536, 3_000_000, 70_000_000))
        text = chance.choice((b"x", b"{%", b"\x00", b"\xff", b"<s>")) * size
        data = self.whole[:at] + struct.pack("<Q", len(text)) + text
        return Mutant("lengthened", data + self.whole[at + 8 + length :])

    def _renamed(self, chance: random.Random) -> Mutant:
        """A word that means something is another."""
        old, new = chance.choice(
            (
                (b"llama", b"lamma"),
                (b"llama", b"qwen2"),
                (b"llama", b"gpt2\x00"),
                (b"general.architecture", b"general.architectura"),
                (b"tokenizer.ggml.tokens", b"tokenizer.ggml.takens"),
                (b"token_embd.weight", b"token_embd.waight"),
                (b"blk.0.attn_q.weight", b"blk.7.attn_q.weight"),
                (b"<0x41>", b"<0xZZ>"),
                (b"{% for", b"{% if "),
            )
        )
        return Mutant("renamed", self.whole.replace(old, new, chance.choice((1, -1))))

    def _scratched(self, chance: random.Random) -> Mutant:
        """Something that nothing depends on is another: a weight, or the name."""
        data = bytearray(self.whole)
        if chance.random() < 0.5:
            at = self.whole.index(b"general.name") + len(b"general.name") + 4 + 8
            data[at : at + 4] = bytes(chance.choice(b"abcxyz") for _ in range(4))
        else:
            # the low bytes of 32-bit floats, so that none becomes infinite
            for _ in range(20):
                first = self.data_offset + 4 * chance.randrange(1, 1000)
                data[first] = chance.randrange(256)
        return Mutant("scratched", bytes(data), is_harmless=True)

    def _swapped(self, chance: random.Random) -> Mutant:
        """Two stretches of the header have changed places."""
        first, second = sorted(chance.randrange(24, self.data_offset - 64) for _ in range(2))
        length = chance.randrange(1, 64)
        data = bytearray(self.whole)
        data[first : first + length], data[second : second + length] = (
            data[second : second + length],
            data[first : first + length],
        )
        return Mutant("swapped", bytes(data[: len(self.whole)]))

    def _value_of(self, key: str) -> int:
        """Where the value of a key begins: after its name and the number of its type."""
        return self.whole.index(key.encode()) + len(key) + 4

    def _with(self, kind: str, at: int, value: bytes) -> Mutant:
        return Mutant(kind, self.whole[:at] + value + self.whole[at + len(value) :])


class Driver:
    """Brings one file after another before the library and the engine, as the window does."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.path = folder / "mutant.gguf"
        self.room = EngineRoom(find_paths())
        self.answers: dict[int, str] = {}
        self.deaths: list[str] = []
        engine = self.room.engine
        engine.loaded.connect(lambda event: self._answer(event.id, "loads"))
        engine.finished.connect(lambda event: self._answer(event.id, "answers"))
        engine.failed.connect(lambda event: self._answer(event.id, self._said(error_of(event))))
        engine.died.connect(lambda error: self.deaths.append(self._said(error)))

    def try_file(self, data: bytes) -> tuple[str, str]:
        """What the library says of these bytes, and what the engine does with them."""
        self.path.write_bytes(data)
        return self._ask_library(), self._ask_engine()

    def close(self) -> None:
        self.room.close()

    def _ask_library(self) -> str:
        try:
            self.room.library.find(str(self.path))
        except ChinwagError as error:
            return self._said(error)
        return "lists"

    def _ask_engine(self) -> str:
        engine = self.room.engine
        answer = self._wait(engine.load(self.path, WINDOW, 1, ""))
        if answer == "loads":
            wanted = {"max_tokens": 3, "temperature": 0.0}
            answer = self._wait(engine.generate(QUESTION, wanted))
        return answer

    def _wait(self, request_id: int) -> str:
        """The answer to a request, or how the engine died over it."""
        self.deaths.clear()
        self.qtbot.waitUntil(
            lambda: request_id in self.answers or bool(self.deaths), timeout=HANG_MILLISECONDS
        )
        return self.answers.pop(request_id, "") or self.deaths[0]

    def _answer(self, request_id: int, word: str) -> None:
        self.answers[request_id] = word

    def _said(self, error: ChinwagError) -> str:
        """The code of an error, for which there are words."""
        assert error.code in error_codes(), error
        assert len(error_sentence(error)) < 700
        return error.code


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    made = Driver(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def mutator(tmp_path: Path) -> Mutator:
    path = write_tiny_model(tmp_path / "whole.gguf")
    whole = path.read_bytes()
    with path.open("rb") as file:
        return Mutator(whole, read_header(file, len(whole)).data_offset)


@pytest.mark.long
def test_tampered_files_are_answered_in_words(
    driver: Driver, mutator: Mutator, long_check: LongCheck
):
    assert driver.try_file(mutator.whole) == ("lists", "answers")
    outcomes: Counter[str] = Counter()
    deaths = 0
    for seed in long_check.counts(SAMPLE, FULL):
        mutant = mutator.make(seed)
        library, engine = driver.try_file(mutant.data)
        outcomes[engine] += 1
        deaths += bool(driver.deaths)
        if mutant.is_harmless:
            assert (library, engine) == ("lists", "answers"), (seed, mutant.kind)
        if library != "lists":
            assert engine != "answers", (seed, mutant.kind, library)
        if seed % 10 == 9:
            assert driver.try_file(mutator.whole) == ("lists", "answers"), f"after {seed}"
    words = ", ".join(f"{count} {code}" for code, count in outcomes.most_common())
    long_check.record(f"{words}; the engine died {deaths} times; never later than 10 s")


def test_an_unknown_architecture_is_named(driver: Driver, mutator: Mutator):
    library, engine = driver.try_file(mutator.whole.replace(b"llama", b"brain"))
    assert library == "lists"
    assert engine == "model.architecture"


def test_a_template_that_never_ends_is_stopped(driver: Driver, tmp_path: Path):
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    data = write_tiny_model(tmp_path / "loop.gguf", loop).read_bytes()
    library, engine = driver.try_file(data)
    assert library == "lists"
    assert engine.startswith(("prompt.", "engine."))
