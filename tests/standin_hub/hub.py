"""A hub of our own on loopback, spoken to by the real client: two listeners, two origins."""

import json
from types import TracebackType
from typing import Any

from standin_hub.api_side import ApiSide
from standin_hub.faults import Fault, FaultKind, Faults
from standin_hub.file_side import FileSide
from standin_hub.listener import Exchange, Listener, LoggedRequest
from standin_hub.repositories import Repositories


class StandinHub:
    """The hub and its CDN. `log` has every request in order; tests add repositories and faults.

    Other processes steer it by `POST /_control` (see `control`) and read `GET /_log`.
    """

    def __init__(self, port: int = 0, cdn_port: int = 0) -> None:
        self.repositories = Repositories()
        self.faults = Faults()
        self.log: list[LoggedRequest] = []
        self.files = FileSide(self.repositories)
        self.api = ApiSide(self.repositories, lambda: self.url)
        sides = [self._answer_control, self.files.answer_at_hub, self.api.answer]
        self.hub = Listener("hub", self.faults, sides, self.log, port)
        self.cdn = Listener("cdn", self.faults, [self.files.answer_at_cdn], self.log, cdn_port)
        self.files.cdn_url = self.cdn.url

    @property
    def url(self) -> str:
        """What HF_ENDPOINT is to be."""
        return self.hub.url

    def start(self) -> None:
        self.hub.start()
        self.cdn.start()

    def close(self) -> None:
        self.hub.close()
        self.cdn.close()

    def __enter__(self) -> "StandinHub":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def control(self, wish: dict[str, Any]) -> None:
        """`{"clear": true, "expire": true, "faults": [{"kind": "stall", "at": 100}, …]}`."""
        if wish.get("clear"):
            self.faults.clear()
        if wish.get("expire"):
            self.files.expire()
        for fault in wish.get("faults", []):
            self.faults.add(Fault(**{**fault, "kind": FaultKind(fault["kind"])}))

    def _answer_control(self, exchange: Exchange) -> bool:
        if exchange.path == "/_control" and exchange.method == "POST":
            self.control(json.loads(exchange.body))
            exchange.respond(204)
            return True
        if exchange.path == "/_log":
            content = json.dumps([one.as_object() for one in list(self.log)]).encode()
            exchange.respond(200, {"Content-Type": "application/json"}, content)
            return True
        return False
