"""The dealership of the scenarios in a database: its people, hours, a customer who agreed to calls, what is shipped."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.database import create_engine_for, session_factory, writing
from app.models import Consent, Customer, Membership, Site, User, Vehicle, Visit, WorkingHours
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.groups import ensure_default_groups
from app.operations.shipped import shipped_resources
from tests.snapshots import Place
from tests.workflows.cast import (
    CAST,
    CUSTOMER,
    CUSTOMER_ID,
    DEPLOYED_AT,
    SITE_NAME,
    VEHICLE,
    VEHICLE_ID,
    VISIT,
    VISIT_ID,
    WEEK,
)

SITE_ID = "main"


def open_shop(place: Place) -> None:
    """Found it in a fresh database."""
    engines = create_engine_for(place.database_url), create_engine_for(place.keys_url, is_key_store=True)
    with writing(), session_factory(*engines)() as session:
        _found(session)
        deploy(session, shipped_resources(), name="shipped", reason="scenarios", actor=SYSTEM, now=DEPLOYED_AT)
        session.commit()
    for engine in engines:
        engine.dispose()


def _found(session: Session) -> None:
    session.add(Site(id=SITE_ID, name=SITE_NAME, zone="Asia/Shanghai"))
    ensure_default_groups(session)
    session.add_all(
        User(id=person.id, display_name=person.name, created_at=DEPLOYED_AT, home_site_id=SITE_ID) for person in CAST
    )
    session.flush()
    session.add_all(Membership(user_id=person.id, group_id=person.group, site_id=SITE_ID) for person in CAST)
    session.add_all(
        WorkingHours(site_id=SITE_ID, weekday=weekday, begins=stretch.begins, ends=stretch.ends)
        for weekday, stretches in WEEK.items()
        for stretch in stretches
    )
    known = {"created_at": DEPLOYED_AT, "created_by": SYSTEM.user_id}
    session.add(Customer(id=CUSTOMER_ID, **CUSTOMER, **known))
    session.flush()
    session.add(Vehicle(id=VEHICLE_ID, **VEHICLE, holder_id=CUSTOMER_ID, created_at=DEPLOYED_AT))
    session.flush()
    ids = {"id": VISIT_ID, "site_id": SITE_ID, "customer_id": CUSTOMER_ID, "vehicle_id": VEHICLE_ID}
    session.add(Visit(**ids, kind="repair", **VISIT, created_at=VISIT["handed_over_at"] + timedelta(hours=1)))
    consent = {"kind": "follow_up_call", "state": "given", "source": "counter", "recorded_by": SYSTEM.user_id}
    session.add(Consent(id="consent-1", customer_id=CUSTOMER_ID, given_at=DEPLOYED_AT, **consent))
    session.flush()
