"""What the variables in a persona's texts stand for right now."""

from collections.abc import Mapping

from PySide6.QtCore import QDateTime, QLocale

from chinwag.core.persona import Persona

USER = "User"  # what a person who gave no name is called; models know the word


def variable_values(
    persona: Persona,
    model_name: str,
    own: Mapping[str, str],
    moment: QDateTime,
    locale: QLocale,
) -> dict[str, str]:
    """The value of each variable by name; the person's own go before those of the same name."""
    language = QLocale.languageToString(locale.language())
    return {
        "date": locale.toString(moment.date(), QLocale.FormatType.LongFormat),
        "time": locale.toString(moment.time(), QLocale.FormatType.ShortFormat),
        "weekday": locale.dayName(moment.date().dayOfWeek()),
        "user": USER,
        "persona": persona.name,
        "model": model_name,
        "language": language,
        **own,
    }
