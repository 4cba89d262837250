"""Whether what the Hub has fits this computer, from what it tells before anything is downloaded."""

from chinwag.core.fit import Fit, Machine, ModelShape, estimate_fit
from chinwag.core.hub_repository import RepositoryRow

# Bytes a parameter of the quantization that most people take (Q4_K_M: 4.85 bits).
USUAL_BYTES = 0.61


def row_fit(row: RepositoryRow, window_tokens: int, machine: Machine) -> Fit | None:
    """How a repository's usual file would go; None where its size is not known."""
    return file_fit(row, round(row.parameters * USUAL_BYTES), window_tokens, machine)


def file_fit(row: RepositoryRow, size: int, window_tokens: int, machine: Machine) -> Fit | None:
    """How a file of that many bytes would go, with the window asked for or the model's own."""
    if not size:
        return None
    window = min(window_tokens, row.window_tokens) if row.window_tokens else window_tokens
    return estimate_fit(size, ModelShape(parameters=row.parameters), window, machine)
