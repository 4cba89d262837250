"""The findings of a checkup as lines for a terminal and as one object for a program."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from chinwag.core.errors import Value
from chinwag.services.checkup import Finding
from chinwag.ui import wording


def finding_line(finding: Finding) -> str:
    """One finding in words, with a mark in front: `ok` or `!!`."""
    if finding.error is not None:
        return f"!! {finding.check}: {wording.error_sentence(finding.error)}"
    return f"ok {finding.check}: {_words(finding.check, finding.values)}"


def verdict(findings: Sequence[Finding]) -> str:
    """The last line: all is well, or how much is not."""
    broken = sum(finding.error is not None for finding in findings)
    if not broken:
        return _tr("Everything works.")
    return _tr("Broken: {0}.").format(broken)


def findings_as_object(findings: Sequence[Finding]) -> dict[str, object]:
    """The findings for `--json`; `code` and `sentence` only where something is broken."""
    checks: list[dict[str, object]] = []
    for finding in findings:
        check: dict[str, object] = {"check": finding.check, "ok": finding.error is None}
        check |= finding.values
        if finding.error is not None:
            check["code"] = finding.error.code
            check["sentence"] = wording.error_sentence(finding.error)
        checks.append(check)
    return {"ok": all(finding.error is None for finding in findings), "checks": checks}


def _words(check: str, values: dict[str, Value]) -> str:
    if "free_bytes" in values:
        text = _tr("{folder}, {free} free")
        return text.format(folder=values["folder"], free=_size(values["free_bytes"]))
    if check == "model":
        text = _tr("{model} ({bytes}), loaded in {seconds}, window {window}, threads {threads}")
        return text.format(
            model=values["model"],
            bytes=_size(values["bytes"]),
            seconds=wording.duration(float(values["seconds"])),
            window=wording.number(int(values["window_tokens"])),
            threads=values["threads"],
        )
    if check == "reply":
        text = _tr("{tokens} tokens at {rate}: {text!r}")
        rate = wording.rate(float(values["tokens_per_second"]))
        return text.format(tokens=values["tokens"], rate=rate, text=values["text"])
    if check == "device":
        text = _tr("{name}, {description} ({kind}), {free} of {total} free")
        return text.format(
            name=values.get("name", "?"),
            description=values.get("description", "?"),
            kind=values.get("kind", "?"),
            free=_size(values.get("memory_free", 0)),
            total=_size(values.get("memory_total", 0)),
        )
    if check == "database":
        return f"{values['file']}, {_size(values['bytes'])}"
    if check == "backups":
        return _backups(values)
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _backups(values: dict[str, Value]) -> str:
    if "newest" in values:
        text = _tr("{folder}, {copies} there, the newest of {newest}").format(**values)
    else:
        text = _tr("{folder}, none yet").format(**values)
    return text + _tr("; the disk is too full for another") if "room" in values else text


def _size(value: Value) -> str:
    return wording.size(int(value))


def _tr(text: str) -> str:
    return QCoreApplication.translate("doctor", text)
