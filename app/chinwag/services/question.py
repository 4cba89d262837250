"""One question without a conversation: who is asked, with what, and the answer; nothing is kept."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QDateTime, QEventLoop, QLocale, QObject, Slot

from chinwag.core.conversation import ReplyStatistics, Role
from chinwag.core.errors import ModelFileError
from chinwag.core.model import InstalledModel
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.prompt import PromptMessage, opening
from chinwag.core.variables import own_variables, resolved_persona
from chinwag.services.engine_room import EngineRoom
from chinwag.services.exchange import Exchange
from chinwag.services.interrupts import Interrupts
from chinwag.services.variable_values import variable_values


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; None means the default. `system` stands instead of a persona."""

    text: str
    persona: str | None = None
    system: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; without statistics when it was stopped before the engine began."""

    text: str
    persona: str | None
    model: str
    window_tokens: int
    statistics: ReplyStatistics | None

    def as_object(self) -> dict[str, object]:
        """For `--json`: exactly these keys."""
        if self.statistics is None:
            raise ValueError("an answer that never began")
        return {
            "text": self.text,
            "finish_reason": self.statistics.finish_reason,
            "persona": self.persona,
            "model": self.model,
            "seed": self.statistics.seed,
            "threads": self.statistics.threads,
            "prompt_tokens": self.statistics.prompt_tokens,
            "cached_tokens": self.statistics.cached_tokens,
            "completion_tokens": self.statistics.completion_tokens,
            "first_token_seconds": self.statistics.first_token_seconds,
            "prompt_tokens_per_second": self.statistics.prompt_tokens_per_second,
            "tokens_per_second": self.statistics.tokens_per_second,
        }


class OneQuestion(QObject):
    """Puts a question to the engine and waits in a loop of its own.

    `write` gets the answer as it comes; what it raises ends the answer and is raised by `ask`.
    """

    def __init__(
        self, room: EngineRoom, write: Callable[[str], None], interrupts: Interrupts
    ) -> None:
        super().__init__(room)
        self._room = room
        self._write = write
        self._interrupts = interrupts
        self._loop = QEventLoop(self)
        self._failure: Exception | None = None
        self._exchange: Exchange | None = None

    def ask(self, question: Question) -> Answer:
        """The answer; raises ChinwagError for what cannot be asked or answered.

        With a seed or temperature 0 the same question has the same answer on one machine.
        """
        persona = self._persona(question)
        model = self._model(question.model)
        said = GenerationOptions(
            temperature=question.temperature, max_tokens=question.max_tokens, seed=question.seed
        )
        lower = model.sampling.over(GenerationOptions.defaults())
        options = said.over(persona.options.over(lower) if persona else lower)
        is_repeatable = options.seed is not None or options.temperature == 0
        prompt = opening(self._spoken(persona, model)) if persona else []
        if question.system:
            prompt = [PromptMessage(Role.SYSTEM, question.system)]
        prompt.append(PromptMessage(Role.USER, question.text))
        self._room.shelf.use(model)
        exchange = Exchange(
            self._room.engine, self._room.shelf, prompt, options, is_repeatable, self
        )
        self._exchange = exchange
        exchange.text_appended.connect(self._on_text_appended)
        exchange.ended.connect(self._loop.quit)
        with self._interrupts:
            self._interrupts.interrupted.connect(exchange.stop)
            exchange.begin()
            self._loop.exec()
        if self._failure is not None:
            raise self._failure
        if exchange.error is not None:
            raise exchange.error
        window = self._room.shelf.state.window_tokens
        persona_id = persona.id if persona else None
        return Answer(exchange.text, persona_id, model.id, window, exchange.statistics)

    @Slot(str)
    def _on_text_appended(self, text: str) -> None:
        try:
            self._write(text)
        except Exception as failure:  # a slot cannot raise to the caller of the loop
            self._failure = failure
            self._loop.quit()

    def _spoken(self, persona: Persona, model: InstalledModel) -> Persona:
        own = own_variables(self._room.preferences.settings.own_variables)
        now = QDateTime.currentDateTime()
        values = variable_values(persona, model.name, own, now, QLocale())
        return resolved_persona(persona, values)

    def _persona(self, question: Question) -> Persona | None:
        if question.system is not None:
            return None
        if question.persona is not None:
            return self._room.preferences.persona(question.persona)
        return self._room.preferences.default_persona()

    def _model(self, wanted: str | None) -> InstalledModel:
        library, tasks = self._room.library, self._room.tasks
        remembered = self._room.preferences.settings.default_model
        if wanted is not None:
            return tasks.call(lambda: library.find(wanted))
        if remembered:
            try:
                return tasks.call(lambda: library.find(remembered))
            except ModelFileError:
                # It has been removed since; another answers, as in the window.
                pass
        models = tasks.call(library.list_all)
        if not models:
            raise ModelFileError("model.none")
        return models[0]
