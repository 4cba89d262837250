"""Personas: the six we ship are whole, and a person's own files are read and kept with care."""

import os
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
    assert store.save(changed) == changed
    assert store.get("tutor") == changed
    text = (own / "tutor.toml").read_text(encoding="utf-8")
    for kept in ("# Ours.", "# what the menu shows", "# Openings.", "# careful", "# The first."):
        assert kept in text
    assert 'system_prompt = """\nExplain one thing.\nThen ask.\n"""' in text
    assert "top_p" not in text

    again = Persona(id="tutor", name="Coach", system_prompt="Explain.\nListen.", avatar="coach")
    assert store.save(again) == again
    assert store.get("tutor") == again
    assert "# Ours." in (own / "tutor.toml").read_text(encoding="utf-8")
    assert sorted(path.name for path in own.iterdir()) == ["tutor.toml"]


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
    assert store.save(changed) == changed
    assert store.get("cook") == changed


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
    assert [path for path in os.listdir(folder) if path != "one.toml"] == []
