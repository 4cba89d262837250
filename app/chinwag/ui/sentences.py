"""The sentence for every error code: what happened, and what to do next."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

from chinwag.ui.download_sentences import DOWNLOAD_SENTENCES
from chinwag.ui.file_sentences import FILE_SENTENCES
from chinwag.ui.hub_sentences import HUB_SENTENCES
from chinwag.ui.model_sentences import MODEL_SENTENCES

# One sentence for what happened, one for what to do next. A test finds every code in the source.
SENTENCES: dict[str, Any] = {
    **MODEL_SENTENCES,
    **HUB_SENTENCES,
    **DOWNLOAD_SENTENCES,
    **FILE_SENTENCES,
    "engine.died": QT_TRANSLATE_NOOP(
        "errors",
        "The engine stopped unexpectedly ({how}). What had arrived is kept; send again to restart"
        " it.",
    ),
    "engine.stuck": QT_TRANSLATE_NOOP(
        "errors",
        "The engine did not answer for {seconds:duration} and was ended. What had arrived is kept;"
        " send again to restart it.",
    ),
    "engine.cannot_start": QT_TRANSLATE_NOOP(
        "errors",
        "The engine cannot be started: {program} ({reason}). Install the program again if this"
        " stays so.",
    ),
    "engine.protocol": QT_TRANSLATE_NOOP(
        "errors",
        "The engine said something that cannot be understood ({detail}) and was ended. Send again"
        " to restart it; install the program again if this stays so.",
    ),
    "engine.unexpected": QT_TRANSLATE_NOOP(
        "errors",
        "The engine failed in a way that was not foreseen ({reason}). Try again; the log tells"
        " more.",
    ),
    "engine.not_open": QT_TRANSLATE_NOOP(
        "errors", "No model is open. Choose a model and try again."
    ),
    "engine.not_loaded": QT_TRANSLATE_NOOP(
        "errors", "The model is not loaded. Send again to load it."
    ),
    "engine.load_cancelled": QT_TRANSLATE_NOOP(
        "errors", "Loading was stopped. Send again to load the model."
    ),
    "engine.no_device": QT_TRANSLATE_NOOP(
        "errors",
        "There is no device called “{name}” here. Choose one of these in the preferences: {known}.",
    ),
    "engine.no_window": QT_TRANSLATE_NOOP(
        "errors",
        "There is not enough memory for a context window of {window} tokens. Choose a smaller"
        " window in the preferences, or a smaller model.",
    ),
    "engine.decode": QT_TRANSLATE_NOOP(
        "errors",
        "The engine failed while it was working on the reply (status {status}). Try again, or with"
        " a smaller context window.",
    ),
    "prompt.too_long": QT_TRANSLATE_NOOP(
        "errors",
        "The conversation comes to {tokens} tokens, and the context window holds {window}. Shorten"
        " the message, start a new chat, or enlarge the window in the preferences.",
    ),
    "prompt.no_room": QT_TRANSLATE_NOOP(
        "errors",
        "With this message the chat comes to {tokens} tokens, {missing} more than there is room for"
        " in the context window of {window}, of which {reserve} are kept for the reply. Nothing was"
        " sent: choose what gives way, or shorten the message.",
    ),
    "prompt.no_summary": QT_TRANSLATE_NOOP(
        "errors",
        "With this message the chat comes to {tokens} tokens, {missing} more than there is room for"
        " in the context window of {window}, of which {reserve} are kept for the reply. A summary"
        " would not help: what was said last is by itself too long to be read for one. Nothing was"
        " sent: enlarge the window, let the oldest fall out, shorten the message, or start a new"
        " chat.",
    ),
    "prompt.question_too_long": QT_TRANSLATE_NOOP(
        "errors",
        "Your message alone comes to {tokens} tokens, and the context window holds {window}, of"
        " which {reserve} are kept for the reply. Shorten the message, or enlarge the window.",
    ),
    "prompt.nothing_to_summarise": QT_TRANSLATE_NOOP(
        "errors",
        "There is nothing old enough to summarise, or it is too long for the model to read at once."
        " Enlarge the window, or let the oldest messages fall out.",
    ),
    "prompt.rest_too_long": QT_TRANSLATE_NOOP(
        "errors",
        "With what never falls out (the persona, pinned messages, a summary) your message comes to"
        " {tokens} tokens, and the context window holds {window}, of which {reserve} are kept for"
        " the reply. Unpin something, shorten the message, or enlarge the window.",
    ),
    "prompt.empty": QT_TRANSLATE_NOOP("errors", "There is nothing to send. Type a message."),
    "prompt.template_syntax": QT_TRANSLATE_NOOP(
        "errors",
        "The model's chat template cannot be read ({reason}). Choose another file of this model.",
    ),
    "prompt.template_failed": QT_TRANSLATE_NOOP(
        "errors",
        "The model's chat template failed on this conversation ({reason}). Start a new chat, or"
        " choose another model.",
    ),
    "prompt.template_refused": QT_TRANSLATE_NOOP(
        "errors",
        "The model's chat template does not allow this conversation ({reason}). Start a new chat,"
        " or choose another model.",
    ),
    "prompt.template_slow": QT_TRANSLATE_NOOP(
        "errors",
        "The model's chat template did not come to an end in {seconds:duration}. Choose another"
        " file of this model.",
    ),
    "prompt.template_large": QT_TRANSLATE_NOOP(
        "errors",
        "The model's chat template asked for more memory than a prompt can need. Choose another"
        " file of this model.",
    ),
    "store.cannot_open": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” in {folder} cannot be opened ({reason}). Check that the folder is there and"
        " yours.",
    ),
    "store.damaged": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” in {folder} is damaged and was left as it is. Put a backup in its place, or move"
        " it away to start afresh.",
    ),
    "store.foreign": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” in {folder} belongs to another program and was left as it is. Move it away.",
    ),
    "store.newer": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” in {folder} comes from a newer version of this program (format {found}, known up"
        " to {known}) and was left as it is. Install the newer version.",
    ),
    "store.read_only": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” in {folder} cannot be written. Make the folder writable, then try again.",
    ),
    "store.full": QT_TRANSLATE_NOOP(
        "errors",
        "The disk is full, so “{file}” in {folder} cannot be saved. Free some space, then try"
        " again.",
    ),
    "store.busy": QT_TRANSLATE_NOOP(
        "errors",
        "Another program is using “{file}” in {folder}. Close it, then try again.",
    ),
    "store.failed": QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” in {folder} cannot be read or written ({reason}). Check the disk, then try"
        " again.",
    ),
    "store.no_conversation": QT_TRANSLATE_NOOP(
        "errors", "This conversation is no longer there. Open another one."
    ),
    "store.no_folder": QT_TRANSLATE_NOOP(
        "errors", "This folder is no longer there. Choose another one."
    ),
    "store.no_message": QT_TRANSLATE_NOOP(
        "errors", "This message is no longer there. Open the conversation again."
    ),
    "persona.unknown": QT_TRANSLATE_NOOP(
        "errors", "There is no persona called “{persona}”. Choose one of these: {known}."
    ),
    "persona.missing": QT_TRANSLATE_NOOP(
        "errors", "The persona file “{persona}” lacks “{key}”. Add it, or reset the persona."
    ),
    "persona.type": QT_TRANSLATE_NOOP(
        "errors",
        "The persona file “{persona}” has the wrong kind of value for “{key}”{where}. Correct"
        " it, or reset the persona.",
    ),
    "persona.option": QT_TRANSLATE_NOOP(
        "errors",
        "The persona file “{persona}” sets “{key}” to a value that cannot be used{where}."
        " Correct it, or reset the persona.",
    ),
    "persona.broken": QT_TRANSLATE_NOOP(
        "errors",
        "The persona file “{file}” cannot be understood: {reason} (line {line}, column"
        " {column}). Correct it, or reset the persona.",
    ),
    "persona.unreadable": QT_TRANSLATE_NOOP(
        "errors",
        "The persona file “{file}” cannot be read ({reason}). Check who may read it.",
    ),
    "persona.too_large": QT_TRANSLATE_NOOP(
        "errors",
        "The persona file “{file}” is larger than {most:size}. Shorten it, or reset the persona.",
    ),
    "card.too_large": QT_TRANSLATE_NOOP(
        "errors",
        "This file is larger than a character card may be ({most:size}). Choose another file.",
    ),
    "card.not_png": QT_TRANSLATE_NOOP(
        "errors", "This picture is not a PNG. Character cards are PNG or JSON files."
    ),
    "card.cut_short": QT_TRANSLATE_NOOP("errors", "This picture is cut short. Download it again."),
    "card.damaged": QT_TRANSLATE_NOOP(
        "errors", "This picture is damaged (at byte {place}). Download it again."
    ),
    "card.none": QT_TRANSLATE_NOOP(
        "errors",
        "There is no character card in this picture. Choose one that was saved as a card; sites"
        " that shrink pictures take the card out.",
    ),
    "card.not_json": QT_TRANSLATE_NOOP(
        "errors", "The character card in this file cannot be understood. Download it again."
    ),
    "card.unknown": QT_TRANSLATE_NOOP(
        "errors", "This file is not a character card of version 1 or 2. Choose another file."
    ),
    "card.field": QT_TRANSLATE_NOOP(
        "errors", "“{field}” in this character card is not a text. Choose another card."
    ),
    "card.too_long": QT_TRANSLATE_NOOP(
        "errors",
        "The texts of this character card have {characters} characters, and {most} can be taken."
        " Choose a shorter one.",
    ),
    "card.no_text": QT_TRANSLATE_NOOP(
        "errors", "This character card says nothing of who speaks. Choose another card."
    ),
    "persona.id": QT_TRANSLATE_NOOP(
        "errors", "“{persona}” cannot be the name of a persona's file. Choose another name."
    ),
    "persona.shipped": QT_TRANSLATE_NOOP(
        "errors",
        "“{persona}” comes with the program and cannot be deleted. Make a copy to change it.",
    ),
    "persona.not_shipped": QT_TRANSLATE_NOOP(
        "errors",
        "“{persona}” is your own and has no shipped version to go back to. Delete it, or edit it.",
    ),
    "option.type": QT_TRANSLATE_NOOP(
        "errors", "“{value}” is not a number that {name} can have. Give another one."
    ),
    "option.range": QT_TRANSLATE_NOOP(
        "errors", "{name} cannot be {value}. Give a value from {low} to {high}."
    ),
    "option.unknown": QT_TRANSLATE_NOOP(
        "errors", "There is no option called “{name}”. Check how it is spelled."
    ),
    "input.not_utf8": QT_TRANSLATE_NOOP(
        "errors",
        "The text is not UTF-8 (byte {position} cannot be read). Convert it, then try again.",
    ),
    "input.empty": QT_TRANSLATE_NOOP(
        "errors", "There is nothing to ask. Give a text, or pipe one in."
    ),
    "input.not_terminal": QT_TRANSLATE_NOOP(
        "errors", "“chat” needs a terminal to read from. To pipe a question in, use “ask -”."
    ),
    "input.unreadable": QT_TRANSLATE_NOOP(
        "errors", "Standard input cannot be read ({reason}). Give the text as an argument."
    ),
    "output.failed": QT_TRANSLATE_NOOP(
        "errors", "The output cannot be written ({reason}). Check where it goes, then try again."
    ),
    "chat.waits_for_reply": QT_TRANSLATE_NOOP(
        "errors",
        "A reply is still being written. Your message stays here; stop the reply to send it.",
    ),
    "chat.waits_for_files": QT_TRANSLATE_NOOP(
        "errors", "A file is still being read. Your message stays here; send again in a moment."
    ),
    "chat.summarising": QT_TRANSLATE_NOOP(
        "errors",
        "The oldest messages are being summarised. Your message stays here and is sent then.",
    ),
    "chat.waits_for_opening": QT_TRANSLATE_NOOP(
        "errors", "The conversation is still being opened. Send again in a moment."
    ),
    "import.empty": QT_TRANSLATE_NOOP(
        "errors", "There are no chats in this file. Choose the file that another export made."
    ),
    "import.too_large": QT_TRANSLATE_NOOP(
        "errors",
        "This file holds more than can be taken in at once ({most:size}). Export fewer chats, then"
        " import that file.",
    ),
    "import.zip_damaged": QT_TRANSLATE_NOOP(
        "errors", "This zip file is damaged or of an unusual kind. Download it again, or unpack it."
    ),
    "import.zip_locked": QT_TRANSLATE_NOOP(
        "errors", "This zip file is locked with a password. Unpack it, then import the file inside."
    ),
    "import.zip_without_chats": QT_TRANSLATE_NOOP(
        "errors", "There is no “{member}” in this zip file. Choose the zip that the export gave."
    ),
    "import.not_json": QT_TRANSLATE_NOOP(
        "errors",
        "This file cannot be understood (line {line}, column {column}). Choose a JSON file that an"
        " export made, or download it again.",
    ),
    "import.too_deep": QT_TRANSLATE_NOOP(
        "errors",
        "This file is nested too deeply to be a file of chats. Choose one that an export made.",
    ),
    "import.unknown": QT_TRANSLATE_NOOP(
        "errors",
        "This file is not of a kind that can be imported. Choose an export of this program or of"
        " ChatGPT.",
    ),
    "import.newer": QT_TRANSLATE_NOOP(
        "errors",
        "This file comes from a newer version of this program (format {found}, known up to"
        " {known}). Install the newer version.",
    ),
    "import.field": QT_TRANSLATE_NOOP(
        "errors",
        "“{field}” is missing or not what it should be. Export the chat again, or leave it out.",
    ),
    "import.tangled": QT_TRANSLATE_NOOP(
        "errors",
        "The messages of this chat follow one another in a circle. Export the chat again, or leave"
        " it out.",
    ),
    "import.no_messages": QT_TRANSLATE_NOOP(
        "errors", "There is no text in this chat. Leave it out."
    ),
}
