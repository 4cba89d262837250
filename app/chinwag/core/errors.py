"""The tree of errors, each with a code and values; `ui/wording.py` has the sentences.

ChinwagError
├─ ModelFileError     model.*      a file that cannot be used as a model
├─ EngineError        engine.*     the worker refused, failed or died
├─ PromptError        prompt.*     what was asked does not fit or cannot be rendered
├─ StoreError         store.*      the database or a file of ours cannot be read or written
├─ PersonaError       persona.*    a persona file that cannot be used
├─ CardError          card.*       a character card that no persona can be made of
├─ OptionError        option.*     a value outside its range
├─ DocumentError      document.*   a file whose text cannot be taken out, or pages it has not got
├─ ImportFileError    import.*     a file of chats that cannot be taken in, or one chat of it
├─ NetworkError       network.*    nothing may go out, or nothing comes through
├─ HubError           hub.*        the Hub, or what stands in its place, refused or made no sense
├─ LibraryError       library.*    a model file that cannot be taken in, moved or removed
├─ CatalogueError     catalogue.*  a file of recommended models that cannot be used
└─ DownloadError      download.*   a file that cannot be fetched, or is not what was promised
"""

from collections.abc import Mapping

Value = str | int | float


class ChinwagError(Exception):
    """An error a person can be told about: a dotted `code` and the `values` its sentence needs."""

    def __init__(self, code: str, **values: Value) -> None:
        super().__init__(code, values)
        self.code = code
        self.values: Mapping[str, Value] = values

    def __str__(self) -> str:
        described = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({described})"


class ModelFileError(ChinwagError):
    """A file that is missing, empty, cut short or not a model."""


class EngineError(ChinwagError):
    """The engine process refused a request, failed at it, or died."""


class PromptError(ChinwagError):
    """A prompt that does not fit the window or cannot be rendered by the model's template."""


class StoreError(ChinwagError):
    """A database or file of ours that cannot be opened, read or written."""


class PersonaError(ChinwagError):
    """A persona file that is missing or cannot be understood."""


class CardError(ChinwagError):
    """A stranger's character card that is damaged, too large, or none."""


class OptionError(ChinwagError):
    """An option whose value lies outside its range."""


class DocumentError(ChinwagError):
    """A file that cannot be attached, or pages of it that are not there."""


class ImportFileError(ChinwagError):
    """A file of chats, or one chat in it, that cannot be taken in."""


class NetworkError(ChinwagError):
    """A request that may not go out, or that no answer came to."""


class HubError(ChinwagError):
    """An answer of the Hub that is a refusal, or that makes no sense."""


class LibraryError(ChinwagError):
    """A model file that cannot be taken in, copied, moved, verified or removed."""


class CatalogueError(ChinwagError):
    """A file of recommended models that cannot be understood."""


class DownloadError(ChinwagError):
    """A file that cannot be fetched, kept or trusted."""
