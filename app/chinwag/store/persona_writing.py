"""Writes one persona as TOML into the text of its file, whose comments and order stay.

Imported when something is written: tomlkit takes long to load.
"""

import tomllib
from pathlib import Path
from typing import Any, cast

import tomlkit

from chinwag.core.persona import Persona, persona_from_toml, persona_to_toml, rare_keys


def updated_text(existing: Path, persona: Persona) -> str:
    """The persona as TOML: what is in the file already, changed where it differs, or a new text.

    Keys that no version of ours knows stay in either case.
    """
    others: dict[str, object] = {}
    try:
        text = existing.read_text(encoding="utf-8-sig")
        known = {*persona_to_toml(persona), *rare_keys()}
        others = {key: one for key, one in tomllib.loads(text).items() if key not in known}
        document = tomlkit.parse(text)
        _update(document, persona)
        text = tomlkit.dumps(document)
        if persona_from_toml(persona.id, tomllib.loads(text), shipped=False) == persona:
            return text
    except Exception:
        # Not there, broken, or laid out in a way that cannot be changed in place: tomlkit stumbles
        # over some with errors of any kind. What is written anew is as good, without comments.
        pass
    document = tomlkit.document()
    _update(document, persona)
    text = tomlkit.dumps(document)
    try:
        for key, value in others.items():
            document[key] = value
        whole = tomlkit.dumps(document)
        if tomllib.loads(whole) == {**tomllib.loads(text), **others}:
            return whole
    except Exception:
        # As above: then those keys cannot be kept.
        pass
    return text


def _update(document: tomlkit.TOMLDocument, persona: Persona) -> None:
    before = cast(dict[str, object], document.unwrap())
    wanted = persona_to_toml(persona)
    for key in rare_keys():
        if key in before and key not in wanted and not (key == "version" and before[key] == 1):
            del document[key]
    for key, value in wanted.items():
        old = before.get(key, None if isinstance(value, int) else type(value)())
        # A prompt written over several lines ends with a line break that is not part of it.
        if old == value or (isinstance(old, str) and old.strip() == value):
            continue
        if key == "options":
            options: Any = document.setdefault(key, tomlkit.table())
            said = persona.options.as_dict()
            for name in set(options) - set(said):
                del options[name]
            options.update(said)
        elif key == "examples":
            document[key] = _examples(persona)
        elif isinstance(value, list):
            listed = cast(list[str], value)
            texts: Any = tomlkit.item(listed)
            document[key] = texts.multiline(key == "suggestions" and len(listed) > 1)
        else:
            document[key] = value if isinstance(value, int) else _item(str(value))


def _examples(persona: Persona) -> Any:
    examples: Any = tomlkit.aot()
    for question, answer in persona.examples:
        table = tomlkit.table()
        table["user"] = _item(question)
        table["assistant"] = _item(answer)
        examples.append(table)
    return examples


def _item(text: str) -> Any:
    if "\n" not in text or "\r" in text:
        return tomlkit.string(text)
    written = tomlkit.string(text, multiline=True).as_string()
    # The line break after the quotes is not part of the text, but easier on the eye.
    return tomlkit.value(written if text.startswith("\n") else f'"""\n{written[3:]}')
