"""The catalogue is whole, has a step for every computer, and is sorted for the one it runs on."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.errors import CatalogueError
from chinwag.core.fit import FAST_TOKENS_PER_SECOND, FitMark, Machine
from chinwag.core.recommended import models_from_toml, recommend
from chinwag.hub.catalogue import read_catalogue, read_starter

FOLDER = Path(__file__).resolve().parents[2] / "models"
MODELS = read_catalogue(FOLDER)
FILES = [(model, file) for model in MODELS for file in model.files]
GB = 10**9
WINDOW = 4096


def test_a_step_at_each_doubling():
    sizes = [file.size for _, file in FILES]
    low = GB // 4
    while low < 20 * GB:
        assert any(low <= size < 2 * low for size in sizes), f"none from {low} to {2 * low}"
        low *= 2
    assert sum(size < GB for size in sizes) >= 3
    assert 19 * GB < max(sizes) < 22 * GB


def test_every_entry_tells_what_a_person_wants_to_know():
    for model, file in FILES:
        assert model.repository.count("/") == 1
        assert model.repository.endswith("-GGUF")
        assert model.licence == "Apache-2.0"
        assert model.good_for.endswith(".")
        assert model.good_for.count(". ") == 0, "one sentence"
        assert model.window_tokens >= 8192
        assert model.sampling.as_dict(), model.name
        assert file.pattern.endswith(".gguf")
        # from 2 to 17 bits for each parameter: neither was forgotten a nought
        assert 2 / 8 < file.size / model.shape.parameters < 17 / 8, model.name
    ids = [one.id for one in recommend(MODELS, Machine(GB, GB, GB), WINDOW)]
    assert len(set(ids)) == len(ids)


def test_patterns_know_their_files():
    by_name = {f"{model.name} {file.quantization}": file for model, file in FILES}
    gemma = by_name["Gemma 4 E4B Q4"]
    assert gemma.is_named("gemma-4-E4B-it-Q4_K_M.gguf")
    assert gemma.is_named("sub/folder/gemma-4-e4b-it-q4_0.GGUF")
    assert not gemma.is_named("gemma-4-E4B-it-Q8_0.gguf")
    assert not gemma.is_named("mmproj-gemma-4-E4B-it-Q4_0.gguf")
    assert by_name["gpt-oss 20B MXFP4"].is_named("gpt-oss-20b-mxfp4.gguf")


def test_the_starter_is_the_one_that_set_up_checks():
    starter = read_starter(FOLDER)
    assert starter.size == 98_362_432
    assert len(starter.sha256) == 64


@given(
    free=st.integers(0, 200 * GB),
    bandwidth=st.one_of(st.just(0.0), st.floats(1e8, 1e12)),
    window=st.integers(512, 2**20),
)
def test_one_pick_for_every_computer(free: int, bandwidth: float, window: int):
    rows = recommend(MODELS, Machine(free, free, bandwidth), window)
    assert len(rows) == len(FILES)
    best = [row for row in rows if row.is_best]
    fast = [row for row in rows if row.fit.mark is FitMark.FAST]
    assert len(best) == (1 if fast else 0)
    for row in best:
        assert row is rows[0]
        assert row.fit.is_fit
        assert row.fit.tokens_per_second >= FAST_TOKENS_PER_SECOND
        roomy = [one for one in fast if one.fit.needed <= 0.75 * free] or fast
        assert row.model.shape.parameters == max(one.model.shape.parameters for one in roomy)
    marks = [row.fit.mark for row in rows]
    assert marks == sorted(marks, key=[*FitMark].index) or FitMark.FITS in marks
    assert [row.fit.is_fit for row in rows] == sorted((r.fit.is_fit for r in rows), reverse=True)


@pytest.mark.parametrize(
    ("free", "bandwidth", "wanted"),
    [(1 * GB, 10 * GB, "under 1 GB"), (6 * GB, 20 * GB, "small"), (30 * GB, 60 * GB, "experts")],
)
def test_picks_of_some_computers(free: int, bandwidth: float, wanted: str):
    best = recommend(MODELS, Machine(free, free, bandwidth), WINDOW)[0]
    assert best.is_best
    if wanted == "under 1 GB":
        assert best.file.size < GB
    elif wanted == "small":
        assert GB < best.file.size < 4 * GB
    else:
        assert best.model.shape.active_parameters


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('family = "X"', "", "family"),
        ('licence = "MIT"', "licence = 3", "licence"),
        ("window = 10", 'window = "10"', "window"),
        ("window = 10", "window = true", "window"),
        ("parameters = 7", "", "parameters"),
        ("about = 5", "about = 5.5", "about"),
        ("temperature = 1", "temperature = 9", "sampling"),
        ("temperature = 1", "warmth = 1", "sampling"),
        ('good_for = "All."', 'good_for = ""', "good_for"),
        ("files = [", "others = [", "files"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, key: str):
    text = """
    family = "X"
    licence = "MIT"
    [[models]]
    name = "X 1"
    repository = "a/b"
    good_for = "All."
    parameters = 7
    window = 10
    sampling = { temperature = 1 }
    files = [{ file = "x.gguf", quantization = "Q8_0", about = 5 }]
    """
    [model] = models_from_toml("x.toml", tomllib.loads(text))
    assert (model.family, model.shape.parameters, model.files[0].size) == ("X", 7, 5)
    assert text.count(old) == 1
    with pytest.raises(CatalogueError) as caught:
        models_from_toml("x.toml", tomllib.loads(text.replace(old, new)))
    assert caught.value.code == "catalogue.entry"
    assert caught.value.values == {"file": "x.toml", "key": key}


def test_a_file_that_is_no_toml(tmp_path: Path):
    (tmp_path / "x.toml").write_text("family =")
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(tmp_path)
    assert caught.value.code == "catalogue.unreadable"
