"""Pictures of the web: nothing is fetched before a click, and only pictures are shown."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Slot
from PySide6.QtGui import QColor, QImage
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket
from pytestqt.qtbot import QtBot

from chinwag.core.contacts import Purpose
from chinwag.core.errors import NetworkError
from chinwag.core.paths import typesetter_command
from chinwag.services.child_process import ChildProcess
from chinwag.services.picture_fetcher import LARGEST_PICTURE, PictureFetcher
from chinwag.services.tasks import Tasks
from chinwag.services.typesetter import Typesetter
from chinwag.ui.inline_objects import PICTURE_LINK, InlineObjects
from chinwag.ui.picture_shelf import PictureShelf, decoded
from chinwag.ui.segment_view import SegmentText
from chinwag.ui.theme import Theme
from sample_messages import reply, shown_transcript


class Web(QObject):
    """A server on loopback that answers every request with the same bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[bytes] = []
        self.answer = b""
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._on_connected)
        self._server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.serverPort()}/a.png"

    def says(self, body: bytes, status: str = "200 OK", header: str = "") -> None:
        head = f"HTTP/1.1 {status}\r\n{header}Content-Length: {len(body)}\r\nConnection: close\r\n"
        self.answer = head.encode() + b"\r\n" + body

    @Slot()
    def _on_connected(self) -> None:
        self._server.nextPendingConnection().readyRead.connect(self._on_asked)

    @Slot()
    def _on_asked(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QTcpSocket)
        self.requests.append(bytes(socket.readAll().data()))
        socket.write(self.answer)
        socket.disconnectFromHost()


@pytest.fixture
def web(qapp: object) -> Web:
    """The web, as far as it goes."""
    return Web()


@pytest.fixture
def shelf(qapp: object) -> Iterator[PictureShelf]:
    """A shelf that may ask this computer."""
    tasks = Tasks("pictures")
    fetcher = PictureFetcher(lambda host, purpose: None, allows_local=True)
    yield PictureShelf(fetcher.fetch, tasks)
    fetcher.close()
    tasks.close()


def png(width: int = 40, height: int = 20) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 0, 0))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def test_a_picture_is_decoded_and_no_wider_than_needed():
    image = decoded(png())
    assert image is not None
    assert (image.width(), image.height()) == (40, 20)
    wide = decoded(png(4000, 400))
    assert wide is not None
    assert (wide.width(), wide.height()) == (1600, 160)


@pytest.mark.parametrize("data", [b"", b"text", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_none(data: bytes):
    assert decoded(data) is None


def test_a_picture_of_too_many_pixels_is_not_decoded():
    head = bytearray(png())
    head[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)
    assert decoded(bytes(head)) is None


def settled(qtbot: QtBot, shelf: PictureShelf, address: str) -> QImage | None:
    shelf.load(address)
    qtbot.waitUntil(lambda: not shelf.is_coming(address), timeout=30_000)
    return shelf.picture(address)


def test_a_picture_is_fetched_without_cookies_and_once(qtbot: QtBot, shelf: PictureShelf, web: Web):
    web.says(png(), header="Set-Cookie: a=b\r\n")
    assert settled(qtbot, shelf, web.address) is not None
    assert settled(qtbot, shelf, web.address) is not None
    assert len(web.requests) == 1
    assert settled(qtbot, shelf, web.address + "?2") is not None
    assert b"cookie" not in web.requests[1].lower()
    assert b"referer" not in web.requests[1].lower()


@pytest.mark.parametrize(
    "answer",
    [
        (b"no picture",),
        (b"", "404 Not Found"),
        (b"x" * (LARGEST_PICTURE + 1),),
        (b"", "302 Found", "Location: file:///etc/passwd\r\n"),
        (b"", "302 Found", "Location: ftp://example.org/a.png\r\n"),
    ],
)
def test_anything_else_is_refused(
    qtbot: QtBot, shelf: PictureShelf, web: Web, answer: tuple[bytes, ...]
):
    web.says(*answer)  # pyright: ignore[reportArgumentType]
    assert settled(qtbot, shelf, web.address) is None
    assert shelf.is_refused(web.address)


def test_a_redirect_to_a_picture_is_followed(qtbot: QtBot, shelf: PictureShelf, web: Web):
    other = Web()
    other.says(png())
    web.says(b"", "302 Found", f"Location: {other.address}\r\n")
    assert settled(qtbot, shelf, web.address) is not None


def test_this_computer_is_not_asked_unless_that_is_allowed(qtbot: QtBot, web: Web):
    fetched: list[bytes | None] = []
    PictureFetcher(lambda host, purpose: None).fetch(web.address, fetched.append)
    assert fetched == [None]
    assert web.requests == []


def test_nothing_goes_out_that_may_not_and_redirects_ask_too(qtbot: QtBot, web: Web):
    other = Web()
    other.says(png())
    web.says(b"", "302 Found", f"Location: {other.address}\r\n")
    asked: list[tuple[str, Purpose]] = []
    most = 1

    def knock(host: str, purpose: Purpose) -> None:
        if len(asked) == most:
            raise NetworkError("network.offline", host=host)
        asked.append((host, purpose))

    fetched: list[bytes | None] = []
    fetcher = PictureFetcher(knock, allows_local=True)
    fetcher.fetch(web.address, fetched.append)
    qtbot.waitUntil(lambda: bool(fetched), timeout=30_000)
    assert fetched == [None]
    assert (len(web.requests), other.requests) == (1, [])
    most = 3
    fetcher.fetch(web.address, fetched.append)
    qtbot.waitUntil(lambda: len(fetched) == 2, timeout=30_000)
    assert fetched[1] == png()
    hosts = [web.address, web.address, other.address]
    assert asked == [(one.split("/")[2], Purpose.PICTURE) for one in hosts]


def test_a_proxy_is_asked_in_place_of_the_host(qtbot: QtBot, web: Web):
    proxy = Web()
    proxy.says(png())
    asked: list[tuple[str, Purpose]] = []
    fetched: list[bytes | None] = []
    fetcher = PictureFetcher(
        lambda host, purpose: asked.append((host, purpose)),
        lambda address: proxy.address.removesuffix("/a.png"),
        allows_local=True,
    )
    fetcher.fetch(web.address, fetched.append)
    qtbot.waitUntil(lambda: bool(fetched), timeout=30_000)
    assert fetched == [png()]
    assert web.requests == []
    assert proxy.requests[0].startswith(f"GET {web.address} HTTP".encode())
    hosts = [one.split("/")[2] for one in (proxy.address, web.address)]
    assert asked == [(hosts[0], Purpose.PROXY), (hosts[1], Purpose.PICTURE)]


def test_going_offline_ends_what_is_under_way(qtbot: QtBot, web: Web):
    web.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nhalf"
    fetched: list[bytes | None] = []
    fetcher = PictureFetcher(lambda host, purpose: None, allows_local=True)
    fetcher.fetch(web.address, fetched.append)
    fetcher.give_up()
    assert fetched == [None]


def test_only_a_click_loads_a_picture_and_then_it_is_shown(
    qtbot: QtBot, theme: Theme, shelf: PictureShelf, web: Web
):
    web.says(png())
    child = ChildProcess(typesetter_command())
    view = shown_transcript(qtbot, theme, [reply(1, f"![A map]({web.address})")])
    view.use_objects(InlineObjects(Typesetter(child), shelf))
    (text,) = [each for each in view.findChildren(SegmentText) if each.isVisible()]
    assert text.toPlainText() == "[picture not loaded: A map · 127.0.0.1]"
    assert web.requests == []
    height = text.height()
    text.link_clicked.emit(PICTURE_LINK + web.address)
    qtbot.waitUntil(lambda: shelf.picture(web.address) is not None, timeout=30_000)
    (text,) = [each for each in view.findChildren(SegmentText) if each.isVisible()]
    assert text.document().size().height() >= 20
    assert text.grab().toImage().pixelColor(5, height // 2) == QColor(200, 0, 0)
    child.stop()
