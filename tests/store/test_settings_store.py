"""Settings survive crashes, other versions, and people who edit them by hand."""

import json
import os
import shutil
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.errors import StoreError
from chinwag.core.settings import Settings, Theme
from chinwag.store.settings_store import SettingsStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


@pytest.fixture
def store(path: Path) -> SettingsStore:
    return SettingsStore(path, lambda: datetime(2026, 11, 23, 10, 15))


def write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_no_file_means_defaults(store: SettingsStore, path: Path) -> None:
    assert store.load() == Settings()
    assert not path.parent.exists()


def test_everything_comes_back(store: SettingsStore, path: Path) -> None:
    chosen = Settings(
        theme=Theme.DARK,
        text_size_percent=120,
        window_tokens=8192,
        threads=3,
        device="Vulkan0",
        models_folder="/somewhere/模型",
        default_persona="pirate",
        recent_personas=("pirate", "tutor"),
        is_sidebar_open=False,
    )
    store.save(chosen)
    assert store.load() == chosen
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]
    assert json.loads(path.read_text(encoding="utf-8"))["theme"] == "dark"


def test_keys_of_another_version_are_kept(store: SettingsStore, path: Path) -> None:
    write(path, {"theme": "dark", "later.idea": {"deep": [1, None]}})
    store.save(replace(store.load(), threads=2))
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["later.idea"] == {"deep": [1, None]}
    assert (kept["theme"], kept["threads"]) == ("dark", 2)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("text_size_percent", 10_000, 200),
        ("text_size_percent", -1, 80),
        ("text_size_percent", 110.0, 110),
        ("text_size_percent", 110.5, 100),
        ("text_size_percent", "110", 100),
        ("text_size_percent", True, 100),
        ("text_size_percent", float("inf"), 100),
        ("text_size_percent", float("nan"), 100),
        ("text_size_percent", None, 100),
        ("window_tokens", 10**30, 1_048_576),
        ("theme", "mauve", Theme.SYSTEM),
        ("theme", ["dark"], Theme.SYSTEM),
        ("is_sidebar_open", 0, True),
        ("device", 7, ""),
        ("recent_personas", "pirate", ()),
        ("recent_personas", ["pirate", 7, "tutor"], ("pirate", "tutor")),
    ],
)
def test_a_wrong_value_is_mended_alone(
    store: SettingsStore, path: Path, key: str, value: object, expected: object
) -> None:
    write(path, {"default_persona": "pirate", key: value})
    loaded = store.load()
    assert getattr(loaded, key) == expected
    assert loaded == replace(Settings(default_persona="pirate"), **{key: expected})


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1, 2]", b"null", b"\xff\xfe\x00", b"[" * 100_000, b" " * 2_000_000, b"9" * 5000],
)
def test_a_broken_file_is_set_aside(store: SettingsStore, path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert store.load() == Settings()
    aside = path.with_name("settings.json.broken-20261123-101500")
    assert aside.read_bytes() == content
    assert not path.exists()
    path.write_bytes(content)
    store.save(Settings(threads=2))  # broken again in between: neither is lost
    assert store.load().threads == 2
    assert path.with_name("settings.json.broken-20261123-101500-2").read_bytes() == content


def test_a_byte_order_mark_is_no_mistake(store: SettingsStore, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'\xef\xbb\xbf{"threads": 2}')
    assert store.load().threads == 2


def test_a_folder_that_is_a_file(store: SettingsStore, path: Path) -> None:
    path.parent.write_text("not a folder")
    for action in (store.load, lambda: store.save(Settings())):
        with pytest.raises(StoreError) as caught:
            action()
        assert caught.value.code in {"store.cannot_open", "store.failed"}
        assert caught.value.values["file"] == "settings.json"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_a_linked_file_stays_a_link(store: SettingsStore, path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    target = tmp_path / "dotfiles.json"
    target.write_text("{}")
    path.symlink_to(target)
    store.save(Settings(threads=2))
    assert path.is_symlink()
    assert json.loads(target.read_text())["threads"] == 2


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(small_disk: Path) -> None:
    store = SettingsStore(small_disk / "settings.json")
    store.save(Settings(threads=2))
    (small_disk / "film").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    with pytest.raises(StoreError) as caught:
        store.save(Settings(threads=3, models_folder="far/" * 5_000))
    assert caught.value.code == "store.full"
    assert store.load() == Settings(threads=2)
    assert sorted(os.listdir(small_disk)) == ["film", "settings.json"]


def test_something_else_in_the_place_of_the_file(store: SettingsStore, path: Path) -> None:
    path.mkdir(parents=True)
    (path / "inside").touch()
    with pytest.raises(StoreError):
        store.save(Settings())
    assert os.listdir(path.parent) == ["settings.json"]


def test_a_disk_that_can_only_be_read(frozen_disk: Path) -> None:
    store = SettingsStore(frozen_disk / "deeper" / "settings.json")
    assert store.load() == Settings()
    with pytest.raises(StoreError) as caught:
        store.save(Settings())
    assert caught.value.code == "store.read_only"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([s.name for s in fields(Settings)]) | st.text(), JSON))
def test_no_file_makes_settings_that_break_their_own_rules(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    store = SettingsStore(path)
    loaded = store.load()
    for setting in fields(Settings):
        value = getattr(loaded, setting.name)
        assert type(value) is type(setting.default)
        if setting.metadata["low"] is not None:
            assert setting.metadata["low"] <= value <= setting.metadata["high"]
    store.save(loaded)
    unknown = set(content) - {setting.name for setting in fields(Settings)}
    assert len(json.loads(path.read_text(encoding="utf-8"))) >= len(unknown)
