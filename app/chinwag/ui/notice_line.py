"""One quiet line with an offer, over the message box; it does nothing by itself."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, IconButton, TextButton, say


class NoticeLine(QWidget):
    """Out of sight while there is nothing to say, or after it was sent away."""

    accepted = Signal()  # the offer's button was pressed

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dismissed = ""
        self.label = ElidedLabel()
        set_look(self.label, "soft")
        self.button = TextButton(theme, "")
        self.close_button = IconButton(theme, "close", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 4)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self.button.clicked.connect(self.accepted)
        self.close_button.clicked.connect(self._on_close_clicked)
        self.hide()

    def offer(self, sentence: str, action: str = "", reason: str = "", about: str = "") -> None:
        """Say something, with a button where there is an action; "" says nothing.

        `reason` says why it cannot be done now. A sentence that was sent away stays away while
        what it is `about` is the same.
        """
        key = f"{about}\n{sentence}" if sentence else ""
        if key != self._dismissed:
            self._dismissed = ""
        if sentence and sentence != self.label.full_text and not self._dismissed:
            say(self, sentence)
        self.label.set_full_text(sentence)
        self.label.setAccessibleName(sentence)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.button.setEnabled(not reason)
        self.button.setToolTip(reason)
        self.close_button.set_name(self.tr("Dismiss: {sentence}").format(sentence=sentence))
        self._key = key
        self.setVisible(bool(sentence) and not self._dismissed)

    @Slot()
    def _on_close_clicked(self) -> None:
        self._dismissed = self._key
        self.hide()
