"""What a corrected level of a complaint brings about: a complaint case where it is major now, a word to the managers.

The diagram of the follow-up reports a complaint when the call is recorded; by then the case may be over.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.errors import InvalidInput
from app.i18n import N_
from app.models import Execution, FollowUpResult, Message, Variable
from app.operations.actor import SYSTEM, Actor
from app.operations.case_changes import VariableEdit, set_case_variables
from app.operations.cases import Case
from app.operations.notifications import notify
from app.operations.record_messages import send_message
from app.operations.staffing import active_members

MESSAGE = "complaint_reported"
LEVELS = ("none", "minor", "major")
HAS_CASE = "has_complaint_case"  # a variable of the follow-up
TEXT, CONTACT_TIME = "complaint_text", "complaint_contact_time"
MANAGERS = ("service_manager", "business_manager", "general_manager")
COORDINATORS = ("customer_service_manager",)
LONGEST_WORDS, LONGEST_CONTACT_TIME = 4000, 200


@dataclass(frozen=True, slots=True)
class CustomersWords:
    """What the customer complains of, and when it suits to be called."""

    text: str = ""
    contact_time: str = ""


def recorded_words(session: Session, instance_id: str) -> CustomersWords:
    """What the follow-up recorded of a complaint; empty where it recorded none."""
    rows = session.execute(
        select(Variable.name, Variable.value)
        .join(Execution, Execution.id == Variable.execution_id)
        .where(
            Variable.instance_id == instance_id, Execution.parent_id.is_(None), Variable.name.in_((TEXT, CONTACT_TIME))
        )
    )
    known = {name: feel.decode(json.loads(value)) for name, value in rows}
    return CustomersWords(_text(known.get(TEXT)), _text(known.get(CONTACT_TIME)))


def follow_corrected_level(
    session: Session,
    case: Case,
    row: FollowUpResult,
    before: str | None,
    told: CustomersWords,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> str | None:
    """Report a complaint that is major now, once however often it is corrected; tell the managers of other changes.

    Arguments: row, as it is corrected; before, the level until now; told, the customer's words where the follow-up
    has none. Returns the id of the message that starts the complaint. Raises InvalidInput without those words.
    """
    old, new = _rank(before), _rank(row.complaint_level)
    if new == old:
        return None
    if row.complaint_level == "major":
        return None if _is_reported(session, case) else _report(session, case, row, told, reason, actor, now)
    groups = (*MANAGERS, *COORDINATORS) if before == "major" else MANAGERS
    people = active_members(session, groups, case.site_id)
    kind = "complaint_raised" if new > old else "complaint_lowered"
    notify(session, people, kind, params={"note": reason}, instance_id=case.id, actor=actor, now=now)
    return None


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else 0


def _is_reported(session: Session, case: Case) -> bool:
    query = select(Message.id).where(Message.sender_instance_id == case.id, Message.name == MESSAGE)
    return session.execute(query.limit(1)).first() is not None


def _report(
    session: Session, case: Case, row: FollowUpResult, told: CustomersWords, reason: str, actor: Actor, now: datetime
) -> str:
    """The payload is that of the diagram."""
    recorded = recorded_words(session, case.id)
    words = CustomersWords(recorded.text or told.text.strip(), recorded.contact_time or told.contact_time.strip())
    _refuse_missing(words)
    payload = {
        "customer_id": row.customer_id,
        "vehicle_id": row.vehicle_id,
        "visit_id": row.visit_id,
        "complaint_channel": "follow_up",
        "complaint_text": words.text[:LONGEST_WORDS],
        "complaint_contact_time": words.contact_time[:LONGEST_CONTACT_TIME],
        "problem_kind": row.problem_kind,
        "reporter_id": row.caller_id or actor.user_id,
    }
    message_id = send_message(session, case, MESSAGE, payload, actor=actor, now=now)
    if case.is_open:  # an answer to a minor complaint that is not accepted now would report it once more
        known = VariableEdit(case.id, {HAS_CASE: True})
        set_case_variables(session, case.id, known, reason, revision=None, actor=SYSTEM, now=now)
    return message_id


def _refuse_missing(words: CustomersWords) -> None:
    fields = {}
    if not words.text:
        fields[TEXT] = N_("Write down what the customer complains of.")
    if not words.contact_time:
        fields[CONTACT_TIME] = N_("Write down when it suits the customer to be called.")
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields=fields)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
