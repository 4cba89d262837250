"""What a character card would become: who speaks, what is taken of it, and what is not."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.character_card import CardPart, CharacterCard
from chinwag.ui import wording
from chinwag.ui.avatar import Avatar
from chinwag.ui.example_list import text_box
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton, wrapped_label

TAKEN: dict[str, Any] = {
    "system_prompt": QT_TRANSLATE_NOOP("cards", "System prompt ({size} characters)"),
    "description": QT_TRANSLATE_NOOP("cards", "Description, into the prompt ({size} characters)"),
    "personality": QT_TRANSLATE_NOOP("cards", "Personality, into the prompt ({size} characters)"),
    "scenario": QT_TRANSLATE_NOOP("cards", "Scenario, into the prompt ({size} characters)"),
    "first_mes": QT_TRANSLATE_NOOP("cards", "First message, as the greeting ({size} characters)"),
    "mes_example": QT_TRANSLATE_NOOP("cards", "Example exchanges ({size})"),
    "tags": QT_TRANSLATE_NOOP("cards", "Tags ({size})"),
}
LEFT_OUT: dict[str, Any] = {
    "post_history_instructions": QT_TRANSLATE_NOOP(
        "cards", "Instructions after the chat ({size} characters): a persona speaks at its start"
    ),
    "alternate_greetings": QT_TRANSLATE_NOOP("cards", "Other greetings ({size})"),
    "character_book": QT_TRANSLATE_NOOP("cards", "Entries of its book ({size})"),
    "creator": QT_TRANSLATE_NOOP("cards", "Who made it"),
    "character_version": QT_TRANSLATE_NOOP("cards", "Its version"),
    "extensions": QT_TRANSLATE_NOOP("cards", "Extensions of other programs ({size})"),
    "mes_example": QT_TRANSLATE_NOOP(
        "cards", "Lines of its examples that are not question and answer ({size})"
    ),
    "macros": QT_TRANSLATE_NOOP(
        "cards", "Macros of other programs ({size}): they stay as they are written"
    ),
}


class CardPreviewDialog(QDialog):
    """Everything in it is a stranger's, and shown as plain text. Nothing is stored by it."""

    accepted_card = Signal(object)  # CharacterCard: go on to the editor with it

    def __init__(
        self, theme: Theme, card: CharacterCard, avatar: str = "", parent: QWidget | None = None
    ) -> None:
        """`avatar` is the name of its picture among the theme's pictures, "" for none."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Character card"))
        self._theme = theme
        self._card = card
        persona = card.persona
        self.avatar = Avatar(theme, 72)
        self.avatar.set_avatar(avatar, persona.name)
        self.prompt_box = self._text(self.tr("What the model will be told"), persona.system_prompt)
        self.greeting_box = self._text(self.tr("Greeting"), persona.greeting, lines=3)
        self.cancel_button = TextButton(theme, self.tr("Cancel"))
        self.go_on_button = TextButton(theme, self.tr("Go on to the editor"), "primary")
        self._lay_out()
        self.cancel_button.clicked.connect(self.reject)
        self.go_on_button.clicked.connect(self._on_go_on_clicked)
        self.go_on_button.setFocus()

    def sizeHint(self) -> QSize:
        """Room for the words without much scrolling."""
        return QSize(self._theme.px(600), self._theme.px(640))

    @Slot()
    def _on_go_on_clicked(self) -> None:
        self.accept()
        self.accepted_card.emit(self._card)

    def _text(self, name: str, text: str, lines: int = 9) -> QPlainTextEdit:
        box = text_box(self._theme, name, lines)
        box.setReadOnly(True)
        box.setPlainText(text)
        return box

    def _parts(self, parts: tuple[CardPart, ...], words: dict[str, Any]) -> QLabel:
        lines = [
            QCoreApplication.translate("cards", words[part.name]).format(
                size=wording.number(part.size)
            )
            for part in parts
        ]
        return wrapped_label("\n".join(f"· {line}" for line in lines), "soft")

    def _lay_out(self) -> None:
        card, persona = self._card, self._card.persona
        page = QWidget()
        set_look(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(wrapped_label(persona.name, "title"))
        if persona.description:
            words.addWidget(wrapped_label(persona.description, "soft"))
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.avatar)
        head.addLayout(words, 1)
        column.addLayout(head)
        column.addSpacing(8)
        column.addWidget(wrapped_label(self.tr("What is taken"), "heading"))
        column.addWidget(self._parts(card.taken, TAKEN))
        if card.left_out:
            column.addSpacing(8)
            column.addWidget(wrapped_label(self.tr("What is not taken"), "heading"))
            column.addWidget(self._parts(card.left_out, LEFT_OUT))
        if card.is_changed:
            sentence = self.tr("Markup and characters that hide text were taken out.")
            column.addWidget(wrapped_label(sentence, "warning"))
        column.addSpacing(8)
        column.addWidget(wrapped_label(self.tr("What the model will be told"), "heading"))
        column.addWidget(self.prompt_box)
        if persona.greeting:
            column.addSpacing(8)
            column.addWidget(wrapped_label(self.tr("Greeting"), "heading"))
            column.addWidget(self.greeting_box)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        sentence = self.tr("It is kept when you save it there.")
        foot.addWidget(wrapped_label(sentence, "small"), 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.go_on_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)
