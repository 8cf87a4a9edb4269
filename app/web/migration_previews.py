"""What a migration would do to each open case of a version; nothing is changed."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import AppError
from app.extensions import db
from app.models.case_details import visible_instance
from app.models.paging import PAGE
from app.models.process_instance import ProcessInstance
from app.operations.case_batches import changeable_cases
from app.operations.case_migration import check_migration
from app.web.change_attempts import refusal_of
from app.web.current import current_actor, current_person, current_time


@dataclass(frozen=True, slots=True)
class Preview:
    """A case and why it would stay where it is; without refusals it would go."""

    number: str
    title: str
    refusals: list[str]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """Some of the cases, those that would be refused first.

    first: the number of the oldest of them; beyond: the youngest, empty where no case is left.
    """

    previews: list[Preview]
    first: int
    total: int
    beyond: str


def migration_previews(
    definition_id: str, target_id: str, mapping: Mapping[str, str], *, beyond: str = ""
) -> PreviewPage:
    """Open cases of the version that the person may change: the oldest, or those younger than `beyond`."""
    actor, now = current_actor(), current_time()
    previews = []
    cases = sorted(instance_id for instance_id, _site in changeable_cases(db.session(), definition_id, actor))
    first = bisect_right(cases, beyond)
    shown = cases[first : first + PAGE]
    for instance_id in shown:
        refusals: list[str] = []
        try:
            check_migration(db.session(), instance_id, target_id, mapping, actor=actor, now=now)
        except AppError as error:
            refusals = refusal_of(error, definition_id).texts
        instance = db.session.get_one(ProcessInstance, instance_id)
        can_see = visible_instance(db.session(), current_person().id, instance_id) is not None
        previews.append(Preview(instance.case_number, instance.title if can_see else "", refusals))
    db.session.rollback()  # lets the cases go that were looked at
    more = shown[-1] if first + PAGE < len(cases) else ""
    return PreviewPage(sorted(previews, key=lambda preview: not preview.refusals), first + 1, len(cases), more)
