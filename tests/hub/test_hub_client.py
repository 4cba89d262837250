"""The door to the Hub: what goes out, what does not, and what every refusal becomes."""

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import get_hf_file_metadata

from chinwag.core.contacts import Purpose
from chinwag.core.errors import ChinwagError, NetworkError
from chinwag.hub.hub_client import HubClient
from chinwag.hub.hub_errors import chinwag_error
from chinwag.hub.hub_line import HubLine, Wish
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub
from standin_hub.repositories import StoredFile

MODEL = b"GGUF" + bytes(range(256)) * 40
GOOD, BAD = "hf_good", "hf_bad"


class Ledger:
    """Writes down who is asked, and lets nothing out while it is shut."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Purpose]] = []
        self.is_shut = False

    def knock(self, host: str, purpose: Purpose) -> None:
        if self.is_shut:
            raise NetworkError("network.offline", host=host)
        self.asked.append((host, purpose))


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def tokens() -> dict[str, str]:
    """The tokens by origin; empty."""
    return {}


@pytest.fixture
def client(standin: StandinHub, ledger: Ledger, tokens: dict[str, str]) -> HubClient:
    """A client of the stand-in, which has three repositories and knows one token."""
    standin.repositories.add("owner/open", {"model.gguf": MODEL, "README.md": b"# Open"})
    standin.repositories.add("owner/gated", {"model.gguf": MODEL}, gated="manual")
    standin.repositories.add("owner/private", {"model.gguf": MODEL}, is_private=True)
    standin.repositories.tokens[GOOD] = {"owner/private"}
    standin.api.names[GOOD] = "reader"
    made = HubClient(ledger.knock, lambda origin: tokens.get(origin, ""))
    made.use(standin.url, "")
    return made


@pytest.fixture
def line(client: HubClient) -> Iterator[HubLine]:
    made = HubLine(client)
    yield made
    made.close()


def wish(address: str = "/api/models", most_bytes: int = 100_000, **more: object) -> Wish:
    return Wish(address, Purpose.SEARCH, most_bytes, **more)  # pyright: ignore[reportArgumentType]


def code_of(line: HubLine, asked: Wish) -> str:
    with pytest.raises(ChinwagError) as caught:
        line.ask(asked)
    return caught.value.code


def test_an_answer_comes_with_its_next_page_and_the_host_is_noted(
    standin: StandinHub, line: HubLine, ledger: Ledger
):
    answer = line.ask(wish(query=(("filter", "gguf"), ("limit", "1"))))
    assert len(json.loads(answer.content)) == 1
    more = line.ask(wish(answer.next_address))
    assert json.loads(more.content) != json.loads(answer.content)
    assert more.next_address == ""
    host = standin.url.removeprefix("http://")
    assert ledger.asked == [(host, Purpose.SEARCH)] * 2


def test_nobody_is_asked_but_for_what_was_wished(
    standin: StandinHub, client: HubClient, line: HubLine
):
    line.ask(wish())
    client.whoami(GOOD)
    paths = [one.target.partition("?")[0] for one in standin.log]
    assert paths == [
        "/api/models",
        "/api/whoami-v2",
    ]
    for one in standin.log:
        agent = one.headers["user-agent"]
        assert agent.startswith("chinwag/")
        assert "agent/" not in agent
        assert "cookie" not in one.headers


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("/api/models/owner/none", "hub.no_repository"),
        ("/api/models/owner/private", "hub.no_repository"),
        ("/api/models/owner/open/revision/old", "hub.no_revision"),
        ("/owner/open/resolve/main/none.gguf", "hub.no_file"),
        ("/owner/gated/resolve/main/model.gguf", "hub.gated"),
        ("/api/whoami-v2", "hub.needs_token"),
        ("/nothing/here/at/all", "hub.not_there"),
    ],
)
def test_what_the_hub_refuses_has_a_code(line: HubLine, asked: str, code: str):
    assert code_of(line, wish(asked)) == code


@pytest.mark.parametrize(
    ("status", "headers", "code"),
    [
        (400, {}, "hub.refused"),
        (403, {}, "hub.forbidden"),
        (403, {"X-Error-Message": "Access to this resource is disabled."}, "hub.disabled"),
        (418, {}, "hub.refused"),
        (429, {}, "hub.rate_limited"),
        (429, {"Retry-After": "7"}, "hub.rate_limited_for"),
        (429, {"RateLimit": '"api";r=0;t=9'}, "hub.rate_limited_for"),
        (500, {}, "hub.server"),
        (503, {"Retry-After": "1"}, "hub.server"),
    ],
)
def test_every_status_has_a_code(
    standin: StandinHub, line: HubLine, status: int, headers: dict[str, str], code: str
):
    standin.faults.add(Fault(FaultKind.STATUS, status=status, headers=headers))
    assert code_of(line, wish()) == code


def test_the_wait_is_told(standin: StandinHub, line: HubLine):
    standin.faults.add(Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "99999999"}))
    with pytest.raises(ChinwagError) as caught:
        line.ask(wish())
    assert caught.value.values["wait"] == 86_400


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(FaultKind.REFUSE), "network.cut"),
        (Fault(FaultKind.CUT, at=3), "network.cut"),
        (Fault(FaultKind.CUT, at=3, is_reset=True), "network.cut"),
        (Fault(FaultKind.LOOP, times=-1), "hub.redirects"),
        (Fault(FaultKind.ENDLESS), "hub.too_large"),
        (Fault(FaultKind.AWAY, headers={"Location": "gopher://old"}), "hub.bad_address"),
    ],
)
def test_every_fault_on_the_way_has_a_code(
    standin: StandinHub, line: HubLine, fault: Fault, code: str
):
    standin.faults.add(fault)
    assert code_of(line, wish()) == code
    standin.faults.clear()
    line.ask(wish())  # and the line is as good as new


def test_what_may_be_cut_short_is(standin: StandinHub, line: HubLine):
    answer = line.ask(wish("/owner/open/resolve/main/README.md", 3, may_be_cut=True))
    assert (answer.content, answer.is_short) == (b"# O", True)


def test_nobody_listening_is_no_way(line: HubLine, client: HubClient):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client.use(f"http://127.0.0.1:{unused.getsockname()[1]}", "")
        assert code_of(line, wish()) == "network.no_way_to_mirror"


@pytest.mark.parametrize("typed", ["two words", "ftp://there", "http://", "http://host:99999"])
def test_a_wrong_address_is_said_when_it_is_used(line: HubLine, client: HubClient, typed: str):
    client.use(typed, "")
    assert code_of(line, wish()) == "hub.bad_address"
    client.use("", typed)
    assert code_of(line, wish()) == "hub.bad_address"


@pytest.mark.parametrize("kind", [FaultKind.STALL, FaultKind.DELAY])
def test_a_silent_hub_is_cut_off_at_once(standin: StandinHub, line: HubLine, kind: FaultKind):
    line.ask(wish())  # a connection that is kept can be cut as well
    standin.faults.add(Fault(kind, at=1, seconds=60))
    wanted = threading.Event()
    wanted.set()
    codes: list[str] = []

    def ask() -> None:
        try:
            line.ask(wish(), wanted.is_set)
        except ChinwagError as error:
            codes.append(error.code)

    thread = threading.Thread(target=ask)
    thread.start()
    arrived = threading.Event()
    while len(standin.log) < 2:
        arrived.wait(0.01)
    wanted.clear()
    line.cut()
    thread.join(timeout=5)
    assert codes == ["network.given_up"]


def test_silence_without_end_ends(standin: StandinHub, client: HubClient):
    # The library passes no time-outs of its own; the hook is what gives it some.
    request = client.session().build_request("GET", standin.url, timeout=None)
    for hook in client.session().event_hooks["request"]:
        hook(request)
    assert request.extensions["timeout"]["read"] > 0
    standin.faults.add(Fault(FaultKind.DELAY, seconds=60))
    with pytest.raises(httpx2.ReadTimeout) as caught:
        client.session().get(standin.url + "/api/models", timeout=0.1)
    assert chinwag_error(caught.value, standin.url).code == "network.timeout"


def test_offline_lets_nothing_out(
    standin: StandinHub, client: HubClient, line: HubLine, ledger: Ledger
):
    line.ask(wish())
    ledger.is_shut = True
    before = len(standin.log)
    assert code_of(line, wish()) == "network.offline"
    with pytest.raises(NetworkError, match="offline"):
        client.whoami(GOOD)
    assert len(standin.log) == before


def test_offline_stops_at_a_redirect(standin: StandinHub, client: HubClient, ledger: Ledger):
    standin.files.put_plain("a.gguf", StoredFile("a.gguf", MODEL))
    there = standin.cdn.url + "/plain/a.gguf"

    def knock(host: str, purpose: Purpose) -> None:
        ledger.knock(host, purpose)
        ledger.is_shut = True  # somebody turns the switch while the first answer is on its way

    standin.faults.add(Fault(FaultKind.AWAY, headers={"Location": there}))
    guarded = HubClient(knock)
    guarded.use(standin.url, "")
    line = HubLine(guarded)
    assert code_of(line, wish("/owner/open/resolve/main/model.gguf")) == "network.offline"
    assert [one.listener for one in standin.log] == ["hub"]
    line.close()


# the token


def test_the_token_goes_to_its_own_origin_only(
    standin: StandinHub, client: HubClient, line: HubLine, tokens: dict[str, str]
):
    tokens[standin.url] = GOOD
    standin.files.put_plain("a.gguf", StoredFile("a.gguf", MODEL))
    there = standin.cdn.url + "/plain/a.gguf"
    line.ask(wish("/api/models/owner/private"))
    line.ask(wish("/owner/private/resolve/main/model.gguf"))  # redirected to the CDN
    line.ask(wish(there))
    standin.faults.add(Fault(FaultKind.AWAY, headers={"Location": there}))
    client.session().get(standin.url + "/api/models", headers=client.headers(standin.url))
    address = client.file_address("owner/private", "model.gguf", "main")
    head = get_hf_file_metadata(address, token=GOOD)
    # Even if somebody of ours put it there by mistake.
    client.session().get(head.location, headers=client.headers(standin.url))
    by_listener = {"hub": 0, "cdn": 0}
    for one in standin.log:
        by_listener[one.listener] += 1
        assert ("authorization" in one.headers) == (one.listener == "hub")
        assert one.status != 400
    assert by_listener == {"hub": 4, "cdn": 4}


def test_a_mirror_never_sees_the_token_of_another(
    standin: StandinHub, client: HubClient, line: HubLine, tokens: dict[str, str]
):
    tokens["https://huggingface.co"] = GOOD
    line.ask(wish())
    assert "authorization" not in standin.log[0].headers


def test_no_token_is_taken_from_elsewhere(
    standin: StandinHub, line: HubLine, monkeypatch: pytest.MonkeyPatch, client: HubClient
):
    monkeypatch.setenv("HF_TOKEN", "hf_found_in_the_environment")
    line.ask(wish())
    client.session().get(standin.url + "/api/models", headers=client.headers(standin.url))
    get_hf_file_metadata(client.file_address("owner/open", "model.gguf", "main"))
    assert len(standin.log) == 3
    assert all("authorization" not in one.headers for one in standin.log)


def test_who_one_is(client: HubClient):
    assert client.whoami(GOOD) == "reader"
    with pytest.raises(ChinwagError, match=r"hub\.bad_token"):
        client.whoami(BAD)


def test_a_bad_token_and_a_gate_without_a_grant_have_codes(
    standin: StandinHub, client: HubClient, line: HubLine, tokens: dict[str, str]
):
    tokens[standin.url] = BAD
    assert code_of(line, wish()) == "hub.bad_token"
    tokens[standin.url] = GOOD
    client.read_token_again()
    assert code_of(line, wish("/api/models/owner/gated/auth-check")) == "hub.gated_not_granted"


# the way there


class Proxy:
    """A proxy on loopback that passes plain requests on, and writes down for whom."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        while True:
            near, _ = self._server.accept()
            with near:
                request = near.recv(65536)
                if not request:
                    return
                address = request.split()[1].decode()
                self.asked.append(address)
                host, _, path = address.removeprefix("http://").partition("/")
                name, _, port = host.partition(":")
                with socket.create_connection((name, int(port))) as far:
                    lines = request.split(b"\r\n")[1:]
                    kept = [one for one in lines if not one.lower().startswith(b"connection")]
                    first = f"GET /{path} HTTP/1.1\r\nConnection: close".encode()
                    far.sendall(b"\r\n".join([first, *kept]))
                    answer = b"".join(iter(lambda: far.recv(65536), b""))
                    # Or the client would ask again where nobody listens any more.
                    near.sendall(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    made = Proxy()
    yield made
    made.close()


def test_a_proxy_is_used_and_noted(
    standin: StandinHub, client: HubClient, line: HubLine, ledger: Ledger, proxy: Proxy
):
    client.use(standin.url, f"127.0.0.1:{proxy.port}")
    line.ask(wish("/owner/open/resolve/main/README.md"))
    assert proxy.asked[0] == f"{standin.url}/owner/open/resolve/main/README.md"
    assert (f"127.0.0.1:{proxy.port}", Purpose.PROXY) in ledger.asked


def test_the_environment_may_name_a_proxy_and_exceptions(
    standin: StandinHub, line: HubLine, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    line.ask(wish())
    assert len(proxy.asked) == 1
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    line.close()
    line.ask(wish())
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("named", ["socks5://127.0.0.1:9", "gopher://127.0.0.1:9"])
def test_a_proxy_of_a_kind_that_cannot_be_used_is_said(
    line: HubLine, named: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("all_proxy", named)
    assert code_of(line, wish()) == "network.proxy"


def test_a_proxy_that_is_not_there_is_said(client: HubClient, line: HubLine, standin: StandinHub):
    client.use(standin.url, "http://127.0.0.1:1")
    assert code_of(line, wish()) == "network.no_way_to_mirror"


def test_a_certificate_counts_once_the_system_knows_it(
    tmp_path: Path, client: HubClient, monkeypatch: pytest.MonkeyPatch
):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made.split(), *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = socket.create_server(("127.0.0.1", 0))
    answers: list[bytes] = []

    def serve() -> None:
        for _ in range(2):
            near, _address = server.accept()
            try:
                with context.wrap_socket(near, server_side=True) as secure:
                    answers.append(secure.recv(65536))
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
            except OSError:
                near.close()

    thread = threading.Thread(target=serve)
    thread.start()
    client.use(f"https://localhost:{server.getsockname()[1]}", "")
    stranger = HubLine(client)
    assert code_of(stranger, wish()) == "network.certificate"
    assert answers == []
    stranger.close()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    known = HubClient(lambda host, purpose: None)
    known.use(client.access.address, "")
    friend = HubLine(known)
    assert friend.ask(wish()).content == b"[]"
    friend.close()
    thread.join()
    server.close()
