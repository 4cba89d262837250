"""From a file's bytes to the text of its pages; slow and not to be trusted with the app's own time.

Files come from strangers. Whatever is in them, the answer is an Attachment or a DocumentError; what
takes for ever or all of the memory is ended from outside, together with its process.
"""

import codecs
import importlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, cast

from chinwag.core.document import LONGEST_TEXT, Attachment, DocumentKind
from chinwag.core.errors import DocumentError

LARGEST_INFLATED = 200_000_000  # bytes that a docx may hold once it is unpacked
_PDF_MARK = b"%PDF-"
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and what it has encrypted
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HTML_NAME = re.compile(r"\.(x?html?)$", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
# What no text has: the C0 controls save tab, line and form feed, return and escape.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 65_536
_MOST_CONTROLS = 0.02  # of the bytes of a text
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD in fpdfview.h
# PDFium's marks for a hyphen at the end of a line.
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-", "\x00": None})
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNREAD = frozenset({"head", "script", "style", "template", "noscript", "svg", "math", "object"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "title",
        "tr",
        "ul",
    ]
)


def extract(content: bytes, name: str) -> Attachment:
    """The text in a file of this name.

    Raises DocumentError: `document.empty`, `.no_text`, `.encrypted`, `.damaged`, `.kind`,
    `.binary`, `.encoding`, `.inflates`, `.too_long`.
    """
    encoding = ""
    if not content.strip():
        raise DocumentError("document.empty", file=name)
    if _PDF_MARK in content[:1024]:
        kind, pages = DocumentKind.PDF, _pdf_pages(content, name)
    elif content.startswith(_ZIP_MARKS):
        kind, pages = DocumentKind.DOCX, [_docx_text(content, name)]
    elif content.startswith(_OLE_MARK):
        is_encrypted = _OLE_ENCRYPTED in content
        raise DocumentError("document.encrypted" if is_encrypted else "document.kind", file=name)
    else:
        is_html = _HTML_NAME.search(name) is not None
        text, encoding = _decoded(content, name, is_html)
        kind = DocumentKind.HTML if is_html else DocumentKind.TEXT
        pages = [_html_text(text) if is_html else text]
    length = sum(map(len, pages))
    if length > LONGEST_TEXT:
        raise DocumentError("document.too_long", file=name, length=length, most=LONGEST_TEXT)
    pages = [_plain(page) for page in pages]
    if not any(page.strip() for page in pages):
        if kind is DocumentKind.TEXT:
            raise DocumentError("document.empty", file=name)
        raise DocumentError("document.no_text", file=name)
    return Attachment(name, kind, tuple(pages), encoding=encoding)


def warm_up() -> None:
    """Load the libraries before anybody waits for them."""
    for name in ("charset_normalizer", "docx", "lxml.html", "pypdfium2"):
        _library(name)


def _library(name: str) -> Any:
    """Loaded when it is needed, and without types: they have none."""
    return importlib.import_module(name)


def _plain(text: str) -> str:
    """Line feeds alone, and nothing that UTF-8 cannot hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return text.encode("utf-8", "replace").decode("utf-8")


def _pdf_pages(content: bytes, name: str) -> list[str]:
    pypdfium2 = _library("pypdfium2")
    pages: list[str] = []
    length = 0
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == _PASSWORD_ERROR
        code = "document.encrypted" if is_locked else "document.damaged"
        raise DocumentError(code, file=name) from error
    try:
        for number in range(len(pdf)):
            page = pdf[number]
            words = page.get_textpage()
            pages.append(words.get_text_range().translate(_HYPHENS))
            words.close()
            page.close()
            length += len(pages[-1])
            if length > LONGEST_TEXT:
                break
    except pypdfium2.PdfiumError as error:
        raise DocumentError("document.damaged", file=name) from error
    finally:
        pdf.close()
    return pages


def _docx_text(content: bytes, name: str) -> str:
    docx = _library("docx")
    failures: tuple[type[Exception], ...] = (
        *(_library("docx.opc.exceptions").OpcError, _library("lxml.etree").LxmlError),
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
        # A docx that is not one ends in whatever the library stumbles over.
        *(NotImplementedError, RuntimeError, AttributeError, LookupError, ValueError, TypeError),
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            # Never is more unpacked of a member than it says of itself.
            inflated = sum(member.file_size for member in members)
            if inflated > LARGEST_INFLATED:
                raise DocumentError(
                    "document.inflates", file=name, size=inflated, most=LARGEST_INFLATED
                )
            if not any(member.filename == "word/document.xml" for member in members):
                raise DocumentError("document.kind", file=name)
            if any(member.flag_bits & 0x1 for member in members):
                raise DocumentError("document.encrypted", file=name)
        body = docx.Document(io.BytesIO(content)).element.body
        return "\n".join(_docx_blocks(body))
    except failures as error:
        raise DocumentError("document.damaged", file=name) from error


def _docx_blocks(parent: Any) -> Iterator[str]:
    """The lines under an element: paragraphs, rows of tables with tabs between their cells.

    Not as the library tells them: it leaves out text boxes, content controls and what was put in
    while changes were tracked.
    """
    for child in parent:
        if not isinstance(child.tag, str) or child.tag == _FALLBACK:
            continue
        tag = child.tag.removeprefix(_WORD)
        if tag == "p":
            boxes: list[Any] = []
            yield "".join(_docx_words(child, boxes))
            for box in boxes:
                yield from _docx_blocks(box)
        elif tag == "tr":
            cells = (cell for cell in child.iter(_WORD + "tc") if _row_of(cell) is child)
            yield "\t".join(" ".join(filter(None, _docx_blocks(cell))) for cell in cells)
        else:
            yield from _docx_blocks(child)


def _docx_words(parent: Any, boxes: list[Any]) -> Iterator[str]:
    for child in parent:
        if not isinstance(child.tag, str) or child.tag == _FALLBACK:
            continue
        tag = child.tag.removeprefix(_WORD)
        if tag == "txbxContent":
            boxes.append(child)
        elif tag == "t":
            yield child.text or ""
        elif tag in _SPACES:
            yield _SPACES[tag]
        elif tag not in ("pPr", "rPr", "del"):
            yield from _docx_words(child, boxes)


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors(_WORD + "tr"), None)


def _decoded(content: bytes, name: str, is_html: bool) -> tuple[str, str]:
    """The text of bytes, and the encoding where that had to be found out."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), ""
            except UnicodeDecodeError:
                break
    if (wide := _wide_encoding(content)) is not None:
        return content.decode(wide), wide
    sample = content[:_SAMPLE]
    if b"\x00" in sample or len(_CONTROLS.findall(sample)) > _MOST_CONTROLS * len(sample):
        raise DocumentError("document.binary", file=name)
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    said = _META_CHARSET.search(content[:4096]) if is_html else None
    if said is not None:
        try:
            return content.decode(said[1].decode("ascii")), ""
        except (LookupError, ValueError):
            pass
    return _guessed(content, name)


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 without a mark, as its Latin letters give it away: every other byte is 0."""
    sample = content[: _SAMPLE // 2 * 2]
    if len(content) % 2 or not sample:
        return None
    half = len(sample) // 2
    for encoding, zeros, others in (
        ("utf-16-le", sample[1::2], sample[::2]),
        ("utf-16-be", sample[::2], sample[1::2]),
    ):
        if zeros.count(0) > 0.7 * half and others.count(0) < 0.02 * half:
            try:
                content.decode(encoding)
            except UnicodeDecodeError:
                return None
            return encoding
    return None


def _guessed(content: bytes, name: str) -> tuple[str, str]:
    best = _library("charset_normalizer").from_bytes(content).best()
    if best is None:
        raise DocumentError("document.encoding", file=name)
    return str(best), best.encoding.replace("_", "-")


def _html_text(source: str) -> str:
    """What a page says, a line a block; scripts and styles say nothing."""
    lxml_html = _library("lxml.html")
    source = _XML_DECLARATION.sub("", source).replace("\x00", "")
    if not source.strip():
        return ""
    parser = lxml_html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(source, parser=parser)
    except (_library("lxml.etree").LxmlError, AssertionError, ValueError):
        return ""
    lines = "".join(_html_words(root)).split("\n")
    tidy = (" ".join(line.split(" ")).rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(tidy)).strip("\n")


def _html_words(root: Any) -> Iterator[str]:
    unread = kept = 0
    walk = _library("lxml.etree").iterwalk(root, events=("start", "end"))
    for event, element in cast(Iterable[tuple[str, Any]], walk):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_unread, is_block = tag in _UNREAD, tag in _BLOCKS
        if event == "start":
            # The title stands in the head, and is worth reading.
            unread += is_unread
            kept += tag == "pre"
            says = not unread or (tag == "title" and unread == 1)
            if says:
                if is_block or tag == "br":
                    yield "\n"
                yield _spaced(element.text, kept)
        else:
            unread -= is_unread
            kept -= tag == "pre"
            if not unread:
                if is_block:
                    yield "\n"
                elif tag in ("td", "th"):
                    yield "\t"
                yield _spaced(element.tail, kept)


def _spaced(text: str | None, is_kept: int) -> str:
    if not text:
        return ""
    return text if is_kept else re.sub(r"\s+", " ", text)
