"""`chinwag models search` and `show`: a real process that speaks to a hub on loopback."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub_samples import furnish
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub
from test_cli import Result, chinwag, refused

Ask = Callable[..., Result]


@pytest.fixture
def ask(standin: StandinHub) -> Ask:
    """Run `chinwag models` against a furnished stand-in, named as a mirror in the environment."""
    furnish(standin, more=40)

    def run(*arguments: str, **environment: str) -> Result:
        return chinwag("models", *arguments, **{"HF_ENDPOINT": standin.url, **environment})

    return run


def test_search(ask: Ask, home: Path, standin: StandinHub):
    result = ask("search", "meadow", "gguf", "--sort", "downloads")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == [
        "maker/Meadow-4B-GGUF",
        "maker/Meadow-9B-GGUF",
        "maker/Meadow-0.6B-GGUF",
    ]
    assert "4.0 billion  Apache 2.0  1.2M downloads  fits" in lines[0]
    told = json.loads(ask("search", "--sort", "likes", "--limit", "35", "--json").stdout)
    assert len(told["models"]) == 35
    first = told["models"][0]
    assert (first["id"], first["likes"]) == ("walled/Garden-27B-GGUF", 1530)
    assert (first["gated"], first["licence"], first["fit"]["mark"]) != (None, None, None)
    # What was contacted is in the ledger, from the terminal too.
    kept = json.loads((home / "data" / "contacts.json").read_text())["contacts"]
    host = standin.url.removeprefix("http://")
    assert [(one["host"], one["purpose"], one["times"]) for one in kept] == [(host, "search", 3)]


def test_show(ask: Ask, standin: StandinHub):
    result = ask("show", "maker/Meadow-4B-GGUF:q4_k_m")
    assert result.returncode == 0, result.stderr
    said = result.stdout.decode()
    assert said.splitlines()[0] == "maker/Meadow-4B-GGUF"
    assert "window of 32,768 tokens" in said
    assert f"{standin.url}/maker/Meadow-4B-GGUF" in said
    assert "* Q4_K_M  good · 2.4 GB" in said
    assert "BF16      full · 8.0 GB · 2 parts" in said
    assert "mmproj-F16.gguf (840.0 MB)" in said
    address = f"{standin.url}/walled/Garden-27B-GGUF/blob/main/Garden-27B-Q8_0.gguf"
    told = json.loads(ask("show", address, "--json").stdout)
    assert (told["id"], told["gated"]) == ("walled/Garden-27B-GGUF", "manual")
    chosen = [one for one in told["variants"] if one["is_chosen"]]
    assert [one["quantization"] for one in chosen] == ["Q8_0"]
    repository = standin.repositories.by_id["walled/Garden-27B-GGUF"]
    assert told["commit"] == repository.head
    file = chosen[0]["files"][0]
    assert file["sha256"] == repository.files[file["path"]].sha256


def test_what_goes_wrong_is_one_line(ask: Ask, standin: StandinHub):
    assert "no repository maker/none" in refused(ask("show", "maker/none"))
    assert "OWNER/NAME" in refused(ask("show", "one-word"))
    standin.faults.add(Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "90"}))
    assert "in 1 min 30 s" in refused(ask("search", "meadow"))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert "no way to the mirror" in refused(ask("search", "x", HF_ENDPOINT=nowhere))
    assert "no address" in refused(ask("search", "x", HF_ENDPOINT="two words"))
    nothing = ask("search", "zebra")
    assert (nothing.returncode, nothing.stdout) == (0, b"")
    assert "zebra" in nothing.stderr.decode()
    assert ask("search", "--limit", "0").returncode == 2


def test_offline_is_heeded(ask: Ask, home: Path, standin: StandinHub):
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text('{"works_offline": true}')
    assert "offline" in refused(ask("search", "meadow"))
    assert standin.log == []


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that refuses everybody politely, and what it was asked."""
    asked: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            near, _ = server.accept()
            with near:
                request = near.recv(65536)
                if not request:
                    return
                asked.append(request.split(b"\r\n")[0])
                near.sendall(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1], asked
    with socket.create_connection(server.getsockname()):
        pass
    thread.join()
    server.close()


def test_the_environment_s_proxy_is_asked(
    ask: Ask, standin: StandinHub, proxy: tuple[int, list[bytes]]
):
    port, asked = proxy
    through = {"HTTP_PROXY": f"http://127.0.0.1:{port}", "http_proxy": f"http://127.0.0.1:{port}"}
    said = refused(ask("search", "meadow", **through))
    assert "wants a name and a password" in said
    assert asked[0].startswith(f"GET {standin.url}/api/models?".encode())
    assert standin.log == []
    direct = ask("search", "meadow", NO_PROXY="127.0.0.1", no_proxy="127.0.0.1", **through)
    assert direct.returncode == 0, direct.stderr
    assert len(asked) == 1
