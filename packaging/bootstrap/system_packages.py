"""Finds what Qt and the tests miss on this system, and fetches it through apt where it may."""

import ctypes
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.checkout import Checkout
from bootstrap.child import ChildError, run_logged
from bootstrap.console import Console, StepClock
from bootstrap.stamp import Stage

# What Qt's own libraries and its platform plugins load, by the Debian package that has it.
LIBRARIES = {
    "libglib2.0-0": "libgthread-2.0.so.0",
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libfreetype6": "libfreetype.so.6",
    "libx11-6": "libX11.so.6",
    "libx11-xcb1": "libX11-xcb.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-glx0": "libxcb-glx.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-shm0": "libxcb-shm.so.0",
    "libxcb-sync1": "libxcb-sync.so.1",
    "libxcb-xfixes0": "libxcb-xfixes.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libwayland-client0": "libwayland-client.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libwayland-egl1": "libwayland-egl.so.1",
}
TEST_PROGRAMS = {"xvfb": "Xvfb", "xauth": "xauth", "dbus": "dbus-daemon"}
TEST_FILES = {"at-spi2-core": "/usr/share/dbus-1/services/org.a11y.Bus.service"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
EMOJI_FONT = "fonts-noto-color-emoji"
TEXT_FONT = "fonts-dejavu-core"


@dataclass(frozen=True)
class Missing:
    """A Debian package that should be there, and what of it was looked for."""

    package: str
    wanted: str


def find_missing(stage: Stage, needs_venv: bool) -> list[Missing]:
    """What this system lacks; nothing is asked of other systems than Linux."""
    if not sys.platform.startswith("linux"):
        return []
    missing = list(_missing_venv()) if needs_venv else []
    missing += [Missing(p, name) for p, name in LIBRARIES.items() if not _loads(name)]
    missing += _missing_fonts()
    if stage is Stage.TEST:
        missing += [Missing(p, name) for p, name in TEST_PROGRAMS.items() if not shutil.which(name)]
        missing += [Missing(p, name) for p, name in TEST_FILES.items() if not Path(name).exists()]
    return missing


def apt_command(packages: Sequence[str]) -> str:
    """What to type where apt is not ours to run."""
    return f"sudo apt-get update && sudo apt-get install -y {shlex.join(packages)}"


def fetch(missing: Sequence[Missing], checkout: Checkout, console: Console) -> None:
    """Installs the packages through apt, or says what to type; stops for nothing here."""
    packages = [each.package for each in missing]
    if not shutil.which("apt-get"):
        wanted = ", ".join(each.wanted for each in missing)
        console.say(f"    Not found here, and Qt or the tests may want them: {wanted}")
        return
    prefix = _root_prefix()
    if prefix is None:
        console.say("    These system packages are missing; to install them, type:")
        console.say(f"    {apt_command(packages)}")
        return
    console.say(f"    {', '.join(packages)}")
    refused = _install(prefix, packages, checkout, console)
    if refused:
        log = checkout.shown(checkout.log("system"))
        console.say(f"    apt could not install all of it (see {log}); you may want to type:")
        console.say(f"    {apt_command(refused)}")


def _install(
    prefix: list[str], packages: Sequence[str], checkout: Checkout, console: Console
) -> list[str]:
    """Installs all at once, else one by one; returns what apt refused."""
    clock = StepClock(20 + 3 * len(packages))

    def apt(*arguments: str) -> bool:
        # apt may be busy with the system's own updates: wait for it a while.
        command = [*prefix, "apt-get", "-o", "DPkg::Lock::Timeout=120", *arguments]
        try:
            run_logged(
                command,
                log=checkout.log("system"),
                console=console,
                clock=clock,
                environ=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
            )
        except (ChildError, OSError):
            return False
        return True

    apt("update")
    install = ("install", "-y", "--no-install-recommends")
    if apt(*install, *packages):
        return []
    return [package for package in packages if not apt(*install, package)]


def _root_prefix() -> list[str] | None:
    """What makes a command run as root without asking anybody; None where nothing does."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    free = subprocess.run(
        [sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    kept = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
    return [sudo, "-n", *kept] if free.returncode == 0 else None


def _missing_venv() -> Iterator[Missing]:
    """Debian takes ensurepip out of Python; a package for this very version brings it."""
    if importlib.util.find_spec("ensurepip") is None:
        own = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        yield Missing("python3-venv", "ensurepip")
        yield Missing(own, "ensurepip")


def _missing_fonts() -> Iterator[Missing]:
    names = list(_font_files(os.environ))
    if not names:
        yield Missing(TEXT_FONT, "a font")
    if not any("emoji" in name for name in names):
        yield Missing(EMOJI_FONT, "a font with colour emoji")


def _font_files(environ: Mapping[str, str]) -> Iterator[str]:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    if data := environ.get("XDG_DATA_HOME"):
        folders.append(Path(data) / "fonts")
    for folder in folders:
        for _, _, files in os.walk(folder):
            lowered = (name.lower() for name in files)
            yield from (name for name in lowered if name.endswith((".ttf", ".otf", ".ttc")))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
