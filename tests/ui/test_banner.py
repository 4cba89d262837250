"""Banners, one of each code; the toast that can be undone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chinwag.ui.banner import TOAST_MILLISECONDS, BannerArea, BannerKind, Toast
from chinwag.ui.theme import Theme

Show = Callable[[QWidget], None]


@pytest.fixture
def area(theme: Theme, show: Show) -> BannerArea:
    """An area 600 pixels wide with one banner."""
    area = BannerArea(theme)
    area.resize(600, 200)
    area.show_banner("engine.died", BannerKind.DANGER, "The engine stopped.", "Start it again")
    show(area)
    return area


@pytest.fixture
def toast(theme: Theme, window: QWidget, show: Show) -> Toast:
    """A toast over a window with a button, its time 30 ms."""
    QPushButton("Elsewhere", window)
    toast = Toast(theme, window, milliseconds=30)
    show(window)
    return toast


def test_a_banner_says_and_goes_on(area: BannerArea, qtbot: QtBot):
    (banner,) = area.banners
    assert banner.label.text() == banner.accessibleName() == "The engine stopped."
    assert banner.label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    with qtbot.waitSignal(area.action_requested) as asked:
        qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    assert asked.args == ["engine.died"]


def test_a_banner_is_dismissed(area: BannerArea, qtbot: QtBot):
    (banner,) = area.banners
    assert banner.close_button.accessibleName() == "Dismiss"
    with qtbot.waitSignal(area.dismissed) as gone:
        qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert gone.args == ["engine.died"]
    assert area.banners == []
    assert not area.isVisible()


def test_there_is_one_banner_of_a_code(area: BannerArea):
    area.show_banner("store.full", BannerKind.WARNING, "The disk is full.")
    area.show_banner("engine.died", BannerKind.DANGER, "The engine stopped again.", "Start")
    assert [banner.code for banner in area.banners] == ["engine.died", "store.full"]
    assert area.banners[0].label.text() == "The engine stopped again."
    assert not area.banners[1].button.isVisible()
    area.remove_banner("engine.died")
    area.remove_banner("engine.died")
    assert [banner.code for banner in area.banners] == ["store.full"]


def test_words_in_a_banner_are_only_words(area: BannerArea):
    area.show_banner("x", BannerKind.INFO, "<b>file</b>.gguf")
    assert area.banners[-1].label.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("kind", list(BannerKind))
def test_each_kind_has_its_ground(area: BannerArea, theme: Theme, kind: BannerKind):
    area.show_banner("x", kind, "A sentence.")
    banner = area.banners[-1]
    banner.resize(400, 60)
    ground = "accent_soft" if kind is BannerKind.INFO else f"{kind}_soft"
    assert banner.grab().toImage().pixelColor(200, 56).name() == theme.css(ground)


def test_a_long_sentence_takes_more_lines(area: BannerArea, qtbot: QtBot):
    (banner,) = area.banners
    before = banner.sizeHint().height()
    area.show_banner("engine.died", BannerKind.DANGER, "The engine stopped. " * 20, "Start")
    (banner,) = area.banners
    qtbot.waitUntil(lambda: banner.height() > before)
    assert banner.label.height() >= banner.label.heightForWidth(banner.label.width())


def test_undo_gives_back_what_was_handed_over(toast: Toast, qtbot: QtBot):
    toast.show_line("Deleted “Boats”.", 7)
    with qtbot.assertNotEmitted(toast.expired), qtbot.waitSignal(toast.undo_requested) as asked:
        qtbot.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    assert asked.args == [7]
    assert not toast.isVisible()


def test_it_goes_by_itself(toast: Toast, qtbot: QtBot):
    with qtbot.waitSignal(toast.expired) as gone:
        toast.show_line("Deleted “Boats”.", 7)
    assert gone.args == [7]
    assert not toast.isVisible()


def test_the_next_line_ends_the_one_before(toast: Toast, qtbot: QtBot):
    toast.show_line("Deleted “Boats”.", 7)
    with qtbot.waitSignal(toast.expired) as gone:
        toast.show_line("Deleted “Nets”.", 8)
    assert gone.args == [7]
    assert toast.label.text() == "Deleted “Nets”."


def test_the_keyboard_reaches_it_and_time_stands_still(toast: Toast, window: QWidget, qtbot: QtBot):
    elsewhere = window.findChild(QPushButton)
    assert elsewhere is not None
    elsewhere.setFocus()
    toast.show_line("Deleted “Boats”.", 7)
    qtbot.keyClick(elsewhere, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is toast.button
    assert not toast.is_counting
    with qtbot.waitSignal(toast.undo_requested):
        qtbot.keyClick(toast.button, Qt.Key.Key_Space)


def test_it_counts_again_once_the_keyboard_left(toast: Toast, window: QWidget, qtbot: QtBot):
    toast.show_line("Deleted “Boats”.", 7)
    toast.button.setFocus()
    assert not toast.is_counting
    elsewhere = window.findChild(QPushButton)
    assert elsewhere is not None
    with qtbot.waitSignal(toast.expired):
        elsewhere.setFocus()


def test_escape_sends_it_away(toast: Toast, qtbot: QtBot):
    toast.show_line("Deleted “Boats”.", 7)
    toast.button.setFocus()
    with qtbot.waitSignal(toast.expired):
        qtbot.keyClick(toast.button, Qt.Key.Key_Escape)


def test_it_stands_at_the_bottom_and_follows(toast: Toast, window: QWidget, qtbot: QtBot):
    toast.show_line("Deleted “Boats”.", 7)
    toast.button.setFocus()  # so that it stays
    window.resize(500, 300)
    assert window.rect().contains(toast.geometry())
    assert abs(toast.geometry().center().x() - 250) <= 1
    assert toast.geometry().bottom() > 280


def test_it_stands_over_what_it_must_not_cover(toast: Toast, window: QWidget):
    foot = QWidget(window)
    foot.setGeometry(0, 500, 800, 100)
    foot.show()
    toast.keep_above(foot)
    toast.show_line("Deleted “Boats”.", 7)
    assert toast.geometry().bottom() < 500
    foot.hide()
    toast.show_line("Deleted “Boats”.", 7)
    assert toast.geometry().bottom() > 500


def test_eight_seconds():
    assert TOAST_MILLISECONDS == 8000


def test_more_buttons_say_which_was_pressed(area: BannerArea, qtbot: QtBot):
    area.remove_banner("engine.died")
    more = {"memory.drop": "Drop the oldest", "memory.enlarge": "Enlarge"}
    area.show_banner("prompt.no_room", BannerKind.WARNING, "It does not fit.", "", more)
    (banner,) = area.banners
    assert banner.button.isHidden()
    for name, words in more.items():
        assert banner.more_buttons[name].text() == words
        with qtbot.waitSignal(area.action_requested) as pressed:
            qtbot.mouseClick(banner.more_buttons[name], Qt.MouseButton.LeftButton)
        assert pressed.args == [name]
