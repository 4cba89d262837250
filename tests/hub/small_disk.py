"""A place that is soon full: a small file system where we may mount one, else a limit on files."""

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Generator[str]:
    """Let `folder` take about `size` bytes; says by what: "tmpfs" or "limit"."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    may_mount = sys.platform == "linux" and os.geteuid() == 0
    if may_mount and subprocess.run(command, capture_output=True, check=False).returncode == 0:
        try:
            yield "tmpfs"
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        return
    with file_limit(size):
        yield "limit"


@contextlib.contextmanager
def file_limit(size: int) -> Generator[None]:
    """Let no file of this process grow beyond `size` bytes; Python ignores the signal for it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
