"""The steps of a recorded case, each done again by the engine with what was recorded of its surroundings."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import engine
from app.engine import CancelActivity, Instruction, Outcome, ParsedProcess, StartAfter, StartBefore, StepContext
from app.errors import Conflict
from app.i18n import N_
from app.operations.cause import Cause
from app.operations.definitions import LoadedDefinition, load_definition
from app.operations.encoding import decode_values
from app.operations.history_reading import RecordedEvent


class NotRecorded(Conflict):
    """The step asks for something that nothing was recorded of."""


class RecordedCalendar:
    """The working calendar as it answered then, in the zone of the site, whatever it would say today."""

    def __init__(self, answers: Sequence[str], zone: ZoneInfo) -> None:
        self._answers = iter(answers)
        self._zone = zone

    def add_working_days(self, start: datetime, days: Decimal) -> datetime:
        del start, days
        return datetime.fromisoformat(self._next()).astimezone(self._zone)

    def add_working_hours(self, start: datetime, hours: Decimal) -> datetime:
        del start, hours
        return datetime.fromisoformat(self._next()).astimezone(self._zone)

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal:
        del start, end
        return Decimal(self._next())

    def day_part(self, moment: datetime) -> str:
        del moment
        return self._next()

    def next_other_part(self, start: datetime, parts: Collection[str]) -> datetime:
        del start, parts
        return datetime.fromisoformat(self._next()).astimezone(self._zone)

    def _next(self) -> str:
        answer = next(self._answers, None)
        if answer is None:
            raise NotRecorded(N_("The replay asks the working calendar more often than the case did."))
        return answer


def _activity(event: RecordedEvent) -> str:
    return event.activity_id or ""


def _instruction(told: Mapping[str, str]) -> Instruction:
    if told["type"] == "cancel":
        return CancelActivity(told["activity"])
    kind = StartBefore if told["type"] == "start_before" else StartAfter
    return kind(told["element"], told["scope"])


def _complete(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.complete(process, state, _activity(event), inputs_of(event), context)


def _correlate(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.correlate(process, state, _activity(event), inputs_of(event), context)


def _receive_signal(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.receive_signal(process, state, _activity(event), inputs_of(event), context)


def _finish_job(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.finish_job(process, state, _activity(event), inputs_of(event), context)


def _report_failure(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    body = event.body
    outcome = engine.report_failure(process, state, _activity(event), body["message"], body["details"], context)
    if outcome is None:
        raise NotRecorded(N_("A failure was recorded as an error of the diagram, which makes none of it."))
    return outcome


def _fail_job(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    body = event.body
    return engine.fail_job(
        process, state, _activity(event), body["code"], body["message"], context, values=inputs_of(event)
    )


def _escalate(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.escalate(process, state, _activity(event), event.body["code"], inputs_of(event), context)


def _fire_timer(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.fire_timer(process, state, _activity(event), context)


def _continue_after(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.continue_after(process, state, _activity(event), context)


def _start_ad_hoc(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.start_ad_hoc(process, state, _activity(event), event.element_id or "", context)


def _modify(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.modify(process, state, [_instruction(told) for told in event.body["instructions"]], context)


def _set_variables(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    body = event.body
    return engine.set_variables(process, state, body["scope"], inputs_of(event), context, removed=body["removed"])


def _pause_clock(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.pause_clock(process, state, event.body["execution"], event.body["clock"], context)


def _resume_clock(process: ParsedProcess, state: bytes, event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.resume_clock(process, state, event.body["execution"], event.body["clock"], context)


def _cancel(process: ParsedProcess, state: bytes, _event: RecordedEvent, context: StepContext) -> Outcome:
    return engine.cancel(process, state, context)


StepOfCase = Callable[[ParsedProcess, bytes, RecordedEvent, StepContext], Outcome]
STEPS: Mapping[str, StepOfCase] = {
    "user_task_completed": _complete,
    "message_received": _correlate,
    "signal_received": _receive_signal,
    "job_completed": _finish_job,
    "job_failure_reported": _report_failure,
    "bpmn_error_reported": _fail_job,
    "bpmn_escalation_reported": _escalate,
    "timer_fired": _fire_timer,
    "case_continued": _continue_after,
    "ad_hoc_activity_begun": _start_ad_hoc,
    "case_modified": _modify,
    "variables_set": _set_variables,
    "clock_paused": _pause_clock,
    "clock_resumed": _resume_clock,
    "process_cancelled": _cancel,
}
START, MIGRATION = "process_started", "case_migrated"
STEP_TYPES = frozenset({START, MIGRATION, *STEPS})


class Player:
    """A case while it is played again: its state after the last step, and what its variables have become."""

    def __init__(self, session: Session, case_id: str) -> None:
        self._session = session
        self._case_id = case_id
        self._definition: LoadedDefinition | None = None
        self.last: Outcome | None = None
        self.variables: dict[tuple[str, str], object] = {}
        self.activities: dict[str, tuple[str, str]] = {}  # id -> element, state

    @property
    def personal(self) -> frozenset[str]:
        return self._definition.personal if self._definition else frozenset()

    def play(self, event: RecordedEvent) -> Outcome:
        """Do the step of an event again. Raises StepFailed, NotRecorded."""
        self.last = outcome = self._outcome(event)
        for change in outcome.variables:
            if change.is_removed:
                self.variables.pop((change.execution_id, change.name), None)
            else:
                self.variables[change.execution_id, change.name] = change.new
        for activity in outcome.activities:
            self.activities[activity.id] = (activity.element_id, activity.state)
        return outcome

    def cause(self, event: RecordedEvent) -> Cause:
        """The cause as it was before it was recorded."""
        facts = {name: value for name, value in event.body.items() if name != "inputs"}
        # Only steps are asked about, and their types are those of causes.
        return Cause(event.type, event.element_id, event.activity_id, inputs_of(event), facts, event.reason)  # type: ignore[arg-type]

    def _outcome(self, event: RecordedEvent) -> Outcome:
        if event.type == START:
            return self._start(event)
        if self._definition is None or self.last is None or self.last.state is None:
            raise NotRecorded(N_("The history goes on where the replay has ended."))
        if event.type == MIGRATION:
            return self._migrate(event, self._definition, self.last.state)
        context = self._context(event, self._definition)
        return STEPS[event.type](self._definition.process, self.last.state, event, context)

    def _migrate(self, event: RecordedEvent, source: LoadedDefinition, state: bytes) -> Outcome:
        self._definition = target = load_definition(self._session, event.body["new_definition_id"])
        context = self._context(event, target)
        mapping = event.body["mapping"]
        migrated = engine.migrate(source.process, state, target.process, mapping, context, called=source.bundle)
        for activity in migrated.activities:
            if activity.id in self.activities:  # what gathers tokens is none
                _element_id, activity_state = self.activities[activity.id]
                self.activities[activity.id] = (activity.element_id, activity_state)
        return migrated.outcome

    def _start(self, event: RecordedEvent) -> Outcome:
        body = event.body
        self._definition = definition = load_definition(self._session, body["definition_id"])
        return engine.start(
            definition.process,
            inputs_of(event),
            self._context(event, definition),
            business_key=body["business_key"],
            message_name=body["message"]["name"] if body["message"] else None,
            trigger=definition.process.start_triggers[body["trigger"]["place"]] if "trigger" in body else None,
            instance_id=self._case_id,
        )

    def _context(self, event: RecordedEvent, definition: LoadedDefinition) -> StepContext:
        surroundings = event.body.get("surroundings")
        if surroundings is None:
            raise NotRecorded(N_("This case was recorded by a program that did not yet record all of a step."))
        zone = ZoneInfo(surroundings["zone"])
        return StepContext(
            now=event.at,
            zone=zone,
            calendar=RecordedCalendar(surroundings.get("calendar", ()), zone),
            processes=definition.bundle,
            decisions=definition.decisions,
            data_stores=decode_values(surroundings.get("data_stores", {})),
            id_seed=surroundings["id_seed"],
        )


def inputs_of(event: RecordedEvent) -> dict[str, object]:
    """The values that came in, those of a person among them."""
    personal = (event.personal or {}).get("inputs", {})
    return decode_values({**event.body.get("inputs", {}), **personal})
