"""The terminal's commands as a person and a script start them: real process, engine and model."""

import fcntl
import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from chinwag.core.retention import BackupKind
from chinwag.store.backups import BackupFolder
from chinwag.store.database import Database

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals")
PATIENCE = 120
KEYS = [
    "text",
    "finish_reason",
    "persona",
    "model",
    "seed",
    "threads",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "first_token_seconds",
    "prompt_tokens_per_second",
    "tokens_per_second",
]
LOOPING = b"{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
GREEDY = b"{% set a = 'x' * 9999999 %}{% for i in range(9999) %}{{ a }}{% endfor %}"

NO_SCREEN = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}

Result = subprocess.CompletedProcess[bytes]


def chinwag(*arguments: str, stdin: bytes | None = b"", **environment: str) -> Result:
    """Run one command to its end; `stdin` None is a pipe that stays open and says nothing."""
    command = [sys.executable, "-m", "chinwag", *arguments]
    env = {**os.environ, **environment}
    if stdin is not None:
        return subprocess.run(command, input=stdin, capture_output=True, env=env, timeout=PATIENCE)
    read_end, write_end = os.pipe()
    try:
        return subprocess.run(
            command, stdin=read_end, capture_output=True, env=env, timeout=PATIENCE
        )
    finally:
        os.close(read_end)
        os.close(write_end)


def refused(result: Result) -> str:
    """The one line on standard error of a command that could not do it."""
    assert result.returncode == 1, result.stderr.decode()
    said = result.stderr.decode("utf-8")
    assert said.count("\n") == 1, said
    assert "Traceback" not in said
    assert said.rstrip().endswith("."), said
    return said


def test_version_needs_nothing() -> None:
    result = chinwag("--version", stdin=None)
    assert (result.returncode, result.stderr) == (0, b"")
    assert re.fullmatch(rb"chinwag \d+\.\d+\.\d+\s+", result.stdout)


def test_help_tells_the_exit_codes() -> None:
    result = chinwag("--help", stdin=None)
    assert result.returncode == 0
    for word in (b"ask", b"chat", b"doctor", b"130", b"CHINWAG_HOME"):
        assert word in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["ask", "--seed", "x", "Hi"], ["ask", "--persona", "a", "--system", "b", "Hi"]],
)
def test_usage_errors_take_one_line(arguments: list[str]) -> None:
    result = chinwag(*arguments)
    assert result.returncode == 2
    assert result.stderr.count(b"\n") == 1


@pytest.mark.parametrize("value", [["--temperature", "9"], ["--seed", "-4"], ["--max-tokens", "0"]])
def test_options_out_of_range_are_usage_errors(value: list[str]) -> None:
    result = chinwag("ask", *value, "Hi")
    assert result.returncode == 2
    assert result.stderr.count(b"\n") == 1
    assert b"from" in result.stderr


def test_ask_prints_the_answer_alone() -> None:
    result = chinwag("ask", "--max-tokens", "200", "--seed", "5", "Hello", stdin=None)
    assert result.returncode == 0, result.stderr
    assert result.stdout.decode("utf-8").strip()
    assert result.stdout.endswith(b"\n")


def test_ask_tells_of_a_reply_that_was_cut_off() -> None:
    result = chinwag("ask", "--max-tokens", "3", "Tell me a long story.")
    assert result.returncode == 0
    assert b"cut off" in result.stderr


def test_json_has_exactly_these_keys(starter_model: Path) -> None:
    result = chinwag("ask", "--json", "--max-tokens", "8", "--persona", "pirate", "Hello")
    assert result.returncode == 0
    answer = json.loads(result.stdout)
    assert list(answer) == KEYS
    assert answer["persona"] == "pirate"
    assert answer["model"] == starter_model.name
    assert answer["completion_tokens"] == 8
    assert answer["finish_reason"] == "length"
    assert result.stderr == b""


@pytest.mark.parametrize("how", [["--seed", "7"], ["--temperature", "0"]])
def test_two_runs_give_the_same_bytes(how: list[str]) -> None:
    asked = ["ask", "--json", "--max-tokens", "40", *how, "Tell me about the sea."]
    first, second = (json.loads(chinwag(*asked).stdout) for _run in range(2))
    assert first["text"] == second["text"]
    assert first["threads"] == second["threads"]
    assert first["cached_tokens"] == second["cached_tokens"] == 0
    if "--seed" in how:
        assert first["seed"] == second["seed"] == 7


def test_another_seed_gives_another_text() -> None:
    asked = ["ask", "--max-tokens", "30", "--temperature", "1.5", "Tell me a story."]
    assert chinwag(*asked, "--seed", "1").stdout != chinwag(*asked, "--seed", "2").stdout


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_the_question_can_be_piped_in(arguments: list[str]) -> None:
    asked = ["ask", "--json", "--seed", "1", "--max-tokens", "8"]
    piped = json.loads(chinwag(*asked, *arguments, stdin="Grüß dich! 🙂\n".encode()).stdout)
    given = json.loads(chinwag(*asked, "Grüß dich! 🙂").stdout)
    assert (piped["text"], piped["prompt_tokens"]) == (given["text"], given["prompt_tokens"])


def test_a_system_prompt_instead_of_a_persona() -> None:
    answer = json.loads(
        chinwag("ask", "--json", "--system", "Be brief.", "--max-tokens", "4", "Hi").stdout
    )
    assert answer["persona"] is None
    assert answer["prompt_tokens"] < 30


def test_a_model_by_path_and_by_name(starter_model: Path) -> None:
    for name in (str(starter_model), starter_model.name, starter_model.stem):
        result = chinwag("ask", "--max-tokens", "2", "--model", name, "Hi")
        assert result.returncode == 0, result.stderr


def test_unknown_names_are_told_with_those_that_are_known() -> None:
    assert "Pirate" in refused(chinwag("ask", "--persona", "nobody", "Hi"))
    assert "SmolLM2" in refused(chinwag("ask", "--model", "nothing", "Hi"))


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_to_ask(text: str) -> None:
    assert "nothing to ask" in refused(chinwag("ask", stdin=text.encode()))


def test_text_that_is_not_utf8() -> None:
    assert "UTF-8" in refused(chinwag("ask", stdin=b"caf\xe9"))


@ON_POSIX
def test_an_argument_that_is_not_utf8() -> None:
    command = [sys.executable, "-m", "chinwag", "ask", b"caf\xe9"]
    result = subprocess.run(command, capture_output=True, timeout=PATIENCE, input=b"")
    assert "UTF-8" in refused(result)


def test_bad_model_files_are_refused_in_a_sentence(starter_model: Path, tmp_path: Path) -> None:
    whole = starter_model.read_bytes()
    files: dict[str, tuple[bytes, str]] = {
        "empty.gguf": (b"", "empty"),
        "foreign.gguf": (b"%PDF-1.7 not a model at all", "not a GGUF"),
        "half.gguf": (whole[: len(whole) // 2], "cut short"),
        "header.gguf": (whole[:5000], "cut short"),
        "version.gguf": (whole[:4] + b"\x63\0\0\0" + whole[8:5000], "version"),
    }
    for name, (content, word) in files.items():
        file = tmp_path / name
        file.write_bytes(content)
        said = refused(chinwag("ask", "--model", str(file), "Hi"))
        assert word in said
        assert name in said
    assert "not there" in refused(chinwag("ask", "--model", str(tmp_path / "no.gguf"), "Hi"))
    assert "folder" in refused(chinwag("ask", "--model", str(tmp_path), "Hi"))


@pytest.mark.parametrize(("template", "word"), [(LOOPING, "an end"), (GREEDY, "memory")])
def test_a_hostile_template(
    starter_model: Path, tmp_path: Path, template: bytes, word: str
) -> None:
    data = starter_model.read_bytes()
    start = data.index(b"{% for message in messages %}")
    end = data.index(b"{% endif %}", data.index(b"add_generation_prompt", start)) + 11
    assert len(template) <= end - start
    file = tmp_path / "hostile.gguf"
    file.write_bytes(data[:start] + template.ljust(end - start) + data[end:])
    assert word in refused(chinwag("ask", "--model", str(file), "Hi"))


def test_a_prompt_longer_than_the_window() -> None:
    said = refused(chinwag("ask", stdin=b"word " * 6000))
    assert re.search(r"6,?\d\d\d tokens", said)
    assert re.search(r"4,?096", said)


def test_ask_needs_no_place_to_write(home: Path) -> None:
    home.mkdir()
    for folder in ("data", "logs", "cache"):
        (home / folder).write_text("a file where the folder should be")
    result = chinwag("ask", "--max-tokens", "2", "Hi")
    assert result.returncode == 0, result.stderr


def test_a_home_that_is_none(home: Path) -> None:
    home.write_text("a file where the folder should be")
    assert "settings.json" in refused(chinwag("ask", "Hi"))


def test_ask_keeps_nothing(home: Path) -> None:
    assert chinwag("ask", "--max-tokens", "2", "Hi").returncode == 0
    assert not (home / "data").exists()


def test_nothing_lies_outside_the_home(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for command in (["ask", "--max-tokens", "2", "Hi"], ["doctor"]):
        assert chinwag(*command, HOME=str(elsewhere)).returncode == 0
    assert list(elsewhere.iterdir()) == []


def test_output_is_utf8_whatever_the_locale_says() -> None:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    result = chinwag("ask", "--model", "nothing", "Hi", **plain)
    assert "“nothing”" in result.stderr.decode("utf-8")


@ON_POSIX
def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "chinwag", "ask", "--seed", "1", "Tell me a long story."]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(PATIENCE) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_to_a_full_disk() -> None:
    command = [sys.executable, "-m", "chinwag", "ask", "--max-tokens", "5", "Hi"]
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            command, input=b"", stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE
        )
    assert "cannot be written" in refused(result)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the engine in /proc")
def test_an_engine_that_dies_is_told() -> None:
    command = [sys.executable, "-m", "chinwag", "ask", "--temperature", "0", "--max-tokens", "3000"]
    process = subprocess.Popen(
        [*command, "Count from one to one thousand."],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.read(1)
    tasks = Path(f"/proc/{process.pid}/task").iterdir()
    children = " ".join((task / "children").read_text() for task in tasks).split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    _out, error = process.communicate(timeout=PATIENCE)
    assert len(children) == 1
    assert process.returncode == 1
    said = error.decode("utf-8")
    assert "SIGKILL" in said
    assert said.count("\n") == 1


@ON_POSIX
def test_ctrl_c_stops_ask() -> None:
    command = [sys.executable, "-m", "chinwag", "ask", "--temperature", "0", "--max-tokens", "3000"]
    process = subprocess.Popen(
        [*command, "Count from one to one thousand."],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    begun = process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert (begun + out).endswith(b"\n")
    assert error.count(b"\n") <= 1
    assert b"Traceback" not in error


def test_doctor_says_that_all_is_well(home: Path) -> None:
    result = chinwag("doctor", stdin=None)
    assert result.returncode == 0, result.stdout
    said = result.stdout.decode("utf-8")
    assert "Everything works." in said
    for word in ("chinwag", str(home / "data"), "CPU", "SmolLM2", "8 tokens"):
        assert word in said


def test_doctor_tells_of_the_newest_backup_and_reads_the_whole_file(home: Path) -> None:
    path = home / "data" / "chinwag.sqlite3"
    with closing(Database(path)) as database, database.transaction(durable=True) as connection:
        connection.executemany(
            "INSERT INTO folder (name) VALUES (?)", [("words " * 100,) for _ in range(500)]
        )
    when = datetime(2026, 11, 23, 10, 15)
    BackupFolder(path).make(BackupKind.DAILY, when)
    report = json.loads(chinwag("doctor", "--json", stdin=None).stdout)
    found = {check["check"]: check for check in report["checks"]}
    assert found["database"]["ok"]
    assert (found["backups"]["copies"], found["backups"]["newest"]) == (1, "2026-11-23 10:15")
    content = bytearray(path.read_bytes())
    content[-40960:-36864] = b"\xa5" * 4096
    path.write_bytes(content)
    report = json.loads(chinwag("doctor", "--json", stdin=None).stdout)
    found = {check["check"]: check for check in report["checks"]}
    assert found["database"]["code"] == "store.damaged"
    assert path.read_bytes() == bytes(content)  # it is not for the doctor to mend it


def test_doctor_finds_what_is_broken(home: Path) -> None:
    folder = home / "data" / "personas"
    folder.mkdir(parents=True)
    (folder / "pirate.toml").write_text("name = ", "utf-8")
    (home / "data" / "chinwag.sqlite3").write_bytes(b"not a database at all, but long enough" * 50)
    result = chinwag("doctor", "--json", stdin=None)
    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert report["ok"] is False
    broken = {check["check"]: check["code"] for check in report["checks"] if not check["ok"]}
    assert broken == {"persona": "persona.broken", "database": "store.damaged"}
    assert next(one for one in report["checks"] if one["check"] == "reply")["tokens"] == 8


def test_doctor_without_a_model(tmp_path: Path, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text('{"default_model": "gone.gguf"}')
    result = chinwag("doctor", stdin=None)
    assert result.returncode == 1
    assert b"!! model" in result.stdout


def test_chat_without_a_terminal_is_refused() -> None:
    assert "terminal" in refused(chinwag("chat", stdin=None))


class Talk:
    """`chinwag chat` on a terminal of its own, as the leader of its session."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = os.openpty()

        def take_terminal() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "chinwag", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=take_terminal,
            env={**os.environ, **NO_SCREEN, "TERM": "dumb", "INPUTRC": os.devnull},
        )
        os.close(theirs)
        self.said = ""

    def until(self, word: str) -> str:
        """What is printed up to and with a word, from the last such call on."""
        deadline = time.monotonic() + PATIENCE
        while word not in self.said:
            left = deadline - time.monotonic()
            assert left > 0, f"waited for {word!r}, got {self.said!r}"
            assert self._read(left), f"it ended before {word!r}: {self.said!r}"
        before, _, self.said = self.said.partition(word)
        return before + word

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl+C at the prompt, again where nothing comes of it, until the prompt is back.

        Python hears it only once it waits for a key: just after the prompt is written it may not.
        """
        for _ in range(20):
            self.type("\x03")
            while "> " not in self.said and self._read(PATIENCE / 20):
                pass
            if "> " in self.said:
                break
        self.until("> ")

    def end(self) -> int:
        """Read until it leaves; its exit code."""
        while self._read(PATIENCE):
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # the other end is closed
            return False
        self.said += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)


@pytest.fixture
def talk() -> Iterator[Callable[..., Talk]]:
    talks: list[Talk] = []

    def _talk(*arguments: str) -> Talk:
        made = Talk(*arguments)
        talks.append(made)
        return made

    yield _talk
    for made in talks:
        made.close()


@ON_POSIX
def test_a_chat_on_a_terminal(talk: Callable[..., Talk], home: Path) -> None:
    chat = talk("chat", "--persona", "Pirate")
    chat.until("Pirate · SmolLM2")
    chat.until("> ")
    chat.type("Hello there\n")
    chat.until("tokens/s")
    chat.until("> ")

    chat.type("/context\n")
    table = chat.until("Window")
    for row in ("Persona", "Its examples", "Conversation", "Together", "Free"):
        assert row in table
    chat.until("> ")

    chat.type("/prompt\n")
    prompt = chat.until("\n> ")
    assert "You are a pirate captain" in prompt
    assert "Hello there" in prompt

    chat.type("/retry\n")
    chat.until("tokens/s")
    chat.until("> ")
    chat.type("/persona tutor\n")
    chat.until("* Tutor")
    chat.until("> ")
    chat.type("/persona nobody\n")
    chat.until("no persona called")
    chat.until("> ")
    chat.type("/model\n")
    chat.until("* SmolLM2")
    chat.until("> ")
    chat.type("/dance\n")
    chat.until("There is no /dance.")
    chat.type("/help\n")
    chat.until("/retry")
    chat.until("> ")
    chat.type("/new\n")
    chat.until("Ctrl+D leaves.")
    chat.until("> ")
    chat.type("\x04")
    assert chat.end() == 0

    with sqlite3.connect(home / "data" / "chinwag.sqlite3") as database:
        roles = [row[0] for row in database.execute("SELECT role FROM message ORDER BY id")]
        titles = [row[0] for row in database.execute("SELECT title FROM conversation")]
    database.close()
    assert roles == ["system", "user", "assistant", "assistant"]
    assert titles == ["Hello there"]


@ON_POSIX
def test_ctrl_c_stops_the_reply_not_the_program(talk: Callable[..., Talk], home: Path) -> None:
    own = home / "data" / "personas"
    own.mkdir(parents=True)
    (own / "talker.toml").write_text(
        'name = "Talker"\nsystem_prompt = "Talk on."\n'
        "[options]\ntemperature = 0.0\nmax_tokens = 3500\n",
        "utf-8",
    )
    chat = talk("chat", "--persona", "Talker")
    chat.until("> ")
    chat.interrupt()
    chat.type("Count from one to one thousand.\n")
    chat.until("thousand.\n")
    # The first words of the reply, whatever they are.
    while not chat.said.strip():
        assert chat._read(PATIENCE)
    chat.type("\x03")
    chat.until("stopped]")
    chat.until("> ")
    chat.type("/context\n")
    chat.until("Window")
    chat.type("/quit\n")
    assert chat.end() == 0


@ON_POSIX
def test_no_arguments_on_a_terminal_is_a_chat(talk: Callable[..., Talk]) -> None:
    chat = talk()
    chat.until("Ctrl+D leaves.")
    chat.until("> ")
    chat.type("/quit\n")
    assert chat.end() == 0


@ON_POSIX
@pytest.mark.parametrize("fault", ["newer", "in_the_way"])
def test_a_chat_refuses_a_database_it_must_not_touch(
    talk: Callable[..., Talk], home: Path, fault: str
) -> None:
    file = home / "data" / "chinwag.sqlite3"
    if fault == "in_the_way":
        home.write_text("a file where the folder should be")
        before = home.read_bytes()
    else:
        file.parent.mkdir(parents=True)
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA user_version = 9999")
            database.execute("CREATE TABLE conversation (id INTEGER)")
        database.close()
        before = file.read_bytes()
    chat = talk("chat")
    code = chat.end()
    assert code == 1
    assert chat.said.count("\n") == 1, chat.said
    assert "Traceback" not in chat.said
    assert (home if fault == "in_the_way" else file).read_bytes() == before


@ON_POSIX
def test_a_chat_sets_a_damaged_database_aside(talk: Callable[..., Talk], home: Path) -> None:
    file = home / "data" / "chinwag.sqlite3"
    file.parent.mkdir(parents=True)
    damaged = b"this is no database " * 100
    file.write_bytes(damaged)
    chat = talk("chat")
    chat.until("> ")
    chat.type("/quit\n")
    assert chat.end() == 0
    assert "Traceback" not in chat.said
    kept = [path for path in file.parent.rglob("*") if path.is_file() and path != file]
    assert damaged in [path.read_bytes() for path in kept]
