"""The foot of the chat: notices, meter, start of the reply and composer, in one column."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chinwag.ui.composer import SHADOW, Composer
from chinwag.ui.context_meter import ContextMeter
from chinwag.ui.notice_line import NoticeLine
from chinwag.ui.reply_start import ReplyStart
from chinwag.ui.summary_bar import SummaryBar
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import CentredColumn

OVERHANG = 20  # how far the card stands out from the column on either side
EDGE = 4


class ComposerArea(QWidget):
    """Holds the meter, the composer, and between them how the next reply is to begin."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meter = ContextMeter(theme)
        self.composer = Composer(theme)
        self.reply_start = ReplyStart(theme)
        self.speaker_notice = NoticeLine(theme)
        self.model_notice = NoticeLine(theme)
        self.summary_bar = SummaryBar(theme)
        self.composer.reply_start_requested.connect(self.reply_start.open)
        self.reply_start.left.connect(self.composer.setFocus)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        notices = QVBoxLayout()
        notices.setContentsMargins(SHADOW + 4, 0, SHADOW + 4, 0)
        notices.setSpacing(0)
        for notice in (self.speaker_notice, self.model_notice, self.summary_bar):
            notices.addWidget(notice)
        column.addLayout(notices)
        # The bar is as wide as the card, which has its shadow's room around it.
        inset = QHBoxLayout()
        inset.setContentsMargins(SHADOW + 4, 0, SHADOW + 4, 0)
        inset.addWidget(self.meter)
        column.addLayout(inset)
        begun = QHBoxLayout()
        begun.setContentsMargins(SHADOW + 4, 0, SHADOW + 4, 0)
        begun.addWidget(self.reply_start)
        column.addLayout(begun)
        column.addWidget(self.composer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        layout.addWidget(CentredColumn(theme, content, 2 * (OVERHANG + SHADOW)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
