"""What a reply thinks before it answers, told apart from the answer by the marks models put."""

import re
from typing import NamedTuple

_NAMES = ("think", "thinking", "thought", "reasoning")
_PAIRS = {f"<{name}>": f"</{name}>" for name in _NAMES} | {
    "<|channel|>analysis<|message|>": "<|end|>",
    "[THINK]": "[/THINK]",
}
# What stands between the thought and the answer of models that speak in channels.
_ANSWER_MARK = re.compile(r"\s*<\|start\|>assistant<\|channel\|>final<\|message\|>")
_LONGEST_MARK = "<|start|>assistant<|channel|>final<|message|>"
# Templates may open the thought themselves; then a reply only closes it, on a line of its own.
_LONE_CLOSER = re.compile(r"^[ \t]*</think>[ \t]*$", re.MULTILINE)


class Reasoning(NamedTuple):
    """A reply in two: `is_open` says that the thought has not ended, and so there is no answer."""

    thought: str
    answer: str
    is_open: bool = False


def split_reasoning(text: str, is_ended: bool = True) -> Reasoning:
    """The thought and the answer of a reply.

    Of one that has not ended, a beginning that may yet become a mark belongs to neither.
    """
    start = len(text) - len(text.lstrip())
    opener = next((mark for mark in _PAIRS if text.startswith(mark, start)), None)
    if opener is None:
        rest = text[start:]
        if not is_ended and any(mark.startswith(rest) for mark in _PAIRS):
            return Reasoning("", "")
        closer = _LONE_CLOSER.search(text)
        # While it grows, more may follow on the line.
        if closer is None or (not is_ended and closer.end() == len(text)):
            return Reasoning("", text)
        return Reasoning(text[: closer.start()].lstrip("\n"), text[closer.end() :].lstrip("\n"))
    begin, mark = start + len(opener), _PAIRS[opener]
    end = text.find(mark, begin)
    if end < 0:
        thought = text[begin:] if is_ended else _without_half(text[begin:], mark)
        return Reasoning(thought.lstrip("\n"), "", is_open=True)
    answer = text[end + len(mark) :]
    if mark == "<|end|>":
        found = _ANSWER_MARK.match(answer)
        if found is not None:
            answer = answer[found.end() :]
        elif not is_ended and _LONGEST_MARK.startswith(answer.lstrip()):
            answer = ""
    return Reasoning(text[begin:end].lstrip("\n"), answer.lstrip("\n"))


class ReasoningSplitter:
    """Told a reply piece by piece; what it says of it is what `split_reasoning` says of the whole.

    It costs no more for a long reply than for a short one: only the newest text is looked at.
    """

    def __init__(self) -> None:
        self._head = ""  # all of the text, until it is known how it begins
        self._has_begun = False
        self._closer = ""
        self._tail = ""  # the end of an open thought, which may hold half of its closing mark
        self.has_thought = False
        self.is_open = False

    def feed(self, text: str) -> None:
        """Take more of the reply."""
        if not self._has_begun:
            self._head += text
            begin = self._head.lstrip()
            opener = next((mark for mark in _PAIRS if begin.startswith(mark)), None)
            if opener is not None:
                self._has_begun = self.has_thought = self.is_open = True
                self._closer = _PAIRS[opener]
                text, self._head = begin[len(opener) :], ""
            elif any(mark.startswith(begin) for mark in _PAIRS):
                return
            else:
                self._has_begun = True
                text, self._head = "", ""
        if self.is_open:
            self._tail += text
            if self._closer in self._tail:
                self.is_open = False
            self._tail = self._tail[-len(self._closer) :]


def _without_half(text: str, mark: str) -> str:
    """A text without what may be the beginning of a mark at its end."""
    for size in range(min(len(mark) - 1, len(text)), 0, -1):
        if text.endswith(mark[:size]):
            return text[:-size]
    return text
