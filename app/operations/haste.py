"""How long a step may keep the writers' lock: who is in haste gives up soon, to try the step without it first."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.engine import MAX_CPU_SECONDS
from app.errors import AppError
from app.i18n import N_

# Of the processor; a step of a hundred user tasks needs a tenth of it.
HASTE_SECONDS = 0.25

_is_in_haste: ContextVar[bool] = ContextVar("is_in_haste", default=False)


class StepTakesLong(AppError):
    """A step in haste was given up: it may be endless, or only long. Nothing of it was kept."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__(N_("This step takes long. Please try again in a moment."))


@contextmanager
def in_haste() -> Iterator[None]:
    """Let steps that begin inside give up with `StepTakesLong` after a moment."""
    token = _is_in_haste.set(True)
    try:
        yield
    finally:
        _is_in_haste.reset(token)


def is_in_haste() -> bool:
    """Whether a step that begins now gives up soon."""
    return _is_in_haste.get()


def seconds_of_a_step() -> float:
    """Processor time that a step which begins now may use."""
    return HASTE_SECONDS if _is_in_haste.get() else MAX_CPU_SECONDS
