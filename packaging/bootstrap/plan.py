"""Lists the steps a checkout still needs, and takes them one after the other."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bootstrap import starter_model, system_packages
from bootstrap.bindings import (
    COMPILE_CORE_SECONDS,
    VARIANTS,
    BindingsCache,
    BuiltWheel,
    Variant,
    parallel_jobs,
)
from bootstrap.checkout import (
    Checkout,
    Environment,
    SetupError,
    build_cache,
    child_environ,
    find_environment,
)
from bootstrap.child import ChildError, pip, run_logged
from bootstrap.console import Console, StepClock, duration
from bootstrap.stamp import Stage, Stamp, digest_of, read_stamp, write_stamp
from bootstrap.turnstile import one_at_a_time

PROBE_SECONDS = 300  # a loaded machine may take long over it; a build that hangs must still end


@dataclass(frozen=True)
class Step:
    """One thing to do: what it is, about how many seconds it takes, how it is done."""

    title: str
    seconds: float
    take: Callable[[], None]


class SetUp:
    """Brings one checkout to a stage."""

    def __init__(self, checkout: Checkout, stage: Stage, console: Console) -> None:
        self._checkout = checkout
        self._stage = stage
        self._console = console
        self._environment: Environment | None = None

    def bring_up(self) -> None:
        """Does what is left to do. Raises SetupError."""
        if self.is_finished():
            return
        lock = self._checkout.build / "set-up.lock"
        with one_at_a_time(lock, self._on_other_set_up):
            if not self.is_finished():
                self._take_steps()

    def is_finished(self) -> bool:
        """Whether the stamp holds for today's inputs, and what it speaks of is still there."""
        stamp = read_stamp(self._checkout.stamp)
        if not stamp.stages:
            return False
        entry = starter_model.read_entry(self._checkout.starter_entry)
        model = self._checkout.starter_folder / entry.file
        if not model.is_file() or model.stat().st_size != entry.size:
            return False
        self._environment = find_environment(self._checkout.venv)
        if self._environment is None or not (self._checkout.build / "templates").is_dir():
            return False
        digest = inputs_digest(self._checkout, self._environment, self._stage)
        return stamp.covers(self._stage, digest)

    def _on_other_set_up(self) -> None:
        self._console.say("Another set-up of this folder is running: waiting for it.")

    def _take_steps(self) -> None:
        steps = self._steps()
        left = sum(step.seconds for step in steps)
        self._console.say(f"Setting up Chinwag: about {duration(left)}, this once.")
        for number, step in enumerate(steps, 1):
            about = f"about {duration(left)} left in all"
            self._console.say(f"[{number}/{len(steps)}] {step.title} ({about})")
            step.take()
            left -= step.seconds
        self._console.say("Chinwag is set up.")

    def _steps(self) -> list[Step]:
        """What this checkout needs, in order; what can fail early comes before long downloads."""
        self._environment = find_environment(self._checkout.venv)
        cache = BindingsCache(build_cache(os.environ), self._checkout, self._console)
        steps: list[Step] = []
        is_built = bool(self._installed_variant(cache) or cache.find(VARIANTS[0]))
        if not is_built:
            cache.demand_compiler()
        missing = system_packages.find_missing(self._stage, needs_venv=self._environment is None)
        if missing:
            fetch = partial(system_packages.fetch, missing, self._checkout, self._console)
            steps.append(Step("System packages", 20 + 2 * len(missing), fetch))
        if self._environment is None:
            steps.append(Step("Virtual environment", 10, self._make_environment))
        steps.append(Step("Python packages", 60, self._install_packages))
        entry = starter_model.read_entry(self._checkout.starter_entry)
        if not starter_model.is_whole(self._checkout.starter_folder / entry.file, entry):
            seconds = starter_model.DOWNLOAD_SECONDS
            steps.append(Step("Starter model (93 MB)", seconds, self._fetch_starter))
        seconds = 10.0 if is_built else 90 + COMPILE_CORE_SECONDS / parallel_jobs()
        title = "Engine" if is_built else "Engine: built once for this computer"
        steps.append(Step(title, seconds, partial(self._install_engine, cache)))
        return steps

    def _make_environment(self) -> None:
        venv = self._checkout.venv
        if venv.exists():
            self._console.say("    The one there cannot be used: made anew")
        command = [sys.executable, "-m", "venv", "--clear", venv]
        self._run(command, 10, "packages", "The virtual environment could not be made")
        self._environment = find_environment(venv)
        if self._environment is None:
            raise SetupError("The virtual environment in .venv was made, but does not start.")

    def _install_packages(self) -> None:
        wanted = self._checkout.requirements / f"{self._stage}.txt"
        install = pip(
            self._python, "install", "--no-deps", "--require-hashes", "--only-binary=:all:"
        )
        self._run(
            [*install, "-r", wanted], 60, "packages", "Python packages could not be installed"
        )
        assert self._environment is not None
        self._checkout.make_app_importable(self._environment)

    def _fetch_starter(self) -> None:
        starter_model.fetch(self._checkout, self._python, self._console)

    def _install_engine(self, cache: BindingsCache) -> None:
        """Installs the first variant that lives through a decode."""
        installed = self._installed_variant(cache)
        first = VARIANTS.index(installed) if installed else 0
        for variant in VARIANTS[first:]:
            if variant != installed:
                self._install_wheel(cache.provide(variant))
                cache.copy_source_data(variant)
            self._console.say("    Trying the engine with the starter model")
            death = self._try_engine()
            if death is None:
                self._write_stamp(cache.place(variant).name)
                return
            self._console.say(f"    This build does not run on this processor ({death}).")
        raise SetupError("The built engine does not run on this computer; see build/engine.log.")

    def _installed_variant(self, cache: BindingsCache) -> Variant | None:
        """The variant that an earlier set-up installed and tried, if all of it is still there."""
        engine = read_stamp(self._checkout.stamp).engine
        is_there = (
            self._environment is not None
            and (self._environment.packages / "llama_cpp").is_dir()
            and (self._checkout.build / "templates").is_dir()
        )
        found = (variant for variant in VARIANTS if cache.place(variant).name == engine)
        return next(found, None) if is_there else None

    def _install_wheel(self, wheel: BuiltWheel) -> None:
        # By path and from nowhere else: no cache and no index gets to offer another build.
        install = pip(self._python, "install", "--no-index", "--no-deps", "--no-cache-dir")
        command = [*install, "--force-reinstall", wheel.path]
        self._run(command, 10, "packages", "The engine could not be installed")

    def _try_engine(self) -> str | None:
        """How the engine died at a decode, or None. Raises SetupError if it never got there."""
        entry = starter_model.read_entry(self._checkout.starter_entry)
        probe = Path(__file__).with_name("engine_probe.py")
        model = self._checkout.starter_folder / entry.file
        # ggml would start a debugger at a crash.
        environ = child_environ(os.environ) | {"GGML_NO_BACKTRACE": "1"}
        log = self._checkout.log("engine")
        with log.open("w", encoding="utf-8") as file:
            try:
                status = subprocess.run(
                    [self._python, "-I", probe, model],
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    env=environ,
                    timeout=PROBE_SECONDS,
                    check=False,
                ).returncode
            except subprocess.TimeoutExpired:
                return "it never ended"
        if status == 0:
            return None
        # An exception is no question of the processor: building again would not help.
        if status == 1:
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
            raise SetupError(f"{tail}\n\nThe built engine does not work; see build/engine.log.")
        return signal.Signals(-status).name if status < 0 else f"exit code {status}"

    def _write_stamp(self, engine: str) -> None:
        assert self._environment is not None
        # The test stage holds all that the run stage does; a new run stage may undo a test stage.
        stages = [Stage.RUN, Stage.TEST] if self._stage is Stage.TEST else [Stage.RUN]
        made = {
            stage.value: inputs_digest(self._checkout, self._environment, stage) for stage in stages
        }
        write_stamp(self._checkout.stamp, Stamp(made, engine))

    @property
    def _python(self) -> Path:
        assert self._environment is not None
        return self._environment.python

    def _run(self, command: list[str | Path], seconds: float, name: str, sentence: str) -> None:
        log = self._checkout.log(name)
        try:
            run_logged(
                command,
                log=log,
                console=self._console,
                clock=StepClock(seconds),
                environ=child_environ(os.environ),
            )
        except ChildError as error:
            tail = "\n".join(error.tail)
            raise SetupError(f"{tail}\n\n{sentence}; see {self._checkout.shown(log)}.") from error


def inputs_digest(checkout: Checkout, environment: Environment, stage: Stage) -> str:
    """All that a stage is made from, in one word."""
    names = (f"{stage}.txt", "bindings.txt", "starter.txt")
    files = [*(checkout.requirements / name for name in names), checkout.starter_entry]
    flags = (flag for variant in VARIANTS for flag in variant.flags)
    return digest_of(files, environment.version, *flags)
