"""Joins to the chat: the meter, its table, the memory line, and what helps when it is too long."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from chinwag.core.conversation import is_temporary
from chinwag.core.errors import PromptError
from chinwag.core.memory_rules import SMALLEST_RESERVE, Overflow
from chinwag.core.model import ModelPhase, ModelState
from chinwag.core.window import Plan, overfull
from chinwag.core.window_unit import Part
from chinwag.services.asking import Overfull
from chinwag.services.chat import ChatService
from chinwag.services.model_shelf import ModelShelf
from chinwag.ui import window_words, wording
from chinwag.ui.banner import BannerKind
from chinwag.ui.chat_pane import ChatPane
from chinwag.ui.context_table import WIDTH, ContextTable, TableState
from chinwag.ui.header import Header
from chinwag.ui.theme import Theme

_DROP, _SUMMARISE, _ENLARGE = "memory.drop", "memory.summarise", "memory.enlarge"
_NEW = "memory.new_chat"
_BANNERS = (
    *("prompt.no_room", "prompt.no_summary", "prompt.too_long"),
    *("prompt.question_too_long", "prompt.rest_too_long"),
)


class MemoryCommands(QObject):
    """What is wished for in the table or a banner holds for the open chat."""

    def __init__(
        self, theme: Theme, chat: ChatService, shelf: ModelShelf, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat = chat
        self._shelf = shelf
        self._pane: ChatPane | None = None
        self._header: Header | None = None
        self._is_draft_refused = False
        self.table = ContextTable(theme)
        self.table.help_requested.connect(self._on_help_requested)
        self.table.window_requested.connect(chat.window.set_window)
        self.table.overflow_requested.connect(chat.window.set_overflow)
        self.table.offer_accepted.connect(self._on_offer_accepted)

    def handlers_over(self, window: QWidget, pane: ChatPane) -> dict[str, Callable[[], object]]:
        """What its rows of the table of actions do; the meter and the banners are in the pane."""
        self._pane, self._header = pane, window.findChild(Header)
        pane.meter.table_requested.connect(self.open_table)
        pane.banners.action_requested.connect(self._on_banner_action)
        self._chat.plan_changed.connect(self._on_plan_changed)
        self._chat.overfull.connect(self._on_overfull)
        summaries, bar = self._chat.summaries, pane.foot.summary_bar
        summaries.begun.connect(self._on_summary_begun)
        summaries.ended.connect(self._on_summary_ended)
        summaries.offered.connect(bar.offer)
        summaries.taken.connect(self._go_on)
        bar.accepted.connect(summaries.take)
        bar.drop_requested.connect(self._on_drop_requested)
        bar.accepted.connect(pane.composer.setFocus)
        bar.dismissed.connect(pane.composer.setFocus)
        self._chat.window.changed.connect(self._show_table)
        self._chat.conversation_opened.connect(self._on_conversation_opened)
        self._shelf.model_state_changed.connect(self._on_model_state_changed)
        self._shelf.models_listed.connect(self._on_models_listed)
        return {"memory.table": self.open_table, "memory.line": self._show_line}

    @Slot()
    def open_table(self) -> None:
        """Open the table over the meter."""
        if self._pane is not None:
            self._fill_table()
            self.table.open_under(self._pane.meter, WIDTH)

    @Slot(Plan)
    def _on_plan_changed(self, plan: Plan) -> None:
        if self._pane is None:
            return
        self._pane.meter.show_plan(plan)
        words = window_words.memory_begins(plan)
        self._pane.transcript.memory.set_mark(plan.memory_begins, plan.fallen, words)
        if plan.fits:
            self._forget_banners()
        self._show_table()

    @Slot(object)
    def _on_overfull(self, refused: Overfull) -> None:
        if self._pane is None:
            return
        self._forget_banners()
        self._is_draft_refused = refused.is_draft
        plan = refused.plan
        error, more = overfull(plan), dict[str, str]()
        can_summarise = plan.can_fit and self._chat.summaries.can_help(plan)
        if can_summarise and plan.limits.overflow is Overflow.SUMMARISE:
            self._chat.summaries.begin(plan)
            return
        if plan.can_fit:
            more[_DROP] = self.tr("Drop the oldest in this chat")
        if can_summarise:
            more[_SUMMARISE] = self.tr("Summarise the oldest")
        elif plan.can_fit:
            error = PromptError("prompt.no_summary", **error.values)
        if cost := self._chat.window.large_enough(plan.tokens):
            words = self.tr("Enlarge to {0} tokens (+{1})")
            if cost.more <= 0:
                words = self.tr("Enlarge to {0} tokens")
            more[_ENLARGE] = words.format(wording.number(cost.tokens), wording.size(cost.more))
        if refused.is_draft and self._can_be_taken_away(plan):
            more[_NEW] = self.tr("Take it to a new chat")
        sentence = wording.error_sentence(error)
        self._pane.banners.show_banner(error.code, BannerKind.WARNING, sentence, "", more)

    @Slot(str)
    def _on_banner_action(self, name: str) -> None:
        plan = self._chat.plan
        if name == _DROP:
            self._chat.window.set_overflow(Overflow.DROP)
        elif name == _ENLARGE and plan is not None:
            if cost := self._chat.window.large_enough(plan.tokens):
                self._chat.window.set_window(cost.tokens)
        elif name == _NEW:
            self._take_to_new_chat()
            return
        elif name == _SUMMARISE and plan is not None:
            self._forget_banners()
            self._chat.summaries.begin(plan)
            return
        else:
            return
        self._forget_banners()
        if self._pane is not None:  # or the keyboard is where the pressed button has gone from
            self._pane.composer.setFocus()
        self._go_on()

    @Slot()
    def _on_summary_begun(self) -> None:
        if self._pane is not None:
            self._pane.foot.summary_bar.hide()
            self._pane.composer.set_waiting(wording.waiting_sentence("chat.summarising"))

    @Slot()
    def _on_summary_ended(self) -> None:
        if self._pane is not None:
            self._pane.composer.set_waiting("")

    @Slot()
    def _on_drop_requested(self) -> None:
        self._on_banner_action(_DROP)

    @Slot(Part)
    def _on_help_requested(self, part: Part) -> None:
        window, plan = self._chat.window, self._chat.plan
        if part is Part.REPLY and plan is not None:
            window.set_reserve(max(SMALLEST_RESERVE, plan.limits.reserve // 2))
        elif part is Part.PINNED:
            for message in self._chat.path():
                if message.is_pinned:
                    self._chat.changes.set_pinned(message.id, False)
        elif part is Part.HISTORY and plan is not None:
            self.table.dismiss()
            self._is_draft_refused = False
            self._chat.summaries.begin(plan)
        elif part is Part.DOCUMENTS:
            attaching = self._chat.attaching
            for place in reversed(range(len(attaching.attachments))):
                attaching.remove(place)

    @Slot()
    def _on_offer_accepted(self) -> None:
        if self._shelf.state.model is not None:
            self._shelf.load()
        elif self._header is not None:
            self.table.dismiss()
            self._header.model_picker.open_popover()

    @Slot(object)
    def _on_conversation_opened(self, _conversation: object) -> None:
        self._forget_banners()
        if self._pane is not None:
            self._pane.foot.summary_bar.hide()

    @Slot(ModelState)
    def _on_model_state_changed(self, state: ModelState) -> None:
        meter = self._pane.meter if self._pane is not None else None
        if meter is not None and state.phase is ModelPhase.FAILED and not self._shelf.is_open:
            meter.show_trouble(wording.error_sentence(state.error) if state.error else "")
        self._show_table()

    @Slot(list)
    def _on_models_listed(self, models: list[object]) -> None:
        if self._pane is not None and not models and self._shelf.state.model is None:
            self._pane.meter.show_no_model()

    @Slot()
    def _show_table(self) -> None:
        # Asking for the memory that is free takes too long to be done at each key.
        if self.table.isVisible():
            self._fill_table()

    def _fill_table(self) -> None:
        window, plan, state = self._chat.window, self._chat.plan, self._shelf.state
        wished = min(window.window_wished, window.largest)
        larger = window.next_up(wished)
        needs, offer = "", ""
        if state.model is None:
            needs = self.tr("No model is chosen, so nothing can be counted. Choose or get one.")
            offer = self.tr("Choose a model")
        elif state.phase in (ModelPhase.NOT_LOADED, ModelPhase.FAILED):
            needs = self.tr("The numbers are exact; the model is not loaded yet.")
            offer = self.tr("Load model")
        self.table.show_state(
            TableState(
                plan if state.model is not None else None,
                window.cost(wished),
                window.cost(larger) if larger else None,
                window.overflow,
                self._helps(plan),
                needs,
                offer,
            )
        )

    def _helps(self, plan: Plan | None) -> dict[Part, str]:
        helps: dict[Part, str] = {}
        if plan is None:
            return helps
        if plan.limits.reserve > SMALLEST_RESERVE:
            helps[Part.REPLY] = self.tr("Halve")
        if any(message.is_pinned for message in self._chat.path()):
            helps[Part.PINNED] = self.tr("Unpin all")
        if self._chat.is_idle and self._chat.summaries.is_possible(plan):
            helps[Part.HISTORY] = self.tr("Summarise")
        if self._chat.attaching.attachments:
            helps[Part.DOCUMENTS] = self.tr("Remove")
        return helps

    def _show_line(self) -> None:
        if self._pane is not None:
            self._pane.transcript.memory.show()

    def _go_on(self) -> None:
        """Send what did not fit: the draft as it stands now, or the wish for another reply."""
        if not self._is_draft_refused:
            self._chat.asking.try_again()
        elif self._pane is not None:
            self._pane.send_draft()

    def _can_be_taken_away(self, plan: Plan) -> bool:
        """Whether the draft would fit into a new chat, and may be kept there."""
        conversation = self._chat.conversation
        is_kept = conversation is not None and not is_temporary(conversation.id)
        has_files = bool(self._chat.attaching.attachments)
        return is_kept and plan.asked <= plan.limits.budget and not has_files

    def _take_to_new_chat(self) -> None:
        """Put the draft behind that of the empty chat, and show that."""
        draft = self._chat.draft
        self._chat.set_draft("")
        self._chat.new()
        # What is typed while a chat opens is for that one, behind what stands there.
        self._chat.set_draft(f"\n\n{draft}")
        if self._pane is not None:
            self._pane.composer.setFocus()

    def _forget_banners(self) -> None:
        if self._pane is not None:
            for code in _BANNERS:
                self._pane.banners.remove_banner(code)
