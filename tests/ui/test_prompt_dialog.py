"""What the model saw, looked into: colours, tokens, searching, comparing; and that it is quick."""

from time import thread_time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from chinwag.core.prompt_diff import Change, Stretch
from chinwag.core.seen_prompt import Exactness, SeenPrompt, SeenSpan, SpanKind
from chinwag.ui.dialogs.prompt_dialog import PromptDialog
from chinwag.ui.prompt_runs import SPECIAL_ROLE, TEMPLATE_ROLE, Run, diff_runs, prompt_runs
from chinwag.ui.prompt_text import PromptText
from chinwag.ui.theme import Theme

# <s>user\nHi 🦜 there<e>\n, one token a word
TEXT = "<s>user\nHi 🦜 there<e>\n"
STARTS = (0, 3, 7, 8, 10, 11, 12, 18, 21)
PROMPT = SeenPrompt(
    TEXT,
    (1, 50, 9, 60, 61, 62, 63, 2, 9),
    STARTS,
    (0, 7),
    (SeenSpan(8, 18, SpanKind.USER),),
    Exactness.EXACT,
    "small.gguf",
)


def with_exactness(exactness: Exactness) -> SeenPrompt:
    return SeenPrompt(TEXT, PROMPT.token_ids, STARTS, (0, 7), PROMPT.spans, exactness)


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> PromptDialog:
    dialog = PromptDialog(theme, PROMPT, "Small", True)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    qtbot.waitUntil(lambda: dialog.box.is_coloured)
    return dialog


def colours(box: PromptText) -> list[tuple[str, str]]:
    """Words with the name of their colour, line by line."""
    found: list[tuple[str, str]] = []
    block = box.document().firstBlock()
    while block.isValid():
        # Qt counts as UTF-16 does
        raw = block.text().encode("utf-16-le")
        for one in block.layout().formats():
            words = raw[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le")
            found.append((words, one.format.foreground().color().name()))
        block = block.next()
    return found


def test_everything_has_the_colour_of_whose_it_is(dialog: PromptDialog, theme: Theme) -> None:
    def name(role: str) -> str:
        return theme.colour(role).name()

    assert colours(dialog.box) == [
        ("<s>", name(SPECIAL_ROLE)),
        ("user", name(TEMPLATE_ROLE)),
        ("Hi 🦜 there", name("code_function")),
        ("<e>", name(SPECIAL_ROLE)),
    ]


def test_colours_follow_the_theme(dialog: PromptDialog, theme: Theme, qtbot: QtBot) -> None:
    from chinwag.core.settings import Theme as Choice

    before = colours(dialog.box)
    theme.choose(Choice.DARK, 100)
    qtbot.waitUntil(lambda: dialog.box.is_coloured)
    after = colours(dialog.box)
    theme.choose(Choice.LIGHT, 100)
    assert [words for words, _ in before] == [words for words, _ in after]
    assert before != after


def test_runs_cover_the_text_once() -> None:
    runs = prompt_runs(PROMPT)
    assert [run.start for run in runs] == [0, *(run.end for run in runs[:-1])]
    assert runs[-1].end == len(TEXT)


def test_the_token_at_the_cursor_is_named(dialog: PromptDialog) -> None:
    dialog.box.select_token(6)
    assert dialog.token_line.full_text == "Token 7 of 9 · id 63 · “ there” · You"
    dialog.box.select_token(2)
    assert dialog.token_line.full_text == "Token 3 of 9 · id 9 · “↵” · The model's template"


def test_the_token_under_the_pointer_is_named(dialog: PromptDialog) -> None:
    box = dialog.box
    cursor = box.textCursor()
    cursor.setPosition(1)
    place = box.cursorRect(cursor).center() + QPoint(2, 0)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, box.viewport().mapToGlobal(place))
    QApplication.sendEvent(box.viewport(), event)
    assert QToolTip.text() == "Token 1 of 9 · id 1 · “<s>” · special token"
    QToolTip.hideText()


def test_boundaries_are_drawn_when_they_are_wished(dialog: PromptDialog) -> None:
    before = dialog.box.grab().toImage()
    dialog.boundary_button.click()
    after = dialog.box.grab().toImage()
    assert before != after
    dialog.boundary_button.click()
    assert dialog.box.grab().toImage() == before


def test_the_text_is_copied_as_it_is(dialog: PromptDialog) -> None:
    dialog.copy_button.click()
    assert QApplication.clipboard().text() == TEXT
    strange = "a\rb\u2028c\x00d🦜e"
    dialog.box.set_content(strange, [])
    assert dialog.box.document().blockCount() == 1
    dialog.box.selectAll()
    dialog.box.copy()
    assert QApplication.clipboard().text() == strange


def test_words_are_found_in_any_case(dialog: PromptDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert dialog.field.hasFocus()
    dialog.field.setText("USER")
    assert dialog.count.text() == "1 of 1"
    dialog.field.setText("e")
    assert dialog.count.text() == "1 of 4"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.count.text() == "2 of 4"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    dialog.earlier_button.click()
    assert dialog.count.text() == "4 of 4"
    assert len(dialog.box.extraSelections()) == 4
    dialog.field.setText("zebra")
    assert dialog.count.text() == "Nothing found"
    assert not dialog.later_button.isEnabled()
    assert dialog.later_button.toolTip() == "Nothing found"
    qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.field.text() == ""


def test_what_is_new_is_shown_once_the_one_before_is_there(
    dialog: PromptDialog, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(dialog.previous_wished):
        dialog.diff_button.click()
    before = SeenPrompt("<s>user\nHo<e>\n", (), (), (), (), Exactness.EXACT)
    dialog.set_previous(before)
    assert dialog.box.toPlainText().splitlines() == [
        "  <s>user",
        "− Ho<e>",
        "+ Hi 🦜 there<e>",
        "  ",
    ]
    assert not dialog.boundary_button.isEnabled()
    assert dialog.boundary_button.toolTip()
    dialog.diff_button.click()
    assert dialog.box.toPlainText() == TEXT
    assert dialog.boundary_button.isEnabled()


def test_what_is_new_is_left_where_the_one_before_cannot_be_had(
    dialog: PromptDialog, qtbot: QtBot
) -> None:
    dialog.previous_wished.connect(dialog.miss_previous)
    dialog.diff_button.click()
    assert not dialog.diff_button.isChecked()
    assert dialog.box.toPlainText() == TEXT
    assert "cannot be shown just now" in dialog.token_line.full_text
    # and can be tried again
    with qtbot.waitSignal(dialog.previous_wished):
        dialog.diff_button.click()


def test_the_first_reply_has_nothing_to_compare_with(qtbot: QtBot, theme: Theme) -> None:
    dialog = PromptDialog(theme, PROMPT, "Small", False)
    qtbot.addWidget(dialog)
    assert not dialog.diff_button.isEnabled()
    assert dialog.diff_button.toolTip() == "There is no reply before this one"


@pytest.mark.parametrize("exactness", Exactness)
def test_it_is_said_how_exact_this_is(qtbot: QtBot, theme: Theme, exactness: Exactness) -> None:
    dialog = PromptDialog(theme, with_exactness(exactness), "Small", True)
    qtbot.addWidget(dialog)
    assert "Small" in dialog.line.text()
    assert dialog.line.text().endswith("9 tokens.")
    is_exact = exactness in (Exactness.EXACT, Exactness.NEXT)
    assert (dialog.line.property("look") == "soft") == is_exact
    assert ("exactly" in dialog.line.text()) == (
        exactness not in (Exactness.NEXT, Exactness.CHANGED)
    )


def test_lines_that_are_left_out_are_counted() -> None:
    text, runs = diff_runs([Stretch(Change.SAME, (), 17), Stretch(Change.NEW, ("a", "b"))])
    assert text == "  … 17 lines are the same\n+ a\n+ b"
    assert [(run.start, run.is_strong) for run in runs] == [(0, False), (26, True)]


def test_a_long_prompt_does_not_keep_the_window(qtbot: QtBot, theme: Theme) -> None:
    """Of 8,000 tokens on 1,000 lines the first are coloured at once, the rest bit by bit."""
    line = "one two three four five six seven eight\n"
    text = line * 1_000
    starts = [at for at in range(len(text)) if text[at] in " \n" or at == 0][:8_000]
    runs = [
        Run(at, min(at + 20, len(text)), "text" if at % 40 else "faint")
        for at in range(0, len(text), 20)
    ]
    box = PromptText(theme)
    qtbot.addWidget(box)
    box.resize(700, 500)
    box.show()
    begun = thread_time()
    box.set_content(text, runs, starts)
    taken = thread_time() - begun
    assert not box.is_coloured
    qtbot.waitUntil(lambda: box.is_coloured)
    whole = thread_time() - begun
    assert taken < whole
    box.set_boundaries(True)
    assert not box.grab().isNull()
    assert len(colours(box)) == 2_000
