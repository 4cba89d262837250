"""The model that a persona would like: which of the installed ones that is, and what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from chinwag.core.model import InstalledModel


@dataclass(frozen=True, slots=True)
class ModelWish:
    """A wish that is not fulfilled; without a `model` none of that name is installed.

    `seconds` is how long loading it is likely to take, None while no load was measured.
    """

    name: str
    model: InstalledModel | None = None
    seconds: float | None = None


def model_wish(
    wanted: str,
    models: Iterable[InstalledModel],
    chosen: InstalledModel | None,
    bytes_per_second: float,
) -> ModelWish | None:
    """What a persona's wish comes to; None where it has none, or has what it would like.

    `wanted` is the id of a model or its name, however capitals are used. `bytes_per_second` is how
    fast the last model was loaded, 0 where none was.
    """
    if not wanted or chosen is None:
        return None
    name = wanted.casefold()
    if name in _names(chosen):
        return None
    for model in models:
        if name in _names(model):
            seconds = model.size / bytes_per_second if bytes_per_second else None
            return ModelWish(model.name, model, seconds)
    return ModelWish(wanted)


def _names(model: InstalledModel) -> set[str]:
    return {model.id.casefold(), model.name.casefold(), model.path.stem.casefold()}
