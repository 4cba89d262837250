"""The files in what is dragged or on the clipboard: only those on this computer."""

from PySide6.QtCore import QMimeData


def files_in(data: QMimeData) -> list[str]:
    """The paths of the files; none where something else is carried, such as a web address."""
    if not data.hasUrls():
        return []
    urls = data.urls()
    # A spreadsheet or a browser may name one file beside text that is meant.
    if not all(url.isLocalFile() for url in urls):
        return []
    return [url.toLocalFile() for url in urls]
