"""The stand-in hub in a process of its own: `python -m standin_hub --dir FOLDER`.

The folder holds `owner/name/files…`. Prints one JSON line with both addresses, then serves until
standard input closes.
"""

import argparse
import json
import sys
from pathlib import Path

from standin_hub.hub import StandinHub


def main() -> int:
    parser = argparse.ArgumentParser(prog="standin_hub", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    with StandinHub(options.port) as hub:
        hub.repositories.add_folder(options.dir)
        for repository in hub.repositories.by_id.values():
            for name, file in repository.files.items():
                hub.files.put_plain(f"{repository.id}/{name}", file)
        print(json.dumps({"hub": hub.url, "cdn": hub.cdn.url}), flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
