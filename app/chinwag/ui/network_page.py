"""What goes out: the offline switch, the account, and every host that was contacted and why."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.contacts import Contact
from chinwag.core.hub_account import Account, TokenPlace
from chinwag.core.hub_address import HUB, host_of
from chinwag.ui import hub_words, wording
from chinwag.ui.fields import CheckField
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import TextButton, say

HOST, WHY, TIMES, LAST = range(4)
ROW_PIXELS = 28
WIDE_FROM = 560
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TOKENS = "https://huggingface.co/settings/tokens"


class NetworkPage(QWidget):
    """Says what is wished; is fed with what is so."""

    offline_requested = Signal(bool)
    token_entered = Signal(str)
    token_removal_requested = Signal()
    forget_requested = Signal()
    preferences_requested = Signal()  # where mirror and proxy are
    link_requested = Signal(str)
    shown = Signal()  # what is so may have changed since

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._account = Account()
        self.offline = CheckField(theme, self.tr("Work offline"))
        self.offline_line = QLabel()
        self.offline_line.setWordWrap(True)
        set_look(self.offline_line, "soft")
        self.preferences_button = TextButton(theme, self.tr("Mirror and proxy…"), "quiet")
        self.account_line = QLabel()
        self.account_line.setWordWrap(True)
        self.account_line.setTextFormat(Qt.TextFormat.PlainText)
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.complaint.setTextFormat(Qt.TextFormat.PlainText)
        self.complaint.hide()
        set_look(self.complaint, "danger")
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText(self.tr("Token; it begins with hf_"))
        self.token.setAccessibleName(self.tr("Token"))
        self.token.setMaxLength(600)
        self.add_button = TextButton(theme, self.tr("Add"), "primary")
        self.make_button = TextButton(theme, self.tr("Make a token…"), "quiet")
        self.make_button.setToolTip(self.tr("Opens huggingface.co in the browser"))
        self.remove_button = TextButton(theme, self.tr("Remove token"), "danger")
        self.ledger_line = QLabel()
        self.ledger_line.setWordWrap(True)
        set_look(self.ledger_line, "soft")
        self.list = QTreeWidget()
        self.forget_button = TextButton(theme, self.tr("Empty the list"), "quiet")
        self._make_list()
        self._lay_out()
        self.offline.clicked.connect(self._on_offline_clicked)
        self.preferences_button.clicked.connect(self.preferences_requested)
        self.token.returnPressed.connect(self._on_token_entered)
        self.token.textChanged.connect(self._on_token_changed)
        self.add_button.clicked.connect(self._on_token_entered)
        self.make_button.clicked.connect(self._on_make_clicked)
        self.remove_button.clicked.connect(self.token_removal_requested)
        self.forget_button.clicked.connect(self.forget_requested)
        self.set_offline(False)
        self.set_account(Account())
        self.set_contacts([])
        self._on_token_changed("")

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keyboard to the switch."""
        self.offline.setFocus(reason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave a column out where it is narrow."""
        super().resizeEvent(event)
        self.list.setColumnHidden(TIMES, self.width() < self._theme.px(WIDE_FROM))

    def showEvent(self, event: QShowEvent) -> None:
        """Say that it is looked at."""
        super().showEvent(event)
        self.shown.emit()

    @Slot(bool)
    def set_offline(self, is_offline: bool) -> None:
        """Show how the switch stands."""
        self.offline.setChecked(is_offline)
        self.offline_line.setText(
            self.tr("Nothing goes out, whatever is clicked or under way.")
            if is_offline
            else self.tr("Only what you ask for goes out: searches, downloads, clicked pictures.")
        )

    @Slot(Account)
    def set_account(self, account: Account) -> None:
        """Show whose token there is, and where it lies."""
        before, self._account = self._account, account
        self.complaint.hide()
        if account.error is not None:
            self.show_complaint(wording.error_sentence(account.error))
        text = self.tr("No token. Open models need none; gated ones do.")
        if account.has_token:
            text = self.tr("Signed in to {host} as {name}.")
            if not account.name:
                text = self.tr("There is a token for {host}.")
            if account.place is TokenPlace.KEYRING:
                kept = self.tr("It lies in your system’s keyring.")
            else:
                kept = self.tr(
                    "There is no keyring here that works, so it lies in a file that only you may"
                    " read."
                )
            text = f"{text} {kept}"
            self.token.clear()
        self.account_line.setText(text.format(host=account.host, name=account.name))
        for widget in (self.token, self.add_button):
            widget.setVisible(not account.has_token)
        # Whoever uses a mirror must not be led to make a token of the Hub's for it.
        is_hub = account.host == host_of(HUB)
        self.make_button.setVisible(not account.has_token and is_hub)
        self.remove_button.setVisible(account.has_token)
        if before.has_token != account.has_token:
            say(self.account_line, self.account_line.text())

    def show_complaint(self, sentence: str) -> None:
        """Say what is wrong with the token."""
        self.complaint.setText(sentence)
        self.complaint.show()
        say(self.complaint, sentence)

    @Slot(bool)
    def set_busy(self, is_busy: bool) -> None:
        """Show that keyring or Hub are being asked."""
        if is_busy:
            self.complaint.hide()
            self.account_line.setText(self.tr("Looking…"))
        else:
            self.set_account(self._account)
        self._on_token_changed(self.token.text(), is_busy)

    @Slot(list)
    def set_contacts(self, contacts: Sequence[Contact]) -> None:
        """Show who was contacted, the latest first."""
        self.list.setUpdatesEnabled(False)
        self.list.clear()
        today = self._now().astimezone().date()
        rows: list[QTreeWidgetItem] = []
        for contact in contacts:
            last = contact.last
            when = f"{wording.day(last, today)}, {wording.time_of_day(last)}"
            row = QTreeWidgetItem(
                [contact.host, hub_words.purpose(contact.purpose), str(contact.times), when]
            )
            row.setToolTip(HOST, contact.host)
            first = self.tr("First on {when}").format(when=wording.moment(contact.first))
            row.setToolTip(LAST, first)
            row.setTextAlignment(TIMES, _RIGHT)
            row.setSizeHint(HOST, QSize(0, self._theme.px(ROW_PIXELS)))
            rows.append(row)
        self.list.addTopLevelItems(rows)
        self.list.setUpdatesEnabled(True)
        self.list.setVisible(bool(rows))
        self.forget_button.setVisible(bool(rows))
        text = self.tr("Every computer that this app has contacted, and why.")
        if not rows:
            text = self.tr("This app has contacted nobody.")
        self.ledger_line.setText(text)

    @Slot()
    def _on_offline_clicked(self) -> None:
        self.offline_requested.emit(self.offline.isChecked())

    @Slot()
    def _on_token_entered(self) -> None:
        if self.add_button.isEnabled():
            self.token_entered.emit(self.token.text())

    @Slot(str)
    def _on_token_changed(self, text: str, is_busy: bool = False) -> None:
        self.add_button.setEnabled(bool(text.strip()) and not is_busy)
        self.add_button.setToolTip("" if text.strip() else self.tr("Paste a token first."))

    @Slot()
    def _on_make_clicked(self) -> None:
        self.link_requested.emit(_TOKENS)

    def _make_list(self) -> None:
        self.list.setAccessibleName(self.tr("Hosts contacted"))
        self.list.setHeaderLabels(
            [self.tr("Host"), self.tr("Why"), self.tr("Times"), self.tr("Last")]
        )
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setUniformRowHeights(True)
        self.list.headerItem().setTextAlignment(TIMES, _RIGHT)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(HOST, QHeaderView.ResizeMode.Stretch)
        for column, pixels in ((WHY, 170), (TIMES, 60), (LAST, 130)):
            header.resizeSection(column, self._theme.px(pixels))

    def _lay_out(self) -> None:
        switch = QHBoxLayout()
        switch.addWidget(self.offline)
        switch.addStretch(1)
        switch.addWidget(self.preferences_button)
        entry = QHBoxLayout()
        entry.setSpacing(8)
        entry.addWidget(self.token, 1)
        entry.addWidget(self.add_button)
        entry.addWidget(self.make_button)
        foot = QHBoxLayout()
        foot.addWidget(self.ledger_line, 1)
        foot.addWidget(self.forget_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(6)
        column.addLayout(switch)
        column.addWidget(self.offline_line)
        column.addSpacing(14)
        column.addWidget(_heading(self.tr("Hugging Face account")))
        column.addWidget(self.account_line)
        column.addWidget(self.complaint)
        column.addLayout(entry)
        column.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(14)
        column.addWidget(_heading(self.tr("Contacts")))
        column.addLayout(foot)
        column.addWidget(self.list, 1)
        column.addStretch(0)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    set_look(label, "heading")
    return label
