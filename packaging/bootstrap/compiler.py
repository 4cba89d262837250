"""Makes sure that this machine can compile C and C++, before anything is downloaded for it."""

import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

PROGRAM = "#include <string>\nint main() { return std::string().size(); }\n"
NAMES = ("c++", "g++", "clang++")


def works(environ: Mapping[str, str]) -> bool:
    """Whether a small C++ program compiles, with its library's headers."""
    # CMake finds Microsoft's compiler without the path; let it say what it misses.
    if sys.platform == "win32":
        return True
    command = _command(environ)
    if command is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "try.cpp"
        source.write_text(PROGRAM, encoding="utf-8")
        try:
            ended = subprocess.run(
                [*command, "-std=c++17", "-o", str(Path(folder) / "try"), str(source)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=120,
                env=dict(environ),
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return ended.returncode == 0


def wish(environ: Mapping[str, str]) -> str:
    """The sentence for a machine without one."""
    if sys.platform == "darwin":
        how = "type: xcode-select --install"
    elif Path("/etc/debian_version").exists():
        how = "type: sudo apt-get install -y g++"
    else:
        how = "for instance GCC (package gcc-c++ or g++) or Clang"
    return f"The engine is built here, and no working C++ compiler was found: install one ({how})."


def _command(environ: Mapping[str, str]) -> list[str] | None:
    if named := environ.get("CXX"):
        return shlex.split(named)
    found = (shutil.which(name, path=environ.get("PATH")) for name in NAMES)
    return next(([program] for program in found if program), None)
