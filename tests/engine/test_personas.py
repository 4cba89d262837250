"""The shipped personas on the model that ships with them: in character, in clean English."""

import re
import tomllib
from pathlib import Path

import pytest

from chinwag.core.conversation import Role
from chinwag.core.persona import Persona, persona_from_toml
from chinwag.core.prompt import PromptMessage, opening
from engine.worker_process import WorkerProcess
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
