"""The shipped personas on the model that ships with them: in character, in clean English."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from chinwag.core.conversation import Message, Role
from chinwag.core.persona import Persona, persona_from_toml
from chinwag.core.prompt import PromptMessage, opening, prompt_from_path
from chinwag.core.transcript import Transcript, unstored
from chinwag.engine.protocol import Count
from engine.worker_process import Reply, WorkerProcess
from long_checks import LongCheck

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "personas"
SHIPPED = ("assistant", "editor", "pirate", "programmer", "shakespeare", "tutor")
# what the starter says without a system prompt: "I's here", "I'should"
GARBLED = re.compile(r"\bI's\b|\bI'(?!m\b|d\b|ll\b|ve\b)\w+", re.IGNORECASE)
PIRATE = re.compile(
    r"\b(a+r+r+|ahoy|aye|mateys?|ye|yer|me hearty|me hearties|avast|plunder\w*|cap'n)\b",
    re.IGNORECASE,
)
BARD = re.compile(
    r"\b(thee|thou|thy|thine|doth|hath|ye|'tis|'twas|o|lo|behold|art|whence)\b", re.IGNORECASE
)


def shipped(name: str) -> Persona:
    text = (FOLDER / f"{name}.toml").read_text("utf-8")
    return persona_from_toml(name, tomllib.loads(text), True)


def replies(worker: WorkerProcess, name: str, question: str, seeds: range) -> list[str]:
    persona = shipped(name)
    asked = (*opening(persona), PromptMessage(Role.USER, question))
    options = persona.options.as_dict()
    return [worker.reply(asked, options={**options, "seed": seed}).text for seed in seeds]


def test_the_six_are_there():
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_is_complete(name: str):
    persona = shipped(name)
    assert persona.system_prompt
    assert persona.description
    assert len(persona.examples) == 2
    assert all(question.strip() and answer.strip() for question, answer in persona.examples)
    assert len(set(persona.suggestions)) == 4
    assert {"temperature", "max_tokens"} <= persona.options.as_dict().keys()


@pytest.mark.long
def test_the_assistant_greets_in_clean_english(shared_worker: WorkerProcess, long_check: LongCheck):
    greetings = replies(shared_worker, "assistant", "Hello", long_check.counts(4, 20))
    garbled = [text for text in greetings if GARBLED.search(text) or not text.strip()]
    long_check.record(f"{len(garbled)} garbled")
    assert garbled == []


@pytest.mark.long
@pytest.mark.parametrize("question", ["Hello", "How do I boil an egg?"])
def test_the_pirate_talks_like_one(
    shared_worker: WorkerProcess, long_check: LongCheck, question: str
):
    said = replies(shared_worker, "pirate", question, long_check.counts(5, 20))
    piratical = sum(bool(PIRATE.search(text)) for text in said)
    long_check.record(f"pirate words in {piratical} of {len(said)}")
    assert piratical >= 0.6 * len(said)


@pytest.mark.long
def test_the_bard_writes_like_one(shared_worker: WorkerProcess, long_check: LongCheck):
    seeds = long_check.counts(6, 20)
    said = replies(shared_worker, "shakespeare", "How does a gearbox work?", seeds)
    in_manner = sum(bool(BARD.search(text)) for text in said)
    long_check.record(f"in the manner in {in_manner} of {len(said)}")
    # a tiny model: most replies are verse in the manner, some are plain prose
    assert in_manner >= len(said) / 3


PLAIN = ("What is the capital of France?", "How many days has a week?", "What colour is grass?")
AFTERWARDS = (
    "What should I eat tonight?",
    "How are you?",
    "What is the sun?",
    "How do I learn to swim?",
    "Who are you?",
    "What is a good name for a cat?",
    "How do I boil an egg?",
    "Why is the sky blue?",
    "What shall I do today?",
    "How do I make tea?",
    "Where do you live?",
    "What is a friend?",
    "How far is the moon?",
    "Tell me about rain.",
    "How do I get up early?",
)


@pytest.mark.long
def test_a_pirate_who_joins_talks_like_one_and_little_is_read_again(
    shared_worker: WorkerProcess, long_check: LongCheck
):
    pirate, assistant = shipped("pirate"), shipped("assistant")
    spoken = Transcript()
    messages: list[Message] = []

    def put(added: list[Message]) -> None:
        for one in added:
            parent = messages[-1].id if messages else None
            messages.append(replace(one, id=len(messages) + 1, parent_id=parent))
            spoken.tree.put(messages[-1])

    def said(asked: list[Message], persona: Persona, seed: int, most: int) -> Reply:
        options = persona.options.as_dict() | {"seed": seed, "max_tokens": most}
        prompt = prompt_from_path([*messages, *asked])
        return shared_worker.reply(tuple(prompt), options=options)

    for seed, question in enumerate(PLAIN):
        _, turns = spoken.question(assistant, question, messages[-1].id if messages else None)
        reply = said(turns, assistant, seed, 40)
        answer = replace(unstored(Role.ASSISTANT, reply.text), token_ids=reply.token_ids)
        put([*turns, answer])
    before = shared_worker.until(
        "counted",
        of=shared_worker.send(Count, messages=tuple(prompt_from_path(messages)), opens_reply=False),
    )

    tries = long_check.counts(5, 15)
    piratical, most_read = 0, 0
    for seed in tries:
        end, turns = spoken.question(pirate, AFTERWARDS[seed], messages[-1].id)
        assert end == messages[-1].id
        reply = said(turns, pirate, seed, 60)
        piratical += bool(PIRATE.search(reply.text))
        new = reply.finished.prompt_tokens - before.tokens
        read = reply.finished.prompt_tokens - reply.finished.cached_tokens
        # what is new, and at most the end of the turn before it
        assert read <= new + 4
        most_read = max(most_read, read)
    long_check.record(f"pirate words in {piratical} of {len(tries)}, {most_read} tokens read")
    assert piratical >= 2 / 3 * len(tries)
