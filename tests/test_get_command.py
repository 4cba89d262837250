"""`chinwag models get` as a person and a script start it, against a hub on loopback."""

import json
import os
import pty
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.model_files import write_model
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

PATIENCE = 120
FILLING = random.Random(3).randbytes(300_000)

Result = subprocess.CompletedProcess[str]


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandinHub]:
    model = write_model(tmp_path / "model.gguf").read_bytes() + FILLING
    with StandinHub() as hub:
        files = {f"Tiny-{quantization}.gguf": model for quantization in ("Q8_0", "Q4_K_M")}
        files |= {f"Tiny-F16-0000{part}-of-00002.gguf": model for part in (1, 2)}
        hub.repositories.add("owner/Tiny-GGUF", files)
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def get(*arguments: str) -> Result:
    command = [sys.executable, "-m", "chinwag", "models", "get", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def ranges(standin: StandinHub) -> list[str]:
    return [one.headers.get("range", "all") for one in standin.log if one.listener == "cdn"]


def test_a_model_is_fetched_listed_and_not_fetched_again(standin: StandinHub, home: Path):
    got = get("owner/Tiny-GGUF", "--file", "Tiny-Q8_0.gguf", "--json")
    assert (got.returncode, got.stderr) == (0, "")
    found = json.loads(got.stdout)
    stored = standin.repositories.by_id["owner/Tiny-GGUF"].files["Tiny-Q8_0.gguf"]
    path = home / "models" / "owner" / "Tiny-GGUF" / "Tiny-Q8_0.gguf"
    assert found == {
        "name": "Tiny Q8_0",
        "path": str(path),
        "size": stored.size,
        "was_compared": True,
        "files": [{"path": str(path), "size": stored.size, "sha256": stored.sha256}],
    }
    assert path.read_bytes() == stored.read()
    again = get("owner/Tiny-GGUF:q8_0")
    assert again.stdout.splitlines()[-1] == str(path)
    assert ranges(standin) == ["all"]
    records = json.loads((home / "data" / "models.json").read_text("utf-8"))["models"]
    assert records[str(path)]["sha256"] == stored.sha256
    assert records[str(path)]["repository"] == "owner/Tiny-GGUF"
    assert records[str(path)]["verified_at"]


def test_a_failed_one_says_why_and_the_next_goes_on(standin: StandinHub, home: Path):
    standin.faults.add(
        Fault(FaultKind.CUT, at=150_000, listener="cdn"),
        Fault(FaultKind.STATUS, status=451, listener="cdn"),
    )
    failed = get("owner/Tiny-GGUF")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.count("\n") == 1
    part = home / "models" / "owner" / "Tiny-GGUF" / "Tiny-Q4_K_M.gguf.part"
    assert part.stat().st_size == 150_000
    got = get("owner/Tiny-GGUF")
    assert got.returncode == 0
    assert "verified" in got.stdout
    assert ranges(standin)[-1] == "bytes=150000-"


def test_all_parts_of_a_split_model_come(standin: StandinHub, home: Path):
    got = get("owner/Tiny-GGUF", "--file", "Tiny-F16-00002-of-00002.gguf", "--json")
    assert got.returncode == 0
    found = json.loads(got.stdout)
    assert [Path(one["path"]).name for one in found["files"]] == [
        f"Tiny-F16-0000{part}-of-00002.gguf" for part in (1, 2)
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("owner/Tiny-GGUF", "--file", "none.gguf"), "none.gguf"),
        (("owner/nothing",), "owner/nothing"),
        (("just words",), "OWNER/NAME"),
        (("http://models.example/model.gguf",), "https://"),
    ],
)
def test_what_cannot_be_had_is_said_in_a_sentence(
    standin: StandinHub, arguments: tuple[str, ...], words: str
):
    got = get(*arguments)
    assert (got.returncode, got.stdout) == (1, "")
    assert words in got.stderr
    assert got.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals")
def test_a_terminal_sees_a_bar_and_ctrl_c_keeps_the_part(standin: StandinHub, home: Path):
    standin.faults.add(Fault(FaultKind.STALL, at=150_000, listener="cdn", times=-1))
    near, far = pty.openpty()
    command = [sys.executable, "-m", "chinwag", "models", "get", "owner/Tiny-GGUF"]
    process = subprocess.Popen(command, stdin=far, stdout=subprocess.PIPE, stderr=far)
    os.close(far)
    seen = b""
    while b"150.0 kB of" not in seen:
        seen += os.read(near, 4096)
    assert b"[##" in seen
    process.send_signal(signal.SIGINT)
    drained = threading.Thread(target=_drain, args=(near,))
    drained.start()
    assert process.wait(PATIENCE) == 130
    drained.join()
    os.close(near)
    assert process.stdout is not None
    assert process.stdout.read() == b""
    process.stdout.close()
    part = home / "models" / "owner" / "Tiny-GGUF" / "Tiny-Q4_K_M.gguf.part"
    assert part.stat().st_size == 150_000


def _drain(near: int) -> None:
    try:
        while os.read(near, 4096):
            pass
    except OSError:  # the other end is closed
        return
