"""Gathers the rows that a damaged database still holds, and makes a sound one of them."""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from chinwag.core.conversation import Role
from chinwag.core.recovered import Salvaged
from chinwag.store.mending import Row, mend
from chinwag.store.migrations import migrate
from chinwag.store.page_file import LEAF, Cell, PageFile, Value

# How many values the first version wrote; those that came later have defaults.
_FIRST_COLUMNS = {"conversation": 11, "message": 15, "former_text": 5}
# How the rows of a table begin: how long the kinds of their values are, no key, then these kinds.
_BEGINNINGS = {
    "message": re.compile(rb"[\x10-\x3f]\x00[\x01-\x09][\x00-\x09][\x15\x19\x1f]"),
    "conversation": re.compile(
        rb"[\x0c-\x1f]\x00(?:[\x0d-\x7f]|[\x81-\x8f][\x00-\x7f])[\x08\x09][\x0d-\x7f]"
    ),
}
_INDEXED = ("message_index", "title_index")
_OF_MESSAGES = ("attachment", "sent_prompt")
# Where a row stands that is found twice: the more certain place wins.
_CARVED, _LOOSE, _IN_TREE = range(3)


@dataclass(slots=True)
class _Column:
    name: str
    kind: type
    is_required: bool
    default: Value


@dataclass(slots=True)
class _Table:
    name: str
    key: str
    columns: list[_Column]

    def fits(self, cell: Cell) -> bool:
        """Whether a row could be of this table, by the number and kinds of its values."""
        values = cell.values
        least = _FIRST_COLUMNS.get(self.name, len(self.columns))
        if not cell.is_whole:
            # A row that is cut short must at least be sure to be what it seems.
            least = 5 if self.name == "message" else len(self.columns)
        if not least <= len(values) <= len(self.columns):
            return False
        for column, value in zip(self.columns, values, strict=False):
            if column.name == self.key:
                if value is not None:
                    return False
            elif value is None:
                if column.is_required:
                    return False
            elif not isinstance(value, column.kind):
                return False
        return self.name != "message" or values[3] in list(Role)

    def row(self, rowid: int, values: Sequence[Value]) -> Row:
        """The values by name, the missing ones as they are by default."""
        found: Row = {column.name: column.default for column in self.columns}
        found.update(zip((c.name for c in self.columns), values, strict=False))
        found[self.key] = rowid
        return found


@dataclass(slots=True)
class _Haul:
    """The best row found under each id, table by table."""

    tables: dict[str, dict[int, Row]]
    ranks: dict[tuple[str, int], tuple[bool, int, int]] = field(
        default_factory=dict[tuple[str, int], tuple[bool, int, int]]
    )
    cut: set[int] = field(default_factory=set[int])
    claimed: set[int] = field(default_factory=set[int])

    def take(self, table: _Table, cell: Cell, certainty: int) -> None:
        """Keep a row unless a better one is there."""
        size = sum(len(v) for v in cell.values if isinstance(v, str | bytes))
        rank, place = (cell.is_whole, certainty, size), (table.name, cell.rowid)
        self.claimed.update(cell.spilled)
        if rank <= self.ranks.get(place, (False, -1, 0)):
            return
        self.ranks[place] = rank
        self.tables[table.name][cell.rowid] = table.row(cell.rowid, cell.values)
        if table.name == "message":
            (self.cut.discard if cell.is_whole else self.cut.add)(cell.rowid)


def salvage(file: PageFile, copies: Iterable[Path], fresh: Path) -> Salvaged:
    """Write what can be read of a damaged file, and of its newest copy what cannot, into `fresh`.

    `fresh` must not be there; it is of today's version, its keys and indexes hold, and it is on
    the disk when this returns. Raises sqlite3.DatabaseError and OSError for `fresh` alone.
    """
    with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        migrate(connection)
        tables = _tables(connection)
        haul = _gather(file, tables)
        found = set(haul.tables["message"]) - haul.cut
        for copy in copies:
            if _add_from_copy(copy, tables, haul):
                break
        messages = haul.tables["message"]
        mend(haul.tables, tables["conversation"].row(0, ()))
        _fill(connection, tables, haul.tables, _last_ids(file))
        return Salvaged(
            len(haul.tables["conversation"]),
            len(messages),
            len(haul.cut & set(messages)),
            len(set(messages) - found - haul.cut),
        )


def _tables(connection: sqlite3.Connection) -> dict[str, _Table]:
    kinds = {"INTEGER": int, "TEXT": str, "BLOB": bytes}
    found: dict[str, _Table] = {}
    listed = connection.execute("SELECT name FROM pragma_table_list WHERE strict").fetchall()
    for (name,) in sorted(listed):
        columns: list[_Column] = []
        key = ""
        for _, column, kind, required, default, is_key in connection.execute(
            f"PRAGMA table_info({name})"
        ):
            value = connection.execute(f"SELECT {default or 'NULL'}").fetchone()[0]
            columns.append(_Column(column, kinds[kind], bool(required), value))
            key = column if is_key else key
        found[name] = _Table(name, key, columns)
    return found


def _gather(file: PageFile, tables: Mapping[str, _Table]) -> _Haul:
    haul = _Haul({name: {} for name in tables})
    roots = _roots(file)
    owners = {page: name for name, root in roots.items() for page in file.leaves(root)}
    free = file.free()
    spoilt: list[int] = []
    for page in file.numbers():
        if file.kind(page) != LEAF:
            spoilt.append(page)
            continue
        if page in free and page not in owners:
            continue
        cells = file.cells(page)
        if len(cells) < file.claimed_cells(page):
            spoilt.append(page)
        for cell in cells:
            owner = owners.get(page)
            fitting = [t for t in tables.values() if t.fits(cell) and owner in (None, t.name)]
            if len(fitting) == 1:
                haul.take(fitting[0], cell, _LOOSE if owner is None else _IN_TREE)
    for page in spoilt:
        # Pages of a long text have no rows; a page whose beginning is gone may have some.
        if page not in haul.claimed and page not in free and file.kind(page) not in (0x02, 0x0A):
            for name, beginning in _BEGINNINGS.items():
                for cell in file.carve(page, beginning):
                    if cell.is_whole and tables[name].fits(cell):
                        haul.take(tables[name], cell, _CARVED)
    return haul


def _roots(file: PageFile) -> dict[str, int]:
    """The root page of every table, as far as the schema can be read."""
    found: dict[str, int] = {}
    if not file.has_header:
        return found
    for page in file.leaves(1):
        for cell in file.cells(page):
            if len(cell.values) == 5 and cell.values[0] == "table":
                name, root = cell.values[1], cell.values[3]
                if isinstance(name, str) and isinstance(root, int) and root:
                    found[name] = root
    return found


def _last_ids(file: PageFile) -> dict[str, int]:
    """The highest id that each table ever gave: none must come to mean something else."""
    found: dict[str, int] = {}
    for page in file.leaves(_roots(file).get("sqlite_sequence", 0)):
        for cell in file.cells(page):
            name, last = (*cell.values, None, None)[:2]
            if isinstance(name, str) and isinstance(last, int):
                found[name] = last
    return found


def _add_from_copy(copy: Path, tables: Mapping[str, _Table], haul: _Haul) -> bool:
    """Take from a copy what is not there or only in part; whether the copy could be read."""
    kept: dict[str, dict[int, Row]] = {}
    address = f"{copy.absolute().as_uri()}?immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            for name, table in tables.items():
                if connection.execute(f"PRAGMA table_info({name})").fetchall():
                    kept[name] = {
                        row[table.key]: {c.name: c.default for c in table.columns} | dict(row)
                        for row in connection.execute(f"SELECT * FROM {name}")
                    }
    except sqlite3.DatabaseError:
        return False
    here = haul.tables
    # After a restore an id may mean another chat than it does in the copy.
    strangers = {
        number
        for number, row in kept.get("conversation", {}).items()
        if number in here["conversation"]
        and here["conversation"][number]["created_at"] != row["created_at"]
    }
    for name, found in sorted(kept.items(), key=lambda one: one[0] in _OF_MESSAGES):
        owner = "id" if name == "conversation" else "conversation_id"
        for number, row in found.items():
            if row.get(owner) in strangers or name == "former_text":
                continue
            if name in _OF_MESSAGES and not _is_same(row["message_id"], kept, here):
                continue
            if number not in here[name]:
                here[name][number] = row
            elif name == "message" and number in haul.cut and _goes_on(here[name][number], row):
                here[name][number] = row
                haul.cut.discard(number)
    return True


def _is_same(
    message: Value, kept: dict[str, dict[int, Row]], here: dict[str, dict[int, Row]]
) -> bool:
    """Whether a message is the same in the copy, should it be of one."""
    if not isinstance(message, int):
        return True
    ours, theirs = here["message"].get(message), kept["message"].get(message)
    return ours is not None and theirs is not None and ours["created_at"] == theirs["created_at"]


def _goes_on(cut: Row, whole: Row) -> bool:
    return str(whole["text"]).startswith(str(cut["text"]))


def _fill(
    connection: sqlite3.Connection,
    tables: Mapping[str, _Table],
    found: dict[str, dict[int, Row]],
    last_ids: Mapping[str, int],
) -> None:
    connection.execute(
        "PRAGMA foreign_keys = OFF"
    )  # a heading and its last message want each other
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN")
    for number in set(found["new_chat"]) - {1}:
        del found["new_chat"][number]
    for name, table in tables.items():
        names = [column.name for column in table.columns]
        marks = ", ".join("?" * len(names))
        connection.executemany(
            f"INSERT OR REPLACE INTO {name} ({', '.join(names)}) VALUES ({marks})",
            [[row[column] for column in names] for row in found[name].values()],
        )
    for name, last in last_ids.items():
        connection.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, name)
        )
    for index in _INDEXED:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise sqlite3.IntegrityError(f"references do not hold: {[tuple(one) for one in broken]}")
    connection.execute("COMMIT")
