"""What the files of customers and of vehicles have in common: card version, visits, cases, what came of a change."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta

from app.i18n import N_
from app.models import Visit
from app.models.customer_file_facts import FileCase
from app.web.api.shapes import Moment, Received, Shape, VersionedShape


class FileOfVisit(Shape, frozen=True):
    """A repair order or delivery."""

    id: str
    site: str
    kind: str
    order_number: str
    handed_over_at: Moment
    advisor: str
    work_done: str
    amount: Decimal | None
    mileage: int | None


class FileOfCase(Shape, frozen=True):
    """A case that the person may see."""

    id: str
    number: str
    title: str
    process: str
    state: str
    started_at: Moment


class CardVersion(VersionedShape, frozen=True):
    """What a change of a card is held against; `id` is the file's."""

    is_told_when_refused: ClassVar[bool] = False

    id: str
    card: Shape


class CardOutcome(Shape, frozen=True):
    """What came of a change."""

    outcome: Annotated[
        Literal["nothing", "changed", "requested"],
        Meta(description=N_("Nothing was different; it is changed; or somebody else has to approve it first")),
    ]


def sent_values(values: Received) -> dict[str, str]:
    """The fields that a request names, with their new texts."""
    return {name: text for name, text in msgspec.structs.asdict(values).items() if text is not UNSET}


def visit_of_file(visit: Visit) -> FileOfVisit:
    """A visit in its shape."""
    return FileOfVisit(
        visit.id, visit.site_id, visit.kind, visit.order_number, visit.handed_over_at, visit.advisor, visit.work_done,
        visit.amount, visit.mileage,
    )  # fmt: skip


def case_of_file(one: FileCase) -> FileOfCase:
    """A case in its shape."""
    return FileOfCase(one.id, one.case_number, one.title, one.process_key, one.state, one.started_at)
