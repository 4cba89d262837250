"""The sentences for downloads that end before the file is here, whole and as it was promised."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

DOWNLOAD_SENTENCES: dict[str, Any] = {
    "download.address": QT_TRANSLATE_NOOP(
        "errors",
        "“{address}” is no address of a model file. It has to begin with https:// and end in"
        " .gguf.",
    ),
    "download.not_understood": QT_TRANSLATE_NOOP(
        "errors",
        "“{name}” names no model on the web. Write OWNER/NAME as on the Hub, or the https address"
        " of a .gguf file.",
    ),
    "download.unsafe_name": QT_TRANSLATE_NOOP(
        "errors",
        "The file’s name (“{name}”) could do harm on a disk, so it was not fetched. Choose another"
        " file.",
    ),
    "download.busy": QT_TRANSLATE_NOOP(
        "errors",
        "Another Chinwag is fetching “{file}” right now. Wait for it, or stop it there.",
    ),
    "download.exists": QT_TRANSLATE_NOOP(
        "errors",
        "There is another file called “{file}” in {folder} already, and it was left alone. Move or"
        " delete it, then try again.",
    ),
    "download.no_space": QT_TRANSLATE_NOOP(
        "errors",
        "There is not enough room for “{file}”: {short:size} more must be free. Make room, then"
        " go on; what has come is kept.",
    ),
    "download.disk_full": QT_TRANSLATE_NOOP(
        "errors",
        "The disk is full. What has come of “{file}” is kept; make room, then go on.",
    ),
    "download.unwritable": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” cannot be written to {folder} ({reason}). Check the folder, or choose another"
        " one for models in the preferences.",
    ),
    "download.changed": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” of {repository} is not the file any more that was chosen. Cancel this download,"
        " and choose it anew.",
    ),
    "download.no_size": QT_TRANSLATE_NOOP(
        "errors",
        "{host} does not say how long the file is, so it could never be known to be whole. Get it"
        " from somewhere else.",
    ),
    "download.wrong_size": QT_TRANSLATE_NOOP(
        "errors",
        "{host} sends a file of {size:size} where {promised:size} were promised. What has come is"
        " kept; try again later.",
    ),
    "download.wrong_hash": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” came damaged: it is not, byte for byte, what its makers put up. It was thrown"
        " away; download it again.",
    ),
    "download.not_model": QT_TRANSLATE_NOOP(
        "errors",
        "What {host} sent for “{file}” is no model, but perhaps a sign-in page of your network."
        " Look at it in a browser, then try again.",
    ),
    "download.encoded": QT_TRANSLATE_NOOP(
        "errors",
        "{host} packs the file up in a way that was not asked for. Try again later, or without a"
        " proxy.",
    ),
    "download.other_range": QT_TRANSLATE_NOOP(
        "errors",
        "{host} sent another part of the file than the one asked for. What has come is kept; try"
        " again later.",
    ),
    "download.range_refused": QT_TRANSLATE_NOOP(
        "errors", "{host} does not go on from where the download stopped. Try again later."
    ),
    "download.ended_early": QT_TRANSLATE_NOOP(
        "errors",
        "{host} ended the file before it was whole. What has come is kept; try again later.",
    ),
    "download.unsafe_redirect": QT_TRANSLATE_NOOP(
        "errors",
        "{host} leads to an address without encryption ({other}), which was not followed. Get the"
        " file from somewhere else.",
    ),
}
