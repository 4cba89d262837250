"""Where data, cache, models, logs and resources live; alone knows that the app may be frozen."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one installation; none is made until something is written there."""

    data: Path
    config: Path
    cache: Path
    logs: Path
    models: Path
    resources: Path
    catalogue: Path
    starter: Path

    @property
    def database(self) -> Path:
        """The file that holds every conversation."""
        return self.data / "chinwag.sqlite3"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.json"

    @property
    def contacts(self) -> Path:
        """The ledger of who was contacted."""
        return self.data / "contacts.json"

    @property
    def downloads(self) -> Path:
        """The queue of downloads."""
        return self.data / "downloads.json"

    @property
    def token(self) -> Path:
        """The Hub's token, where the system has no keyring."""
        return self.config / "hub-token"

    @property
    def model_registry(self) -> Path:
        """What we keep of model files beside themselves."""
        return self.data / "models.json"

    @property
    def header_cache(self) -> Path:
        """What the headers of model files said; can be made again."""
        return self.cache / "headers.json"

    @property
    def personas(self) -> Path:
        """The person's own personas."""
        return self.data / "personas"

    @property
    def shipped_personas(self) -> Path:
        """The personas that come with the app."""
        return self.resources / "personas"


def find_paths() -> Paths:
    """The folders for this process: under `CHINWAG_HOME` when that is set, else the system's."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[3]
    fixed = {
        "resources": root / "resources",
        "catalogue": root / "models",
        "starter": root / "models" / "starter",
    }
    home = os.environ.get("CHINWAG_HOME")
    if home:
        base = Path(home).expanduser().absolute()
        return Paths(
            data=base / "data",
            config=base / "config",
            cache=base / "cache",
            logs=base / "logs",
            models=base / "models",
            **fixed,
        )
    data = platformdirs.user_data_path("chinwag", appauthor=False)
    return Paths(
        data=data,
        config=platformdirs.user_config_path("chinwag", appauthor=False),
        cache=platformdirs.user_cache_path("chinwag", appauthor=False),
        logs=platformdirs.user_log_path("chinwag", appauthor=False),
        models=data / "models",
        **fixed,
    )


def worker_command() -> list[str]:
    """The program and arguments that start the engine process."""
    if getattr(sys, "frozen", False):
        name = "chinwag-engine.exe" if sys.platform == "win32" else "chinwag-engine"
        return [str(Path(sys.executable).with_name(name))]
    return [sys.executable, "-m", "chinwag", "--engine"]


def document_command() -> list[str]:
    """The program and arguments that start the process for the text of files."""
    program, *arguments = worker_command()
    return [program, *arguments[:-1], "--documents"]


def typesetter_command() -> list[str]:
    """The program and arguments that start the process for formulas and the colours of code."""
    program, *arguments = worker_command()
    return [program, *arguments[:-1], "--typeset"]
