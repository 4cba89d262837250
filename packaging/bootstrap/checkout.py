"""Knows where things stand: in the checkout, in its environment, in the build cache."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PYTHON_FIRST, PYTHON_AFTER = (3, 11), (3, 15)
BENDING = {
    *("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"),
    *("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_LOG", "PIP_PRE"),
    *("PIP_NO_BINARY", "PIP_ONLY_BINARY", "PIP_NO_DEPS", "PIP_NO_CLEAN", "PIP_REQUIREMENT"),
}


class SetupError(Exception):
    """Stops the set-up; its text is the sentence that the person at the terminal reads."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment that works: its interpreter, its version, its folder for packages."""

    python: Path
    version: str
    packages: Path


@dataclass(frozen=True)
class Checkout:
    """One clone of the repository."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def requirements(self) -> Path:
        return self.root / "packaging" / "requirements"

    @property
    def starter_entry(self) -> Path:
        return self.root / "models" / "starter.toml"

    @property
    def starter_folder(self) -> Path:
        return self.root / "models" / "starter"

    @property
    def stamp(self) -> Path:
        return self.venv / "set-up.json"

    @cached_property
    def app_folder(self) -> Path:
        return self.root / "app"

    def log(self, name: str) -> Path:
        """The file that keeps what a step printed."""
        self.build.mkdir(parents=True, exist_ok=True)
        return self.build / f"{name}.log"

    def shown(self, path: Path) -> str:
        """A path as we print it: short where it lies in the checkout."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    def make_app_importable(self, environment: Environment) -> None:
        """Points the environment at app/, relatively: the checkout may be moved."""
        target = os.path.relpath(self.app_folder, environment.packages)
        (environment.packages / "chinwag.pth").write_text(f"{target}\n", encoding="utf-8")


def interpreter(venv: Path) -> Path:
    """Where an environment keeps its Python."""
    if sys.platform == "win32":
        return venv / "Scripts" / "python.exe"
    return venv / "bin" / "python"


def find_environment(venv: Path) -> Environment | None:
    """The environment in that folder; None where none works with a Python we know."""
    python = interpreter(venv)
    # Without pip it is one whose making was cut short.
    question = (
        "import pip, sys, sysconfig;"
        "print('%d.%d.%d' % sys.version_info[:3]);"
        "print(sysconfig.get_path('purelib'))"
    )
    try:
        answer = subprocess.run(
            [python, "-I", "-c", question], capture_output=True, text=True, check=True, timeout=60
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    version, packages = answer[0], Path(answer[1])
    if not is_known_python(version) or not packages.is_dir():
        return None
    return Environment(python, version, packages)


def is_known_python(version: str) -> bool:
    """Whether the app supports that version of Python."""
    major, minor = version.split(".")[:2]
    return PYTHON_FIRST <= (int(major), int(minor)) < PYTHON_AFTER


def build_cache(environ: Mapping[str, str]) -> Path:
    """The folder that keeps built bindings for every checkout of this person."""
    if named := environ.get("CHINWAG_BUILD_CACHE"):
        return Path(named).expanduser().resolve()
    base = environ.get("XDG_CACHE_HOME", "")
    # The base directory specification wants relative paths ignored.
    folder = Path(base) if os.path.isabs(base) else Path.home() / ".cache"
    return folder / "chinwag-build"


def child_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables for the programs we start, without what would bend Python or pip.

    Mirrors, proxies and certificates of this machine stay; its constraints give way to our pins.
    """
    kept = {name: value for name, value in environ.items() if name not in BENDING}
    # A variable wins over pip's configuration files, but an empty one does not: so an empty file.
    return kept | {"PIP_CONSTRAINT": os.devnull, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
