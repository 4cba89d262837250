"""The conversation that is shown: open, walk its branches, delete, change persona, keep a draft."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.conversation import Conversation, Message, MessageTree
from chinwag.core.errors import ChinwagError, PersonaError
from chinwag.core.options import GenerationOptions
from chinwag.core.persona import Persona
from chinwag.core.transcript import OWN_TEXT, Transcript, persona_of_path
from chinwag.core.variables import resolved_persona
from chinwag.services.draft_keeper import DraftKeeper
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks
from chinwag.services.turn_keeper import StoredTurn
from chinwag.store.conversation_store import ConversationStore

RECENT_PERSONAS = 8


class OpenChat(QObject):
    """A transcript in memory that is always ahead of the store, which follows in order."""

    transcript_read = Signal(Transcript)  # it is shown next, with what a slot puts into it
    conversation_opened = Signal(object)  # Conversation | None
    first_stored = Signal(int)  # the empty chat that is shown is this conversation from now on
    transcript_changed = Signal()
    message_sought = Signal(int)  # it is shown now: bring it into sight
    message_deleted = Signal(int)
    persona_changed = Signal(Persona)
    trouble = Signal(ChinwagError)

    def __init__(
        self,
        store: ConversationStore,
        tasks: Tasks,
        preferences: PreferencesService,
        unsaved: Callable[[], Iterable[Message]],
        values: Callable[[Persona], Mapping[str, str]],
        parent: QObject | None = None,
    ) -> None:
        """`values` tells what the variables in a persona's texts stand for now."""
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._preferences = preferences
        self._unsaved = unsaved
        self._values = values
        self._wanted = 0
        self._sought: int | None = None
        self._typed_meanwhile: str | None = None  # all that stood in the box, while opening
        self._leaves_before_deleting: dict[int, int | None] = {}
        self._drafts = DraftKeeper(store, tasks, self.trouble.emit, self)
        self.transcript = Transcript()
        self.persona = preferences.default_persona()
        self.is_opening = False
        preferences.personas_changed.connect(self._on_personas_changed)

    def speaker(self, persona: Persona | None = None) -> Persona:
        """A persona, or the one chosen, with what its variables stand for now."""
        persona = persona or self.persona
        spoken = self.resolved(persona)
        own = self.transcript.own_text
        if own is None or own[0] != persona.id:
            return spoken
        return replace(spoken, system_prompt=own[1], source_stamp=persona.stamp + OWN_TEXT)

    def resolved(self, persona: Persona) -> Persona:
        """A persona with what its variables stand for now, but with nothing of this chat's own."""
        return resolved_persona(persona, self._values(persona))

    def open(self, conversation_id: int | None, sought: int | None = None) -> None:
        """Show a conversation, None for the empty chat; the newest wish wins.

        With a message sought: the branch that holds it, and `message_sought` follows.
        """
        self._drafts.flush()
        self._wanted += 1
        self.is_opening = True
        self._sought = sought
        number = self._wanted
        self._tasks.submit(
            lambda: _read(self._store, conversation_id),
            lambda transcript: self._on_read(number, transcript),
            lambda error: self._on_read_failed(number, error),
        )

    def adopt(self, stored: StoredTurn) -> None:
        """Show the messages that a turn has put into this conversation."""
        is_new = self.transcript.conversation is None
        for message in stored.messages:
            self.transcript.tree.put(message)
        draft, files = self.transcript.draft, self.transcript.attachments
        options = self.transcript.options
        if options != stored.conversation.options:
            # Wished for while the turn was being stored.
            self._change(lambda: self._store.set_options(stored.conversation.id, options))
        memory = self.transcript.memory
        if memory != stored.conversation.memory:
            self._change(lambda: self._store.set_memory(stored.conversation.id, memory))
        self.transcript.conversation = replace(
            stored.conversation, draft=draft, options=options, memory=memory
        )
        if is_new:
            # What came while the first question was being stored went to the empty chat.
            self._change(lambda: self._store.move_new_chat(stored.conversation.id, draft, files))
            self.first_stored.emit(stored.conversation.id)
            self.conversation_opened.emit(self.transcript.conversation)
        self.transcript_changed.emit()

    def put(self, message: Message) -> bool:
        """Take a reply's new text or status; False when it is not of this conversation."""
        if not self.transcript.shows(message.conversation_id):
            return False
        old = self.transcript.tree.by_id().get(message.id)
        if old is not None:
            message = replace(
                message,
                deleted_at=old.deleted_at,
                is_pinned=old.is_pinned,
                former_texts=old.former_texts,
            )
        self.transcript.tree.put(message)
        return True

    def show_leaf(self, leaf_id: int | None) -> None:
        """Show the branch that ends there, now and when it is opened again."""
        conversation = self.transcript.conversation
        if conversation is not None:
            self.transcript.move_to(leaf_id)
            self._change(lambda: self._store.set_leaf(conversation.id, leaf_id))
            self.transcript_changed.emit()

    def extend(self, transcript: Transcript, added: Sequence[Message]) -> None:
        """Take messages that were stored under a transcript's; the last is its new end."""
        for message in added:
            transcript.tree.put(message)
            transcript.move_to(message.id)
        if transcript is self.transcript:
            self.transcript_changed.emit()

    def delete_message(self, message_id: int) -> None:
        """Put a message into the bin."""
        tree, leaf_id = self.transcript.tree, self.transcript.leaf_id
        if leaf_id is None:
            return
        self._leaves_before_deleting[message_id] = leaf_id
        leaf_after = tree.leaf_after_deleting(message_id, leaf_id)
        tree.put(replace(tree[message_id], deleted_at=datetime.now(UTC)))
        self._change(lambda: self._store.delete_message(message_id))
        self.show_leaf(leaf_after)
        self.message_deleted.emit(message_id)

    def restore_message(self, message_id: int) -> None:
        """Take a message out of the bin, and show what was shown before; itself in any case."""
        self._change(lambda: self._store.restore_message(message_id))
        leaf_id = self._leaves_before_deleting.pop(message_id, self.transcript.leaf_id)
        if message_id in self.transcript.tree:
            tree = self.transcript.tree
            tree.put(replace(tree[message_id], deleted_at=None))
            self.show_leaf(tree.leaf_through(message_id, leaf_id))

    def set_persona(self, persona: Persona) -> None:
        """Have a persona give the next reply."""
        conversation = self.transcript.conversation
        if conversation is None:
            self.transcript.persona = persona
        else:
            self.transcript.conversation = replace(conversation, persona=persona.id)
            self._change(lambda: self._store.set_persona(conversation.id, persona.id))
        others = (p for p in self._preferences.settings.recent_personas if p != persona.id)
        recent = (persona.id, *others)[:RECENT_PERSONAS]
        self._preferences.change(recent_personas=recent)
        self._take_persona(persona)

    def set_options(self, options: GenerationOptions) -> None:
        """Wish for these in this conversation alone."""
        self.transcript.set_options(options)
        conversation = self.transcript.conversation
        if conversation is not None:
            self._change(lambda: self._store.set_options(conversation.id, options))

    def set_draft(self, text: str) -> None:
        """Keep what is typed; while another chat is opening, it is for that one."""
        if self.is_opening:
            self._typed_meanwhile = text
            return
        self.transcript.draft = text
        self._drafts.keep(self.transcript)

    def keep_draft(self) -> None:
        """Have it on the disk at once; should that be full, the turn that follows tells of it."""
        self._drafts.forget(self.transcript)
        conversation, draft = self.transcript.conversation, self.transcript.kept_draft
        number = conversation.id if conversation else None
        self._tasks.submit(lambda: self._store.save_draft(number, draft), None, lambda _error: None)

    def leave_draft(self, transcript: Transcript) -> None:
        """A turn takes what is asked, and saves what is left of the draft."""
        transcript.asked, transcript.asked_files = "", ()
        self._drafts.forget(transcript)

    def put_back(self, transcript: Transcript, text: str) -> bool:
        """Put a question that was not sent before what was typed since; whether it is shown.

        In a chat that is not shown any more it waits on the disk.
        """
        draft = "\n\n".join(filter(None, (text, transcript.draft)))
        if transcript is self.transcript and not self.is_opening:
            self.set_draft(draft)
            return True
        transcript.draft = draft
        number = transcript.conversation.id if transcript.conversation else None
        self._change(lambda: self._store.save_draft(number, draft))
        return False

    def close(self) -> None:
        """Save the draft; of a chat that is still opening, what was typed for it stays here."""
        self.is_opening = False
        if self._typed_meanwhile is not None:
            self.set_draft(self._typed_meanwhile)
        self._drafts.flush()

    def _on_read(self, number: int, transcript: Transcript) -> None:
        if number != self._wanted:
            return
        self.is_opening = False
        typed, self._typed_meanwhile = self._typed_meanwhile, None
        before = self.transcript.draft
        self.transcript_read.emit(transcript)
        self.transcript = transcript
        if typed is not None and typed.startswith(before) and typed != before:
            self.set_draft((transcript.draft + typed.removeprefix(before)).lstrip("\n"))
        # What the store knows of these is older.
        for reply in self._unsaved():
            self.put(reply)
        self.conversation_opened.emit(transcript.conversation)
        self._take_persona(self._persona_for(transcript))
        sought, self._sought = self._sought, None
        leaf_id = transcript.leaf_id
        if sought is not None:
            leaf_id = transcript.tree.leaf_through(sought, leaf_id)
        if leaf_id != transcript.leaf_id:
            self.show_leaf(leaf_id)
        else:
            self.transcript_changed.emit()
        if any(message.id == sought for message in transcript.path()):
            self.message_sought.emit(sought)

    def _on_read_failed(self, number: int, error: ChinwagError) -> None:
        if number == self._wanted:
            self.is_opening = False
            typed, self._typed_meanwhile = self._typed_meanwhile, None
            if typed is not None:
                self.set_draft(typed)
        self.trouble.emit(error)

    @Slot(list)
    def _on_personas_changed(self, _personas: list[object]) -> None:
        try:
            persona = self._preferences.persona(self.persona.id)
        except PersonaError:
            # Its file is gone or broken; the one in memory can finish what it began.
            return
        if persona != self.persona:
            self._take_persona(persona)

    def _persona_for(self, transcript: Transcript) -> Persona:
        conversation: Conversation | None = transcript.conversation
        if conversation is None:
            return transcript.persona or self._preferences.default_persona()
        try:
            return self._preferences.persona(conversation.persona)
        except PersonaError:
            kept = persona_of_path(transcript.path())
            return kept or self._preferences.default_persona()

    def _take_persona(self, persona: Persona) -> None:
        self.persona = persona
        self.persona_changed.emit(persona)

    def _change(self, work: Callable[[], object]) -> None:
        self._tasks.submit(work, None, self.trouble.emit)


def _read(store: ConversationStore, conversation_id: int | None) -> Transcript:
    attached = store.draft_attachments(conversation_id)
    if conversation_id is None:
        return Transcript(None, MessageTree(), store.new_chat_draft(), attached)
    conversation = store.get(conversation_id)
    if conversation.is_unread:
        store.set_unread(conversation_id, False)
        conversation = replace(conversation, is_unread=False)
    return Transcript(conversation, store.messages(conversation_id), conversation.draft, attached)
