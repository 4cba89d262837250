"""What each turn takes: the shares add up to the prompt, whatever its template does to it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.conversation import Role
from chinwag.core.errors import PromptError
from chinwag.core.prompt import PromptDocument, PromptMessage
from chinwag.engine.desk import read_model_header
from chinwag.engine.encoding import PromptEncoder
from chinwag.engine.llama import LlamaBackend, LlamaVocabulary
from chinwag.engine.token_cache import TokenCache
from engine.spelled_tokenizer import SpelledTokenizer

# one with a system role, one that refuses it, one that writes turns without special tokens
TEMPLATES = (
    "google-gemma-2-2b-it",
    "meta-llama-Llama-3.1-8B-Instruct",
    "mistralai-Mistral-Nemo-Instruct-2407",
    "Qwen-QwQ-32B",
    "llama-cpp-deepseek-r1",
)
TEXTS = st.text(st.sampled_from("ab <|>\n\u00e9\u4e16[]"), max_size=20)
WRITTEN = TEXTS.map(lambda text: text if text.strip() else text + "x")
DOCUMENTS = st.lists(st.builds(PromptDocument, TEXTS, TEXTS), max_size=2).map(tuple)


@st.composite
def conversations(draw: st.DrawFn) -> list[PromptMessage]:
    """Any order of system messages and exchanges, some with documents; ends with a question."""
    turns: list[PromptMessage] = []
    for _ in range(draw(st.integers(0, 4))):
        if draw(st.booleans()):
            turns.append(PromptMessage(Role.SYSTEM, draw(WRITTEN)))
        turns.append(PromptMessage(Role.USER, draw(WRITTEN), (), draw(DOCUMENTS)))
        turns.append(PromptMessage(Role.ASSISTANT, draw(WRITTEN)))
    turns.append(PromptMessage(Role.USER, draw(WRITTEN), (), draw(DOCUMENTS)))
    return turns


@pytest.fixture(scope="module")
def starter(starter_model: Path) -> Iterator[LlamaVocabulary]:
    vocabulary = LlamaBackend().open(str(starter_model))
    yield vocabulary
    vocabulary.close()


def encoder_of(vocabulary: LlamaVocabulary) -> PromptEncoder:
    header = read_model_header(vocabulary.path)
    return PromptEncoder(vocabulary, str(header.metadata["tokenizer.chat_template"]))


def test_the_shares_of_the_starter_add_up_and_do_not_depend_on_their_neighbours(
    starter: LlamaVocabulary,
) -> None:
    encoder = encoder_of(starter)

    @given(conversations(), st.data())
    def holds(turns: list[PromptMessage], data: st.DataObject) -> None:
        turns = [PromptMessage(Role.SYSTEM, "Be kind."), *turns]
        whole = encoder.measure(turns)
        counted = len(encoder.encode(turns).token_ids)
        assert sum(whole.turns) + whole.opening == counted
        last = len(turns) - 1  # what ends with a reply is gone on with
        fewer = sorted({last, *data.draw(st.sets(st.integers(1, last)))})
        rest = encoder.measure([turns[place] for place in (0, *fewer)])
        assert rest.turns[1:] == tuple(whole.turns[place] for place in fewer)
        assert all(share <= turn for share, turn in zip(whole.documents, whole.turns, strict=True))

    holds()


def test_the_shares_add_up_under_every_vendored_template(vendored_templates: list[Path]) -> None:
    asked = [
        PromptMessage(Role.SYSTEM, "Be kind."),
        PromptMessage(Role.USER, "one", (), (PromptDocument("a.txt", "words"),)),
        PromptMessage(Role.ASSISTANT, "1"),
        PromptMessage(Role.SYSTEM, "Be a pirate."),
        PromptMessage(Role.USER, "two"),
        PromptMessage(Role.ASSISTANT, "<think>\nhm\n</think>\n\n2"),
        PromptMessage(Role.USER, "three"),
    ]
    tried = 0
    for path in vendored_templates:
        tokenizer = SpelledTokenizer(["<|im_start|>", "<|im_end|>", "</s>"])
        encoder = PromptEncoder(tokenizer, path.read_text("utf-8"))
        try:
            counted = len(encoder.encode(asked).token_ids)
        except PromptError:
            continue
        tried += 1
        shares = encoder.measure(asked)
        assert sum(shares.turns) + shares.opening == counted, path.name
        assert min(shares.turns) >= 0, path.name
        assert shares.opening >= 0, path.name
    assert tried > 40


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_turn_has_its_own_words_and_documents_theirs(
    vendored_templates: list[Path], name: str
) -> None:
    """Adding letters to one turn, or to its document, adds as many to its share and to no other."""
    source = next(path for path in vendored_templates if path.stem == name).read_text("utf-8")
    encoder = PromptEncoder(SpelledTokenizer([]), source)
    document = PromptDocument("a.txt", "words")
    asked = [
        PromptMessage(Role.SYSTEM, "Be kind."),
        PromptMessage(Role.USER, "one", (), (document,)),
        PromptMessage(Role.ASSISTANT, "1"),
        PromptMessage(Role.USER, "two"),
    ]
    before = encoder.measure(asked)
    for place, turn in enumerate(asked):
        longer = [*asked]
        longer[place] = replace(turn, text=turn.text + "!" * 7)
        after = encoder.measure(longer)
        grown = [new - old for new, old in zip(after.turns, before.turns, strict=True)]
        assert grown == [7 if other == place else 0 for other in range(4)]
        assert after.documents == before.documents
    longer = [*asked]
    longer[1] = replace(asked[1], documents=(PromptDocument("b.text", "words words"),))
    after = encoder.measure(longer)
    assert after.documents[1] - before.documents[1] == len("b.text words words") - len(
        "a.txt words"
    )
    assert after.documents[1] == after.turns[1] - before.turns[1] + before.documents[1]


def test_real_vocabularies_give_shares_that_add_up(
    vendored_vocabularies: list[Path], vendored_templates: list[Path]
) -> None:
    gemma = next(p for p in vendored_templates if p.stem == TEMPLATES[0]).read_text("utf-8")
    asked = [
        PromptMessage(Role.SYSTEM, "Sei nett zu G\u00e4sten."),
        PromptMessage(Role.USER, " eins \u4e16\u754c", (), (PromptDocument("a", "ein Wort"),)),
        PromptMessage(Role.ASSISTANT, "1"),
        PromptMessage(Role.USER, "zwei"),
    ]
    for path in vendored_vocabularies:
        header = read_model_header(str(path))
        vocabulary = LlamaBackend().open(str(path))
        try:
            for source in (gemma, None):
                encoder = PromptEncoder(vocabulary, source)
                shares = encoder.measure(asked)
                counted = len(encoder.encode(asked).token_ids)
                assert sum(shares.turns) + shares.opening == counted, path.name
                assert shares.documents[1] > 0, path.name
                if header.metadata["tokenizer.ggml.model"] in ("gpt2", "llama"):
                    assert min(shares.turns) > 0, path.name
        finally:
            vocabulary.close()


def test_a_kept_reply_counts_as_its_own_tokens(starter: LlamaVocabulary) -> None:
    encoder = encoder_of(starter)
    ids = tuple(
        token for part in ("Hel", "lo", " the", "re") for token in starter.tokenize(part, False)
    )
    asked = [PromptMessage(Role.SYSTEM, "s"), PromptMessage(Role.USER, "Hello")]
    plain = [*asked, PromptMessage(Role.ASSISTANT, "Hello there"), asked[1]]
    kept = [*asked, PromptMessage(Role.ASSISTANT, "Hello there", ids), asked[1]]
    usual = len(starter.tokenize("Hello there", False))
    assert len(ids) > usual
    as_kept, as_plain = encoder.measure(kept), encoder.measure(plain)
    assert as_kept.turns[2] - as_plain.turns[2] == len(ids) - usual
    assert as_kept.turns[:2] == as_plain.turns[:2]
    assert as_kept.turns[3] == as_plain.turns[3]


def test_what_is_remembered_is_bounded() -> None:
    cache = TokenCache(SpelledTokenizer([]), characters=10)
    first = cache.token_ids("abcd")
    assert cache.token_ids("abcd") is first
    cache.token_ids("efghij")
    assert cache.token_ids("abcd") is first
    cache.token_ids("klmnop")
    assert cache.token_ids("abcd") is first
    cache.token_ids("q" * 20)
    assert cache.token_ids("abcd") is not first
