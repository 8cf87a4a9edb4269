"""Cases: started by people, the plan or a message, and cancelled."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict, Unpack
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import engine
from app.engine import Outcome, StepContext, StepFailed
from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import ProcessDefinition, Site
from app.models.prepared import Prepared, table_of
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import require_case_owner, require_starter
from app.operations.case_customers import customer_variables
from app.operations.case_numbers import take_case_number
from app.operations.cases import LONGEST_TITLE, Case, lock_case
from app.operations.cause import Cause
from app.operations.definitions import LoadedDefinition, latest_definition_id, load_definition
from app.operations.encoding import feel_values
from app.operations.failures import StepNotDone
from app.operations.long_steps import Question, answered
from app.operations.reasons import stated_reason
from app.operations.record import Recorded, record
from app.operations.step_context import step_context, with_surroundings
from app.operations.steps import take_step
from app.operations.withdrawn_figures import withdraw_figures

LONGEST_KEY = 200  # characters of a business key
LONGEST_ID = 32  # of a customer, a vehicle or a visit: what is longer is none
HELD_FOR = timedelta(minutes=5)  # until it is asked again whether a suspended process was resumed

_SITE, _DEFINITION = table_of(Site), table_of(ProcessDefinition)
_PLACE = Prepared(
    select(_SITE.c.zone, _DEFINITION.c.is_suspended)
    .join(_DEFINITION, _DEFINITION.c.id == bindparam("definition_id"))
    .where(_SITE.c.id == bindparam("site_id"))
)


class StartDetails(TypedDict, total=False):
    """What may be known of a case at its start. Without a title the diagram's expression gives one.

    The ids of customer, vehicle and visit are otherwise taken from variables of these names; `origin_id` is the
    case whose message started this one; `instance_id` is the id the case gets, a new one where it is None.
    """

    title: str | None
    customer_id: str | None
    vehicle_id: str | None
    visit_id: str | None
    origin_id: str | None
    instance_id: str | None


class CaseAlreadyStarted(Conflict):
    """The very same was sent twice: the case exists, as `instance_id`."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(N_("This case has been started already."))
        self.instance_id = instance_id


@dataclass(frozen=True, slots=True)
class MessageStart:
    """A start by message: its name and id, and the person whose step sent it."""

    name: str
    message_id: str
    sent_by: str


@dataclass(frozen=True, slots=True)
class EventStart:
    """A start by anything else: its place among the triggers of the process, and the person who caused it."""

    place: int
    sent_by: str


class _Begun(NamedTuple):
    """What the engine made of a start."""

    instance_id: str
    outcome: Outcome
    title: str | None


class ProcessNotStartable(Conflict):
    """Cases of this process are not started by people, or not at present."""


class ProcessSuspended(ProcessNotStartable):
    """The process owner has suspended the process: new cases wait until it is resumed."""


def start_process(
    session: Session,
    process_key: str,
    variables: Mapping[str, object],
    *,
    site_id: str,
    business_key: str | None = None,
    definition_id: str | None = None,
    actor: Actor,
    now: datetime,
    **details: Unpack[StartDetails],
) -> Case:
    """Start a case of a process and return it.

    Arguments: variables, FEEL or Python values; definition_id, of the version, the newest one where None. Raises
    NotAllowed, DefinitionNotFound, ProcessNotStartable, StepNotDone.
    """
    require_starter(session, actor, process_key, site_id)
    definition = load_definition(session, definition_id or latest_definition_id(session, process_key))
    if not definition.process.is_startable:
        raise ProcessNotStartable(N_("Cases of “%(process)s” are started by messages only."), process=process_key)
    told = customer_variables(session, definition.identifying, variables, site_id=site_id, actor=actor, now=now)
    started = start_definition(
        session,
        definition,
        {**variables, **told},
        None,
        site_id=site_id,
        business_key=business_key,
        actor=actor,
        now=now,
        **details,
    )
    return started.case


def start_definition(
    session: Session,
    definition: LoadedDefinition,
    variables: Mapping[str, object],
    trigger: MessageStart | EventStart | None,
    *,
    site_id: str,
    business_key: str | None,
    actor: Actor,
    now: datetime,
    **details: Unpack[StartDetails],
) -> Recorded:
    """Start a case of this very version, at the start event of `trigger` if given; the caller has asked who may.

    Raises ProcessNotStartable, CaseAlreadyStarted, StepNotDone; StepTakesLong for an edge that works `with_foresight`.
    """
    zone = zone_where_startable(session, definition, site_id)
    _check_key(business_key)
    started_by = trigger.sent_by if trigger else actor.on_behalf_of or actor.user_id
    values = feel_values({**variables, **_initiator(definition, trigger, started_by)})
    question = _beginning(
        definition, values, trigger, site_id=site_id, zone=zone, business_key=business_key, now=now, **details
    )
    try:
        (instance_id, outcome, title), context = answered(session, question)
    except StepFailed as failed:
        raise StepNotDone(failed.incident, site_id=site_id, instance_id=None, activity_id=None) from failed
    case = Case(
        id=instance_id,
        site_id=site_id,
        definition_id=definition.id,
        process_key=definition.key,
        case_number=take_case_number(session, definition.key, now=now, zone=zone),
        business_key=business_key,
        title=(title or definition.process.name)[:LONGEST_TITLE],
        state="active",
        started_by=started_by,
        customer_id=details.get("customer_id") or _id_in(values, "customer_id"),
        vehicle_id=details.get("vehicle_id") or _id_in(values, "vehicle_id"),
        visit_id=details.get("visit_id") or _id_in(values, "visit_id"),
        origin_id=details.get("origin_id"),
        is_suspended=False,
        revision=0,
        zone_name=zone.key,
    )
    cause = with_surroundings(_cause(case, definition, values, trigger), outcome, context)
    with _started_once(details.get("instance_id")):
        return record(session, case, definition, outcome, cause=cause, actor=actor, now=now)


def _check_key(business_key: str | None) -> None:
    if business_key is not None and len(business_key) > LONGEST_KEY:
        text = N_("A business key has at most %(most)s characters.")
        raise InvalidInput(text, fields={"business_key": text % {"most": LONGEST_KEY}}, most=LONGEST_KEY)


def _beginning(
    definition: LoadedDefinition,
    values: Mapping[str, object],
    trigger: MessageStart | EventStart | None,
    *,
    site_id: str,
    zone: ZoneInfo,
    business_key: str | None,
    now: datetime,
    **details: Unpack[StartDetails],
) -> Question[_Begun]:
    """What the engine is asked to start a case."""
    process, given_id, title = definition.process, details.get("instance_id"), details.get("title")
    message_name = trigger.name if isinstance(trigger, MessageStart) else None
    place = trigger.place if isinstance(trigger, EventStart) else None

    def ask(context: StepContext) -> _Begun:
        instance_id = given_id or new_id()
        outcome = engine.start(
            process, values, context, business_key=business_key, instance_id=instance_id, message_name=message_name,
            trigger=None if place is None else process.start_triggers[place],
        )  # fmt: skip
        return _Begun(instance_id, outcome, title or engine.case_title(process, values, context))

    return Question(
        (definition.id, site_id, zone.key, values, message_name, place, business_key, given_id, now),
        lambda reader, limits: step_context(reader, definition, site_id=site_id, zone=zone, now=now, limits=limits),
        ask,
    )


@contextmanager
def _started_once(instance_id: str | None) -> Iterator[None]:
    """Of a case whose id was given the second start fails: the row is there already."""
    try:
        yield
    except IntegrityError as error:
        if instance_id is None:
            raise
        raise CaseAlreadyStarted(instance_id) from error


def is_process_suspended(session: Session, process_key: str) -> bool:
    """Whether no case of the process can be started at present because its newest version is suspended."""
    statement = select(ProcessDefinition.is_suspended).where(ProcessDefinition.key == process_key)
    return bool(session.scalar(statement.order_by(ProcessDefinition.version.desc()).limit(1)))


def cancel_instance(session: Session, instance_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Cancel an open case: everything open in it is withdrawn, what happened stays.

    Only process owners and administrators of its site. Raises CaseNotFound, CaseEnded, NotAllowed, InvalidInput.
    """
    reason = stated_reason(reason)
    case = lock_case(session, instance_id)
    require_case_owner(session, actor, case.site_id)
    cause = Cause("process_cancelled", reason=reason)
    take_step(session, case, engine.cancel, cause=cause, actor=actor, now=now)
    withdraw_figures(session, case.id, now)


def _initiator(
    definition: LoadedDefinition, trigger: MessageStart | EventStart | None, started_by: str
) -> dict[str, object]:
    """The variable in which the start event keeps who started the case; null where nobody did."""
    process = definition.process
    if not process.initiators:
        return {}
    if trigger is None:
        begun = [node.element_id for node in process.root.start_nodes]
    elif isinstance(trigger, EventStart):
        begun = [process.start_triggers[trigger.place].element_id]
    else:
        begun = [one.element_id for one in process.start_triggers if (one.kind, one.name) == ("message", trigger.name)]
    person = None if started_by == SYSTEM.user_id else started_by
    return {name: person for element_id, name in process.initiators.items() if element_id in begun}


def _cause(
    case: Case,
    definition: LoadedDefinition,
    values: Mapping[str, object],
    trigger: MessageStart | EventStart | None,
) -> Cause:
    facts = {
        "definition_id": definition.id,
        "process_key": definition.key,
        "version": definition.version,
        "case_number": case.case_number,
        "business_key": case.business_key,
        "origin_id": case.origin_id,
        "message": {"id": trigger.message_id, "name": trigger.name} if isinstance(trigger, MessageStart) else None,
    }
    if isinstance(trigger, EventStart):
        known = definition.process.start_triggers[trigger.place]
        facts["trigger"] = {"place": trigger.place, "kind": known.kind, "name": known.name, "element": known.element_id}
    return Cause("process_started", inputs=values, facts=facts)


def zone_where_startable(session: Session, definition: LoadedDefinition, site_id: str) -> ZoneInfo:
    """The zone of the site; raises NotFound without such a site, ProcessNotStartable for a suspended process."""
    found = _PLACE.first(session, {"site_id": site_id, "definition_id": definition.id})
    if found is None:
        raise NotFound(N_("The site %(site)s does not exist."), site=site_id)
    zone, is_suspended = found
    if is_suspended:
        raise ProcessSuspended(N_("“%(process)s” is suspended at present."), process=definition.process.name)
    return ZoneInfo(zone)


def _id_in(values: Mapping[str, object], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_ID else None
