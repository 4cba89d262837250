"""Lets `python packaging/bootstrap STAGE` run the set-up before anything is installed."""

import sys
from pathlib import Path


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python must meet a sentence
        print("Chinwag needs Python 3.11 to 3.14.", file=sys.stderr)
        return 1
    # Python has put this folder on the path: its parent is what we import from.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from bootstrap.command import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
