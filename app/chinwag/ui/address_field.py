"""A field for an address of the web: told of once it is typed to its end and makes sense."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from chinwag.core.errors import HubError
from chinwag.ui import wording
from chinwag.ui.theme import set_look


class AddressField(QWidget):
    """An address or nothing; what is no address stays in the field, with a word on why."""

    address_chosen = Signal(str)

    def __init__(
        self, whole: Callable[[str], str], placeholder: str, parent: QWidget | None = None
    ) -> None:
        """`whole` makes an address of what is typed, or raises HubError `hub.bad_address`."""
        super().__init__(parent)
        self._whole = whole
        self._chosen = ""
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.complaint.hide()
        set_look(self.complaint, "danger")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.edit)
        layout.addWidget(self.complaint)
        self.setFocusProxy(self.edit)
        self.edit.editingFinished.connect(self._on_editing_finished)

    def set_address(self, address: str) -> None:
        """Show an address."""
        self._chosen = address
        if not self.edit.hasFocus():
            self.edit.setText(address)
            self.complaint.hide()

    @Slot()
    def _on_editing_finished(self) -> None:
        typed = self.edit.text().strip()
        try:
            address = self._whole(typed) if typed else ""
        except HubError as error:
            self.complaint.setText(wording.error_sentence(error))
            self.complaint.show()
            return
        self.complaint.hide()
        if address != self._chosen:
            self._chosen = address
            self.edit.setText(address)
            self.address_chosen.emit(address)
