"""Resolves packaging/requirements/*.in to hashed files, for every Python and system we support."""

import os
import re
import sys
import tempfile
from pathlib import Path

from bootstrap.checkout import Checkout, SetupError, child_environ, interpreter
from bootstrap.child import ChildError, pip, run_logged
from bootstrap.console import Console, StepClock

OLDEST_PYTHON = "3.11"
# Only these are installed with all they need; the others stand for themselves.
RESOLVED = ("run", "test", "build", "lock")
ALONE = ("bindings", "starter")


def resolve(checkout: Checkout, console: Console, upgrade: bool) -> None:
    """Writes every .txt anew, keeping its pins unless asked to upgrade. Raises SetupError."""
    log = checkout.log("requirements")
    log.write_text("", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        python = interpreter(Path(folder) / "venv")
        _run([sys.executable, "-m", "venv", python.parent.parent], log, console, checkout)
        install = pip(python, "install", "--require-hashes", "--only-binary=:all:")
        _run([*install, "-r", checkout.requirements / "lock.txt"], log, console, checkout)
        for name in (*RESOLVED, *ALONE):
            console.say(f"Resolving {name}.in")
            _run(_compile(python, name, upgrade), log, console, checkout)
            refuse_addresses(checkout.requirements / f"{name}.txt")


def refuse_addresses(path: Path) -> None:
    """Raises SetupError if a resolved file names where packages come from."""
    found = re.search(r"://|--(extra-)?index-url|--find-links", path.read_text(encoding="utf-8"))
    if found:
        raise SetupError(f"{path.name} names an address or an index ({found[0]}).")


def _compile(python: Path, name: str, upgrade: bool) -> list[str | Path]:
    options = ["--universal", "--python-version", OLDEST_PYTHON, "--fork-strategy", "fewest"]
    options += ["--generate-hashes", "--no-config", "--no-header", "--quiet"]
    options += ["--upgrade"] if upgrade else []
    options += ["--no-deps"] if name in ALONE else []
    # One version of each package in both stages.
    options += ["--constraints", "run.txt"] if name == "test" else []
    return [python, "-m", "uv", "pip", "compile", *options, f"{name}.in", "-o", f"{name}.txt"]


def _run(command: list[str | Path], log: Path, console: Console, checkout: Checkout) -> None:
    # uv reads an index of this machine from variables: the files must not depend on it.
    environ = {k: v for k, v in child_environ(os.environ).items() if not k.startswith("UV_")}
    try:
        run_logged(
            command,
            log=log,
            console=console,
            clock=StepClock(30),
            environ=environ,
            folder=checkout.requirements,
        )
    except ChildError as error:
        tail = "\n".join(error.tail)
        raise SetupError(f"{tail}\n\nThe requirements could not be resolved.") from error
