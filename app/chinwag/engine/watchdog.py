"""Stops Python code of a stranger's after a while, by raising in its own thread."""

import ctypes
import threading
from collections.abc import Generator
from contextlib import contextmanager


class TimeLimitExceeded(Exception):
    """The code under `time_limit` took too long."""


@contextmanager
def time_limit(seconds: float) -> Generator[None]:
    """Raise TimeLimitExceeded inside the block once `seconds` have passed.

    Uses CPython's PyThreadState_SetAsyncExc, which acts between bytecodes: a single long call
    into C is not interrupted, so callers cap what one call may make.
    """
    thread_id = threading.get_ident()
    lock = threading.Lock()
    is_over = False

    def interrupt() -> None:
        with lock:
            if not is_over:
                _raise_in(thread_id, TimeLimitExceeded)

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            is_over = True
        timer.cancel()
        # an exception that was set but not yet delivered must not strike outside the block
        _raise_in(thread_id, None)
        timer.join()


def _raise_in(thread_id: int, kind: type[Exception] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread_id), None if kind is None else ctypes.py_object(kind)
    )
