"""What variables stand for: in the person's language, and their own before ours."""

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from chinwag.core.persona import Persona
from chinwag.core.variables import NAMES
from chinwag.services.variable_values import variable_values

PIRATE = Persona("pirate", "Pirate", "Arr.")
THEN = QDateTime(QDate(2026, 11, 27), QTime(9, 5))


def test_every_name_has_a_value() -> None:
    values = variable_values(PIRATE, "Small", {}, THEN, QLocale("en_GB"))
    assert set(values) == set(NAMES)
    assert values["date"].endswith("27 November 2026")
    assert values["time"] == "09:05"
    assert values["weekday"] == "Friday"
    assert (values["persona"], values["model"]) == ("Pirate", "Small")
    assert values["language"] == "English"
    assert values["user"] == "User"


def test_the_persons_own_go_first() -> None:
    own = {"user": "Reader", "town": "Ulm", "date": "today"}
    values = variable_values(PIRATE, "", own, THEN, QLocale("de_DE"))
    assert (values["user"], values["town"], values["date"]) == ("Reader", "Ulm", "today")
    assert (values["weekday"], values["language"]) == ("Freitag", "German")
