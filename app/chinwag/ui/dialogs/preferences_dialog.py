"""The preferences, generated from the settings' declarations; each change applies at once."""

from collections.abc import Iterable, Sequence
from dataclasses import Field, dataclass, fields
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from chinwag.core.hub_address import HUB, hub_address, proxy_address
from chinwag.core.persona import BrokenPersona, Persona
from chinwag.core.settings import Settings
from chinwag.ui.address_field import AddressField
from chinwag.ui.fields import (
    CheckField,
    ChoiceField,
    FieldCard,
    FieldRow,
    FolderField,
    NumberField,
)
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import Hairline, TextButton


@dataclass(frozen=True, slots=True)
class SettingWords:
    """How a setting is put to a person; `unit` and `zero` are for numbers only."""

    name: Any
    sentence: Any
    unit: Any = ""
    zero: Any = ""  # said instead of 0


PAGES: dict[str, Any] = {
    "appearance": QT_TRANSLATE_NOOP("preferences", "Appearance"),
    "chat": QT_TRANSLATE_NOOP("preferences", "Chat"),
    "model": QT_TRANSLATE_NOOP("preferences", "Model"),
    "folders": QT_TRANSLATE_NOOP("preferences", "Folders"),
    "network": QT_TRANSLATE_NOOP("preferences", "Network"),
}

WORDS: dict[str, SettingWords] = {
    "theme": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Colours"),
        QT_TRANSLATE_NOOP("preferences", "Light, dark, or as your system has it."),
    ),
    "text_size_percent": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Text size"),
        QT_TRANSLATE_NOOP("preferences", "Compared with your system’s own size."),
        unit=QT_TRANSLATE_NOOP("preferences", " %"),
    ),
    "default_persona": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Persona of new chats"),
        QT_TRANSLATE_NOOP("preferences", "Who answers until you pick another."),
    ),
    "writes_titles": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Titles by the model"),
        QT_TRANSLATE_NOOP(
            "preferences",
            "After the first reply, while nothing else is asked of it, a model of a billion "
            "parameters or more names the chat. A title of yours is never replaced.",
        ),
    ),
    "window_tokens": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Context window"),
        QT_TRANSLATE_NOOP(
            "preferences",
            "How much of a chat the model sees at once. More needs more memory; "
            "it counts from the next load.",
        ),
        unit=QT_TRANSLATE_NOOP("preferences", " tokens"),
    ),
    "reply_tokens": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Room for the reply"),
        QT_TRANSLATE_NOOP(
            "preferences",
            "How much of the window stays free for the reply: at most a quarter of it.",
        ),
        unit=QT_TRANSLATE_NOOP("preferences", " tokens"),
    ),
    "overflow": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "When a chat is too long"),
        QT_TRANSLATE_NOOP(
            "preferences",
            "What gives way in the window. Pinned messages and the persona never do, and nothing "
            "is deleted from the chat.",
        ),
    ),
    "threads": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Threads"),
        QT_TRANSLATE_NOOP(
            "preferences",
            "Processor cores that work on a reply. Automatic leaves one free for the rest.",
        ),
        zero=QT_TRANSLATE_NOOP("preferences", "Automatic"),
    ),
    "device": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Device"),
        QT_TRANSLATE_NOOP("preferences", "What the model runs on, from the next load."),
    ),
    "models_folder": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Models"),
        QT_TRANSLATE_NOOP("preferences", "Where models are kept and looked for."),
    ),
    "works_offline": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Work offline"),
        QT_TRANSLATE_NOOP("preferences", "Nothing goes out, whatever is clicked or under way."),
    ),
    "hub_address": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Mirror"),
        QT_TRANSLATE_NOOP(
            "preferences", "Where models come from; empty for Hugging Face’s own hub."
        ),
    ),
    "proxy": SettingWords(
        QT_TRANSLATE_NOOP("preferences", "Proxy"),
        QT_TRANSLATE_NOOP(
            "preferences", "The way out of your network; empty for what your system says."
        ),
    ),
}

VALUES: dict[str, Any] = {
    "theme.system": QT_TRANSLATE_NOOP("preferences", "Like the system"),
    "theme.light": QT_TRANSLATE_NOOP("preferences", "Light"),
    "theme.dark": QT_TRANSLATE_NOOP("preferences", "Dark"),
    "overflow.ask": QT_TRANSLATE_NOOP("preferences", "Stop and ask"),
    "overflow.drop": QT_TRANSLATE_NOOP("preferences", "Drop the oldest"),
    "overflow.summarise": QT_TRANSLATE_NOOP("preferences", "Summarise the oldest"),
}

AUTOMATIC: Any = QT_TRANSLATE_NOOP("preferences", "Automatic")
Control = AddressField | CheckField | ChoiceField | NumberField | FolderField


class PreferencesDialog(QDialog):
    """One card a page of the settings; hidden settings and devices there are none of are absent."""

    change_requested = Signal(str, object)  # a setting's name and its new value

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        personas: Iterable[Persona | BrokenPersona] = (),
        devices: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`devices` holds the name and description of each that a model can run on."""
        super().__init__(parent)
        self._theme = theme
        self._controls: dict[str, Control] = {}
        self._rows: dict[str, FieldRow] = {}
        self.setWindowTitle(self.tr("Preferences"))
        self._lay_out()
        self.set_personas(personas)
        self.set_devices(devices)
        self.set_settings(settings)

    def control(self, name: str) -> Control | None:
        """The control of a setting; None for one that is hidden."""
        return self._controls.get(name)

    def set_settings(self, settings: Settings) -> None:
        """Show these values; nothing is asked for."""
        for name, control in self._controls.items():
            value = getattr(settings, name)
            if isinstance(control, ChoiceField):
                control.set_value(value)
            elif isinstance(control, CheckField):
                control.setChecked(value)
            elif isinstance(control, NumberField):
                control.blockSignals(True)
                control.setValue(value)
                control.blockSignals(False)
            elif isinstance(control, AddressField):
                control.set_address(value)
            else:
                control.set_folder(value)

    def set_personas(self, personas: Iterable[Persona | BrokenPersona]) -> None:
        """Offer these where a persona is to be chosen."""
        choices = [(who.id, who.name) for who in personas if isinstance(who, Persona)]
        for control in self._choices_of("persona"):
            control.set_choices(choices)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these to run on; without any there is nothing to choose and nothing is shown."""
        described = [(name, description or name) for name, description in devices]
        for control in self._choices_of("device"):
            control.set_choices([("", _tr(AUTOMATIC)), *described])
        for field in _shown_fields("device"):
            self._rows[field.name].setVisible(bool(devices))

    def sizeHint(self) -> QSize:
        """Room for a page without scrolling, where the screen has it."""
        return QSize(self._theme.px(620), self._theme.px(640))

    @Slot(object)
    def _on_value_changed(self, value: object) -> None:
        self.change_requested.emit(self.sender().property("setting"), value)

    def _lay_out(self) -> None:
        page = QWidget()
        set_look(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(8)
        for name, title in PAGES.items():
            heading = QLabel(_tr(title))
            set_look(heading, "heading")
            card = FieldCard(self._theme)
            for field in _shown_fields():
                if field.metadata["page"] == name:
                    card.add_row(self._make_row(field))
            if card.rows():
                column.addWidget(heading)
                column.addWidget(card)
                column.addSpacing(12)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = TextButton(self._theme, self.tr("Close"), "primary")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addLayout(foot)

    def _make_row(self, field: Field[Any]) -> FieldRow:
        words = WORDS[field.name]
        control = self._make_control(field, words)
        control.setProperty("setting", field.name)
        self._controls[field.name] = control
        row = FieldRow(self._theme, _tr(words.name), _tr(words.sentence), control)
        self._rows[field.name] = row
        return row

    def _make_control(self, field: Field[Any], words: SettingWords) -> Control:
        if field.metadata["kind"] == "folder":
            folder = FolderField(self._theme, _tr(words.name))
            folder.folder_chosen.connect(self._on_value_changed)
            return folder
        if field.metadata["kind"] == "address":
            is_hub = field.name == "hub_address"
            address = AddressField(hub_address if is_hub else proxy_address, HUB if is_hub else "")
            address.address_chosen.connect(self._on_value_changed)
            address.edit.setAccessibleName(_tr(words.name))
            return address
        if isinstance(field.default, bool):
            check = CheckField(self._theme, "")
            check.clicked.connect(self._on_value_changed)  # `setChecked` does not click
            return check
        if isinstance(field.default, int):
            number = NumberField(self._theme)
            number.setRange(field.metadata["low"], field.metadata["high"])
            number.setSingleStep(field.metadata["step"])
            number.setSuffix(_tr(words.unit))
            number.setSpecialValueText(_tr(words.zero))
            number.valueChanged.connect(self._on_value_changed)
            return number
        choice = ChoiceField(self._theme)
        if isinstance(field.default, StrEnum):
            values = type(field.default)
            choice.set_choices([(v, _tr(VALUES[f"{field.name}.{v}"])) for v in values])
        choice.value_chosen.connect(self._on_value_changed)
        return choice

    def _choices_of(self, kind: str) -> list[ChoiceField]:
        found = (self._controls[field.name] for field in _shown_fields(kind))
        return [control for control in found if isinstance(control, ChoiceField)]


def _shown_fields(kind: str = "") -> list[Field[Any]]:
    """The settings a person sees, all or of one kind, in the order they are declared."""
    shown = [field for field in fields(Settings) if field.metadata["kind"] != "hidden"]
    return [field for field in shown if not kind or field.metadata["kind"] == kind]


def _tr(text: Any) -> str:
    return QCoreApplication.translate("preferences", text) if text else ""
