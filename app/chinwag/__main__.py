"""Reads the command line and chooses a role: window, terminal, demonstration or a worker."""

import os
import sys
from pathlib import Path


def main() -> int:
    """Run the role that the arguments name; the process's exit code.

    Without arguments: the window where a screen answers, else a chat on the terminal, else, with
    nobody at either, one exchange in the window off-screen.
    """
    if sys.argv[1:] == ["--engine"]:
        return _run_engine()
    if sys.argv[1:] == ["--typeset"]:
        return _run_typesetter()
    if sys.argv[1:] == ["--documents"]:
        return _run_documents()
    if len(sys.argv) > 1:
        return _run_terminal(sys.argv[1:])
    from chinwag.ui.display import has_display

    if has_display():
        return _run_window()
    if sys.stdin is not None and sys.stdin.isatty():
        return _run_terminal(["chat"])
    import tempfile

    from chinwag import launch

    name = f"chinwag-window-{os.getpid()}.png"
    return launch.demonstrate(Path(tempfile.gettempdir()) / name)


def _run_window() -> int:
    from chinwag.ui import quick_start

    quick_start.begin()
    from chinwag import launch

    return launch.run()


def _run_terminal(arguments: list[str]) -> int:
    from chinwag import cli

    return cli.main(arguments)


def _run_engine() -> int:
    # Nothing slow before this: the worker is started while somebody waits for it.
    import signal

    # Ctrl+C in a terminal is meant for the app, which then says what the engine should do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from chinwag.engine import worker

    return worker.main()


def _run_typesetter() -> int:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from chinwag.services import typesetting_worker

    return typesetting_worker.main()


def _run_documents() -> int:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from chinwag.services import document_worker

    return document_worker.main()


if __name__ == "__main__":
    sys.exit(main())
