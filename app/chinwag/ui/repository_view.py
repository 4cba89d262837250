"""One repository: what its models are, how each goes with this computer, and its description."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from chinwag.core.fit import Fit
from chinwag.core.hub_files import variant_named
from chinwag.core.hub_reference import RepositoryReference
from chinwag.core.hub_repository import Gate, Repository, Variant
from chinwag.ui import hub_words, wording
from chinwag.ui.banner import BannerArea, BannerKind
from chinwag.ui.card_view import CardView
from chinwag.ui.fields import FieldCard
from chinwag.ui.inline_objects import PICTURE_LINK
from chinwag.ui.link_bar import LinkBar
from chinwag.ui.state_page import StatePage
from chinwag.ui.theme import Theme, set_look
from chinwag.ui.variant_row import VariantRow
from chinwag.ui.widgets import ElidedLabel, Hairline, IconButton, TextButton

GATED, UNKNOWN = "repository.gated", "repository.unknown"

Estimate = Callable[[Repository, Variant], Fit | None]


class RepositoryView(QWidget):
    """Fed by the service; Escape and Alt+Left go back to the search."""

    back_requested = Signal()
    page_requested = Signal(str)  # the repository whose page is to be opened in a browser
    link_requested = Signal(str)  # an address in the description
    download_requested = Signal(Repository, Variant)
    installed_requested = Signal()  # show the installed models
    repository_shown = Signal()  # its rows are there
    state_action_requested = Signal(str)  # the button of what stands in place of the page

    def __init__(
        self,
        theme: Theme,
        estimate: Estimate,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        """`estimate` tells how a file goes with this computer, None where it cannot."""
        super().__init__(parent)
        self._theme = theme
        self._estimate = estimate
        self._now = now
        self._can_download = False
        self._reference: RepositoryReference | None = None
        self.repository: Repository | None = None
        self.rows: list[VariantRow] = []
        self.back_button = IconButton(theme, "chevron-left", self.tr("Back to the search"))
        self.title = ElidedLabel()
        set_look(self.title, "title")
        self.page_button = TextButton(theme, self.tr("Model’s page"), "quiet")
        self.page_button.setToolTip(self.tr("Opens in the browser"))
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(self.facts, "soft")
        self.banners = BannerArea(theme)
        self.files_title = QLabel(self.tr("Files"))
        set_look(self.files_title, "heading")
        self.companions = QLabel()
        self.companions.setWordWrap(True)
        self.companions.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self.companions, "small")
        self.card_title = QLabel(self.tr("Description"))
        set_look(self.card_title, "heading")
        self.card_line = QLabel()
        self.card_line.setWordWrap(True)
        set_look(self.card_line, "soft")
        self.card = CardView(theme)
        self.state = StatePage(theme)
        self._files = FieldCard(theme)
        self._lay_out()
        self.back_button.clicked.connect(self.back_requested)
        self.page_button.clicked.connect(self._on_page_clicked)
        self.banners.action_requested.connect(self._on_banner_action)
        self.banners.dismissed.connect(self.banners.remove_banner)
        self.link_bar = LinkBar(theme, self)
        self.card.link_clicked.connect(self._on_link_clicked)
        self.link_bar.open_requested.connect(self.link_requested)
        self.link_bar.copy_requested.connect(self._on_copy_requested)
        self.link_bar.closed.connect(self.card.setFocus)
        self.state.action_requested.connect(self.state_action_requested)

    def allow_downloads(self) -> None:
        """There is something that downloads: show the buttons."""
        self._can_download = True

    @Slot(RepositoryReference)
    def set_reference(self, reference: RepositoryReference) -> None:
        """Show that a repository is being looked into."""
        self._reference = reference
        self.repository = None
        self.title.set_full_text(reference.repository)
        sentence = self.tr("Looking into {name}…").format(name=reference.repository)
        self.state.show_state(sentence, self.tr("Cancel"), "back", "chip")
        self._stack.setCurrentWidget(self.state)
        self.link_bar.close_bar()

    @Slot(Repository)
    def set_repository(self, repository: Repository) -> None:
        """Show what there is; the description follows."""
        self.repository = repository
        self.title.set_full_text(repository.id)
        self.facts.setText(" · ".join(hub_words.repository_facts(repository, self._now())))
        for banner in self.banners.banners:
            self.banners.remove_banner(banner.code)
        if repository.row.gate is not Gate.OPEN:
            self._show_gate(repository.row.gate, repository.has_access)
        self._fill_files(repository)
        self.set_card_line(self.tr("Fetching the description…"))
        self._stack.setCurrentWidget(self.scroll_area)
        self.scroll_area.verticalScrollBar().setValue(0)
        self.repository_shown.emit()
        if self.state.button.hasFocus() or not self.isAncestorOf(self.focusWidget() or self):
            self.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_failed(self, sentence: str, button: str, action: str, icon: str = "warning") -> None:
        """Say why it cannot be shown."""
        self.state.show_state(sentence, button, action, icon, "warning")
        self._stack.setCurrentWidget(self.state)

    def set_card(self, text: str, is_short: bool) -> None:
        """Show the description."""
        self.card.set_text(text, is_short)
        self.set_card_line("" if text else self.tr("The maker has written none."))

    def set_card_line(self, sentence: str) -> None:
        """Say something in place of the description, or nothing."""
        self.card_line.setText(sentence)
        self.card_line.setVisible(bool(sentence))
        if sentence:
            self.card.set_text("")

    def set_unknown_architecture(self, name: str) -> None:
        """Warn that the engine does not know this kind of model."""
        text = self.tr(
            "The engine of this version does not know models of the kind “{name}”. They can be"
            " downloaded but not loaded; look for a newer version of this program."
        )
        self.banners.show_banner(UNKNOWN, BannerKind.WARNING, text.format(name=name))

    def estimate_again(self) -> None:
        """Tell anew how each file goes with this computer."""
        if self.repository is not None:
            for row in self.rows:
                row.set_fit(self._estimate(self.repository, row.variant))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the question about a link at the foot."""
        super().resizeEvent(event)
        self._place_link_bar()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back where the keys for that are pressed."""
        is_left = event.key() == Qt.Key.Key_Left
        is_alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Back) or (is_left and is_alt):
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _on_link_clicked(self, address: str) -> None:
        # A picture is not loaded here: like any link, it can be looked at in the browser.
        if self.link_bar.ask(address.removeprefix(PICTURE_LINK)):
            self._place_link_bar()

    @Slot(str)
    def _on_copy_requested(self, address: str) -> None:
        QGuiApplication.clipboard().setText(address)

    @Slot()
    def _on_page_clicked(self) -> None:
        if self._reference is not None:
            self.page_requested.emit(self._reference.repository)

    @Slot(str)
    def _on_banner_action(self, _code: str) -> None:
        self._on_page_clicked()

    @Slot(Variant)
    def _on_download_requested(self, variant: Variant) -> None:
        if self.repository is not None:
            self.download_requested.emit(self.repository, variant)

    def _place_link_bar(self) -> None:
        width = min(self._theme.column_width, self.width())
        height = self.link_bar.sizeHint().height()
        left, top = (self.width() - width) // 2, self.height() - height - 8
        self.link_bar.setGeometry(left, top, width, height)

    def _show_gate(self, gate: Gate, has_access: bool) -> None:
        if has_access:
            text = self.tr("Its makers ask who uses it, and have let your token in.")
            self.banners.show_banner(GATED, BannerKind.INFO, text)
            return
        text = self.tr(
            "Its makers ask who uses it: agree to their terms on the model’s page, then enter your"
            " token under Network. Access comes at once."
        )
        if gate is Gate.MANUAL:
            text = self.tr(
                "Its makers choose who may use it: ask on the model’s page, then enter your token"
                " under Network. An answer can take days."
            )
        self.banners.show_banner(GATED, BannerKind.INFO, text, self.tr("Ask for access"))

    def _fill_files(self, repository: Repository) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        reference = self._reference
        wanted = (reference.file or reference.quantization) if reference is not None else ""
        chosen = variant_named(repository.variants, wanted) if wanted else None
        self.rows = []
        for variant in repository.variants:
            fit = self._estimate(repository, variant)
            row = VariantRow(
                self._theme, variant, fit, variant is chosen, self._can_download, self._files
            )
            if not repository.has_access:
                row.forbid(self.tr("Ask for access on the model’s page first."))
            row.download_requested.connect(self._on_download_requested)
            row.installed_requested.connect(self.installed_requested)
            self._files.add_row(row)
            self.rows.append(row)
        self._files.setVisible(bool(self.rows))
        lines: list[str] = []
        if not self.rows:
            lines.append(self.tr("There is no model file (GGUF) in this repository."))
        elif wanted and chosen is None:
            lines.append(self.tr("There is no “{name}” among them.").format(name=wanted))
        for file in repository.companions:
            text = self.tr(
                "Beside them lies {name} ({size}), which sees or hears; it is not downloaded."
            )
            name = file.path.rpartition("/")[2]
            lines.append(text.format(name=name, size=wording.size(file.size)))
        self.companions.setText("\n".join(lines))
        self.companions.setVisible(bool(lines))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 16, 10)
        head.setSpacing(8)
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        head.addWidget(self.page_button)
        page = QWidget()
        set_look(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 14, 20, 20)
        column.setSpacing(8)
        column.addWidget(self.facts)
        column.addWidget(self.banners)
        column.addSpacing(8)
        column.addWidget(self.files_title)
        column.addWidget(self._files)
        column.addWidget(self.companions)
        column.addSpacing(16)
        column.addWidget(self.card_title)
        column.addWidget(self.card_line)
        column.addWidget(self.card)
        column.addStretch(1)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidget(page)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.state)
        self._stack.addWidget(self.scroll_area)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Hairline(self._theme))
        layout.addWidget(body, 1)
