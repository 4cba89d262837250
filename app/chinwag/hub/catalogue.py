"""Reads and checks models/*.toml: the families that we recommend, and the starter model."""

import tomllib
from pathlib import Path

from chinwag.core.errors import CatalogueError
from chinwag.core.recommended import (
    CatalogueModel,
    StarterEntry,
    models_from_toml,
    starter_from_toml,
)

STARTER = "starter.toml"


def read_catalogue(folder: Path) -> list[CatalogueModel]:
    """Every model that we recommend, by family and then as the file has them.

    Raises CatalogueError: `catalogue.unreadable`, `catalogue.entry`.
    """
    files = sorted(path for path in folder.glob("*.toml") if path.name != STARTER)
    return [model for path in files for model in models_from_toml(path.name, _table(path))]


def read_starter(folder: Path) -> StarterEntry:
    """The starter model; raises CatalogueError as `read_catalogue` does."""
    path = folder / STARTER
    return starter_from_toml(path.name, _table(path))


def _table(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        reason = str(error)
        raise CatalogueError("catalogue.unreadable", file=path.name, reason=reason) from error
