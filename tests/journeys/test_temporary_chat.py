"""A temporary chat works like any other, and nothing of it is found on the disk."""

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chinwag.core.conversation import ChatPhase, MessageStatus, is_temporary
from chinwag.core.retention import BackupKind
from chinwag.core.seen_prompt import Exactness, SeenPrompt
from chinwag.store.backups import BackupFolder
from journeys.conftest import OpenApp
from journeys.traveller import Traveller

pytestmark = pytest.mark.journey

SECRET = "zanzibarquux"
TEMPORARY = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def begin(traveller: Traveller) -> int:
    """Press the keys for a temporary chat and wait until it is open; its id."""
    QTest.keyClick(traveller.window, Qt.Key.Key_N, TEMPORARY)
    chat = traveller.app.services.chat
    traveller.wait(lambda: chat.conversation is not None and is_temporary(chat.conversation.id))
    assert chat.conversation is not None
    assert traveller.path == []
    return chat.conversation.id


def banner_codes(traveller: Traveller) -> list[str]:
    return [banner.code for banner in traveller.window.pane.banners.banners]


def found_on_disk(home: Path, words: str) -> list[str]:
    return [
        str(path)
        for path in home.rglob("*")
        if path.is_file() and words.encode() in path.read_bytes()
    ]


def attach(traveller: Traveller, path: Path) -> None:
    attaching = traveller.app.services.chat.attaching
    attaching.add([path])
    traveller.wait(lambda: len(attaching.attachments) == 1 and not attaching.awaited)


def test_nothing_of_it_reaches_the_disk(traveller: Traveller, home: Path, tmp_path: Path) -> None:
    begin(traveller)
    secret = tmp_path / "secret.txt"
    secret.write_text(f"In this file stands {SECRET}.")
    attach(traveller, secret)
    assert banner_codes(traveller) == ["temporary"]
    assert traveller.window.windowTitle().startswith("Temporary chat")
    reply = traveller.ask(f"Say {SECRET} and then something about the sea.")
    assert reply.status is MessageStatus.COMPLETE
    seen: list[SeenPrompt] = []
    traveller.app.services.chat.prompts.look_at(reply.id, seen.append)
    traveller.wait(lambda: bool(seen))
    assert (seen[0].exactness, SECRET in seen[0].text) == (Exactness.EXACT, True)
    # another branch, an edit of the reply, and a draft
    traveller.app.services.chat.regenerate(reply.id)
    traveller.wait(lambda: traveller.path[-1].id != reply.id)
    again = traveller.hear()
    assert len(traveller.app.services.chat.siblings(again.id)) == 2
    traveller.app.services.chat.changes.branch(again.id, f"{SECRET}, edited")
    traveller.wait(lambda: traveller.path[-1].text == f"{SECRET}, edited")
    attach(traveller, secret)
    traveller.type(f"a draft of {SECRET}")
    traveller.app.services.chat._chat._drafts.flush()
    traveller.app.services.tasks.drain()
    BackupFolder(traveller.app.services.paths.database).make(
        BackupKind.DAILY, traveller.app.services.safekeeping._local_now()
    )
    assert found_on_disk(home, SECRET) == []
    assert found_on_disk(home, again.text[:40]) == []
    assert traveller.conversations == []
    traveller.begin_anew()
    traveller.ask("Say papayafoo.")
    assert found_on_disk(home, "papayafoo") != []  # so it would be found
    traveller.leave()
    assert found_on_disk(home, SECRET) == []


def test_it_is_gone_when_another_is_opened_and_can_be_brought_back(
    traveller: Traveller, open_app: OpenApp
) -> None:
    number = begin(traveller)
    traveller.ask(f"Say {SECRET}.")
    traveller.begin_anew()
    assert banner_codes(traveller) == []
    toast = traveller.window.toast
    assert toast.isVisible()
    toast.button.click()
    traveller.wait(lambda: len(traveller.path) == 3)
    assert banner_codes(traveller) == ["temporary"]
    traveller.begin_anew()
    toast.close_button.click()
    chat = traveller.app.services.chat
    with traveller.qtbot.waitSignal(chat.trouble) as caught:
        chat.open(number)
    assert caught.args is not None
    assert caught.args[0].code == "store.no_conversation"


def test_one_that_is_left_empty_goes_without_a_word(traveller: Traveller) -> None:
    begin(traveller)
    traveller.begin_anew()
    assert not traveller.window.toast.isVisible()


@pytest.mark.parametrize("is_brought_back", [True, False])
def test_one_that_is_left_while_its_first_question_is_planned_can_be_brought_back(
    traveller: Traveller, is_brought_back: bool
) -> None:
    services = traveller.app.services
    traveller.wait(lambda: services.shelf.is_open and services.chat.plan is not None)
    number = begin(traveller)
    ready = services.engine.ready
    assert ready is not None
    os.kill(ready.pid, signal.SIGSTOP)
    try:
        traveller.type("Say hello.")
        traveller.press(Qt.Key.Key_Return)
        assert services.chat.asking.is_considering
        traveller.begin_anew()
        toast = traveller.window.toast
        assert toast.isVisible()
        (toast.button if is_brought_back else toast.close_button).click()
        opened = number if is_brought_back else None
        traveller.wait(lambda: getattr(services.chat.conversation, "id", None) == opened)
    finally:
        os.kill(ready.pid, signal.SIGCONT)
    if is_brought_back:
        traveller.wait(lambda: len(traveller.path) == 3)
    traveller.wait(lambda: services.chat.is_idle)
    assert banner_codes(traveller) == (["temporary"] if is_brought_back else [])


def test_a_reply_under_way_ends_with_its_chat(traveller: Traveller) -> None:
    begin(traveller)
    traveller.say("Write a very long story about the sea and every ship on it.")
    traveller.wait_for_words(1)
    traveller.begin_anew()
    traveller.window.toast.close_button.click()
    traveller.wait(lambda: traveller.app.services.chat.state.phase is ChatPhase.IDLE)
    traveller.app.services.tasks.drain()
    assert (
        traveller.app.services.tasks.call(
            lambda: traveller.app.services.temporary._store().list_all(include_deleted=True)
        )
        == []
    )


def test_deleting_it_closes_it(traveller: Traveller) -> None:
    begin(traveller)
    traveller.ask("Say hello.")
    traveller.window.actions_by_name["conversation.delete"].trigger()
    traveller.wait(lambda: traveller.path == [])
    traveller.wait(lambda: traveller.window.toast.isVisible())
    assert traveller.window.toast.label.text() == "The temporary chat is closed"
    traveller.window.toast.button.click()
    traveller.wait(lambda: len(traveller.path) == 3)
