"""Reads the command line and chooses a role: engine worker, or the terminal."""

import sys


def main() -> int:
    """Run the role that the arguments name; the process's exit code."""
    if sys.argv[1:] == ["--engine"]:
        return _run_engine()
    from chinwag import cli

    return cli.main(sys.argv[1:])


def _run_engine() -> int:
    # Nothing slow before this: the worker is started while somebody waits for it.
    import signal

    # Ctrl+C in a terminal is meant for the app, which then says what the engine should do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from chinwag.engine import worker

    return worker.main()


if __name__ == "__main__":
    sys.exit(main())
