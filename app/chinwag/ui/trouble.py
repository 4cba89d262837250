"""Which banner an error becomes: how loud, and the one button that goes on."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from chinwag.core.errors import ChinwagError
from chinwag.ui.banner import BannerKind

# error code, or the part before its dot, to the button that helps; see MainWindow's remedies
_WARNINGS = ("prompt", "persona", "card", "chat")


@dataclass(frozen=True, slots=True)
class BannerLook:
    """How an error is shown; `button` is empty where nothing but reading helps."""

    kind: BannerKind
    button: str


def banner_for(error: ChinwagError) -> BannerLook:
    """The banner for an error."""
    room = error.code.split(".", 1)[0]
    kind = BannerKind.WARNING if room in _WARNINGS else BannerKind.DANGER
    return BannerLook(kind, _button(error.code, room))


def _button(code: str, room: str) -> str:
    translate = QCoreApplication.translate
    if code in ("engine.no_window", "prompt.too_long", "engine.no_device"):
        return translate("trouble", "Preferences")
    if room == "engine":
        return translate("trouble", "Start again")
    if room == "model":
        return translate("trouble", "Choose a model")
    if code in ("store.full", "store.busy", "store.failed", "store.read_only"):
        return translate("trouble", "Try again")
    if room == "persona":
        return translate("trouble", "Choose a persona")
    return ""
