"""The text of segments as their documents show it, without the cost of a document."""

from chinwag.ui.rich_text import copied_run, shown_run
from chinwag.ui.segments import Code, Prose, Run, Segment, Table, Thought


def shown_words(segment: Segment) -> str:
    """What is shown, a line for each paragraph and each cell."""
    match segment:
        case Prose(lines):
            return "\n".join(_joined(line.runs) for line in lines)
        case Code(text):
            return text
        case Table():
            return "\n".join(_joined(cell) for row in segment.rows for cell in row)
        case Thought():
            return ""


def copied_words(segment: Segment) -> str:
    """What a copy of the whole segment is: with the markers of lists, and tabs between cells."""
    match segment:
        case Prose(lines):
            return "\n".join(
                f"{line.marker} {_copied(line.runs)}" if line.marker else _copied(line.runs)
                for line in lines
            )
        case Code(text):
            return text
        case Table():
            return "\n".join("\t".join(_copied(cell) for cell in row) for row in segment.rows)
        case Thought():
            return ""


def _joined(runs: tuple[Run, ...]) -> str:
    return "".join(shown_run(run) for run in runs)


def _copied(runs: tuple[Run, ...]) -> str:
    return "".join(copied_run(run) for run in runs)
