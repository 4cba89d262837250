"""The house rules that a machine can keep: the map is true, names are unique, tests do not wait."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "app" / "chinwag"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py")
MAIN_WINDOW_LINES = 300


def job_of(module: Path) -> str:
    """The first sentence of a module's docstring, without its full stop."""
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    first = " ".join(text.split("\n\n")[0].split())
    return first.rstrip(".")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_map_says_of_each_module_what_it_says_itself(module: Path):
    job = job_of(module)
    assert job, "a module opens with one sentence on its job"
    rows = (ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()
    wanted = f"| `{module.relative_to(PACKAGE).as_posix()}` | {job} |"
    assert wanted in rows, f"ARCHITECTURE.md needs this row:\n{wanted}"


def test_the_map_names_no_module_that_is_gone():
    named = re.findall(r"^\| `([\w/]+\.py)` \|", (ROOT / "ARCHITECTURE.md").read_text(), re.M)
    assert named
    assert [name for name in named if not (PACKAGE / name).is_file()] == []


def test_file_names_are_unique():
    names = [module.name for module in MODULES]
    assert sorted(names) == sorted(set(names))


def test_no_drawer_modules():
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py", "constants.py", "types.py"}
    assert not drawers & {module.name for module in MODULES}


def test_the_main_window_stays_short():
    lines = (PACKAGE / "ui" / "main_window.py").read_text("utf-8").count("\n")
    assert lines <= MAIN_WINDOW_LINES


def test_the_network_has_two_doors():
    """What reaches the web asks the offline switch, which only these do."""
    doors = {"services/picture_fetcher.py"}
    reaches = re.compile(
        r"QNetworkAccessManager|QTcpSocket|QUdpSocket|QSslSocket|QWebSocket|create_connection"
        r"|urllib\.request import (?!getproxies)|import (?:requests|http\.client|httpx2)\b|urlopen"
    )
    found = {
        module.relative_to(PACKAGE).as_posix()
        for module in MODULES
        if reaches.search(module.read_text("utf-8"))
    }
    assert {name for name in found if not name.startswith("hub/")} == doors
    # Within that room, clients are made in one place, with the hook that asks.
    made = {name for name in found if "httpx2.Client(" in (PACKAGE / name).read_text("utf-8")}
    assert made == {"hub/hub_client.py"}


def test_tests_wait_for_facts_and_never_for_time():
    banned = re.compile(r"qtbot\.wait\(|time\.sleep\(|QTest\.qWait\(|QThread\.m?sleep\(")
    here = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != here
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if banned.search(line)
    ]
    assert found == []


def test_colours_stand_in_the_themes_only():
    literal = re.compile(r"""["']#[0-9a-fA-F]{3,8}["']""")
    found = [
        f"{path.name}:{number}"
        for path in sorted((PACKAGE / "ui").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if literal.search(line)
    ]
    assert found == []
