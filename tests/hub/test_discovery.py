"""Finds what other programs keep, in a home that is laid out as theirs are; changes nothing."""

import hashlib
import json
import sys
from pathlib import Path

import pytest

from chinwag.hub.discovery import Discovery
from core.model_files import write_model

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the places are this system's")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which five programs have been at work."""
    home = tmp_path / "person"
    maker = home / ".lmstudio" / "models" / "maker" / "Talk-GGUF"
    write_model(maker / "Talk-Q4_K_M.gguf")
    (maker / "mmproj-Talk.gguf").write_bytes(b"GGUF")
    (maker / "Talk-Q8_0.gguf.part").write_bytes(b"half")
    for part in (1, 2):
        write_model(maker / f"Big-{part:05}-of-00002.gguf")
    write_model(home / ".cache" / "lm-studio" / "models" / "a" / "b" / "Old.gguf")
    write_model(home / ".local/share/Jan/data/llamacpp/models/maker/Jan-4b/model.gguf")
    write_model(home / ".local/share/nomic.ai/GPT4All/Hermes-Q4_0.gguf")
    (home / ".local/share/nomic.ai/GPT4All/incomplete-X.gguf").write_bytes(b"GGUF")
    ollama(home / ".ollama" / "models", "library/llama3", "8b")
    ollama(home / ".ollama" / "models", "someone/tiny", "latest")
    hugging_face(home / ".cache" / "huggingface" / "hub")
    return home


def ollama(folder: Path, name: str, tag: str) -> Path:
    """A manifest and the blob it names, as Ollama lays them out; the blob."""
    blob = write_model(folder / "blobs" / "draft", template=name)
    digest = hashlib.sha256(blob.read_bytes()).hexdigest()
    blob = blob.rename(folder / "blobs" / f"sha256-{digest}")
    manifest = folder / "manifests" / "registry.ollama.ai" / name / tag
    manifest.parent.mkdir(parents=True, exist_ok=True)
    layers = [
        {"mediaType": "application/vnd.ollama.image.license", "digest": f"sha256:{'0' * 64}"},
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"},
    ]
    manifest.write_text(json.dumps({"schemaVersion": 2, "layers": layers}))
    return blob


def hugging_face(hub: Path) -> Path:
    """A snapshot that leads to a blob, as the Hub's own tools lay them out; the snapshot."""
    repository = hub / "models--maker--Snap-GGUF"
    blob = write_model(repository / "blobs" / "draft")
    blob = blob.rename(blob.with_name(hashlib.sha256(blob.read_bytes()).hexdigest()))
    snapshot = repository / "snapshots" / ("c" * 40) / "Snap-Q8_0.gguf"
    snapshot.parent.mkdir(parents=True)
    snapshot.symlink_to(blob)
    return snapshot


def found(home: Path, **environment: str) -> dict[str, str]:
    """The names of what is found, with whose it is."""
    return {one.name: one.program for one in Discovery(home, environment).find()}


def test_every_program_is_known(home: Path):
    assert found(home) == {
        "Talk-Q4_K_M": "LM Studio",
        "Big": "LM Studio",
        "Old": "LM Studio",
        "llama3:8b": "Ollama",
        "someone/tiny:latest": "Ollama",
        "maker/Jan-4b": "Jan",
        "Hermes-Q4_0": "GPT4All",
        "Snap-Q8_0": "Hugging Face",
    }


def test_what_is_known_of_one(home: Path):
    by_name = {one.name: one for one in Discovery(home, {}).find()}
    talk, llama, snap = by_name["Talk-Q4_K_M"], by_name["llama3:8b"], by_name["Snap-Q8_0"]
    assert talk.repository == "maker/Talk-GGUF"
    assert talk.size == talk.path.stat().st_size
    assert llama.sha256 == hashlib.sha256(llama.path.read_bytes()).hexdigest()
    assert snap.repository == "maker/Snap-GGUF"
    assert snap.sha256 == hashlib.sha256(snap.path.read_bytes()).hexdigest()
    assert snap.path.name == "Snap-Q8_0.gguf"


def test_nothing_is_touched(home: Path):
    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in home.rglob("*")}

    before = state()
    assert Discovery(home, {}).find()
    assert state() == before


def test_places_that_are_named_elsewhere(home: Path, tmp_path: Path):
    ollama(tmp_path / "big-disk", "library/far", "1b")
    hugging_face(tmp_path / "hf" / "hub")
    write_model(tmp_path / "studio" / "models" / "x" / "y" / "Moved.gguf")
    (home / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'studio'}\n")
    names = found(home, OLLAMA_MODELS=str(tmp_path / "big-disk"), HF_HOME=str(tmp_path / "hf"))
    assert names["far:1b"] == "Ollama"
    assert names["Moved"] == "LM Studio"
    assert names["Snap-Q8_0"] == "Hugging Face"


def test_the_same_file_is_found_once(home: Path):
    one = home / ".lmstudio" / "models" / "maker" / "Talk-GGUF" / "Talk-Q4_K_M.gguf"
    (home / ".local/share/nomic.ai/GPT4All/Talk-Q4_K_M.gguf").symlink_to(one)
    assert [p.name for p in Discovery(home, {}).find()].count("Talk-Q4_K_M") == 1


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"layers": 3}',
        b'{"layers": [3]}',
        b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "../../x"}]}',
        b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": 7}]}',
        b"[" * 50_000,
    ],
)
def test_a_manifest_that_is_none(tmp_path: Path, manifest: bytes):
    place = tmp_path / ".ollama/models/manifests/registry.ollama.ai/library/x"
    place.mkdir(parents=True)
    (place / "latest").write_bytes(manifest)
    assert found(tmp_path) == {}


def test_an_empty_home(tmp_path: Path):
    assert found(tmp_path / "nobody") == {}
