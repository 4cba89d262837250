"""The sentences for errors of model files: what cannot be used, taken in, checked or removed."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

MODEL_SENTENCES: dict[str, Any] = {
    "model.none": QT_TRANSLATE_NOOP(
        "errors", "There is no model to answer with. Choose one in the model list, or get one."
    ),
    "model.unknown": QT_TRANSLATE_NOOP(
        "errors",
        "There is no model called “{name}”. Give one of these, or the path of a GGUF file:"
        " {known}.",
    ),
    "model.ambiguous": QT_TRANSLATE_NOOP(
        "errors", "“{name}” could be any of several models. Give one of these names: {known}."
    ),
    "model.part_missing": QT_TRANSLATE_NOOP(
        "errors",
        "The model file “{file}” is one of several parts, and “{part}” is not beside it. Download"
        " every part.",
    ),
    "model.other_kind": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is not a language model but a part for one ({kind}). Choose the model itself.",
    ),
    "model.missing": QT_TRANSLATE_NOOP(
        "errors", "The model file “{file}” is not there. Check its name, or choose another model."
    ),
    "model.empty": QT_TRANSLATE_NOOP(
        "errors", "The model file “{file}” is empty. Download it again, or choose another model."
    ),
    "model.not_gguf": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is not a GGUF model. Choose a file that ends in .gguf."
    ),
    "model.version": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is written in version {version} of the GGUF format, which this program does not"
        " read. Look for a newer program, or another file of the model.",
    ),
    "model.byte_order": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” was made for computers with another byte order. Get the little-endian file of"
        " the model.",
    ),
    "model.truncated": QT_TRANSLATE_NOOP(
        "errors",
        "The model file “{file}” is cut short: {size:size} of {needed:size} are there. Download it"
        " again.",
    ),
    "model.damaged": QT_TRANSLATE_NOOP(
        "errors", "The model file “{file}” is damaged ({part}). Download it again."
    ),
    "model.directory": QT_TRANSLATE_NOOP(
        "errors", "“{file}” is a folder. Choose the .gguf file inside it."
    ),
    "model.unreadable": QT_TRANSLATE_NOOP(
        "errors",
        "The model file “{file}” cannot be read ({reason}). Check who may read it, and the disk.",
    ),
    "model.refused": QT_TRANSLATE_NOOP(
        "errors",
        "The engine cannot load “{file}” ({reason}). Download it again, or choose another model.",
    ),
    "model.crashed": QT_TRANSLATE_NOOP(
        "errors",
        "The engine stopped while it was opening “{file}” ({how}). The file may be damaged, of a"
        " kind that this version cannot read, or too large for the memory that is free. Verify it"
        " in the window of models, choose another model, or look for a newer version of this"
        " program.",
    ),
    "model.stuck": QT_TRANSLATE_NOOP(
        "errors",
        "The engine did not answer for {seconds:duration} while it was opening “{file}”, and was"
        " ended. The file may be damaged. Verify it in the window of models, choose another model,"
        " or look for a newer version of this program.",
    ),
    "model.architecture": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is a model of a kind that the engine does not know ({architecture}). Choose"
        " another model, or look for a newer version of this program.",
    ),
    "model.no_decoder": QT_TRANSLATE_NOOP(
        "errors", "“{file}” cannot write text: it has no decoder. Choose a chat model."
    ),
    "library.unreadable": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” cannot be read to its end ({reason}). Check who may read it, and the disk.",
    ),
    "library.unwritable": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” cannot be written in {folder} ({reason}). Check who may write there, or choose"
        " another models folder in the preferences.",
    ),
    "library.exists": QT_TRANSLATE_NOOP(
        "errors",
        "There is a file “{file}” in {folder} already. Rename one of the two, then try again.",
    ),
    "library.no_space": QT_TRANSLATE_NOOP(
        "errors",
        "There is not enough room in {folder}: {needed:size} are needed, {free:size} are free."
        " Leave the file where it is, or make room.",
    ),
    "library.disk_full": QT_TRANSLATE_NOOP(
        "errors",
        "The disk filled up while “{file}” was being written; nothing of it was kept. Make room,"
        " then try again.",
    ),
    "library.copy_differs": QT_TRANSLATE_NOOP(
        "errors",
        "The copy of “{file}” did not come out as the file is and was taken away. Check the disk,"
        " then try again.",
    ),
    "library.left_behind": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is in the models folder now, but could not be deleted in {folder} ({reason})."
        " Delete it there if you do not need it twice.",
    ),
    "library.differs": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is not what it should be: it was changed or is damaged. Delete it and get it"
        " again.",
    ),
    "library.changed": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” has changed since its hash was noted here. If you did not change it yourself,"
        " delete it and get it again.",
    ),
    "library.no_bin": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” cannot be put into the system's bin ({reason}). It stays; delete it in the file"
        " manager if you want to.",
    ),
    "library.starter": QT_TRANSLATE_NOOP(
        "errors",
        "{name} comes with the program and stays. Choose another model to remove.",
    ),
    "catalogue.unreadable": QT_TRANSLATE_NOOP(
        "errors",
        "The list of recommended models cannot be read ({file}: {reason}). Install the program"
        " again.",
    ),
    "catalogue.entry": QT_TRANSLATE_NOOP(
        "errors",
        "The list of recommended models is not right ({file}: {key}). Install the program again.",
    ),
}
