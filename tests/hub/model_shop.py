"""A stand-in hub with one model, a client that knows the way to it, and a folder to load into."""

import random
from pathlib import Path

import pytest

from chinwag.core.contacts import Purpose
from chinwag.core.download import DownloadWish, WantedFile
from chinwag.core.errors import ChinwagError
from chinwag.hub.file_download import Download, Downloaded
from chinwag.hub.hub_client import HubClient
from chinwag.hub.patience import Patience
from chinwag.ui.wording import error_codes
from standin_hub.hub import StandinHub

MODEL = b"GGUF" + random.Random(1).randbytes(400_000)
OTHER = b"GGUF" + random.Random(2).randbytes(400_000)
HASTY = Patience(connect=5, silence=0.3, waits=(0.01, 0.01, 0.01, 0.01))
GIVES_UP = Patience(silence=5, waits=())
PATIENT = Patience(connect=60, silence=60, waits=(60.0,))
TOKEN = "hf_secret"


class Shop:
    """`fail` and the checks hold what every download has to, however it ends."""

    def __init__(self, standin: StandinHub, folder: Path) -> None:
        self.standin = standin
        self.folder = folder
        self.hosts: list[tuple[str, Purpose]] = []
        self.repository = standin.repositories.add("owner/name", {"model.gguf": MODEL})
        self.token = ""
        self.client = HubClient(self._knock, lambda origin: self.token)
        self.client.use(standin.url, "")

    @property
    def target(self) -> Path:
        return self.folder / "owner" / "name" / "model.gguf"

    @property
    def part(self) -> Path:
        return self.target.with_name("model.gguf.part")

    def wanted(self, file: str = "model.gguf", **fields: object) -> WantedFile:
        """The file as the window asks for it: pinned, its size and hash known."""
        stored = self.repository.files[file]
        known = {"revision": self.repository.head, "size": stored.size, "sha256": stored.sha256}
        return WantedFile("owner/name", file, **{**known, **fields})  # type: ignore[arg-type]

    def download(
        self, wanted: WantedFile | None = None, patience: Patience = HASTY, reserve: int = 0
    ) -> Download:
        wish = DownloadWish("A model", (wanted or self.wanted(),))
        return Download(self.client, self.folder, wish, 0, patience, reserve=reserve)

    def get(self, wanted: WantedFile | None = None, patience: Patience = HASTY) -> Downloaded:
        got = self.download(wanted, patience).run()
        assert got is not None
        return got

    def fail(self, wanted: WantedFile | None = None, patience: Patience = HASTY) -> ChinwagError:
        """Try to get it; the error, which has a sentence."""
        with pytest.raises(ChinwagError) as caught:
            self.download(wanted, patience).run()
        assert caught.value.code in error_codes()
        return caught.value

    def check_untouched(self) -> None:
        """Nothing has appeared where the file would be; what has come is its beginning."""
        assert not self.target.exists()
        assert MODEL.startswith(self.part.read_bytes() if self.part.exists() else b"")

    def check_whole(self) -> None:
        assert self.target.read_bytes() == MODEL
        assert [path.name for path in self.target.parent.iterdir()] == ["model.gguf"]

    def ranges(self) -> list[str]:
        """What was asked of the CDN, in order."""
        gets = [one for one in self.standin.log if one.listener == "cdn"]
        return [one.headers.get("range", "all") for one in gets]

    def _knock(self, host: str, purpose: Purpose) -> None:
        self.hosts.append((host, purpose))
