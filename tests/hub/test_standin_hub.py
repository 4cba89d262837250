"""The stand-in hub is what the real client takes it for."""

from urllib.parse import urlsplit

import pytest
from huggingface_hub import get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import GatedRepoError, RemoteEntryNotFoundError
from huggingface_hub.utils import get_session, set_client_factory
from huggingface_hub.utils._http import default_client_factory

from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub

MODEL = b"GGUF" + bytes(range(256)) * 400


@pytest.fixture(autouse=True)
def unguarded_client() -> None:
    """The library's own client, not one that tests of ours have left in its place."""
    set_client_factory(default_client_factory)


def _url(standin: StandinHub, name: str = "model.gguf") -> str:
    return hf_hub_url("owner/name", name, endpoint=standin.url)


def test_the_real_client_finds_a_file_and_gets_it(standin: StandinHub):
    repository = standin.repositories.add("owner/name", {"model.gguf": MODEL, "README.md": b"Hi"})
    head = get_hf_file_metadata(_url(standin), token=False)
    assert (head.size, head.etag) == (len(MODEL), repository.files["model.gguf"].sha256)
    assert head.commit_hash == repository.head
    assert urlsplit(head.location).netloc == urlsplit(standin.cdn.url).netloc
    for name, content in (("model.gguf", MODEL), ("README.md", b"Hi")):
        location = get_hf_file_metadata(_url(standin, name), token=False).location
        assert get_session().get(location).content == content


def test_a_part_is_sent_where_one_is_asked_for(standin: StandinHub):
    standin.repositories.add("owner/name", {"model.gguf": MODEL})
    location = get_hf_file_metadata(_url(standin), token=False).location
    part = get_session().get(location, headers={"Range": "bytes=1000-"})
    assert (part.status_code, part.content) == (206, MODEL[1000:])
    assert get_session().get(location, headers={"Range": "bytes=999999-"}).status_code == 416


def test_gates_and_expired_links_are_kept_shut(standin: StandinHub):
    standin.repositories.add("owner/name", {"model.gguf": MODEL}, gated="auto")
    standin.repositories.tokens = {"granted": {"owner/name"}, "stranger": set()}
    for token in (False, "stranger"):
        with pytest.raises(GatedRepoError):
            get_hf_file_metadata(_url(standin), token=token)
    with pytest.raises(RemoteEntryNotFoundError):
        get_hf_file_metadata(_url(standin, "other.gguf"), token="granted")
    location = get_hf_file_metadata(_url(standin), token="granted").location
    with_token = get_session().get(location, headers={"Authorization": "Bearer granted"})
    assert with_token.status_code == 400
    standin.files.expire()
    assert get_session().get(location).status_code == 403


def test_other_processes_can_steer_it_and_read_what_was_asked(standin: StandinHub):
    standin.repositories.add("owner/name", {"model.gguf": MODEL})
    standin.control({"faults": [{"kind": "status", "status": 500, "method": "HEAD"}]})
    session = get_session()
    assert session.head(_url(standin), follow_redirects=False).status_code == 500
    assert session.head(_url(standin), follow_redirects=False).status_code == 302
    log = session.get(f"{standin.url}/_log").json()
    assert [(one["method"], one["status"]) for one in log] == [("HEAD", 500), ("HEAD", 302)]
    standin.faults.add(Fault(FaultKind.REFUSE, times=-1))
    session.post(f"{standin.url}/_control", json={"clear": True})
    assert session.head(_url(standin), follow_redirects=False).status_code == 302
