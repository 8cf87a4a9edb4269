"""What reports count of a complaint, written by the service tasks of its diagram in their jobs' transactions."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.models import ComplaintFact, ProcessInstance
from app.operations.cases import Case
from app.operations.operation_call import Inputs, OperationCall, moment_of, number_of, text_of


def _whole_number(values: Inputs, name: str) -> int:
    return int(number_of(values, name) or 0)


def _is_true(values: Inputs, name: str) -> bool:
    return values.get(name) is True


# The columns a diagram may fill, and how their values are read.
_READERS: Mapping[str, Callable[[Inputs, str], object]] = {
    "received_at": moment_of,
    "channel": text_of,
    "problem_kind": text_of,
    "cause_category": text_of,
    "department": text_of,
    "responsible_party": text_of,
    "remedy_amount": number_of,
    "rounds": _whole_number,
    "confirmed_at": moment_of,
    "answered_at": moment_of,
    "result_given_at": moment_of,
    "customer_verdict": text_of,
    "needs_rectification": _is_true,
    "closed_at": moment_of,
    "outcome": text_of,
}
_NEVER_EMPTIED = frozenset({"received_at", "channel", "problem_kind", "outcome"})
_LONGEST_PARTY = 200


def record_complaint(call: OperationCall) -> Inputs:
    """Note the facts that are given of this complaint; what is not among the inputs stays as it was.

    The row is there from the first call on, also for a case that began before there were such rows.
    """
    fact = call.session.get(ComplaintFact, call.case.id) or _new_fact(call.session, call.case, call.now)
    for name in call.inputs.keys() & _READERS.keys():
        value = _READERS[name](call.inputs, name)
        if value is not None or name not in _NEVER_EMPTIED:
            setattr(fact, name, value)
    fact.responsible_party = (fact.responsible_party or "")[:_LONGEST_PARTY] or None
    return {}


def _new_fact(session: Session, case: Case, now: datetime) -> ComplaintFact:
    started_at = session.get_one(ProcessInstance, case.id).started_at if case.revision else now
    fact = ComplaintFact(
        instance_id=case.id,
        site_id=case.site_id,
        customer_id=case.customer_id,
        vehicle_id=case.vehicle_id,
        visit_id=case.visit_id,
        origin_id=case.origin_id,
        received_at=started_at,
        channel="",
        rounds=1,
        needs_rectification=False,
        outcome="open",
    )
    session.add(fact)
    return fact
