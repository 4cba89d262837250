"""Fetches one picture after another from the web; only what a person has clicked on."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QObject, QUrl, Slot
from PySide6.QtNetwork import (
    QNetworkAccessManager,
    QNetworkProxy,
    QNetworkReply,
    QNetworkRequest,
)

from chinwag.core.contacts import Knock, Purpose
from chinwag.core.errors import NetworkError
from chinwag.core.hub_address import host_of
from chinwag.core.web_address import is_loadable

LARGEST_PICTURE = 12_000_000  # bytes
_SECONDS = 20
_MOST_REDIRECTS = 4

Fetched = Callable[[bytes | None], None]


class PictureFetcher(QObject):
    """Takes no cookies and sends none, nor where it was clicked; every redirect is checked."""

    def __init__(
        self,
        knock: Knock,
        proxy_for: Callable[[str], str] = lambda address: "",
        allows_local: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """`proxy_for` tells the proxy on the way to an address, "" for none."""
        super().__init__(parent)
        self._proxy_for = proxy_for
        self._knock = knock
        self._allows_local = allows_local
        self._manager: QNetworkAccessManager | None = None
        self._replies: dict[QNetworkReply, Fetched] = {}

    def fetch(self, address: str, fetched: Fetched) -> None:
        """Call `fetched` later with what is there; with None if it cannot be had."""
        if not is_loadable(address, self._allows_local) or not self._may_ask(address):
            fetched(None)
            return
        # Not before it is needed: it takes a moment, and most people never load a picture.
        if self._manager is None:
            self._manager = QNetworkAccessManager(self)
        request = QNetworkRequest(QUrl(address))
        attribute, manual = QNetworkRequest.Attribute, QNetworkRequest.LoadControl.Manual
        for control in (
            attribute.CookieLoadControlAttribute,
            attribute.CookieSaveControlAttribute,
            attribute.AuthenticationReuseAttribute,
        ):
            request.setAttribute(control, manual)
        policy = QNetworkRequest.RedirectPolicy.UserVerifiedRedirectPolicy
        request.setAttribute(attribute.RedirectPolicyAttribute, policy)
        request.setMaximumRedirectsAllowed(_MOST_REDIRECTS)
        request.setTransferTimeout(1000 * _SECONDS)
        request.setRawHeader(QByteArray(b"Accept"), QByteArray(b"image/*"))
        self._manager.setProxy(_as_proxy(self._proxy_for(address)))
        reply = self._manager.get(request)
        self._replies[reply] = fetched
        reply.redirected.connect(self._on_redirected)
        reply.readyRead.connect(self._on_ready_read)
        reply.finished.connect(self._on_finished)

    def give_up(self) -> None:
        """End what is under way; those who wait are told that it cannot be had."""
        for reply in list(self._replies):
            reply.abort()

    def close(self) -> None:
        """End what is under way, and tell nobody."""
        replies, self._replies = self._replies, {}
        for reply in replies:
            reply.abort()

    @Slot(QUrl)
    def _on_redirected(self, url: QUrl) -> None:
        reply = self._sender()
        if reply is None:
            return
        address = url.toString()
        if is_loadable(address, self._allows_local) and self._may_ask(address):
            reply.redirectAllowed.emit()
        else:
            reply.abort()

    @Slot()
    def _on_ready_read(self) -> None:
        reply = self._sender()
        if reply is not None and reply.bytesAvailable() > LARGEST_PICTURE:
            reply.abort()

    @Slot()
    def _on_finished(self) -> None:
        reply = self._sender()
        fetched = self._replies.pop(reply, None) if reply is not None else None
        if reply is None or fetched is None:
            return
        is_whole = reply.error() is QNetworkReply.NetworkError.NoError
        is_small = reply.bytesAvailable() <= LARGEST_PICTURE
        data = bytes(reply.readAll().data()) if is_whole and is_small else None
        reply.deleteLater()
        fetched(data)

    def _may_ask(self, address: str) -> bool:
        try:
            if proxy := self._proxy_for(address):
                self._knock(host_of(proxy) or proxy, Purpose.PROXY)
            self._knock(host_of(address), Purpose.PICTURE)
        except NetworkError:
            return False
        return True

    def _sender(self) -> QNetworkReply | None:
        sender = self.sender()
        return sender if isinstance(sender, QNetworkReply) else None


def _as_proxy(address: str) -> QNetworkProxy:
    """A proxy as Qt has it; none for ""."""
    kinds = QNetworkProxy.ProxyType
    url = QUrl(address)
    if not url.host():
        return QNetworkProxy(kinds.NoProxy)
    is_socks = url.scheme().startswith("socks")
    usual = 1080 if is_socks else 443 if url.scheme() == "https" else 80
    kind = kinds.Socks5Proxy if is_socks else kinds.HttpProxy
    return QNetworkProxy(kind, url.host(), url.port(usual), url.userName(), url.password())
