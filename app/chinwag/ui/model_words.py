"""What is known of models in words: numbers of parameters, windows, times, hashes, what fits."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from chinwag.core.fit import Fit, FitMark
from chinwag.core.model import InstalledModel
from chinwag.core.options import GenerationOptions
from chinwag.core.taking_in import Verdict, Verification
from chinwag.ui import wording

_MILLION, _BILLION = 1e6, 1e9

translate = QCoreApplication.translate


def parameters(count: int) -> str:
    """134515008 as “135 million”, 4022468096 as “4.0 billion”; "" where it is not known."""
    if not count:
        return ""
    if count < 0.995 * _BILLION:
        text = translate("models", "{number} million")
        return text.format(
            number=QLocale().toString(count / _MILLION, "f", 0 if count >= _MILLION else 1)
        )
    text = translate("models", "{number} billion")
    digits = 1 if count < 20 * _BILLION else 0
    return text.format(number=QLocale().toString(count / _BILLION, "f", digits))


def window(tokens: int) -> str:
    """8192 as “8,192 tokens”; "" where it is not known."""
    text = translate("models", "{number} tokens")
    return text.format(number=wording.number(tokens)) if tokens else ""


def about(byte_count: int) -> str:
    """A size that is not known to the byte: “about 2.7 GB”."""
    return translate("models", "about {size}").format(size=short_size(byte_count))


def short_size(byte_count: int) -> str:
    """A size as whole as a comparison needs: “11 GB”, “7.2 GB”, “270 MB”."""
    digits = 1 if _BILLION <= byte_count < 10 * _BILLION else 0
    return QLocale().formattedDataSize(byte_count, digits, QLocale.DataSizeFormat.DataSizeSIFormat)


def fit(found: Fit) -> str:
    """How a model goes with this computer: “fits, fast”."""
    if found.mark is FitMark.TOO_LARGE:
        text = translate("models", "will not fit: needs {needed}, {free} free")
        return text.format(needed=short_size(found.needed), free=short_size(found.free))
    return {
        FitMark.FAST: translate("models", "fits, fast"),
        FitMark.SLOW: translate("models", "fits, slow"),
        FitMark.FITS: translate("models", "fits"),
    }[found.mark]


def fit_role(found: Fit) -> str:
    """The colour of those words."""
    if found.mark is FitMark.TOO_LARGE:
        return "danger"
    return "warning" if found.mark is FitMark.SLOW else "accent"


def best() -> str:
    """The mark of the one pick."""
    return translate("models", "best for this computer")


def sampling(options: GenerationOptions) -> str:
    """What is said of the options, in words: “temperature 0.2, top-p 0.9”."""
    names = {
        "temperature": translate("models", "temperature"),
        "top_k": translate("models", "top-k"),
        "top_p": translate("models", "top-p"),
        "min_p": translate("models", "min-p"),
        "repeat_penalty": translate("models", "repeat penalty"),
    }
    said = options.as_dict()
    return ", ".join(f"{names[name]} {said[name]:g}" for name in names if name in said)


def place(model: InstalledModel) -> str:
    """Where a model lies, and whose it is."""
    if model.is_starter:
        return translate("models", "comes with the program")
    if model.is_linked:
        return translate("models", "linked, where it was")
    return translate("models", "in the models folder")


def used(model: InstalledModel, now: datetime) -> str:
    """When a model was last in memory."""
    when = model.record.used_at if model.record else None
    return wording.day(when, now.astimezone().date()) if when else translate("models", "never")


def verified(model: InstalledModel, now: datetime) -> str:
    """When a model's bytes were last compared, and with what."""
    record, today = model.record, now.astimezone().date()
    checked = wording.day(record.verified_at, today) if record and record.verified_at else ""
    noted = wording.day(record.noted_at, today) if record and record.noted_at else ""
    text = translate("models", "verified: {checked}") if checked else ""
    if noted:
        text = translate("models", "hash noted: {noted}")
    if noted and checked:
        text = translate(
            "models", "unchanged since its hash was noted: {noted}, checked: {checked}"
        )
    text = text or translate("models", "verified: never")
    return text.format(checked=checked, noted=noted)


def verdict(model: InstalledModel, found: Verification, now: datetime) -> str:
    """What comparing came to, in a sentence."""
    noted = wording.day(found.noted_at, now.astimezone().date()) if found.noted_at else ""
    text = {
        Verdict.MATCHES: translate("models", "{name} is whole: every byte is as it should be."),
        Verdict.NOTED: translate(
            "models",
            "Nobody has published a hash of {name} to compare it with. The one that it has now is"
            " kept, so that a later check shows whether it has changed.",
        ),
        Verdict.DIFFERS: translate(
            "models",
            "{name} is not what it should be: it was changed or is damaged. Delete it and get it"
            " again.",
        ),
    }[found.verdict]
    if noted and found.verdict is Verdict.MATCHES:
        text = translate(
            "models",
            "{name} has not changed since its hash was noted ({noted}). There is no published one"
            " to compare it with.",
        )
    elif noted:
        text = translate(
            "models",
            "{name} has changed since its hash was noted ({noted}). If you did not change it"
            " yourself, delete it and get it again.",
        )
    return text.format(name=model.name, noted=noted)


def removed(model: InstalledModel, freed: int) -> str:
    """What became of a model that was taken away, in a sentence."""
    text = translate("models", "{name} is listed no longer; its file stays where it is.")
    if freed:
        text = translate("models", "{name} is in the bin; {size} are free once that is emptied.")
    return text.format(name=model.name, size=wording.size(freed))
