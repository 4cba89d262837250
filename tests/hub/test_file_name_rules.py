"""Names come from strangers: whatever they are, a file lands under the models folder or nowhere."""

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.download import WantedFile
from chinwag.core.errors import DownloadError
from chinwag.hub.file_name_rules import LONGEST_NAME, target_of

FOLDER = Path("/models").absolute()
TRICKS = [
    "",
    "../model.gguf",
    "a/../../model.gguf",
    "a/./model.gguf",
    "..",
    "/etc/passwd",
    "//server/share/model.gguf",
    "\\\\server\\share\\model.gguf",
    "..\\model.gguf",
    "C:\\model.gguf",
    "C:model.gguf",
    "c:/model.gguf",
    "model.gguf:stream",
    "NUL",
    "nul.gguf",
    "a/CON/model.gguf",
    "Com1.gguf",
    "LPT9",
    "com¹.gguf",
    "CONIN$",
    "model\x00.gguf",
    "model\n.gguf",
    "model\x1b[2J.gguf",
    "model\x9b.gguf",
    "model\u202efugg.exe",
    "model\u2028.gguf",
    "model.gguf ",
    " model.gguf",
    "model.gguf.",
    "a//model.gguf",
    "a /model.gguf",
    "model?.gguf",
    "model*.gguf",
    "<model>.gguf",
    "model|.gguf",
    'model".gguf',
    "m" * 300 + ".gguf",
    "\ud800.gguf",
    "ü" * 150 + ".gguf",
]
DEVICES = {"con", "prn", "aux", "nul"}


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_is_refused(name: str):
    for wanted in (WantedFile("owner/name", name), WantedFile(f"owner/{name}", "model.gguf")):
        if not wanted.file or "/" in wanted.repository.partition("/")[2]:
            continue
        with pytest.raises(DownloadError) as caught:
            target_of(FOLDER, wanted)
        assert caught.value.code == "download.unsafe_name"


def test_names_that_models_have_are_left_as_they_are():
    for name in ("Qwen3.5-4B-Q4_K_M.gguf", "BF16/model-00001-of-00002.gguf", "Модель (1) é.gguf"):
        assert target_of(FOLDER, WantedFile("owner/na.me", name)) == FOLDER / "owner/na.me" / name


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=LONGEST_NAME + 60))
def test_whatever_a_name_is_the_file_stays_in_the_folder(owner: str, name: str, file: str):
    try:
        target = target_of(FOLDER, WantedFile(f"{owner}/{name}", file))
    except DownloadError:
        return
    assert target.is_relative_to(FOLDER)
    assert ".." not in target.parts
    on_windows = PureWindowsPath("C:/models").joinpath(*target.relative_to(FOLDER).parts)
    assert on_windows.is_relative_to("C:/models")
    assert not {part.split(".")[0].casefold() for part in target.parts} & DEVICES


@pytest.mark.parametrize(
    "address",
    [
        "http://models.example/model.gguf",
        "ftp://models.example/model.gguf",
        "file:///etc/model.gguf",
        "https://models.example/model.zip",
        "https://name:secret@models.example/model.gguf",
        "https:///model.gguf",
        "https://[::1/model.gguf",
        "model.gguf",
        "",
    ],
)
def test_only_encrypted_addresses_of_model_files_are_taken(address: str):
    with pytest.raises(DownloadError) as caught:
        target_of(FOLDER, WantedFile(address=address or "x"))
    assert caught.value.code == "download.address"


def test_an_address_has_a_folder_of_its_own():
    wanted = WantedFile(address="https://Models.example/a/b%20c.gguf?x=1")
    assert target_of(FOLDER, wanted) == FOLDER / "models.example" / "b c.gguf"
    with pytest.raises(DownloadError):
        target_of(FOLDER, WantedFile(address="https://models.example/..%2fnul.gguf"))
