"""What a site sets for its plan of follow-ups: changed by who leads there, and recorded."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import FollowUpSettings, Site
from app.operations.actor import Actor
from app.operations.administration import UnknownSite
from app.operations.authority import LEADERS
from app.operations.changed_fields import changed_fields
from app.operations.follow_up_authority import require_one_of
from app.operations.history import CONFIGURATION_STREAM, Event, append_events

# field -> least and most
BOUNDS = {
    "most_calls_a_day": (1, 200),
    "lost_after_months": (1, 36),
    "sample_size": (1, 500),
    "high_value_from": (1, 10_000_000),
    "lists_due_day": (1, 28),
}


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """Calls of one person a day, months until a customer is lost, sampled calls a month, yuan of a large repair.

    `lists_due_day` is the day of the month by which lists are to be made.
    """

    most_calls_a_day: int = 25
    lost_after_months: int = 6
    sample_size: int = 20
    high_value_from: Decimal = Decimal(10_000)
    lists_due_day: int = 10


def plan_settings(session: Session, site_id: str) -> PlanSettings:
    """The settings of a site, or the defaults."""
    row = session.get(FollowUpSettings, site_id)
    if row is None:
        return PlanSettings()
    return PlanSettings(**{name: getattr(row, name) for name in BOUNDS})


def change_plan_settings(
    session: Session, site_id: str, settings: PlanSettings, *, actor: Actor, now: datetime
) -> None:
    """Set them; what is planned already stays until it is spread again. Raises NotFound, NotAllowed, InvalidInput."""
    if session.get(Site, site_id) is None:
        raise UnknownSite(site_id)
    require_one_of(session, actor, site_id, LEADERS)
    values = asdict(settings)
    for name, (least, most) in BOUNDS.items():
        if not least <= values[name] <= most:
            refusal = N_("Use a number from %(least)s to %(most)s.")
            raise InvalidInput(refusal, fields={name: refusal}, least=least, most=most)
    row = session.get(FollowUpSettings, site_id)
    if row is None:
        row = FollowUpSettings(site_id=site_id, **asdict(PlanSettings()))
        session.add(row)
    if changes := changed_fields(row, values):
        session.flush()
        told = {name: {age: str(value) for age, value in change.items()} for name, change in changes.items()}
        event = Event("follow_up_settings_changed", {"site": site_id, "changes": told})
        append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=site_id)
