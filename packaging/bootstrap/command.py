"""Reads the command line of the set-up and turns its failures into sentences and exit codes."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bootstrap import lock_files
from bootstrap.checkout import Checkout, SetupError, is_known_python
from bootstrap.console import Console, complain
from bootstrap.plan import SetUp
from bootstrap.stamp import Stage


def run(arguments: Sequence[str]) -> int:
    """Does what was asked for and returns the exit code."""
    options = _parser().parse_args(arguments)
    checkout = Checkout(Path(__file__).resolve().parents[2])
    console = Console(sys.stdout)
    try:
        _require_python()
        if options.stage == "requirements":
            lock_files.resolve(checkout, console, options.upgrade)
        else:
            SetUp(checkout, Stage(options.stage), console).bring_up()
    except SetupError as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(f"The set-up could not go on: {error}.")
        return 1
    except KeyboardInterrupt:
        complain("Stopped. The same command goes on from here.")
        return 130
    return 0


def _require_python() -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    if not is_known_python(version):
        raise SetupError(f"Chinwag needs Python 3.11 to 3.14; this is {version}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bootstrap", description="Sets up this checkout.")
    stages = parser.add_subparsers(dest="stage", required=True, metavar="STAGE")
    stages.add_parser("run", help="what the app needs")
    stages.add_parser("test", help="that, and what checks and tests need")
    requirements = stages.add_parser("requirements", help="resolve the hashed requirements")
    requirements.add_argument("--upgrade", action="store_true", help="take newer releases")
    return parser
