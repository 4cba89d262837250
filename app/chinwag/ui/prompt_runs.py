"""Which colours a prompt, or what differs between two, is shown in: runs of characters by role."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from chinwag.core.prompt_diff import Change, Stretch
from chinwag.core.seen_prompt import SeenPrompt, SpanKind
from chinwag.ui import wording

# The roles of the theme that words are painted in, by whose they are.
KIND_ROLES = {
    SpanKind.SYSTEM: "code_string",
    SpanKind.USER: "code_function",
    SpanKind.ASSISTANT: "text",
    SpanKind.DOCUMENTS: "code_number",
}
TEMPLATE_ROLE = "faint"
SPECIAL_ROLE = "code_keyword"
_CHANGE_ROLES = {Change.SAME: "faint", Change.GONE: "danger", Change.NEW: "accent"}
_CHANGE_MARKS = {Change.SAME: "  ", Change.GONE: "− ", Change.NEW: "+ "}


@dataclass(frozen=True, slots=True)
class Run:
    """From one character to before another, in the colour of a role; strong ones stand out."""

    start: int
    end: int
    role: str
    is_strong: bool = False


def prompt_runs(prompt: SeenPrompt) -> list[Run]:
    """Special tokens and the words of messages; what is between them is the template's."""
    found = [Run(span.start, span.end, KIND_ROLES[span.kind]) for span in prompt.spans]
    for token in prompt.specials:
        start = prompt.starts[token]
        found.append(Run(start, start + len(prompt.token_text(token)), SPECIAL_ROLE, True))
    found.sort(key=_start_of)
    runs: list[Run] = []
    at = 0
    for run in found:
        if run.start > at:
            runs.append(Run(at, run.start, TEMPLATE_ROLE))
        if run.end > max(at, run.start):
            runs.append(Run(max(at, run.start), run.end, run.role, run.is_strong))
            at = run.end
    if at < len(prompt.text):
        runs.append(Run(at, len(prompt.text), TEMPLATE_ROLE))
    return runs


def diff_runs(stretches: Sequence[Stretch]) -> tuple[str, list[Run]]:
    """The lines of both texts, each with a mark of what became of it, and their colours."""
    lines: list[str] = []
    runs: list[Run] = []
    at = 0
    for stretch in stretches:
        shown = [_CHANGE_MARKS[stretch.change] + line for line in stretch.lines]
        if stretch.left_out:
            words = QCoreApplication.translate("PromptRuns", "… {0} lines are the same")
            shown.append("  " + words.format(wording.number(stretch.left_out)))
        length = sum(len(line) + 1 for line in shown)
        is_other = stretch.change is not Change.SAME
        runs.append(Run(at, at + length, _CHANGE_ROLES[stretch.change], is_other))
        lines += shown
        at += length
    return "\n".join(lines), runs


def _start_of(run: Run) -> int:
    return run.start
