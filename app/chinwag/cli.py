"""The terminal's commands over the same services as the window: ask, chat, models, doctor."""

import argparse
import contextlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

import chinwag
from chinwag.core.errors import ChinwagError, OptionError
from chinwag.core.paths import find_paths

if TYPE_CHECKING:
    # Not loaded before the arguments are known: `--version` and `--help` need no Qt.
    from chinwag.services.question import Answer, Question
    from chinwag.ui.terminal import Terminal

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
_MOST_ROWS = 1_000

_EPILOG = """\
exit codes:
  0    done
  1    it could not be done; standard error says why in one line
  2    the arguments make no sense
  70   a mistake in the program; the log tells more
  130  stopped with Ctrl+C

environment:
  CHINWAG_HOME=DIR  keep data, config, cache, logs and models under DIR
  HF_ENDPOINT=URL   a mirror of the Hub, unless the preferences name one
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY  the way out, unless the preferences name one

without arguments: the window, or a chat where there is a terminal and no screen
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; the process's exit code."""
    options = _parser().parse_args(arguments)
    sys.excepthook = _say_bug
    from PySide6.QtCore import QCoreApplication

    from chinwag.ui import wording
    from chinwag.ui.number_language import speak_english_without_a_locale
    from chinwag.ui.terminal import OutputClosed, standard_terminal

    terminal = standard_terminal()
    application = QCoreApplication.instance() or QCoreApplication([])
    application.setApplicationName("chinwag")
    speak_english_without_a_locale()
    run: dict[str, Callable[..., int]] = {
        "ask": _ask,
        "chat": _chat,
        "models": _models,
        "doctor": _doctor,
    }
    try:
        return run[options.command](options, terminal)
    except OptionError as error:
        terminal.complain(wording.error_sentence(error))
        return EXIT_USAGE
    except ChinwagError as error:
        terminal.complain(wording.error_sentence(error))
        return EXIT_FAILED
    except OutputClosed:
        return EXIT_OK
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every other error."""
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="chinwag",
        description=chinwag.__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"chinwag {chinwag.__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", required=True
    )
    ask = commands.add_parser(
        "ask", help="answer one question and leave; nothing of it is kept", allow_abbrev=False
    )
    ask.add_argument("text", nargs="?", help="the question; `-` or nothing: standard input")
    speaker = ask.add_mutually_exclusive_group()
    speaker.add_argument("--persona", metavar="NAME", help="who answers")
    speaker.add_argument("--system", metavar="TEXT", help="a system prompt instead of a persona")
    ask.add_argument("--model", metavar="PATH_OR_ID", help="a GGUF file, or an installed model")
    ask.add_argument("--max-tokens", metavar="N", type=int, help="the longest reply")
    ask.add_argument("--temperature", metavar="T", type=float, help="0: always the likeliest")
    ask.add_argument("--seed", metavar="N", type=int, help="the same seed gives the same text")
    ask.add_argument("--json", action="store_true", help="print one object with statistics")
    chat = commands.add_parser(
        "chat", help="talk in the terminal; kept like any other chat", allow_abbrev=False
    )
    chat.add_argument("--persona", metavar="NAME", help="who answers")
    chat.add_argument("--model", metavar="PATH_OR_ID", help="a GGUF file, or an installed model")
    _add_models(commands)
    doctor = commands.add_parser(
        "doctor", help="check this installation and say what is broken", allow_abbrev=False
    )
    doctor.add_argument("--json", action="store_true", help="print one object")
    return parser


def _add_models(commands: "argparse._SubParsersAction[_Parser]") -> None:
    models = commands.add_parser(
        "models", help="list, check and remove the models on this computer", allow_abbrev=False
    )
    wishes = models.add_subparsers(
        dest="wish", metavar="WISH", title="what can be done", required=True
    )
    which = "the id, the name or the path of an installed model"
    for name, told in (
        ("list", "the models on this computer"),
        ("verify", "compare a model's bytes with what they should be"),
        ("remove", "put a model into the system's bin; unlist one that is linked"),
    ):
        wish = wishes.add_parser(name, help=told, allow_abbrev=False)
        if name != "list":
            wish.add_argument("model", metavar="ID", help=which)
        wish.add_argument("--json", action="store_true", help="print one object")
    search = wishes.add_parser("search", help="look for models on the Hub", allow_abbrev=False)
    search.add_argument("words", nargs="*", metavar="WORDS", help="nothing: what is trending")
    search.add_argument(
        "--sort",
        choices=("trending", "downloads", "likes", "newest"),
        default="trending",
        help="what comes first",
    )
    search.add_argument("--limit", metavar="N", type=_count, default=20, help="rows at most")
    search.add_argument("--json", action="store_true", help="print one object")
    show = wishes.add_parser(
        "show", help="what a repository on the Hub can give", allow_abbrev=False
    )
    show.add_argument(
        "model", metavar="OWNER/NAME", help="perhaps with :QUANTIZATION; or its address"
    )
    show.add_argument("--json", action="store_true", help="print one object")
    get = wishes.add_parser(
        "get",
        help="download a model, or go on with one; its SHA-256 is compared",
        allow_abbrev=False,
    )
    get.add_argument(
        "model",
        metavar="OWNER/NAME",
        help="a repository, perhaps with :QUANTIZATION; or the https address of a .gguf file",
    )
    get.add_argument("--file", metavar="FILE", default="", help="which file of the repository")
    get.add_argument("--json", action="store_true", help="print one object")


def _count(text: str) -> int:
    """A number of rows, for argparse."""
    count = int(text)
    if not 1 <= count <= _MOST_ROWS:
        raise ValueError(text)
    return count


def _ask(options: argparse.Namespace, terminal: "Terminal") -> int:
    from chinwag.services.question import Question
    from chinwag.ui import wording

    text = _question_text(options.text, terminal)
    question = Question(
        text=text,
        persona=options.persona,
        system=None if options.system is None else _utf8(options.system),
        model=options.model,
        max_tokens=options.max_tokens,
        temperature=options.temperature,
        seed=options.seed,
    )
    written: list[str] = []
    answer = _answer(question, written.append if options.json else terminal.write)
    if answer.statistics is None:
        return EXIT_INTERRUPTED
    if options.json:
        terminal.line(json.dumps(answer.as_object(), ensure_ascii=False))
    else:
        terminal.line()
    reason = answer.statistics.finish_reason
    if reason != "stop" and not options.json:
        terminal.complain(f"[{wording.finish_reason(reason)}]")
    return EXIT_INTERRUPTED if reason == "cancelled" else EXIT_OK


def _answer(question: "Question", write: Callable[[str], None]) -> "Answer":
    from chinwag.services.engine_room import EngineRoom
    from chinwag.services.interrupts import Interrupts
    from chinwag.services.question import OneQuestion

    room = EngineRoom(find_paths())
    interrupts = Interrupts(room)
    try:
        return OneQuestion(room, write, interrupts).ask(question)
    finally:
        interrupts.close()
        room.close()


def _question_text(text: str | None, terminal: "Terminal") -> str:
    """The argument, or standard input to its end without its last line break."""
    if text is None or text == "-":
        text = terminal.read_all()
        text = text.removesuffix("\n").removesuffix("\r")
    if not text.strip():
        raise ChinwagError("input.empty")
    return _utf8(text)


def _utf8(text: str) -> str:
    """The text; raises ChinwagError `input.not_utf8` for an argument that was not UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ChinwagError("input.not_utf8", position=error.start) from error
    return text


def _say_bug(
    kind: type[BaseException], value: BaseException, trace: TracebackType | None
) -> NoReturn:
    """A mistake of ours: one line for the person, the traceback for the log, and leave.

    Also for slots, whose exceptions Qt would otherwise pass over while somebody waits.
    """
    if issubclass(kind, KeyboardInterrupt):
        os._exit(EXIT_INTERRUPTED)
    log = find_paths().logs / "chinwag.log"
    with contextlib.suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.writelines(traceback.format_exception(kind, value, trace))
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        said = " ".join(f"{kind.__name__}: {value}".split())
        sys.stderr.write(f"chinwag: a mistake in the program ({said}); see {log}\n")
        sys.stderr.flush()
    # The engine leaves when its standard input closes.
    os._exit(EXIT_BUG)


def _chat(options: argparse.Namespace, terminal: "Terminal") -> int:
    from chinwag.services.assembly import Assembly
    from chinwag.services.interrupts import Interrupts
    from chinwag.ui.backup_words import recovered_sentence
    from chinwag.ui.terminal_chat import TerminalChat

    if not terminal.is_input_terminal:
        raise ChinwagError("input.not_terminal")
    house = Assembly(find_paths())
    if house.safekeeping.recovery is not None:
        terminal.complain(recovered_sentence(house.safekeeping.recovery))
    interrupts = Interrupts(house)
    try:
        talk = TerminalChat(house.chat, house.shelf, house.preferences, terminal, interrupts)
        talk.run(options.persona, options.model)
    finally:
        interrupts.close()
        house.close()
    return EXIT_OK


def _models(options: argparse.Namespace, terminal: "Terminal") -> int:
    from chinwag.services.engine_room import EngineRoom
    from chinwag.ui.terminal_models import TerminalModels

    if options.wish in ("search", "show"):
        return _hub(options, terminal)
    if options.wish == "get":
        return _get(options, terminal)
    room = EngineRoom(find_paths())
    try:
        models = TerminalModels(room.keeping, room.preferences, terminal)
        is_done = models.run(options.wish, options.json, getattr(options, "model", ""))
    finally:
        room.close()
    return EXIT_OK if is_done else EXIT_FAILED


def _hub(options: argparse.Namespace, terminal: "Terminal") -> int:
    from datetime import UTC, datetime

    from chinwag.services.engine_room import EngineRoom
    from chinwag.services.machine import MachineService
    from chinwag.ui.terminal_hub import TerminalHub

    paths = find_paths()
    room = EngineRoom(paths)
    try:
        machine = MachineService(paths.cache, room.tasks, room).machine
        window = room.preferences.settings.window_tokens
        hub = TerminalHub(room.hub, machine, window, lambda: datetime.now(UTC), terminal)
        if options.wish == "search":
            words = _utf8(" ".join(options.words))
            hub.search(words, options.sort, options.limit, options.json)
        else:
            hub.show(_utf8(options.model), options.json)
    finally:
        room.close()
    return EXIT_OK


def _get(options: argparse.Namespace, terminal: "Terminal") -> int:
    from chinwag.services.engine_room import EngineRoom
    from chinwag.services.interrupts import Interrupts
    from chinwag.ui.terminal_download import TerminalDownload

    room = EngineRoom(find_paths())
    interrupts = Interrupts(room)
    try:
        download = TerminalDownload(room, terminal, interrupts)
        is_done = download.run(_utf8(options.model), _utf8(options.file), options.json)
    finally:
        interrupts.close()
        room.close()
    return EXIT_OK if is_done else EXIT_INTERRUPTED


def _doctor(options: argparse.Namespace, terminal: "Terminal") -> int:
    from chinwag.services.checkup import Checkup
    from chinwag.ui.checkup_words import finding_line, findings_as_object, verdict

    findings = Checkup(find_paths()).run()
    if options.json:
        terminal.line(json.dumps(findings_as_object(findings), ensure_ascii=False))
    else:
        for finding in findings:
            terminal.line(finding_line(finding))
        terminal.line(verdict(findings))
    return EXIT_FAILED if any(finding.error for finding in findings) else EXIT_OK
