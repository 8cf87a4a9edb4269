"""Connectors that change our own data: run inside the transaction of their job, so that both happen or neither."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.operations.actor import Actor
from app.operations.customers import correct_customer, phone_digits, record_consent
from app.operations.follow_up_plan import close_planned_follow_up

Inputs = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OperationConnector:
    """A connector by the name diagrams use; `run` takes FEEL values and returns those of its result."""

    name: str
    run: Callable[[Session, Inputs, Actor, datetime], Mapping[str, object]]


def _record_consent_withdrawn(session: Session, inputs: Inputs, actor: Actor, now: datetime) -> Inputs:
    customer_id = _text(inputs, "customer_id")
    record_consent(session, customer_id, "withdrawn", source="call", actor=actor, now=now)
    return {}


def _close_planned_follow_up(session: Session, inputs: Inputs, _actor: Actor, _now: datetime) -> Inputs:
    close_planned_follow_up(session, _text(inputs, "planned_follow_up_id"))
    return {}


def _correct_customer(session: Session, inputs: Inputs, actor: Actor, now: datetime) -> Inputs:
    name, phone = (inputs.get(field) for field in ("name", "phone"))
    digits = phone_digits(phone) if isinstance(phone, str) else None
    correct_customer(
        session,
        _text(inputs, "customer_id"),
        name=name if isinstance(name, str) else None,
        phone=digits,
        actor=actor,
        now=now,
    )
    return {}


OPERATION_CONNECTORS: tuple[OperationConnector, ...] = (
    OperationConnector("correct-customer", _correct_customer),
    OperationConnector("record-consent-withdrawn", _record_consent_withdrawn),
    OperationConnector("close-planned-follow-up", _close_planned_follow_up),
)
BY_NAME: Mapping[str, OperationConnector] = {connector.name: connector for connector in OPERATION_CONNECTORS}


def _text(inputs: Inputs, name: str) -> str:
    value = inputs.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInput(N_("The connector needs the input “%(name)s”."), name=name)
    return value
