"""A code block on the screen: the frame around its text, with its language and a copy button."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chinwag.ui.code_colouring import CodeColouring
from chinwag.ui.quiet_button import QuietButton
from chinwag.ui.rich_text import TextStyle
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.segments import Code, Segment
from chinwag.ui.theme import Theme

_FRAME_RADIUS = 8


class CodeFrame(QWidget):
    """A code block: its language, a button that copies it, and the code, which scrolls sideways."""

    copy_pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._language = ""
        self._style: TextStyle | None = None
        self._all_of_it: Callable[[], Sequence[Code]] = tuple
        self._colouring = CodeColouring(self)
        self.text = SegmentText(theme, self)
        self.copy_button = QuietButton(theme, "", self.tr("Copy"), self)
        self.copy_button.clicked.connect(self._on_copy_clicked)

    @property
    def segment(self) -> Segment | None:
        """The code shown."""
        return self.text.segment

    @property
    def whole(self) -> str:
        """The text of the whole block, of which this may be a part."""
        return "\n".join(part.text for part in self._all_of_it())

    def set_segment(
        self,
        segment: Code,
        style: TextStyle,
        block: Sequence[Code],
        is_growing: bool,
        all_of_it: Callable[[], Sequence[Code]],
    ) -> None:
        """Show one of the parts of a block; `is_growing` says that more of it may come.

        `all_of_it` gives also those parts of a long block that are not read yet.
        """
        self._all_of_it = all_of_it
        self._style = style
        self._language = segment.language or self.tr("code")
        self.copy_button.setVisible(not segment.is_continued)
        self.copy_button.setFont(style.small_font)
        self.text.set_segment(segment, style, self.tr("Code in {0}").format(self._language))
        first_line = block[0].text[:400].strip().split("\n")[0][:60]
        self.copy_button.setAccessibleName(self.tr("Copy the code: {0}").format(first_line))
        self._colouring.show(self.text.document(), segment, style, block, is_growing)
        self.update()

    def height_at(self, width: int) -> int:
        """The height it needs at a width; places what is inside."""
        assert self._style is not None
        px = self._style.px
        pad, head = px(12), self._head()
        body = self.text.height_at(width - 2 * pad)
        top = head + px(10) if head else 0
        self.text.setGeometry(pad, top, width - 2 * pad, body)
        hint = self.copy_button.sizeHint()
        self.copy_button.setGeometry(
            width - hint.width() - px(4),
            (head - hint.height() + 1) // 2,
            hint.width(),
            hint.height(),
        )
        return top + body + px(10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame with the language at its head."""
        if self._style is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        head = self._head()
        line = QPen(self._style.line, 1)
        painter.setPen(line)
        painter.setBrush(self._style.code)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5 if head else -20, -0.5, -0.5)
        painter.drawRoundedRect(rect, _FRAME_RADIUS, _FRAME_RADIUS)
        if head:
            painter.fillRect(QRectF(1, head, self.width() - 2, 1), self._style.line)
            painter.setPen(self._style.soft)
            painter.setFont(self._style.small_font)
            place = self.rect().adjusted(self._style.px(12), 0, 0, head - self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._language)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_pressed.emit(self.whole)

    def _head(self) -> int:
        assert self._style is not None
        is_continued = isinstance(self.segment, Code) and self.segment.is_continued
        return 0 if is_continued else self._style.px(26)
