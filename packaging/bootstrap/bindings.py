"""Builds the bindings portably, once for all checkouts, and keeps the wheel under its own key."""

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tarfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap import compiler
from bootstrap.checkout import Checkout, SetupError, child_environ, interpreter
from bootstrap.child import ChildError, pip, run_logged
from bootstrap.console import BuildClock, Console, StepClock, duration
from bootstrap.stamp import digest_of, sha256_of, write_whole
from bootstrap.turnstile import one_at_a_time

COMPILE_CORE_SECONDS = 480  # one core's work; measured, then rounded up
GIGABYTE = 1_000_000_000

# Never what this very processor can do (GGML_NATIVE): GCC before 14 compiles AMX wrongly, and a
# home may be shared by several machines.
PORTABLE_FLAGS = ("-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF", "-DGGML_OPENMP=OFF")
OLDER_FLAGS = ("-DGGML_AVX2=OFF", "-DGGML_FMA=OFF", "-DGGML_F16C=OFF", "-DGGML_BMI2=OFF")


@dataclass(frozen=True)
class Variant:
    """One way to build: its name, its CMake flags, for which processors."""

    name: str
    flags: tuple[str, ...]
    meaning: str


VARIANTS = (
    Variant("portable", PORTABLE_FLAGS, "for processors since about 2013"),
    Variant("older", PORTABLE_FLAGS + OLDER_FLAGS, "for older processors, without AVX2"),
)


@dataclass(frozen=True)
class Pin:
    """The one release of the bindings' source that we build."""

    package: str
    version: str
    sha256: str


@dataclass(frozen=True)
class BuiltWheel:
    """A wheel of ours that is whole, and the folder it was kept in."""

    path: Path
    sha256: str


def read_pin(file: Path) -> Pin:
    """The release out of a hashed requirements file that names nothing else."""
    text = file.read_text(encoding="utf-8")
    found: list[tuple[str, str]] = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", text)
    if len(found) != 1 or len(hashes) != 1:
        raise SetupError(f"{file.name} should name one release of the bindings with one hash.")
    package, version = found[0]
    return Pin(package, version, hashes[0])


def cache_key(pin: Pin, variant: Variant, system: str) -> str:
    """The folder's name for a build: whatever could change the wheel changes it."""
    words = (pin.package, pin.version, pin.sha256, *variant.flags, system)
    digest = hashlib.sha256("\0".join(words).encode()).hexdigest()[:12]
    return f"{pin.version}-{variant.name}-{system}-{digest}"


def system_name() -> str:
    """Operating system, C library and kind of processor, as far as a wheel cares."""
    if sys.platform == "darwin":
        runtime = platform.mac_ver()[0].split(".")[0]
    elif sys.platform.startswith("linux"):
        runtime = _c_library()
    else:
        runtime = platform.release()
    words = (sys.platform, runtime, platform.machine())
    return re.sub(r"[^\w.]+", "_", "-".join(words).lower())


class BindingsCache:
    """The built wheels of one person, each beside what else the source brought."""

    def __init__(self, folder: Path, checkout: Checkout, console: Console) -> None:
        self._folder = folder
        self._checkout = checkout
        self._console = console
        self._pin = read_pin(checkout.requirements / "bindings.txt")
        self._system = system_name()

    def place(self, variant: Variant) -> Path:
        """The folder of that variant's build, whether it is there or not."""
        return self._folder / cache_key(self._pin, variant, self._system)

    def find(self, variant: Variant) -> BuiltWheel | None:
        """The wheel built before; None where there is none or it is not as it was written."""
        place = self.place(variant)
        try:
            note = json.loads((place / "wheel.json").read_text(encoding="utf-8"))
            wheel = BuiltWheel(place / note["wheel"], note["sha256"])
            return wheel if sha256_of(wheel.path) == wheel.sha256 else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def provide(self, variant: Variant) -> BuiltWheel:
        """The wheel, built now where it is not there. Raises SetupError."""
        if wheel := self.find(variant):
            return wheel
        self.demand_compiler()
        place = self.place(variant)

        def waiting() -> None:
            self._console.say("    Another set-up is building the engine: waiting for it.")

        with one_at_a_time(self._folder / f"{place.name}.lock", waiting):
            if wheel := self.find(variant):
                return wheel
            # Whatever lies there is left of a build that was stopped: the lock is ours.
            work = self._folder / f"building-{place.name}"
            shutil.rmtree(work, ignore_errors=True)
            try:
                (work / "ready").mkdir(parents=True)
                self._build(variant, work)
                shutil.rmtree(place, ignore_errors=True)
                (work / "ready").replace(place)
            finally:
                shutil.rmtree(work, ignore_errors=True)
        wheel = self.find(variant)
        if wheel is None:
            raise SetupError(f"The built engine could not be read back from {place}.")
        return wheel

    def demand_compiler(self) -> None:
        """Raises SetupError where no C++ compiler works."""
        if not compiler.works(os.environ):
            raise SetupError(compiler.wish(os.environ))

    def copy_source_data(self, variant: Variant) -> None:
        """Puts the source's chat templates and vocabularies into build/, for tests."""
        for name in ("templates", "vocabularies"):
            target = self._checkout.build / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(self.place(variant) / name, target, copy_function=_link_or_copy)

    def _build(self, variant: Variant, work: Path) -> None:
        log = self._checkout.log("bindings")
        log.write_text("", encoding="utf-8")
        python = self._tools(log)
        source = self._source(python, work, log)
        (work / "temporary").mkdir()
        jobs = parallel_jobs()
        guess = COMPILE_CORE_SECONDS / jobs
        self._console.say(
            f"    Compiling {self._pin.package} {self._pin.version} {variant.meaning}:"
            f" about {duration(guess)} on {jobs} cores"
        )
        clock = BuildClock(guess)
        command = pip(python, "wheel", "-v", "--no-deps", "--no-build-isolation", "--no-cache-dir")
        try:
            run_logged(
                [*command, "--no-index", "--wheel-dir", work / "ready", source],
                log=log,
                console=self._console,
                clock=clock,
                environ=build_environ(os.environ, variant, python.parent, work / "temporary", jobs),
            )
        except ChildError as error:
            raise self._failed("The engine could not be compiled", error, log) from error
        (wheel,) = (work / "ready").glob("*.whl")
        extract_data(source, work / "ready")
        note = {
            "wheel": wheel.name,
            "sha256": sha256_of(wheel),
            "flags": variant.flags,
            "seconds": round(clock.elapsed()),
            "built": time.strftime("%Y-%m-%d %H:%M"),
        }
        write_whole(work / "ready" / "wheel.json", json.dumps(note, indent=2))

    def _tools(self, log: Path) -> Path:
        """The Python of the environment that builds; made once for each set of hashed tools."""
        wanted = self._checkout.requirements / "build.txt"
        digest = digest_of([wanted], sys.version, sys.base_prefix)[:12]
        venv = self._folder / f"tools-{digest}"
        finished = venv / "finished"
        python = interpreter(venv)
        with one_at_a_time(self._folder / f"tools-{digest}.lock", lambda: None):
            if finished.exists() and python.exists():
                return python
            self._console.say("    Fetching the build tools")
            install = pip(python, "install", "--no-deps", "--require-hashes", "--only-binary=:all:")
            self._run([sys.executable, "-m", "venv", "--clear", venv], 15, log)
            self._run([*install, "-r", wanted], 15, log)
            finished.touch()
        return python

    def _source(self, python: Path, work: Path, log: Path) -> Path:
        """The unpacked source, its hash checked."""
        self._console.say("    Fetching the engine's source (77 MB)")
        fetch = pip(python, "download", "--no-deps", "--no-cache-dir", "--no-build-isolation")
        pinned = ("--no-binary", self._pin.package, "--require-hashes", "-d", work)
        self._run([*fetch, *pinned, "-r", self._checkout.requirements / "bindings.txt"], 40, log)
        (archive,) = work.glob("*.tar.gz")
        if sha256_of(archive) != self._pin.sha256:
            raise SetupError("The engine's source is not the one that was pinned.")
        unpack(archive, work / "source")
        archive.unlink()
        (source,) = (work / "source").iterdir()
        return source

    def _run(self, command: list[str | Path], seconds: float, log: Path) -> None:
        try:
            run_logged(
                command,
                log=log,
                console=self._console,
                clock=StepClock(seconds),
                environ=child_environ(os.environ),
            )
        except ChildError as error:
            raise self._failed("What builds the engine could not be fetched", error, log) from error

    def _failed(self, what: str, error: ChildError, log: Path) -> SetupError:
        tail = "\n".join(error.tail)
        return SetupError(f"{tail}\n\n{what}; all it printed is in {self._checkout.shown(log)}.")


def build_environ(
    environ: Mapping[str, str], variant: Variant, tools: Path, temporary: Path, jobs: int
) -> dict[str, str]:
    """The variables of a build: ours decide the flags, and nothing of the person's adds any."""
    alien = ("SKBUILD", "CMAKE_", "GGML_", "LLAMA_")
    flags = {"CFLAGS", "CXXFLAGS", "CPPFLAGS", "FORCE_CMAKE"}
    kept = {
        name: value
        for name, value in child_environ(environ).items()
        if name not in flags and not name.startswith(alien)
    }
    return kept | {
        "CMAKE_ARGS": " ".join(variant.flags),
        "CMAKE_GENERATOR": "Ninja",
        "CMAKE_BUILD_PARALLEL_LEVEL": str(jobs),
        "PATH": os.pathsep.join([str(tools), kept.get("PATH", os.defpath)]),
        "TMPDIR": str(temporary),  # the usual one is often small, and in memory
    }


def parallel_jobs() -> int:
    """How many files to compile at once: one a core, and a gigabyte of memory for each."""
    if sys.platform == "linux":
        cores = len(os.sched_getaffinity(0))
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return max(min(cores, round(memory / GIGABYTE)), 1)
    return os.cpu_count() or 1


def unpack(archive: Path, target: Path) -> None:
    """Unpacks a source archive, refusing paths that lead out of it."""
    with tarfile.open(archive) as file:
        if hasattr(tarfile, "data_filter"):
            file.extractall(target, filter="data")
        else:  # Python 3.11 before 3.11.4; the archive's hash was checked
            file.extractall(target)


def extract_data(source: Path, ready: Path) -> None:
    """Keeps the chat templates and the vocabularies of llama.cpp beside the wheel."""
    models = source / "vendor" / "llama.cpp" / "models"
    wanted = {"templates": "templates/*.jinja", "vocabularies": "ggml-vocab-*.gguf*"}
    for name, pattern in wanted.items():
        (ready / name).mkdir()
        for file in sorted(models.glob(pattern)):
            shutil.copy2(file, ready / name)


def _c_library() -> str:
    """As the system names it; an interpreter may be built against an older one."""
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").replace(" ", "") or "libc"
    except (ValueError, OSError):
        return "".join(platform.libc_ver()) or "libc"


def _link_or_copy(source: str, target: str) -> None:
    """A second name costs no room; another disk needs a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
