"""Checkpoints of the history, to be kept where the product cannot reach."""

from typing import Annotated

from msgspec import Meta

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.operations.history_checkpoints import newest_checkpoint
from app.web.api.shapes import Moment, Shape
from app.web.api.subjects import Subject, Told
from app.web.permissions import Permission

CHECKPOINTS = Subject(
    "checkpoints", N_("Checkpoints"),
    N_("A checkpoint is a signed seal over the whole history. Who keeps some outside can prove later that nobody wrote "
       "the past anew: `aftercare verify-history --checkpoints FILE` takes a file of their lines."),
)  # fmt: skip


class NewestCheckpoint(Shape, frozen=True):
    """The last seal."""

    number: int
    size: Annotated[int, Meta(description=N_("How many entries of the log it covers"))]
    root: Annotated[str, Meta(description=N_("The root of the hash tree, in hexadecimal digits"))]
    sealed_at: Moment
    public_key: Annotated[str, Meta(description=N_("Ed25519, in hexadecimal digits"))]
    signature: str
    line: Annotated[str, Meta(description=N_("The same as the line to append to a file of checkpoints"))]


@CHECKPOINTS.offers(
    "GET", "/history/checkpoint", Permission.READ_HISTORY, "read",
    Told(N_("Get the newest checkpoint"), N_("404 as long as nothing is sealed yet."), refuses=(404,)),
)  # fmt: skip
def checkpoint() -> NewestCheckpoint:
    """To be kept outside."""
    found = newest_checkpoint(db.session())
    if found is None:
        raise NotFound(N_("Nothing is sealed yet. Ask again after the worker's next round."))
    return NewestCheckpoint(
        number=found.number, size=found.size, root=found.root.hex(), sealed_at=found.sealed_at,
        public_key=found.public_key.hex(), signature=found.signature.hex(), line=found.line,
    )  # fmt: skip
