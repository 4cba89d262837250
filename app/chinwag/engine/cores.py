"""How many cores this process may use, and how many threads to take of them."""

import os


def usable_cores() -> int:
    """Cores that this process may run on, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def default_threads() -> int:
    """One thread fewer than the cores, at least one.

    llama.cpp's threads spin at barriers: when they take every core of a desktop that is doing
    anything else, each token waits for the slowest of them.
    """
    return max(1, usable_cores() - 1)
