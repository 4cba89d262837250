"""Which persona speaks: the button in the header and the popover under it."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from chinwag.core.persona import BrokenPersona, Persona
from chinwag.ui import wording
from chinwag.ui.avatar import paint_avatar
from chinwag.ui.picker_button import PickerButton
from chinwag.ui.picker_list import PickerPopover
from chinwag.ui.picker_rows import PickerRow
from chinwag.ui.theme import Theme
from chinwag.ui.widgets import TextButton

POPOVER_WIDTH = 360


class PersonaPicker(PickerButton):
    """Shows the persona that speaks next; opens the list of all, recent ones first."""

    persona_requested = Signal(str)  # the id of another persona
    edit_requested = Signal(str)  # the id of the persona to edit
    create_requested = Signal()  # a new persona
    reset_requested = Signal(str)  # one whose file is broken, as it came
    duplicate_requested = Signal(str)  # a copy of the persona that speaks
    import_requested = Signal()  # one from a file
    favourite_toggled = Signal(str)  # the id of one to be a favourite, or no longer
    list_wished = Signal()  # the list is open: files may have changed

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self._name = self.tr("Persona")
        self._persona: Persona | None = None
        self._personas: list[Persona | BrokenPersona] = []
        self._recent: tuple[str, ...] = ()
        self._favourites: tuple[str, ...] = ()
        self._shipped: frozenset[str] = frozenset()
        self.popover = PickerPopover(
            theme, self.tr("Personas"), self.tr("Find a persona"), parent=self
        )
        create = TextButton(theme, self.tr("Create a persona…"), "entry", "add")
        self._duplicate = TextButton(theme, "", "entry", "copy")
        take_in = TextButton(theme, self.tr("Import a persona…"), "entry", "file")
        for entry in (create, self._duplicate, take_in):
            self.popover.footer.addWidget(entry)
        self.set_content("")
        self.clicked.connect(self.open_popover)
        create.clicked.connect(self._on_create_clicked)
        self._duplicate.clicked.connect(self._on_duplicate_clicked)
        take_in.clicked.connect(self._on_import_clicked)
        self.popover.row_chosen.connect(self._on_row_chosen)
        self.popover.trailing_chosen.connect(self._on_trailing_chosen)
        self.popover.mark_toggled.connect(self.favourite_toggled)
        self.popover.opened.connect(self.list_wished)

    def set_personas(
        self,
        personas: Iterable[Persona | BrokenPersona],
        recent: Iterable[str] = (),
        favourites: Iterable[str] = (),
        shipped: Iterable[str] = (),
    ) -> None:
        """List these; `recent` holds the ids of those used last, newest first.

        `shipped` are the ids of those that came with the app: broken ones can be reset.
        """
        self._personas = list(personas)
        self._recent = tuple(recent)
        self._favourites = tuple(favourites)
        self._shipped = frozenset(shipped)
        self._fill()

    def set_persona(self, persona: Persona) -> None:
        """Show the persona that speaks next."""
        self._persona = persona
        self.set_content(persona.name)
        self._duplicate.setText(self.tr("Duplicate {name}…").format(name=persona.name))
        self._duplicate.setVisible(bool(persona.id))
        self._fill()

    @Slot()
    def open_popover(self) -> None:
        """Open the list, its filter ready for typing."""
        self.popover.open_under(self, self._theme.px(POPOVER_WIDTH))

    def paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the persona's avatar."""
        if self._persona is not None:
            one = self._persona
            paint_avatar(painter, rect, self._theme, one.avatar, one.name, colour=one.colour)

    @Slot(str)
    def _on_row_chosen(self, persona_id: str) -> None:
        if self._persona is None or persona_id != self._persona.id:
            self.persona_requested.emit(persona_id)

    @Slot(str)
    def _on_trailing_chosen(self, persona_id: str) -> None:
        is_broken = any(
            one.id == persona_id for one in self._personas if isinstance(one, BrokenPersona)
        )
        (self.reset_requested if is_broken else self.edit_requested).emit(persona_id)

    @Slot()
    def _on_create_clicked(self) -> None:
        self.popover.dismiss()
        self.create_requested.emit()

    @Slot()
    def _on_duplicate_clicked(self) -> None:
        self.popover.dismiss()
        if self._persona is not None:
            self.duplicate_requested.emit(self._persona.id)

    @Slot()
    def _on_import_clicked(self) -> None:
        self.popover.dismiss()
        self.import_requested.emit()

    def _fill(self) -> None:
        self.popover.set_rows(self._row(persona) for persona in self._ordered())

    def _ordered(self) -> list[Persona | BrokenPersona]:
        """Favourites first, then recent ones, then by name, broken ones last."""
        last = len(self._recent)

        def place(persona: Persona | BrokenPersona) -> tuple[bool, bool, int, str]:
            if isinstance(persona, BrokenPersona):
                return True, True, last, persona.id.casefold()
            at = self._recent.index(persona.id) if persona.id in self._recent else last
            return False, persona.id not in self._favourites, at, persona.name.casefold()

        return sorted(self._personas, key=place)

    def _row(self, persona: Persona | BrokenPersona) -> PickerRow:
        if isinstance(persona, BrokenPersona):
            line = persona.error.values.get("line")
            title = self.tr("{file}, line {line}") if line else "{file}"
            return PickerRow(
                id=persona.id,
                title=title.format(file=persona.path.name, line=line),
                description=wording.error_sentence(persona.error),
                icon="warning",
                is_enabled=False,
                trailing="reset" if persona.id in self._shipped else "",
                trailing_name=self.tr("Reset {name}").format(name=persona.path.name),
            )
        is_favourite = persona.id in self._favourites
        mark = self.tr("Unstar {name}") if is_favourite else self.tr("Star {name}")
        return PickerRow(
            id=persona.id,
            title=persona.name,
            description=persona.description,
            avatar=persona.avatar,
            colour=persona.colour,
            is_current=self._persona is not None and persona.id == self._persona.id,
            trailing="gear",
            trailing_name=self.tr("Edit {name}").format(name=persona.name),
            mark="star-filled" if is_favourite else "star",
            mark_name=mark.format(name=persona.name),
            is_marked=is_favourite,
            keywords=" ".join(persona.tags),
        )
