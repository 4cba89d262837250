"""A chat in a terminal: streams replies; Ctrl+C stops the reply, not the program; /commands."""

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, SignalInstance, Slot

from chinwag.core.conversation import Message, MessageStatus, Role
from chinwag.core.errors import ChinwagError
from chinwag.core.memory_rules import Overflow
from chinwag.core.model import ModelPhase
from chinwag.core.persona import Persona
from chinwag.core.seen_prompt import SeenPrompt
from chinwag.core.window import overfull
from chinwag.services.asking import Overfull
from chinwag.services.chat import ChatService
from chinwag.services.interrupts import Interrupts
from chinwag.services.model_shelf import ModelShelf
from chinwag.services.preferences import PreferencesService
from chinwag.ui import wording
from chinwag.ui.terminal import OutputClosed, Terminal

WIDTH = 22


class TerminalChat(QObject):
    """Takes turns: a line is read while the Qt loop rests, a reply while it runs."""

    def __init__(
        self,
        chat: ChatService,
        shelf: ModelShelf,
        preferences: PreferencesService,
        terminal: Terminal,
        interrupts: Interrupts,
    ) -> None:
        super().__init__()
        self._chat = chat
        self._shelf = shelf
        self._preferences = preferences
        self._terminal = terminal
        self._interrupts = interrupts
        self._loop = QEventLoop(self)
        self._failure: Exception | None = None
        self._commands: dict[str, Callable[[str], None]] = {
            "/persona": self._choose_persona,
            "/model": self._choose_model,
            "/context": self._show_context,
            "/prompt": self._show_prompt,
            "/drop": self._drop,
            "/retry": self._retry,
            "/new": self._start_anew,
            "/help": self._help,
        }
        self._is_interrupted = False
        self._has_trouble = False
        chat.text_appended.connect(self._on_text_appended)
        chat.trouble.connect(self._on_trouble)
        chat.overfull.connect(self._on_overfull)
        interrupts.interrupted.connect(self._on_interrupted)
        # Whatever happens ends a round of the loop; whoever waits looks whether it is enough.
        chat.state_changed.connect(self._loop.quit)
        chat.conversation_opened.connect(self._loop.quit)
        shelf.models_listed.connect(self._loop.quit)
        shelf.model_state_changed.connect(self._loop.quit)

    def run(self, persona: str | None, model: str | None) -> None:
        """Talk until Ctrl+D or /quit; raises what keeps the terminal from being written to."""
        # readline makes input() editable, where the system has it.
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401
        self._wait_for(self._shelf.models_listed, self._shelf.refresh)
        self._wait_for(self._chat.conversation_opened, self._chat.new)
        if model is not None:
            self._wait_for(self._shelf.model_state_changed, lambda: self._shelf.choose(model))
        if persona is not None:
            self._chat.set_persona(persona)
        self._shelf.load()
        self._greet()
        while True:
            try:
                line = self._terminal.ask("\n> ")
            except KeyboardInterrupt:
                self._terminal.line()
                continue
            except ChinwagError as error:
                self._terminal.complain(wording.error_sentence(error))
                continue
            if line is None or line.strip() in ("/quit", "/exit"):
                break
            self._answer(line)

    @Slot(int, str)
    def _on_text_appended(self, _message_id: int, text: str) -> None:
        # A slot cannot raise to the caller of the loop: keep the failure and end the loop.
        try:
            self._terminal.write(text)
        except (OutputClosed, ChinwagError) as failure:
            self._failure = failure
            self._chat.stop()
            self._loop.quit()

    @Slot(ChinwagError)
    def _on_trouble(self, error: ChinwagError) -> None:
        self._terminal.complain(wording.error_sentence(error))
        self._has_trouble = True
        self._loop.quit()

    @Slot(object)
    def _on_overfull(self, refused: Overfull) -> None:
        self._terminal.complain(wording.error_sentence(overfull(refused.plan)))
        if refused.plan.can_fit:
            self._terminal.line(_tr("/drop lets the oldest messages fall out of the window."))
        self._loop.quit()

    @Slot()
    def _on_interrupted(self) -> None:
        self._is_interrupted = True
        self._chat.stop()
        self._loop.quit()

    def _answer(self, line: str) -> None:
        word, _, rest = line.strip().partition(" ")
        if word.startswith("/"):
            command = self._commands.get(word)
            if command is None:
                self._terminal.line(_tr("There is no {0}. /help lists what there is.").format(word))
            else:
                command(rest.strip())
        elif line.strip():
            self._talk(lambda: self._chat.send(line))

    def _talk(self, begin: Callable[[], object]) -> None:
        """Have a reply and show it; Ctrl+C stops it."""
        ended: list[int] = []
        self._chat.reply_ended.connect(ended.append)
        with self._interrupts:
            begin()
            while not self._chat.is_idle:
                self._loop.exec()
        self._chat.reply_ended.disconnect(ended.append)
        if self._failure is not None:
            raise self._failure
        path = self._chat.path()
        if ended and path:
            self._terminal.line()
            self._sum_up(path[-1])

    def _sum_up(self, reply: Message) -> None:
        if (statistics := reply.statistics) is not None:
            self._terminal.line(
                meter_line(
                    statistics.prompt_tokens + statistics.completion_tokens,
                    self._shelf.state.window_tokens,
                    statistics.completion_tokens,
                    statistics.tokens_per_second,
                    statistics.finish_reason,
                )
            )
        elif reply.status is MessageStatus.STOPPED:
            self._terminal.line(f"[{wording.finish_reason('cancelled')}]")

    def _greet(self) -> None:
        model = self._shelf.state.model
        name = model.id if model else _tr("no model")
        self._terminal.line(f"{self._chat.persona.name} · {name}")
        if greeting := self._chat.opening().greeting:
            self._terminal.line(greeting)
        self._terminal.line(_tr("/help lists the commands, Ctrl+D leaves."))

    def _choose_persona(self, name: str) -> None:
        if name:
            self._chat.set_persona(name)
        current = self._chat.persona
        for persona in self._preferences.personas():
            if isinstance(persona, Persona):
                mark = "*" if persona.id == current.id else " "
                about = f"{persona.name:<{WIDTH}}{persona.description}".rstrip()
                self._terminal.line(f"{mark} {about}")

    def _choose_model(self, name: str) -> None:
        if name:
            self._wait_for(self._shelf.model_state_changed, lambda: self._shelf.choose(name))
        chosen = self._shelf.state.model
        for model in self._shelf.models:
            mark = "*" if chosen is not None and model.path == chosen.path else " "
            self._terminal.line(f"{mark} {model.id}  {wording.size(model.size)}")

    def _show_context(self, _rest: str) -> None:
        if self._shelf.state.phase is not ModelPhase.READY:
            self._shelf.load()
        self._wait(lambda: self._shelf.state.phase is ModelPhase.LOADING)
        found: list[dict[str, int]] = []

        def show(parts: dict[str, int]) -> None:
            found.append(parts)
            self._loop.quit()

        if self._chat.measure(show):
            self._wait(lambda: not found)
        for parts in found:
            for line in context_lines(parts, self._shelf.state.window_tokens):
                self._terminal.line(line)

    def _show_prompt(self, _rest: str) -> None:
        found: list[SeenPrompt] = []

        def show(prompt: SeenPrompt) -> None:
            found.append(prompt)
            self._loop.quit()

        last = self._chat.prompts.last()
        look_at, look_ahead = self._chat.prompts.look_at, self._chat.look_ahead
        if look_ahead(show) if last is None else look_at(last, show):
            self._wait(lambda: not found)
        for prompt in found:
            self._terminal.line(prompt.text)

    def _drop(self, _rest: str) -> None:
        self._chat.window.set_overflow(Overflow.DROP)
        self._terminal.line(_tr("From now on the oldest messages fall out of the window."))

    def _retry(self, _rest: str) -> None:
        path = self._chat.path()
        if path and path[-1].role is not Role.SYSTEM:
            last = path[-1].id
            self._talk(lambda: self._chat.regenerate(last))
        else:
            self._terminal.line(_tr("There is no reply to try again."))

    def _start_anew(self, _rest: str) -> None:
        self._wait_for(self._chat.conversation_opened, self._chat.new)
        self._greet()

    def _help(self, _rest: str) -> None:
        for command, meaning in (
            ("/persona [NAME]", _tr("choose who answers, or list them")),
            ("/model [NAME]", _tr("choose a model, or list them")),
            ("/context", _tr("what fills the context window")),
            ("/prompt", _tr("the exact text that the last reply was given")),
            ("/drop", _tr("let the oldest messages fall out when the window is full")),
            ("/retry", _tr("another reply to the last question")),
            ("/new", _tr("a new chat")),
            ("/quit", _tr("leave (so does Ctrl+D)")),
        ):
            self._terminal.line(f"{command:<{WIDTH}}{meaning}")
        self._terminal.line(_tr("Ctrl+C stops a reply."))

    def _wait_for(self, signal: SignalInstance, act: Callable[[], object]) -> None:
        heard: list[object] = []
        signal.connect(heard.append)
        act()
        self._wait(lambda: not heard)
        signal.disconnect(heard.append)

    def _wait(self, is_waiting: Callable[[], bool]) -> None:
        """Run the loop while something is awaited; a trouble or Ctrl+C ends the wait."""
        self._is_interrupted = self._has_trouble = False
        with self._interrupts:
            while is_waiting() and not self._is_interrupted and not self._has_trouble:
                self._loop.exec()


def meter_line(used: int, window: int, written: int, speed: float, reason: str) -> str:
    """How full the window is, and how the reply came about."""
    return _tr("[{0} of {1} tokens · {2} written · {3} · {4}]").format(
        wording.number(used),
        wording.number(window),
        wording.number(written),
        wording.rate(speed),
        wording.finish_reason(reason),
    )


def context_lines(parts: dict[str, int], window: int) -> list[str]:
    """The meter as a table: what each part takes, what is left, what there is."""
    names = {
        "persona": _tr("Persona"),
        "examples": _tr("Its examples"),
        "pinned": _tr("Pinned"),
        "summary": _tr("Summary"),
        "documents": _tr("Files"),
        "history": _tr("Conversation"),
        "draft": _tr("Draft"),
    }
    rows = [(names[part], tokens) for part, tokens in parts.items()]
    used = sum(parts.values())
    rows += [(_tr("Together"), used)]
    if window:
        rows += [(_tr("Free"), max(0, window - used)), (_tr("Window"), window)]
    return [f"{name:<{WIDTH}}{wording.number(tokens):>9}" for name, tokens in rows]


def _tr(text: str) -> str:
    return QCoreApplication.translate("terminal", text)
