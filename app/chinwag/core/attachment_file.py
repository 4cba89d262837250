"""Attachments in our own file of chats: as JSON, and back from a stranger's."""

from typing import cast

from chinwag.core.document import Attachment, DocumentKind
from chinwag.core.importing import Fields


def attachment_said(attachment: Attachment) -> dict[str, object]:
    """An attachment as JSON; what holds nothing is left out."""
    said: dict[str, object] = {
        "name": attachment.name,
        "kind": attachment.kind,
        "pages": list(attachment.pages),
    }
    if attachment.chosen:
        said["chosen"] = list(attachment.chosen)
    if attachment.encoding:
        said["encoding"] = attachment.encoding
    return said


def read_attachments(said: Fields) -> tuple[Attachment, ...]:
    """The attachments of a message; raises ImportFileError `import.field`."""
    found: list[Attachment] = []
    for place, item in enumerate(said.array("attachments")):
        one = Fields(item, said.place(f"attachments[{place}]"))
        pages = one.array("pages")
        if not pages or not all(isinstance(page, str) for page in pages):
            one.refuse("pages")
        chosen = one.array("chosen")
        if not all(type(number) is int and 1 <= number <= len(pages) for number in chosen):
            one.refuse("chosen")
        try:
            kind = DocumentKind(one.text("kind"))
        except ValueError:
            one.refuse("kind")
        found.append(
            Attachment(
                one.text("name"),
                kind,
                tuple(cast(list[str], pages)),
                tuple(cast(list[int], chosen)),
                one.text("encoding", ""),
            )
        )
    return tuple(found)
