"""Measures of a rectification: proposed, approved, done, verified, each as the diagram of the case says."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Measure
from app.operations.operation_call import Inputs, OperationCall, day_of, number_of, text_of

_MOMENTS = {"approved": "approved_at", "done": "done_at", "verified": "verified_at"}
_PEOPLE = {"approved": "approved_by", "done": "done_by", "verified": "verified_by"}


def propose_measures(call: OperationCall) -> Inputs:
    """Keep the list of measures as proposed, in the place of what the case proposed before.

    Inputs: measures, a list of contexts (kind, responsible_id, due_on; effective_from where it is set); origin_kind,
    origin_id, problem_kind, cause_category, question_id, department, which all measures of a case share. A measure
    that is not proposed again is cancelled. Raises InvalidInput where a measure lacks what it needs.
    """
    measures = call.inputs.get("measures")
    rows = [row for row in measures if isinstance(row, Mapping)] if isinstance(measures, list) else []
    known = {measure.number: measure for measure in measures_of(call.session, call.case.id)}
    for number, row in enumerate(rows, start=1):
        measure = known.pop(number, None) or _new_measure(call, number)
        _fill(measure, row, number)
        call.session.add(measure)
    for dropped in known.values():
        dropped.state = "cancelled"
    return {}


def judge_measures(call: OperationCall) -> Inputs:
    """The general manager's word on all measures that are proposed: `state` approved or rejected, `by` whom."""
    state = call.needed("state")
    if state not in ("approved", "rejected"):
        raise InvalidInput(N_("Measures are approved or rejected, not “%(state)s”."), state=state)
    for measure in measures_of(call.session, call.case.id):
        if measure.state == "proposed":
            _enter(measure, state, call.text("by"), call.now)
    return {}


def record_measure(call: OperationCall) -> Inputs:
    """One measure's new `state` (done; approved again, where it was not verified; verified), by its `number`.

    With it come `by`, who did it, and with verified `effective_from`, else the day it is verified. Raises NotFound.
    """
    number = number_of(call.inputs, "number")
    found = [measure for measure in measures_of(call.session, call.case.id) if measure.number == number]
    if not found:
        raise NotFound(N_("This case has no measure with the number %(number)s."), number=number)
    measure, state = found[0], call.needed("state")
    if state == "approved":  # it was not verified: to be done again
        measure.state, measure.done_at, measure.done_by = "approved", None, None
        return {}
    _enter(measure, state, call.text("by"), call.now)
    if state == "verified":
        today = call.now.astimezone(call.case.zone).date()
        measure.effective_from = day_of(call.inputs, "effective_from") or measure.effective_from or today
    return {}


def measures_of(session: Session, instance_id: str) -> Sequence[Measure]:
    """The measures of a case in the order of its list."""
    return session.scalars(select(Measure).where(Measure.instance_id == instance_id).order_by(Measure.number)).all()


def _enter(measure: Measure, state: str, person: str | None, now: datetime) -> None:
    measure.state = state
    if state in _MOMENTS:
        setattr(measure, _MOMENTS[state], now)
        setattr(measure, _PEOPLE[state], person)


def _new_measure(call: OperationCall, number: int) -> Measure:
    return Measure(
        id=new_id(),
        instance_id=call.case.id,
        number=number,
        site_id=call.case.site_id,
        origin_kind=call.needed("origin_kind"),
        origin_id=call.text("origin_id") or call.case.origin_id,
        problem_kind=call.text("problem_kind"),
        cause_category=call.text("cause_category"),
        question_id=call.text("question_id"),
        department=call.text("department"),
        proposed_at=call.now,
    )


def _fill(measure: Measure, row: Mapping[str, object], number: int) -> None:
    kind, responsible_id, due_on = text_of(row, "kind"), text_of(row, "responsible_id"), day_of(row, "due_on")
    if kind is None or responsible_id is None or due_on is None:
        raise InvalidInput(N_("Measure %(number)s needs its kind, a responsible person and a date."), number=number)
    measure.kind, measure.responsible_id, measure.due_on = kind, responsible_id, due_on
    measure.effective_from = day_of(row, "effective_from")
    measure.state = "proposed"
