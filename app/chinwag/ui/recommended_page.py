"""The recommended models, sorted for this computer, and what is known of the one that is lit."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QVBoxLayout, QWidget

from chinwag.core.fit import Machine
from chinwag.core.model import InstalledModel
from chinwag.core.recommended import Recommendation
from chinwag.ui import model_words, wording
from chinwag.ui.flow_layout import FlowLayout
from chinwag.ui.recommended_rows import RecommendedDelegate, RecommendedRows
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.widgets import ElidedLabel, Hairline, TextButton, say


class RecommendedPage(QWidget):
    """Complete without a network: everything it shows comes with the app.

    Enter downloads the model that is lit.
    """

    download_requested = Signal(Recommendation)  # find its file on the Hub and fetch that
    repository_requested = Signal(str)  # look into a repository that has the like of it
    page_requested = Signal(Recommendation)  # show the model's page on the Hub

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lit: Recommendation | None = None
        self._is_lit_by_hand = False
        self.line = QLabel(self.tr("Measuring this computer…"))
        self.line.setWordWrap(True)
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.line, "soft")
        self.rows = RecommendedRows(self)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Recommended models"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(RecommendedDelegate(theme, self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.name = ElidedLabel()
        set_look(self.name, "strong")
        self.good_for = QLabel()
        self.facts = QLabel()
        for label, look in ((self.good_for, ""), (self.facts, "soft")):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_look(label, look)
        self.notice = QLabel()
        self.notice.setWordWrap(True)
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notice.hide()
        self.download_button = TextButton(theme, self.tr("Download"), "primary")
        self.match_button = TextButton(theme, "")
        self.match_button.hide()
        self.page_button = TextButton(theme, self.tr("Show its page on the web"))
        self._match = ""
        self._installed: frozenset[tuple[str, str]] = frozenset()
        self._looked_up = ""  # the id of what is being looked up
        self.card = QWidget()
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.activated.connect(self._on_activated)
        self.download_button.clicked.connect(self._on_download_clicked)
        self.match_button.clicked.connect(self._on_match_clicked)
        self.page_button.clicked.connect(self._on_page_clicked)
        theme.theme_changed.connect(self.list.scheduleDelayedItemsLayout)
        self._show()

    @property
    def lit(self) -> Recommendation | None:
        """The recommendation that is lit."""
        return self._lit

    def set_recommendations(self, rows: Sequence[Recommendation], machine: Machine) -> None:
        """Show these, in their order; the light stays where a person put it, else on the first."""
        before = self._lit.id if self._lit is not None and self._is_lit_by_hand else ""
        was_lit_by_hand = self._is_lit_by_hand
        self.rows.set_rows(rows)
        index = self.rows.index_of(before)
        self.list.setCurrentIndex(index if index.isValid() else self.rows.index(0))
        self._is_lit_by_hand = was_lit_by_hand and index.isValid()
        text = self.tr("Sorted for this computer: {total} of memory, {free} of it free.")
        self.line.setText(
            text.format(
                total=model_words.short_size(machine.total_memory),
                free=model_words.short_size(machine.free_memory),
            )
        )

    def set_installed(self, models: Sequence[InstalledModel]) -> None:
        """Know which files are here already, by where on the Hub they came from."""
        records = [model.record for model in models if model.record is not None]
        self._installed = frozenset((one.repository, one.file) for one in records)
        self._show()

    def set_looked_up(self, row_id: str) -> None:
        """Say that this one is being looked up; "" when that is over."""
        self._looked_up = row_id
        self._show()

    def tell(self, sentence: str, look: str = "soft", match: str = "") -> None:
        """Say over the buttons what came of it; `match` is a repository to look into instead."""
        self._match = match
        set_look(self.notice, look)
        self.notice.setText(sentence)
        self.notice.setVisible(bool(sentence))
        self.match_button.setText(self.tr("Look into {repository}").format(repository=match))
        self.match_button.setVisible(bool(match))
        say(self, sentence)

    def show_error(self, sentence: str) -> None:
        """Say why there is nothing to recommend."""
        set_look(self.line, "danger")
        self.line.setText(sentence)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The keyboard belongs to the list; with a proxy, Tab would leave out what is above it."""
        self.list.setFocus(reason)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._lit = self.rows.row_at(index)
        self._is_lit_by_hand = True
        self.tell("")
        self._show()

    @Slot(QModelIndex)
    def _on_activated(self, _index: QModelIndex) -> None:
        self._on_download_clicked()

    @Slot()
    def _on_download_clicked(self) -> None:
        if self._lit is not None and self.download_button.isEnabled():
            self.tell("")
            self.download_requested.emit(self._lit)

    @Slot()
    def _on_match_clicked(self) -> None:
        self.repository_requested.emit(self._match)

    @Slot()
    def _on_page_clicked(self) -> None:
        if self._lit is not None:
            self.page_requested.emit(self._lit)

    def _show(self) -> None:
        self.card.setVisible(self._lit is not None)
        if self._lit is None:
            return
        self.name.set_full_text(self._lit.model.name)
        self.good_for.setText(self._lit.model.good_for)
        self.facts.setText(" · ".join(self._facts(self._lit)))
        is_looked_up = self._lit.id == self._looked_up
        is_here = any(
            repository == self._lit.model.repository and self._lit.file.is_named(file)
            for repository, file in self._installed
        )
        text, reason = self.tr("Download"), ""
        if is_here:
            text = self.tr("Installed")
            reason = self.tr("It is on this computer already; see the page Installed.")
        elif is_looked_up:
            text, reason = self.tr("Looking it up…"), self.tr("The Hub is being asked for it.")
        elif not self._lit.fit.is_fit:
            text = self.tr("Download all the same")
        self.download_button.setText(text)
        self.download_button.setToolTip(reason)
        self.download_button.setEnabled(not reason)
        set_look(self.download_button, "primary" if self._lit.fit.is_fit else "")

    def _facts(self, one: Recommendation) -> list[str]:
        model, fit = one.model, one.fit
        facts = [
            model.repository,
            model_words.parameters(model.shape.parameters),
            one.file.quantization,
            model_words.about(one.file.size),
            model_words.window(model.window_tokens),
            self.tr("licence {name}").format(name=model.licence),
            self.tr("needs {needed} of memory").format(
                needed=model_words.short_size(fit.needed),
            ),
        ]
        if fit.tokens_per_second and fit.is_fit:
            speed = self.tr("about {rate} expected")
            facts.append(speed.format(rate=wording.rate(fit.tokens_per_second)))
        if model.thinks:
            facts.append(self.tr("thinks before it answers"))
        sampling = model_words.sampling(model.sampling)
        if sampling:
            facts.append(self.tr("recommended: {options}").format(options=sampling))
        return facts

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 12, 8)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        head.addWidget(self.line)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(20, 12, 20, 14)
        inside.setSpacing(6)
        for widget in (self.name, self.good_for, self.facts, self.notice):
            inside.addWidget(widget)
        inside.addSpacing(4)
        buttons = FlowLayout()
        for button in (self.download_button, self.match_button, self.page_button):
            buttons.addWidget(button)
        inside.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(Hairline(self._theme))
        layout.addWidget(self.card)
