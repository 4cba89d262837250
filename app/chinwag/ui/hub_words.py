"""What the Hub tells, in words: licences, qualities, orders, sizes to choose from, ages, counts."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from chinwag.core.contacts import Purpose
from chinwag.core.hub_repository import Gate, Repository, RepositoryRow, SearchSort, Variant
from chinwag.core.quantization import Quality, quality_of
from chinwag.ui import model_words, wording

translate = QCoreApplication.translate

SORTS: dict[SearchSort, Any] = {
    SearchSort.TRENDING: QT_TRANSLATE_NOOP("hub", "Trending"),
    SearchSort.DOWNLOADS: QT_TRANSLATE_NOOP("hub", "Most downloads"),
    SearchSort.LIKES: QT_TRANSLATE_NOOP("hub", "Most likes"),
    SearchSort.NEWEST: QT_TRANSLATE_NOOP("hub", "Newest"),
}

# Parameters, in billions: at least, at most; 0 is no bound.
SIZES: tuple[tuple[tuple[float, float], Any], ...] = (
    ((0, 0), QT_TRANSLATE_NOOP("hub", "Any size")),
    ((0, 1), QT_TRANSLATE_NOOP("hub", "Up to 1 billion")),
    ((1, 4), QT_TRANSLATE_NOOP("hub", "1 to 4 billion")),
    ((4, 9), QT_TRANSLATE_NOOP("hub", "4 to 9 billion")),
    ((9, 20), QT_TRANSLATE_NOOP("hub", "9 to 20 billion")),
    ((20, 40), QT_TRANSLATE_NOOP("hub", "20 to 40 billion")),
    ((40, 0), QT_TRANSLATE_NOOP("hub", "Over 40 billion")),
)

ANY_LICENCE, FREE_LICENCES = "", "free"
LICENCE_CHOICES: tuple[tuple[str, Any], ...] = (
    (ANY_LICENCE, QT_TRANSLATE_NOOP("hub", "Any licence")),
    (FREE_LICENCES, QT_TRANSLATE_NOOP("hub", "Free for any use")),
    ("apache-2.0", "Apache 2.0"),
    ("mit", "MIT"),
)
_FREE = frozenset(
    {
        "apache-2.0",
        "mit",
        "bsd",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc0-1.0",
        "cc-by-4.0",
        "isc",
        "unlicense",
        "wtfpl",
        "zlib",
    }
)
_LICENCES: dict[str, Any] = {
    "apache-2.0": "Apache 2.0",
    "mit": "MIT",
    "bsd-3-clause": "BSD",
    "cc-by-4.0": "CC BY 4.0",
    "cc-by-sa-4.0": "CC BY-SA 4.0",
    "cc-by-nc-4.0": QT_TRANSLATE_NOOP("hub", "CC BY-NC 4.0, not for business"),
    "cc-by-nc-sa-4.0": QT_TRANSLATE_NOOP("hub", "CC BY-NC-SA 4.0, not for business"),
    "gemma": QT_TRANSLATE_NOOP("hub", "Gemma terms"),
    "other": QT_TRANSLATE_NOOP("hub", "terms of the maker’s own"),
    "unknown": QT_TRANSLATE_NOOP("hub", "licence not said"),
    "": QT_TRANSLATE_NOOP("hub", "licence not said"),
}

_QUALITIES: dict[Quality, Any] = {
    Quality.RUINED: QT_TRANSLATE_NOOP("hub", "hardly usable"),
    Quality.POOR: QT_TRANSLATE_NOOP("hub", "poor"),
    Quality.WEAK: QT_TRANSLATE_NOOP("hub", "weak"),
    Quality.FAIR: QT_TRANSLATE_NOOP("hub", "fair"),
    Quality.GOOD: QT_TRANSLATE_NOOP("hub", "good"),
    Quality.VERY_GOOD: QT_TRANSLATE_NOOP("hub", "very good"),
    Quality.NEARLY_FULL: QT_TRANSLATE_NOOP("hub", "as good as full"),
    Quality.FULL: QT_TRANSLATE_NOOP("hub", "full"),
}

_PURPOSES: dict[Purpose, Any] = {
    Purpose.SEARCH: QT_TRANSLATE_NOOP("hub", "search for models"),
    Purpose.MODEL: QT_TRANSLATE_NOOP("hub", "what a repository holds"),
    Purpose.CARD: QT_TRANSLATE_NOOP("hub", "a model’s description"),
    Purpose.ACCOUNT: QT_TRANSLATE_NOOP("hub", "whose token it is"),
    Purpose.DOWNLOAD: QT_TRANSLATE_NOOP("hub", "download of a model"),
    Purpose.PICTURE: QT_TRANSLATE_NOOP("hub", "a picture that was clicked"),
    Purpose.PROXY: QT_TRANSLATE_NOOP("hub", "proxy on the way elsewhere"),
}


def licence(name: str) -> str:
    """`apache-2.0` as “Apache 2.0”; a name that is not known as it is."""
    known = _LICENCES.get(name.lower())
    return translate("hub", known) if known else name


def is_free(name: str) -> bool:
    """Whether a licence lets anybody use the model for anything."""
    return name.lower() in _FREE


def quality(quantization: str) -> str:
    """How good a model stays in a quantization; "" for one that is not known."""
    found = quality_of(quantization)
    return translate("hub", _QUALITIES[found]) if found is not None else ""


def purpose(why: Purpose) -> str:
    """Why a host was contacted."""
    return translate("hub", _PURPOSES[why])


def count(number: int) -> str:
    """1234567 as “1.2M”, 12345 as “12K”."""
    for size, unit in ((1_000_000, "M"), (1_000, "K")):
        if number >= size:
            digits = 1 if number < 10 * size else 0
            return QLocale().toString(number / size, "f", digits) + unit
    return QLocale().toString(number)


def age(changed: datetime | None, now: datetime) -> str:
    """How long ago something was changed: “today”, “3 days ago”, “2 months ago”, “4 years ago”."""
    if changed is None:
        return ""
    days = max(0, (now - changed).days)
    if days == 0:
        return translate("hub", "today")
    if days < 45:
        one, many = translate("hub", "yesterday"), translate("hub", "{n} days ago")
        return one if days == 1 else many.format(n=days)
    if days < 550:
        return translate("hub", "{n} months ago").format(n=round(days / 30.4))
    return translate("hub", "{n} years ago").format(n=round(days / 365))


def row_facts(row: RepositoryRow, now: datetime) -> list[str]:
    """What a row of the search tells under a repository's name."""
    facts = [
        row.owner,
        model_words.parameters(row.parameters),
        licence(row.licence) if row.licence else "",
        translate("hub", "{n} downloads").format(n=count(row.downloads)),
        translate("hub", "{n} likes").format(n=count(row.likes)),
        age(row.changed, now),
    ]
    if row.gate is not Gate.OPEN:
        facts.insert(1, translate("hub", "only after asking"))
    if row.is_private:
        facts.insert(1, translate("hub", "private"))
    return [fact for fact in facts if fact]


def repository_facts(found: Repository, now: datetime) -> list[str]:
    """What is known of a repository's models before anything is downloaded."""
    row = found.row
    template = ""
    if row.architecture:
        template = translate("hub", "chat model")
        if not row.has_template:
            template = translate("hub", "base model: it continues text, it was not taught to chat")
    window = model_words.window(row.window_tokens)
    facts = [
        model_words.parameters(row.parameters),
        row.architecture,
        translate("hub", "window of {tokens}").format(tokens=window) if window else "",
        template,
        licence(row.licence),
        translate("hub", "{n} downloads").format(n=count(row.downloads)),
        translate("hub", "{n} likes").format(n=count(row.likes)),
        translate("hub", "changed {when}").format(when=age(row.changed, now))
        if row.changed
        else "",
    ]
    return [fact for fact in facts if fact]


def variant_name(variant: Variant) -> str:
    """A quantization, or the file's name where that says none."""
    return variant.quantization or variant.path.rpartition("/")[2]


def variant_facts(variant: Variant) -> list[str]:
    """What is said of one quantization: its quality, its size, its parts."""
    facts = [quality(variant.quantization), wording.size(variant.size)]
    if not variant.is_whole:
        missing = ", ".join(str(number) for number in variant.missing[:5])
        facts.append(translate("hub", "incomplete: part {parts} is missing").format(parts=missing))
    elif len(variant.files) > 1:
        facts.append(translate("hub", "{n} parts").format(n=len(variant.files)))
    return [fact for fact in facts if fact]
