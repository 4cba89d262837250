"""Downloads in processes of their own, to be killed: forks one for each line of standard input.

    downloading.py HUB FOLDER

Prints the process id of each, and what came of it if it lived to the end.
"""

import os
import sys
from pathlib import Path

from chinwag.core.contacts import Purpose
from chinwag.core.download import DownloadWish, WantedFile
from chinwag.hub.file_download import Download
from chinwag.hub.hub_client import HubClient, import_library
from chinwag.hub.patience import Patience


def knock(host: str, purpose: Purpose) -> None:
    """Everybody may be asked."""


def main() -> int:
    hub, folder = sys.argv[1:]
    import_library()
    import httpx2  # noqa: F401 - once, before there are many
    import huggingface_hub.utils  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.setsid()
            client = HubClient(knock)
            client.use(hub, "")
            wish = DownloadWish("A model", (WantedFile("owner/name", line.strip()),))
            try:
                Download(client, Path(folder), wish, 0, Patience(waits=()), reserve=0).run()
            finally:
                os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
