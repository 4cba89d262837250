"""Standard streams as a person's terminal or another program's pipe: UTF-8, quiet when cut off."""

import contextlib
import ctypes
import io
import os
import re
import sys
from typing import TextIO

from chinwag.core.errors import ChinwagError

# What could move the cursor or change the terminal; a model may write anything.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class OutputClosed(Exception):
    """Whoever read our output has gone; leave without a word."""


class Terminal:
    """Writes to standard output and standard error whatever the locale says."""

    def __init__(self, out: TextIO, error: TextIO, source: TextIO) -> None:
        self._out = out
        self._error = error
        self._source = source
        for stream in (out, error):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")

    @property
    def is_input_terminal(self) -> bool:
        """Whether somebody can be asked."""
        return self._is_terminal(self._source)

    def write(self, text: str) -> None:
        """Write at once; on a terminal without control characters.

        Raises OutputClosed, or ChinwagError `output.failed`.
        """
        if self._is_terminal(self._out):
            text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
        try:
            self._out.write(text)
            self._out.flush()
        except BrokenPipeError as error:
            self._abandon()
            raise OutputClosed from error
        except OSError as error:
            self._abandon()
            reason = error.strerror or str(error)
            raise ChinwagError("output.failed", reason=reason) from error

    def line(self, text: str = "") -> None:
        """Write a line."""
        self.write(f"{text}\n")

    def complain(self, sentence: str) -> None:
        """Write one line to standard error."""
        with contextlib.suppress(OSError):
            self._error.write(_CONTROLS.sub(" ", sentence) + "\n")
            self._error.flush()

    def show_progress(self, text: str) -> None:
        """Write over the line at the cursor, on a terminal only; "" takes it away."""
        if self._is_terminal(self._error):
            with contextlib.suppress(OSError):
                self._error.write("\r\x1b[K" + _CONTROLS.sub(" ", text))
                self._error.flush()

    def read_all(self) -> str:
        """Standard input to its end; raises ChinwagError (`input.not_utf8`, `.unreadable`)."""
        try:
            data = self._source.buffer.read()
        except OSError as error:
            raise ChinwagError("input.unreadable", reason=error.strerror or str(error)) from error
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ChinwagError("input.not_utf8", position=error.start) from error

    def ask(self, prompt: str) -> str | None:
        """A line typed by a person, None at the end of the input.

        Raises KeyboardInterrupt on Ctrl+C, ChinwagError `input.not_utf8`.
        """
        # PySide would run the Qt loop meanwhile, and Ctrl+C be raised in whatever slot runs then.
        ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_InputHook").value = None
        try:
            return input(prompt)
        except EOFError:
            return None
        except UnicodeDecodeError as error:
            raise ChinwagError("input.not_utf8", position=error.start) from error

    def _is_terminal(self, stream: TextIO) -> bool:
        try:
            return stream.isatty()
        except (ValueError, AttributeError):  # closed, or none at all
            return False

    def _abandon(self) -> None:
        # What is still buffered would fail again when Python leaves.
        with contextlib.suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._out.fileno())
            os.close(null)


def standard_terminal() -> Terminal:
    """The terminal of this process."""
    return Terminal(sys.stdout, sys.stderr, sys.stdin)
