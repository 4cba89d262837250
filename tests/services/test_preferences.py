"""Preferences: settings that are saved after a pause, personas that are read, written and reset."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chinwag.core.errors import PersonaError
from chinwag.core.persona import BrokenPersona, FormerPersona
from chinwag.core.settings import Theme

from .conftest import Build, House


def kept(tmp_path: Path) -> dict[str, object]:
    file = tmp_path / "settings.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def test_a_change_is_announced_at_once_and_saved_after_a_pause(
    house: House, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(house.preferences.settings_changed) as blocker:
        house.preferences.change(theme=Theme.DARK)
    assert blocker.args[0].theme is Theme.DARK
    assert kept(tmp_path).get("theme") != "dark"
    qtbot.waitUntil(lambda: kept(tmp_path).get("theme") == "dark")


def test_no_change_is_no_news(house: House) -> None:
    heard: list[object] = []
    house.preferences.settings_changed.connect(heard.append)
    house.preferences.change(theme=house.preferences.settings.theme)
    assert heard == []


def test_leaving_saves_what_waits(house: House, tmp_path: Path) -> None:
    house.preferences.change(text_size_percent=150)
    house.close()
    assert kept(tmp_path)["text_size_percent"] == 150


def test_settings_that_cannot_be_saved_are_told(house: House, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "settings.json").unlink(missing_ok=True)
    (tmp_path / "settings.json").mkdir()
    with qtbot.waitSignal(house.preferences.trouble):
        house.preferences.change(theme=Theme.LIGHT)
    assert house.troubles[0].startswith("store.")
    house.tasks.drain()


def test_personas_by_id_and_by_name(house: House) -> None:
    assert house.preferences.persona("pirate").name == "Pirate"
    assert house.preferences.persona("PIRATE").id == "pirate"
    assert house.preferences.default_persona().id == "pirate"
    with pytest.raises(PersonaError) as caught:
        house.preferences.persona("nobody")
    assert caught.value.code == "persona.unknown"
    assert caught.value.values["known"] == "Pirate, Teacher"


def test_a_persona_is_saved_changed_and_reset(house: House, qtbot: QtBot) -> None:
    pirate = house.preferences.persona("pirate")
    with qtbot.waitSignal(house.chat.persona_changed) as blocker:
        house.preferences.save_persona(replace(pirate, system_prompt="Whisper."))
    # The chat that it speaks in has heard of it.
    assert blocker.args[0].system_prompt == "Whisper."
    assert house.preferences.persona("pirate").system_prompt == "Whisper."
    with qtbot.waitSignal(house.preferences.personas_changed):
        house.preferences.reset_persona("pirate")
    assert house.preferences.persona("pirate") == pirate


def test_a_copy_is_made_and_deleted(house: House, qtbot: QtBot) -> None:
    before = {persona.id for persona in house.preferences.personas()}
    with qtbot.waitSignal(house.preferences.personas_changed):
        house.preferences.duplicate_persona("teacher")
    added = {persona.id for persona in house.preferences.personas()} - before
    assert len(added) == 1
    with qtbot.waitSignal(house.preferences.personas_changed):
        house.preferences.delete_persona(added.pop())
    assert {persona.id for persona in house.preferences.personas()} == before


def test_what_cannot_be_done_is_told(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.preferences.trouble):
        house.preferences.delete_persona("pirate")
    assert house.troubles == ["persona.shipped"]


def test_a_broken_file_is_listed_with_its_error(house: House, qtbot: QtBot, personas: Path) -> None:
    (personas / "pirate.toml").write_text("name = ", "utf-8")
    with qtbot.waitSignal(house.preferences.personas_changed):
        house.preferences.refresh_personas()
    broken = [one for one in house.preferences.personas() if isinstance(one, BrokenPersona)]
    assert [one.id for one in broken] == ["pirate"]
    with pytest.raises(PersonaError) as caught:
        house.preferences.persona("pirate")
    assert caught.value.code == "persona.broken"
    assert house.preferences.default_persona().id == "teacher"


def test_without_any_persona_a_nameless_one_answers(
    house: House, qtbot: QtBot, personas: Path
) -> None:
    for file in personas.iterdir():
        file.unlink()
    with qtbot.waitSignal(house.preferences.personas_changed):
        house.preferences.refresh_personas()
    assert house.preferences.default_persona().system_prompt == ""


def test_an_update_reaches_a_changed_persona_at_the_next_start(
    house: House, build: Build, qtbot: QtBot, personas: Path
) -> None:
    pirate = house.preferences.persona("pirate")
    with qtbot.waitSignal(house.preferences.personas_changed):
        house.preferences.save_persona(replace(pirate, name="Corsair"))
    house.close()
    file = personas / "pirate.toml"
    file.write_text(file.read_text("utf-8").replace("Speak like one.", "Sing like one."), "utf-8")
    again = build(house.engine)
    changed = again.preferences.persona("pirate")
    assert (changed.name, changed.version) == ("Corsair", 3)
    assert changed.system_prompt == "You are a pirate. Sing like one."


def test_personas_come_from_files_and_go_into_them(
    house: House, qtbot: QtBot, tmp_path: Path
) -> None:
    preferences, taken, read = house.preferences, list[str](), list[object]()
    out = tmp_path / "elsewhere" / "corsair.toml"
    corsair = replace(preferences.persona("pirate"), name="Corsair")
    preferences.export_persona(corsair, out)
    house.tasks.drain()
    assert 'name = "Corsair"' in out.read_text("utf-8")
    preferences.import_persona(out, taken.append)
    house.tasks.drain()
    assert taken == ["corsair"]
    assert preferences.persona("corsair").examples == corsair.examples
    # what is none is told, once each
    out.write_text("name = ", "utf-8")
    preferences.import_persona(out, taken.append)
    preferences.read_card(out, read.append)
    preferences.read_card(tmp_path / "none.png", read.append)
    house.tasks.drain()
    assert house.troubles == ["persona.broken", "card.not_json", "store.cannot_open"]
    assert (taken, read) == (["corsair"], [])


def test_a_former_version_comes_back(house: House, qtbot: QtBot) -> None:
    preferences, restored = house.preferences, list[str]()
    histories: list[tuple[list[FormerPersona], str]] = []
    preferences.save_persona(replace(preferences.persona("pirate"), name="Corsair"))
    preferences.read_history("pirate", lambda *found: histories.append(found))
    house.tasks.drain()
    ((versions, current),) = histories
    assert 'name = "Pirate"' in versions[0].text
    assert 'name = "Corsair"' in current
    preferences.restore_persona("pirate", versions[0].name, restored.append)
    house.tasks.drain()
    assert restored == ["pirate"]
    assert preferences.persona("pirate").name == "Pirate"
