"""The text of files of every kind, and a code for everything that has none."""

import codecs

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chinwag.core.document import DocumentKind
from chinwag.core.errors import DocumentError
from chinwag.core.text_extraction import LARGEST_INFLATED, extract
from core.document_files import docx_of, locked_pdf, pdf_of, zip_of

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TIDES = pdf_of(["The tide (high)\nturns twice.", "", "It runs out."])
LETTER = docx_of("Dear Anne,", "the boat\tis \\ mended.", table=[["mast", "1"], ["oars", "2"]])


def code_of(content: bytes, name: str) -> str:
    with pytest.raises(DocumentError) as caught:
        extract(content, name)
    assert caught.value.values["file"] == name
    return caught.value.code


def text_of(content: bytes, name: str) -> str:
    return extract(content, name).text


def test_a_pdf_has_a_text_a_page() -> None:
    found = extract(TIDES, "tides.pdf")
    assert found.kind is DocumentKind.PDF
    assert found.pages == ("The tide (high)\nturns twice.", "", "It runs out.")


def test_a_word_file_is_read_in_order_with_its_tables() -> None:
    found = extract(LETTER, "letter.docx")
    assert found.kind is DocumentKind.DOCX
    assert found.pages == ("Dear Anne,\nthe boat\tis \\ mended.\nmast\t1\noars\t2",)


def test_a_word_file_is_read_where_its_library_does_not_look() -> None:
    parts = (
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> put in</w:t></w:r></w:ins></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>controlled</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r>"
        "</w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>boxed</w:t>"
        "</w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    body = f'<w:document xmlns:w="{WORD}" xmlns:mc="{COMPATIBLE}"><w:body>{parts}</w:body>'
    content = zip_of(with_document(body + "</w:document>"))
    assert text_of(content, "a.docx").split() == ["kept", "put", "in", "controlled", "boxed"]


def with_document(xml: str) -> dict[str, bytes]:
    """The least that a docx has to have."""
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{kinds}"><Default Extension="rels" ContentType="application/vnd.open'
            f'xmlformats-package.relationships+xml"/><Override PartName="/word/document.xml"'
            f' ContentType="{main}"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{links}"><Relationship Id="r1" Type="{office}"'
            ' Target="word/document.xml"/></Relationships>'
        ).encode(),
        "word/document.xml": xml.encode(),
    }


def test_a_web_page_says_what_a_reader_sees() -> None:
    page = (
        b"<!doctype html><html><head><title>Tides</title><style>p{color:red}</style></head><body>"
        b"<script>alert(1)</script><h1>High &amp; low</h1><p>one<br>two <b>bold</b></p><!-- no -->"
        b"<table><tr><td>a</td><td>b</td></tr></table><pre>x\n  y</pre></body></html>"
    )
    assert text_of(page, "tides.html") == ("Tides\n\nHigh & low\n\none\ntwo bold\n\na\tb\n\nx\n  y")


def test_a_web_page_names_its_own_encoding() -> None:
    page = '<meta charset="windows-1251"><p>Прилив и отлив</p>'.encode("cp1251")
    assert text_of(page, "a.htm") == "Прилив и отлив"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.py", "a.csv", "a.json", "Makefile"])
def test_text_stays_as_it_is(name: str) -> None:
    words = "  a,b\n\n\tc — 世界 <|im_start|>\n"
    found = extract(words.encode(), name)
    assert (found.pages, found.kind, found.encoding) == ((words,), DocumentKind.TEXT, "")


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + "Größe 世界".encode(),
        "Größe 世界".encode("utf-16"),
        "Größe 世界".encode("utf-32"),
        codecs.BOM_UTF16_BE + "Größe 世界".encode("utf-16-be"),
    ],
)
def test_a_mark_says_how_a_text_is_written(content: bytes) -> None:
    assert text_of(content, "a.txt") == "Größe 世界"


def test_line_feeds_are_line_feeds() -> None:
    assert text_of(b"one\r\ntwo\rthree\n", "a.txt") == "one\ntwo\nthree\n"


def test_an_old_encoding_is_found_out_and_said() -> None:
    words = "Die Straße führt über die Brücke, wo die Mädchen schöne Äpfel und Öl verkaufen.\n" * 3
    found = extract(words.encode("cp1252"), "a.txt")
    assert found.text == words
    assert found.encoding
    wide = extract("plain words in UTF-16".encode("utf-16-le"), "a.txt")
    assert (wide.text, wide.encoding) == ("plain words in UTF-16", "utf-16-le")


def test_what_cannot_be_read_has_a_code_each() -> None:
    assert code_of(b"", "a.txt") == "document.empty"
    assert code_of(b" \n\t", "a.txt") == "document.empty"
    assert code_of(pdf_of(["", ""]), "scan.pdf") == "document.no_text"
    assert code_of(docx_of(""), "a.docx") == "document.no_text"
    assert code_of(b"<html><script>x</script></html>", "a.html") == "document.no_text"
    assert code_of(locked_pdf(), "a.pdf") == "document.encrypted"
    assert code_of(b"%PDF-1.7\nnonsense", "a.pdf") == "document.damaged"
    assert code_of(LETTER[:-200], "a.docx") == "document.damaged"
    assert code_of(zip_of({"word/document.xml": b"<x/>"}), "a.docx") == "document.damaged"
    assert code_of(zip_of({"xl/workbook.xml": b"<x/>"}), "a.xlsx") == "document.kind"
    assert code_of(bytes(range(256)) * 9, "a.bin") == "document.binary"
    assert code_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(99), "a.png") == "document.binary"


def test_an_old_word_file_and_a_locked_new_one_are_told_apart() -> None:
    mark = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    assert code_of(mark, "a.doc") == "document.kind"
    locked = mark + "EncryptedPackage".encode("utf-16-le")
    assert code_of(locked, "a.docx") == "document.encrypted"


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = zip_of({**with_document("<x/>"), "word/media/a.bin": bytes(LARGEST_INFLATED + 1)})
    assert len(bomb) < 1_000_000
    assert code_of(bomb, "a.docx") == "document.inflates"


def test_entities_of_a_word_file_are_not_blown_up() -> None:
    bomb = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    xml = f'<!DOCTYPE x [<!ENTITY e0 "ha">{bomb}]><w:document xmlns:w="{WORD}"><w:body><w:p><w:r>'
    xml += "<w:t>&e12;</w:t></w:r></w:p></w:body></w:document>"
    content = zip_of(with_document(xml))
    assert code_of(content, "a.docx") in ("document.damaged", "document.no_text")


@settings(max_examples=150)
@given(content=st.binary(max_size=400), name=st.sampled_from(["a.html", "a.txt"]))
@example(b"<?xml version='1.0' encoding='utf-8'?><p>x", "a.html")
@example(b"<meta charset=undefined><p>x\xff", "a.html")
@example(b"PK\x03\x04", "a.docx")
def test_any_bytes_are_a_text_or_a_code(content: bytes, name: str) -> None:
    try:
        found = extract(content, name)
    except DocumentError:
        return
    assert found.text.strip()
    found.text.encode("utf-8")
