"""Personas: the six we ship are whole, and a person's own files are read and kept with care."""

import os
import tomllib
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.errors import PersonaError, StoreError
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import BrokenPersona, Persona
from chinwag.store.persona_file import LARGEST_BYTES
from chinwag.store.persona_history import MOST_VERSIONS
from chinwag.store.persona_store import PersonaStore

RESOURCES = Path(__file__).resolve().parents[2] / "resources"

TUTOR = """\
# Ours.
name = "Tutor" # what the menu shows
system_prompt = \"\"\"
Explain one thing.
Then ask.
\"\"\"

# Openings.
suggestions = ["What is a fraction?"]

[options] # careful
temperature = 0.3
top_p = 0.9

[[examples]]
# The first.
user = "What is a half?"
assistant = "One of two equal parts."
"""


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "tutor.toml").write_text(TUTOR, encoding="utf-8")
    (folder / "pirate.toml").write_text('name = "Pirate"\nsystem_prompt = "Arr."\n')
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def store(shipped: Path, own: Path) -> PersonaStore:
    return PersonaStore(shipped, own, lambda: datetime(2026, 11, 23, 10, 15))


def ids(store: PersonaStore) -> list[str]:
    return [persona.id for persona in store.list_all()]


def broken(store: PersonaStore, persona_id: str) -> PersonaError:
    [found] = [one for one in store.list_all() if one.id == persona_id]
    assert isinstance(found, BrokenPersona)
    assert found.path.stem == persona_id
    with pytest.raises(PersonaError) as caught:
        store.get(persona_id)
    assert caught.value.code == found.error.code
    return found.error


def test_the_personas_we_ship() -> None:
    personas = PersonaStore(RESOURCES / "personas", RESOURCES / "none").list_all()
    shown = [persona.id for persona in personas]
    assert shown == ["assistant", "editor", "pirate", "programmer", "shakespeare", "tutor"]
    avatars = {path.stem for path in (RESOURCES / "avatars").glob("*.svg")}
    for persona in personas:
        assert isinstance(persona, Persona), persona
        assert persona.is_shipped
        assert persona.name
        assert persona.description
        assert persona.avatar in avatars
        assert persona.system_prompt.strip()
        assert len(persona.examples) == 2
        assert all(text.strip() == text and text for pair in persona.examples for text in pair)
        assert len(persona.suggestions) == len(set(persona.suggestions)) == 4
        assert all(text.strip() for text in persona.suggestions)
        assert persona.options != GenerationOptions()
        assert persona.options.seed is None


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert PersonaStore(tmp_path / "a", tmp_path / "b").list_all() == []


def test_an_own_file_goes_before_ours(store: PersonaStore, own: Path) -> None:
    assert ids(store) == ["pirate", "tutor"]
    assert store.get("pirate").is_shipped
    own.mkdir()
    (own / "pirate.toml").write_text('name = "Buccaneer"\nsystem_prompt = "Ahoy."\n')
    (own / "cook.toml").write_text('name = "Cook"\nsystem_prompt = "Stir."\n')
    (own / ".cook.toml").write_text("left over")
    (own / "notes.txt").write_text("not a persona")
    assert ids(store) == ["pirate", "cook", "tutor"]
    assert store.get("pirate").name == "Buccaneer"
    assert not store.get("pirate").is_shipped
    assert store.shipped_ids() == {"pirate", "tutor"}


def test_found_by_id_or_name(store: PersonaStore, own: Path) -> None:
    own.mkdir()
    (own / "cook-2.toml").write_text('name = "Night Cook"\nsystem_prompt = "Stir."\n')
    for wanted in ("cook-2", "COOK-2", "night cook", "Night Cook"):
        assert store.get(wanted).id == "cook-2"
    with pytest.raises(PersonaError) as caught:
        store.get("poet")
    assert caught.value.code == "persona.unknown"
    assert caught.value.values == {"persona": "poet", "known": "cook-2, pirate, tutor"}


@pytest.mark.parametrize(
    ("content", "code", "values"),
    [
        (b"name = \n", "persona.broken", {"file": "odd.toml", "line": 1, "column": 8}),
        (b'name = "x"\nsystem_prompt = "\n', "persona.broken", {"line": 2, "column": 18}),
        (b"\xff\xfe", "persona.broken", {"line": 0, "column": 0}),
        (b"x = " + b"[" * 100_000, "persona.broken", {"line": 0}),
        (b"#" * (LARGEST_BYTES + 1), "persona.too_large", {"most": LARGEST_BYTES}),
        (b"", "persona.missing", {"key": "name"}),
        (b'name = "x"\n', "persona.missing", {"key": "system_prompt"}),
        (b'name = "x"\nsystem_prompt = "  "\n', "persona.missing", {"key": "system_prompt"}),
        (b'name = 7\nsystem_prompt = "x"\n', "persona.type", {"key": "name"}),
        (b'name = "x"\nsystem_prompt = "x"\n[options]\nheat = 1\n', "persona.option", {}),
    ],
)
def test_a_broken_file_is_listed_with_its_reason(
    store: PersonaStore, own: Path, content: bytes, code: str, values: dict[str, object]
) -> None:
    own.mkdir()
    (own / "odd.toml").write_bytes(content)
    error = broken(store, "odd")
    assert error.code == code
    assert error.values["persona"] == "odd"
    assert values.items() <= error.values.items()
    assert ids(store) == ["pirate", "tutor", "odd"]  # and the others can still be used


def test_a_folder_called_like_a_persona(store: PersonaStore, own: Path) -> None:
    (own / "odd.toml").mkdir(parents=True)
    assert broken(store, "odd").code == "persona.unreadable"


def test_a_byte_order_mark_is_no_mistake(store: PersonaStore, own: Path) -> None:
    own.mkdir()
    (own / "cook.toml").write_bytes(b'\xef\xbb\xbfname = "Cook"\r\nsystem_prompt = "Stir."\r\n')
    assert store.get("cook").system_prompt == "Stir."


def test_a_changed_persona_keeps_its_comments(store: PersonaStore, own: Path) -> None:
    changed = Persona(
        id="tutor",
        name="Tutor",
        system_prompt="Explain one thing.\nThen ask.",
        suggestions=("What is a fraction?", "And a third?"),
        options=GenerationOptions(temperature=0.5, max_tokens=200),
        examples=(("What is a half?", "One of two equal parts."),),
    )
    changed = replace(changed, version=2)
    assert store.save(changed) == changed
    assert store.get("tutor") == changed
    text = (own / "tutor.toml").read_text(encoding="utf-8")
    for kept in ("# Ours.", "# what the menu shows", "# Openings.", "# careful", "# The first."):
        assert kept in text
    assert 'system_prompt = """\nExplain one thing.\nThen ask.\n"""' in text
    assert "top_p" not in text

    again = Persona(id="tutor", name="Coach", system_prompt="Explain.\nListen.", avatar="coach")
    again = replace(again, version=3)
    assert store.save(again) == again
    assert store.get("tutor") == again
    assert "# Ours." in (own / "tutor.toml").read_text(encoding="utf-8")
    assert sorted(path.name for path in own.glob("*.toml*")) == ["tutor.toml"]


@pytest.mark.parametrize(
    "content",
    [
        'name = " Cook "\nsystem_prompt = "Stir."\n',
        'name = "Cook"\nsystem_prompt = "Stir."\noptions.top_p = 0.9\noptions.top_k = 5\n',
        'options.top_p = 0.9\nname = "Cook"\nsystem_prompt = "Stir."\n',
        'examples = [{user = "q", assistant = "a"}]\nname = "Cook"\nsystem_prompt = "Stir."\n',
        'name = "Cook"\r\nsystem_prompt = "Stir."\r\n[later]\r\nidea = 1\r\n',
    ],
)
def test_any_layout_can_be_changed(store: PersonaStore, own: Path, content: str) -> None:
    own.mkdir()
    (own / "cook.toml").write_text(content, encoding="utf-8", newline="")
    changed = replace(
        store.get("cook"),
        name="Cook",
        examples=(("Hungry?", "Always."),),
        options=GenerationOptions(temperature=0.5),
    )
    kept = store.save(changed)
    assert kept == replace(changed, version=2)
    assert store.get("cook") == kept


def test_a_new_persona_gets_an_id_from_its_name(store: PersonaStore) -> None:
    made = [store.save(Persona("", name, "Say something.")) for name in ("Night Cook!",) * 2]
    assert [persona.id for persona in made] == ["night-cook", "night-cook-2"]
    assert store.save(Persona("", "Küchenchef 世界", "x")).id == "küchenchef-世界"
    assert store.save(Persona("", "../..", "x")).id == "persona"
    assert store.save(Persona("", "NUL", "x")).id == "persona-nul"
    assert store.save(Persona("", "Pirate", "x")).id == "pirate-2"
    assert store.get("pirate").is_shipped


@pytest.mark.parametrize(
    "bad", ["../up", "a/b", ".hidden", "a\\b", "con", "c:", " ", "x\0", "é" * 99]
)
def test_an_id_that_is_no_file_name(store: PersonaStore, own: Path, bad: str) -> None:
    with pytest.raises(PersonaError) as caught:
        store.save(Persona(bad, "Odd", "x"))
    assert caught.value.code == "persona.id"
    assert not own.exists()


def test_what_could_not_be_read_back_is_not_written(store: PersonaStore, own: Path) -> None:
    with pytest.raises(PersonaError) as caught:
        store.save(Persona("empty", "Empty", " \n"))
    assert caught.value.code == "persona.missing"
    assert not own.exists()


def test_a_broken_file_is_set_aside_before_it_is_replaced(store: PersonaStore, own: Path) -> None:
    own.mkdir()
    (own / "cook.toml").write_text('name = "Cook')
    store.save(Persona("cook", "Cook", "Stir."))
    assert store.get("cook").system_prompt == "Stir."
    assert (own / "cook.toml.broken-20261123-101500").read_text() == 'name = "Cook'
    assert ids(store) == ["cook", "pirate", "tutor"]


def test_back_to_the_persona_as_shipped(store: PersonaStore) -> None:
    store.save(Persona("pirate", "Buccaneer", "Ahoy."))
    store.reset("pirate")
    assert store.get("pirate").name == "Pirate"
    store.reset("pirate")
    store.save(Persona("cook", "Cook", "Stir."))
    with pytest.raises(PersonaError) as caught:
        store.reset("cook")
    assert caught.value.code == "persona.not_shipped"
    assert store.get("cook").name == "Cook"


def test_copies_are_numbered(store: PersonaStore) -> None:
    copies = [store.duplicate("tutor"), store.duplicate("tutor")]
    assert [(copy.id, copy.name) for copy in copies] == [
        ("tutor-2", "Tutor 2"),
        ("tutor-3", "Tutor 3"),
    ]
    assert copies[0].examples == store.get("tutor").examples
    assert not copies[0].is_shipped


def test_deleting(store: PersonaStore, own: Path) -> None:
    store.save(Persona("cook", "Cook", "Stir."))
    store.delete("cook")
    assert ids(store) == ["pirate", "tutor"]
    for persona_id, code in (("cook", "persona.unknown"), ("tutor", "persona.shipped")):
        with pytest.raises(PersonaError) as caught:
            store.delete(persona_id)
        assert caught.value.code == code
    (own / "odd.toml").write_text("broken")
    store.delete("odd")
    assert ids(store) == ["pirate", "tutor"]


def test_a_folder_that_cannot_be_written(store: PersonaStore, own: Path) -> None:
    own.write_text("a file where the folder should be")
    with pytest.raises(StoreError) as caught:
        store.save(Persona("cook", "Cook", "Stir."))
    assert caught.value.code == "store.failed"
    assert caught.value.values["file"] == "cook.toml"
    assert ids(store) == ["pirate", "tutor"]


def test_what_has_no_control_yet_is_kept(store: PersonaStore, own: Path) -> None:
    own.mkdir()
    (own / "cook.toml").write_text(
        'name = "Cook"\nsystem_prompt = "Stir."\ntools = ["knife"] # sharp\nduty = "Feed."\n'
        'documents = ["book.txt"]\nreasoning_budget = 0\ntags = ["food"]\nmood = "warm"\n'
        "[later]\nidea = 1\n"
    )
    cook = store.get("cook")
    assert (cook.tools, cook.documents, cook.duty) == (("knife",), ("book.txt",), "Feed.")
    assert (cook.reasoning_budget, cook.tags) == (0, ("food",))
    saved = store.save(replace(cook, greeting="Hungry?", colour="#aa3300", model="big.gguf"))
    assert store.get("cook") == saved
    text = (own / "cook.toml").read_text()
    for kept in ("# sharp", 'mood = "warm"', "[later]\nidea = 1", "reasoning_budget = 0"):
        assert kept in text
    plain = replace(saved, greeting="", colour="", model="", tools=(), reasoning_budget=None)
    store.save(plain)
    text = (own / "cook.toml").read_text()
    assert "tools" not in text
    assert "greeting" not in text
    assert 'mood = "warm"' in text
    copy = store.duplicate("cook")
    assert (copy.duty, copy.tags, copy.version) == ("Feed.", ("food",), 1)


def test_what_no_version_knows_stays_where_the_layout_cannot(store: PersonaStore, own: Path):
    own.mkdir()
    (own / "cook.toml").write_text(
        'examples = [{user = "q", assistant = "a"}]\nname = "Cook"\nsystem_prompt = "Stir."\n'
        'mood = "warm"\noptions.top_p = 0.9\n[later]\nidea = 1\n'
    )
    store.save(replace(store.get("cook"), examples=(("Hungry?", "Always."),)))
    kept = tomllib.loads((own / "cook.toml").read_text())
    assert kept["mood"] == "warm"
    assert kept["later"] == {"idea": 1}
    assert kept["examples"] == [{"user": "Hungry?", "assistant": "Always."}]


@pytest.mark.parametrize(
    ("line", "key"),
    [("colour = 'blue'", "colour"), ("version = 0", "version"), ("tags = 'a'", "tags")],
)
def test_a_wrong_value_is_told_with_its_line(
    store: PersonaStore, own: Path, line: str, key: str
) -> None:
    own.mkdir()
    (own / "odd.toml").write_text(f'name = "x"\nsystem_prompt = "x"\n\n{line}\n')
    error = broken(store, "odd")
    assert error.code == "persona.type"
    assert (error.values["key"], error.values["line"]) == (key, 4)


def test_each_change_keeps_the_former_file(store: PersonaStore, own: Path) -> None:
    original = store.current_text("tutor")
    first = store.save(replace(store.get("tutor"), name="Coach"))
    assert store.save(first) == first  # nothing is other: no version of its own
    second = store.save(replace(first, name="Guide"))
    assert (first.version, second.version) == (2, 3)
    former = store.history("tutor")
    assert [one.text.count("Coach") for one in former] == [1, 0]
    assert former[-1].text == original
    (own / "tutor.toml").write_text(store.current_text("tutor").replace("Guide", "By hand"))
    back = store.restore("tutor", former[-1].name)
    assert (back.name, back.version) == ("Tutor", 4)
    assert "# careful" in store.current_text("tutor")
    assert "By hand" in store.history("tutor")[0].text
    store.reset("tutor")
    former = store.history("tutor")
    assert [one.name[:5] for one in former] == ["00004", "00003", "00002", "00001"]
    assert former[0].replaced_at == datetime(2026, 11, 23, 10, 15).astimezone()
    with pytest.raises(PersonaError):
        store.restore("tutor", "../../tutor")


def test_the_history_has_an_end(store: PersonaStore, own: Path) -> None:
    cook = store.save(Persona("cook", "Cook", "Stir."))
    for number in range(MOST_VERSIONS + 5):
        cook = store.save(replace(cook, description=str(number)))
    former = store.history("cook")
    assert len(former) == MOST_VERSIONS
    assert f'"{MOST_VERSIONS + 3}"' in former[0].text
    store.delete("cook")
    assert store.save(Persona("", "Cook", "Other.")).id == "cook-2"  # the history is not its


NEWER = TUTOR.replace("Then ask.", "Then ask again.").replace("0.9", "0.8") + 'x = "new"\n'


def test_an_update_reaches_what_was_not_changed(store: PersonaStore, shipped: Path, own: Path):
    changed = replace(store.get("tutor"), name="Coach", options=GenerationOptions(temperature=1.0))
    store.save(replace(changed, options=replace(changed.options, top_p=0.9)))
    assert store.take_updates() == []
    newer = NEWER.replace('name = "Tutor"', 'name = "Teacher"\ngreeting = "Welcome."')
    (shipped / "tutor.toml").write_text(newer.replace("0.3", "0.2"))
    assert store.take_updates() == ["tutor"]
    tutor = store.get("tutor")
    assert (tutor.name, tutor.greeting, tutor.version) == ("Coach", "Welcome.", 3)
    assert tutor.system_prompt == "Explain one thing.\nThen ask again."
    assert (tutor.options.temperature, tutor.options.top_p) == (1.0, 0.8)
    assert "# careful" in store.current_text("tutor")
    assert "Then ask.\n" in store.history("tutor")[0].text
    assert store.take_updates() == []


@pytest.mark.parametrize("content", ['name = "Tutor', TUTOR.replace("Tutor", "Mine")])
def test_an_update_leaves_alone_what_it_does_not_know(
    store: PersonaStore, shipped: Path, own: Path, content: str
) -> None:
    own.mkdir()
    (own / "tutor.toml").write_text(content)  # broken, or not made by a copy of ours
    (shipped / "tutor.toml").write_text(NEWER)
    assert store.take_updates() == []
    assert (own / "tutor.toml").read_text() == content


def test_a_file_from_elsewhere_is_taken_in_byte_by_byte(store: PersonaStore, tmp_path: Path):
    source = tmp_path / "from afar.toml"
    source.write_text(TUTOR)
    taken = store.take_in_file(source)
    assert taken.id == "tutor-2"
    assert store.current_text("tutor-2") == TUTOR
    assert store.text_of(taken) == TUTOR
    source.write_text("name = 7")
    with pytest.raises(PersonaError) as caught:
        store.take_in_file(source)
    assert (caught.value.code, caught.value.values["file"]) == ("persona.type", "from afar.toml")


TEXTS = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    [
        '"""',
        "'''",
        "\\",
        "a\nb",
        "\n",
        "\r\n",
        "a\r\nb\n",
        "# no comment",
        "[[examples]]",
        "\x00",
        '"""\n"',
    ]
)
OPTIONS = st.builds(
    GenerationOptions,
    temperature=st.none() | st.floats(0, 2),
    top_k=st.none() | st.integers(0, 1000),
    seed=st.none() | st.integers(0, 2**32 - 2),
)


@given(
    texts=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS),
    examples=st.lists(st.tuples(TEXTS, TEXTS), max_size=3),
    suggestions=st.lists(TEXTS, max_size=3),
    options=OPTIONS,
    fresh=st.booleans(),
)
def test_any_persona_comes_back_as_it_was_kept(
    tmp_path_factory: pytest.TempPathFactory,
    texts: tuple[str, str, str, str],
    examples: list[tuple[str, str]],
    suggestions: list[str],
    options: GenerationOptions,
    fresh: bool,
) -> None:
    folder = tmp_path_factory.mktemp("personas")
    if not fresh:
        (folder / "one.toml").write_text(TUTOR, encoding="utf-8")
    name, prompt, description, avatar = texts
    store = PersonaStore(folder / "none", folder)
    wanted = Persona(
        "one", name, prompt, description, avatar, tuple(examples), tuple(suggestions), options
    )
    with suppress(PersonaError):  # empty texts are refused, see above
        kept = store.save(wanted)
        assert store.get("one") == kept
        assert (kept.options, len(kept.examples)) == (options, len(examples))
        if not any("\ud800" <= character <= "\udfff" for text in texts for character in text):
            assert (kept.name, kept.description, kept.avatar) == (name, description, avatar)
            assert kept.system_prompt == prompt.strip()
        # A second save finds nothing to change.
        before = (folder / "one.toml").read_bytes()
        store.save(kept)
        assert (folder / "one.toml").read_bytes() == before
    others = {path for path in os.listdir(folder) if path != "one.toml"}
    assert others <= {"history"}
