"""What each kind of job does. A job that works in the world outside does so between two transactions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import connectors, engine, feel
from app.connectors import ConnectorCall
from app.engine.outcome import RaisedIncident
from app.i18n import N_
from app.operations import operation_connectors
from app.operations.actor import SYSTEM
from app.operations.attachment_jobs import (
    SWEEP_JOB,
    finish_destruction,
    finish_preview,
    finish_scan,
    finish_sweep,
)
from app.operations.attachments import DESTROY_JOB, PREVIEW_JOB, SCAN_JOB
from app.operations.case_batches import CHANGE_JOB, change_case_of_batch, forget_details, is_batch_suspended
from app.operations.cases import Case, lock_case
from app.operations.cause import Cause, CauseType
from app.operations.encoding import decode_values, encode_values
from app.operations.failures import raise_incident
from app.operations.follow_up_occasions import PROCESS_KEY as FOLLOW_UP_PROCESS
from app.operations.follow_up_plan import START_JOB
from app.operations.follow_up_starts import start_follow_up
from app.operations.hand_overs import HAND_OVER_JOB
from app.operations.handed_over_tasks import hand_over_by_job
from app.operations.job_leases import LeasedJob, finish_job, hold_job, postpone_job
from app.operations.jobs import START_BY_EVENT, START_BY_TIMER
from app.operations.messages import Delivery, deliver_message, expire_message
from app.operations.operation_call import OperationCall
from app.operations.outgoing import MAIL, SMS, WEBHOOK
from app.operations.outgoing_jobs import (
    note_delivery,
    note_outgoing,
    read_delivery,
    read_letter,
    read_sms,
    send_delivery,
    send_letter,
    send_sms,
)
from app.operations.password_mail import KIND as PASSWORD_MAIL
from app.operations.password_mail import note_link, read_addressee, send_link
from app.operations.process_instances import is_process_suspended
from app.operations.record_signals import SIGNAL
from app.operations.signals import hear_signal
from app.operations.start_events import start_by_event
from app.operations.steps import take_step
from app.operations.substitution import SUBSTITUTION_JOB, settle_substitution
from app.operations.surroundings import Surroundings
from app.operations.timer_starts import start_by_timer

Values = Mapping[str, object]
ActivityStep = Callable[[engine.ParsedProcess, bytes, str, engine.StepContext], engine.Outcome]
# In the payload of a connector's job: what the connector answered while its case was suspended.
HELD_RESULT = "result"
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: `apply` runs in the job's transaction and marks the job done there.

    `work` runs before it, holding no transaction, and gives `apply` its result; it may run again after a crash.
    `read` runs before `work` and adds what it needs of the database to the job's payload, in memory only.
    `stays_here` is true of work that reaches nobody outside, so that it goes on where nothing may be sent.
    """

    name: str
    apply: Callable[[Session, LeasedJob, Values, datetime], None]
    work: Callable[[LeasedJob, Surroundings], Values] | None = None
    read: Callable[[Session, LeasedJob], Values] | None = None
    stays_here: bool = False


def _step_of(kind: CauseType, step: ActivityStep) -> Callable[[Session, LeasedJob, Values, datetime], None]:
    """What a job does that only lets an activity go on; `kind` is how the history calls it."""

    def apply(session: Session, job: LeasedJob, _result: Values, now: datetime) -> None:
        case, activity_id = _locked_case(session, job)
        if case.is_suspended:
            hold_job(session, job, job.payload)
            return
        finish_job(session, job)
        take_step(
            session,
            case,
            lambda process, state, context: step(process, state, activity_id, context),
            cause=Cause(kind, element_id=job.element_id, activity_id=activity_id, facts={"job": job.id}),
            actor=SYSTEM,
            now=now,
        )

    return apply


def _call_connector(job: LeasedJob, surroundings: Surroundings) -> Values:
    """Only connectors that work outside run here, and once: what was held back has its result with it."""
    if HELD_RESULT in job.payload:
        return decode_values(job.payload[HELD_RESULT])
    connector = connectors.BY_NAME.get(job.payload["connector"])
    if connector is None:
        return {}
    inputs = decode_values(job.payload["inputs"])
    return connector.run(ConnectorCall(job.id, inputs, surroundings.webhooks, surroundings.guard))


def _finish_connector(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    case, activity_id = _locked_case(session, job)
    if case.is_suspended:
        hold_job(session, job, {**job.payload, HELD_RESULT: encode_values(result)})
        return
    finish_job(session, job)
    name = str(job.payload["connector"])
    operation = operation_connectors.BY_NAME.get(name)
    if operation is not None:
        inputs = decode_values(job.payload["inputs"])
        told = operation.run(OperationCall(session, case, inputs, SYSTEM, now))
        result = {variable: feel.from_python(value) for variable, value in told.items()}
    take_step(
        session,
        case,
        lambda process, state, context: engine.finish_job(process, state, activity_id, result, context),
        cause=Cause("job_completed", job.element_id, activity_id, result, {"connector": name, "job": job.id}),
        actor=SYSTEM,
        now=now,
    )


def _deliver(session: Session, job: LeasedJob, _result: Values, now: datetime) -> None:
    """The message has the id of its job. Nobody waiting yet is no failure: it is tried again until it expires.

    For a suspended receiver it is kept as long as that takes.
    """
    delivery = deliver_message(session, job.id, now=now)
    if delivery.is_done:
        finish_job(session, job)
    elif delivery.is_held or now < delivery.expires_at:
        pause = min(max(now - delivery.created_at, SHORTEST_WAIT), LONGEST_WAIT)
        postpone_job(session, job, now + pause if delivery.is_held else min(now + pause, delivery.expires_at))
    else:
        _expire(session, job, delivery, now)


def _expire(session: Session, job: LeasedJob, delivery: Delivery, now: datetime) -> None:
    finish_job(session, job)
    expire_message(session, job.id)
    if delivery.sender_id is not None:
        msgid = N_("Nobody received the message “%(name)s” before it expired.")
        incident = RaisedIncident(
            job.activity_id, job.element_id or "", "message_expired", msgid, {"name": delivery.name}
        )
        raise_incident(session, lock_case(session, delivery.sender_id), incident, job_id=None, actor=SYSTEM, now=now)


def _start_follow_up(session: Session, job: LeasedJob, _result: Values, now: datetime) -> None:
    if is_process_suspended(session, FOLLOW_UP_PROCESS):
        postpone_job(session, job, now + LONGEST_WAIT)
        return
    finish_job(session, job)
    start_follow_up(session, job.payload["planned_follow_up_id"], now=now)


def _change_case(session: Session, job: LeasedJob, _result: Values, now: datetime) -> None:
    batch_id = job.payload["batch_id"]
    if is_batch_suspended(session, batch_id):
        hold_job(session, job, job.payload)
        return
    finish_job(session, job)
    change_case_of_batch(session, batch_id, job.payload["instance_id"], job.payload.get("details", {}), now=now)
    forget_details(session, job.id, batch_id)


def _settle_substitution(session: Session, job: LeasedJob, _result: Values, now: datetime) -> None:
    finish_job(session, job)
    settle_substitution(session, job.payload["substitution_id"], now=now)


def _scan(job: LeasedJob, surroundings: Surroundings) -> Values:
    return surroundings.file_work.scan(job.payload["attachment_id"])


def _preview(job: LeasedJob, surroundings: Surroundings) -> Values:
    return surroundings.file_work.preview(job.payload["attachment_id"])


def _destroy(job: LeasedJob, surroundings: Surroundings) -> Values:
    surroundings.file_work.destroy(job.payload["names"])
    return {}


def _list_old_files(job: LeasedJob, surroundings: Surroundings) -> Values:
    return {"names": surroundings.file_work.names_before(datetime.fromisoformat(job.payload["before"]))}


JOB_KINDS: tuple[JobKind, ...] = (
    JobKind("timer", _step_of("timer_fired", engine.fire_timer)),
    JobKind("continuation", _step_of("case_continued", engine.continue_after)),
    JobKind("connector", _finish_connector, work=_call_connector),
    JobKind("message", _deliver),
    JobKind(SIGNAL, hear_signal),
    JobKind(START_BY_EVENT, start_by_event),
    JobKind(START_BY_TIMER, start_by_timer),
    JobKind(START_JOB, _start_follow_up),
    JobKind(CHANGE_JOB, _change_case),
    JobKind(HAND_OVER_JOB, hand_over_by_job),
    JobKind(SUBSTITUTION_JOB, _settle_substitution),
    JobKind(MAIL, note_outgoing, work=send_letter, read=read_letter),
    JobKind(WEBHOOK, note_delivery, work=send_delivery, read=read_delivery),
    JobKind(SMS, note_outgoing, work=send_sms, read=read_sms),
    JobKind(PASSWORD_MAIL, note_link, work=send_link, read=read_addressee),
    JobKind(SCAN_JOB, finish_scan, work=_scan, stays_here=True),
    JobKind(PREVIEW_JOB, finish_preview, work=_preview, stays_here=True),
    JobKind(DESTROY_JOB, finish_destruction, work=_destroy, stays_here=True),
    JobKind(SWEEP_JOB, finish_sweep, work=_list_old_files, stays_here=True),
)
JOB_HANDLERS: Mapping[str, JobKind] = {kind.name: kind for kind in JOB_KINDS}


def _locked_case(session: Session, job: LeasedJob) -> tuple[Case, str]:
    """The case of the job, locked, and the activity."""
    if job.instance_id is None or job.activity_id is None:
        raise ValueError(f"a {job.kind} job belongs to an activity of a case")
    return lock_case(session, job.instance_id), job.activity_id
