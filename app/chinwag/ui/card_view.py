"""A model's description as its maker wrote it: our own markdown, and nothing of it is loaded."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from chinwag.ui.code_frame import CodeFrame
from chinwag.ui.markdown import MarkdownReader
from chinwag.ui.rich_text import TextStyle, text_style
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segments import Code, Line, Prose, Run, Segment
from chinwag.ui.theme import Theme

MOST_CHARACTERS = 40_000
MOST_SEGMENTS = 120
_AT_ONCE = 6  # segments that are written before the window is let go on
_GAP = 10


class CardView(QWidget):
    """As high as its text; it grows a few pieces at a time, so that long ones freeze nothing."""

    link_clicked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._reader = MarkdownReader()
        self._style: TextStyle = text_style(theme)
        self._text = ""
        self._is_short = False
        self._coming: list[Segment] = []
        self._parts: list[SegmentText | CodeFrame] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._write_some)
        theme.theme_changed.connect(self._on_theme_changed)

    @property
    def is_whole(self) -> bool:
        """Whether everything that is to be shown is there."""
        return not self._coming

    @property
    def parts(self) -> list[SegmentText | CodeFrame]:
        """The pieces shown, from the top."""
        return list(self._parts)

    def set_text(self, text: str, is_short: bool = False) -> None:
        """Show a description; `is_short` says that there is more of it elsewhere."""
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts = []
        self._text, self._is_short = text, is_short
        cut = text[:MOST_CHARACTERS]
        segments = self._reader.read(cut) if cut else []
        if is_short or len(text) > len(cut) or len(segments) > MOST_SEGMENTS:
            segments = [
                *segments[:MOST_SEGMENTS],
                _more(self.tr("The rest is on the model’s page.")),
            ]
        self._coming = list(segments)
        self._place()
        if segments:
            self._timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        if event.size().width() != event.oldSize().width():
            self._place()

    @Slot()
    def _write_some(self) -> None:
        for segment in self._coming[:_AT_ONCE]:
            self._parts.append(self._made(segment))
        self._coming = self._coming[_AT_ONCE:]
        if not self._coming:
            self._timer.stop()
        self._place()

    @Slot(str)
    def _on_copy_pressed(self, code: str) -> None:
        QGuiApplication.clipboard().setText(code)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._style = text_style(self._theme)
        self.set_text(self._text, self._is_short)

    def _made(self, segment: Segment) -> SegmentText | CodeFrame:
        if isinstance(segment, Code):
            frame = CodeFrame(self._theme, self)
            frame.set_segment(segment, self._style, [segment], False, lambda: [segment])
            frame.copy_pressed.connect(self._on_copy_pressed)
            frame.show()
            return frame
        text = SegmentText(self._theme, self)
        name = self.tr("Description, part {number}").format(number=len(self._parts) + 1)
        text.set_segment(segment, self._style, name)
        text.link_clicked.connect(self.link_clicked)
        text.setFocusPolicy(text.focusPolicy() | Qt.FocusPolicy.TabFocus)
        text.show()
        return text

    def _place(self) -> None:
        top = 0
        for part in self._parts:
            height = part.height_at(self.width())
            part.setGeometry(0, top, self.width(), height)
            top += height + self._theme.px(_GAP)
        self.setFixedHeight(max(1, top))


def _more(sentence: str) -> Segment:
    return Prose((Line((Run(sentence, is_italic=True),)),))
