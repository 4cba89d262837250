"""Chooses the language that numbers and dates are written in where the system names none."""

from PySide6.QtCore import QLocale


def speak_english_without_a_locale() -> None:
    """Write numbers as in 4,096 where the system names no language (the C locale does not)."""
    if QLocale().language() is QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English))
