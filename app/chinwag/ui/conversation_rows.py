"""The rows of the side bar: conversations under pins, folders and days, or a search's hits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from chinwag.core.conversation import Conversation, Folder, SearchHit
from chinwag.ui.sidebar_wishes import SidebarWishes
from chinwag.ui.snippets import plain_snippet

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
OPEN_ROLE = Qt.ItemDataRole.UserRole + 1


class Section(StrEnum):
    """What the rows under a heading have in common."""

    PINNED = "pinned"
    FOLDER = "folder"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that names the rows under it; of a folder, also how many those are."""

    text: str
    section: Section = Section.DAYS
    folder: Folder | None = None
    count: int = 0
    has_unread: bool = False


SidebarRow = Heading | Conversation | SearchHit


class ConversationRows(QAbstractListModel):
    """Pinned conversations, folders, then Today, Yesterday and so on; or hits of a search, flat.

    A list that is handed over again is compared with the one shown, so that a row that moved to
    the top keeps its editor and the view keeps its place. What is typed in place becomes a wish.
    """

    def __init__(
        self, now: Callable[[], datetime], wishes: SidebarWishes, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._wishes = wishes
        self._rows: list[SidebarRow] = []
        self._open_id: int | None = None

    @property
    def open_id(self) -> int | None:
        """The conversation whose row is lit."""
        return self._open_id

    def set_conversations(
        self,
        conversations: Sequence[Conversation],
        folders: Sequence[Folder] = (),
        shows_pins: bool = False,
    ) -> None:
        """Show these, which come newest first: the pinned, the folders, the others by day.

        `shows_pins` says that Pinned has its heading even with nothing under it.
        """
        known = {folder.id for folder in folders}
        pinned = [one for one in conversations if one.is_pinned]
        kept: dict[int, list[Conversation]] = {}
        loose: list[Conversation] = []
        for one in conversations:
            if not one.is_pinned and one.folder_id in known:
                kept.setdefault(one.folder_id or 0, []).append(one)
            elif not one.is_pinned:
                loose.append(one)
        rows: list[SidebarRow] = []
        if pinned or shows_pins:
            rows += [Heading(self.tr("Pinned"), Section.PINNED), *pinned]
        for folder in folders:
            inside = kept.get(folder.id, [])
            has_unread = any(one.is_unread for one in inside)
            rows.append(Heading(folder.name, Section.FOLDER, folder, len(inside), has_unread))
            rows += inside if folder.is_open else []
        self._replace(rows + self._by_day(loose))

    def set_hits(self, hits: Iterable[SearchHit]) -> None:
        """Show what a search found, in the order given."""
        self._replace(list(hits))

    def set_open(self, conversation_id: int | None) -> None:
        """Light the row of the conversation that is open."""
        before, self._open_id = self._open_id, conversation_id
        for at, row in enumerate(self._rows):
            if not isinstance(row, Heading) and conversation_of(row) in (before, conversation_id):
                self.dataChanged.emit(self.index(at), self.index(at), [OPEN_ROLE])

    def index_of(self, conversation_id: int) -> QModelIndex:
        """Where a conversation's row (or its first hit) is; an invalid index when it is not."""
        for at, row in enumerate(self._rows):
            if not isinstance(row, Heading) and conversation_of(row) == conversation_id:
                return self.index(at)
        return QModelIndex()

    def index_of_folder(self, folder_id: int) -> QModelIndex:
        """Where a folder's heading is; an invalid index when it is not."""
        for at, row in enumerate(self._rows):
            if isinstance(row, Heading) and row.folder is not None and row.folder.id == folder_id:
                return self.index(at)
        return QModelIndex()

    def heading_over(self, index: AnyIndex) -> QModelIndex:
        """The heading that a row stands under, or is; an invalid index for none."""
        for at in range(index.row(), -1, -1):
            if isinstance(self._rows[at], Heading):
                return self.index(at)
        return QModelIndex()

    def last_heading(self) -> QModelIndex:
        """The heading that the last row stands under."""
        return self.heading_over(self.index(len(self._rows) - 1))

    def section_rows(self, heading: AnyIndex) -> tuple[int, int]:
        """The first and last row of a heading's section; the days are one."""
        first, last = heading.row(), heading.row()
        if self._section_at(first) is Section.DAYS:
            while first > 0 and self._section_at(first - 1) in (None, Section.DAYS):
                first -= 1
            # What stands before the first day is another section's.
            while self._section_at(first) is None:
                first += 1
            return first, len(self._rows) - 1
        while last + 1 < len(self._rows) and self._section_at(last + 1) is None:
            last += 1
        return first, last

    def _section_at(self, at: int) -> Section | None:
        row = self._rows[at]
        return row.section if isinstance(row, Heading) else None

    def row_at(self, index: AnyIndex) -> SidebarRow | None:
        """The row at an index, None where there is none."""
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """How many rows there are, headings too."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, its words, or the words for a screen reader."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == OPEN_ROLE:
            return not isinstance(row, Heading) and conversation_of(row) == self._open_id
        title = row.text if isinstance(row, Heading) else row.title
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, title)
        return None

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another title or name; the row shows it once the list is handed over again."""
        row = self.row_at(index)
        title = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not title:
            return False
        if isinstance(row, Conversation):
            if title != row.title:
                self._wishes.rename_requested.emit(row.id, title)
            return True
        if isinstance(row, Heading) and row.folder is not None:
            if title != row.text:
                self._wishes.folder_rename_requested.emit(row.folder.id, title)
            return True
        return False

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """A conversation or folder can be renamed; other headings cannot even be stepped on."""
        row = self.row_at(index)
        if row is None or (isinstance(row, Heading) and row.folder is None):
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usable if isinstance(row, SearchHit) else usable | Qt.ItemFlag.ItemIsEditable

    def _spoken(self, row: SidebarRow, title: str) -> str:
        if isinstance(row, SearchHit):
            return f"{title}: {plain_snippet(row.snippet)}"
        if isinstance(row, Conversation):
            return self.tr("{title}, unread").format(title=title) if row.is_unread else title
        if row.folder is None:
            return title
        state = self.tr("open") if row.folder.is_open else self.tr("closed")
        words = self.tr("Folder {name}, {state}, {count} chats")
        if row.count == 1:
            words = self.tr("Folder {name}, {state}, one chat")
        spoken = words.format(name=title, state=state, count=row.count)
        return self.tr("{title}, unread").format(title=spoken) if row.has_unread else spoken

    def _by_day(self, conversations: Sequence[Conversation]) -> list[SidebarRow]:
        today = self._now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        # Midnights are sought by date: a day may have 23 or 25 hours. In UTC, as what is stored,
        # for times of two zones are slow to compare.
        midnights = [
            (today.replace(tzinfo=None) - timedelta(days=days)).astimezone(UTC)
            for days in (0, 1, 7, 30)
        ]
        names = (
            self.tr("Today"),
            self.tr("Yesterday"),
            self.tr("Last 7 days"),
            self.tr("Last 30 days"),
        )
        groups = list(zip(midnights, names, strict=True))
        earlier = self.tr("Earlier")
        rows: list[SidebarRow] = []
        last = ""
        begins = ends = datetime.max.replace(tzinfo=UTC)
        for conversation in conversations:
            when = conversation.updated_at
            if not begins <= when < ends:
                at = next(
                    (at for at, (start, _) in enumerate(groups) if when >= start), len(groups)
                )
                begins = groups[at][0] if at < len(groups) else datetime.min.replace(tzinfo=UTC)
                ends = groups[at - 1][0] if at else datetime.max.replace(tzinfo=UTC)
                name = groups[at][1] if at < len(groups) else earlier
                if name != last:
                    rows.append(Heading(name))
                    last = name
            rows.append(conversation)
        return rows

    def _replace(self, rows: list[SidebarRow]) -> None:
        """Put other rows in place by the fewest moves that are simple to find."""
        old, new = [_key(row) for row in self._rows], [_key(row) for row in rows]
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
        none = QModelIndex()
        if len(gone) > 1 and come == [gone[-1], *gone[:-1]]:  # one row went to the top
            self.beginMoveRows(none, head + len(gone) - 1, head + len(gone) - 1, none, head)
            self._rows.insert(head, self._rows.pop(head + len(gone) - 1))
            self.endMoveRows()
        else:
            if gone:
                self.beginRemoveRows(none, head, head + len(gone) - 1)
                del self._rows[head : head + len(gone)]
                self.endRemoveRows()
            if come:
                self.beginInsertRows(none, head, head + len(come) - 1)
                self._rows[head:head] = rows[head : head + len(come)]
                self.endInsertRows()
        shown, self._rows = self._rows, rows
        # Most are the very same objects, which is quick to see.
        other = [
            at
            for at, (row, before) in enumerate(zip(rows, shown, strict=True))
            if row is not before and row != before
        ]
        if other:
            self.dataChanged.emit(self.index(other[0]), self.index(other[-1]))


def conversation_of(row: Conversation | SearchHit) -> int:
    """The id of the conversation that a row opens."""
    return row.id if isinstance(row, Conversation) else row.conversation_id


def _key(row: SidebarRow) -> object:
    """What makes a row the same row, whatever it says; cheap for the many conversations."""
    if isinstance(row, Conversation):
        return row.id
    if isinstance(row, Heading):
        return row.section, row.folder.id if row.folder else row.text
    return "hit", row.conversation_id, row.message_id
