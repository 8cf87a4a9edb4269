"""A case played again from its recorded inputs, and held against what is stored; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.engine import ChangeRefused, Outcome, StepFailed
from app.errors import Conflict
from app.i18n import N_
from app.models import ProcessInstance
from app.operations.cases import Case, CaseNotFound, read_case
from app.operations.history import Event, case_stream
from app.operations.history_canonical import canonical_json
from app.operations.history_reading import RecordedEvent, read_events
from app.operations.incident_rows import NOBODY_CAN_DO
from app.operations.record_events import DECISION_EVALUATED, Step, events_of
from app.operations.replay_result import compare_result
from app.operations.replay_steps import STEP_TYPES, Player

VARIABLE = "variable_changed"
AnyEvent = TypeVar("AnyEvent", Event, RecordedEvent)


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where the replay is not what is stored: a translatable text with its parameters."""

    msgid: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it: how many steps were played, and the first difference if there is one."""

    case_number: str
    steps: int
    difference: Difference | None


class CaseNotReplayable(Conflict):
    """What is recorded of the case is not enough to play it again."""


def find_case(session: Session, name: str) -> str:
    """The id of the case of this number or id; raises CaseNotFound."""
    wanted = or_(ProcessInstance.case_number == name, ProcessInstance.id == name)
    found = session.scalar(select(ProcessInstance.id).where(wanted))
    if found is None:
        raise CaseNotFound
    return found


def replay_case(session: Session, case_id: str) -> Replay:
    """Play a case again and say the first difference in its path, variables, user tasks, timers, messages and state.

    Raises CaseNotFound; CaseNotReplayable where a person's data among its inputs was erased.
    """
    case = read_case(session, case_id)
    events = read_events(session, case_stream(case_id))
    player = Player(session, case_id)
    steps = 0
    for cause, following in _steps(events):
        if cause.is_erased:
            raise CaseNotReplayable(
                N_("Case %(case)s cannot be played again: personal data that it was given has been erased."),
                case=case.case_number,
            )
        steps += 1
        try:
            outcome = player.play(cause)
        except (StepFailed, ChangeRefused) as failed:
            return Replay(case.case_number, steps, _refused(cause, failed))
        found = _first_difference(case, player, cause, following, outcome)
        if found is not None:
            return Replay(case.case_number, steps, found)
    different = compare_result(session, case, player)
    return Replay(case.case_number, steps, Difference(*different) if different else None)


def _steps(events: Sequence[RecordedEvent]) -> Iterator[tuple[RecordedEvent, Sequence[RecordedEvent]]]:
    """Each event that set off a step, with what was recorded up to the next one."""
    starts = [place for place, event in enumerate(events) if event.type in STEP_TYPES]
    for begin, end in zip(starts, [*starts[1:], len(events)], strict=True):
        yield events[begin], events[begin + 1 : end]


def _refused(cause: RecordedEvent, failed: StepFailed | ChangeRefused) -> Difference:
    return Difference(
        N_("“%(cause)s” of %(at)s cannot be done again: %(why)s"),
        {"cause": cause.type, "at": cause.at.isoformat(), "why": failed.msgid % failed.params},
    )


def _first_difference(
    case: Case, player: Player, cause: RecordedEvent, following: Sequence[RecordedEvent], outcome: Outcome
) -> Difference | None:
    """The step's own events come first and in order; what was written to the case later may follow."""
    sent = [event.body["message_id"] for event in following if event.type == "message_sent"]
    message_ids = (sent + [None] * len(outcome.messages))[: len(outcome.messages)]
    step = Step(case, player.cause(cause), outcome, player.personal, message_ids, outcome.incidents)
    expected = _in_order(events_of(step)[1:])
    # Whether anybody can do a user task is no matter of the engine.
    recorded = _in_order([event for event in following if event.body.get("kind") != NOBODY_CAN_DO])
    if not any(event.type == DECISION_EVALUATED for event in recorded):  # before decisions were recorded
        expected = [event for event in expected if event.type != DECISION_EVALUATED]
    for place, event in enumerate(expected):
        found = recorded[place] if place < len(recorded) else None
        if found is None or not _is_same(event, found):
            return _different(cause, event, found)
    return None


def _in_order(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """Variables by name: the recorded inputs have no order. Changes of one and the same stay in theirs."""
    variables = [event for event in events if event.type == VARIABLE]
    variables.sort(key=lambda event: (event.body["execution"], event.body["name"]))
    in_order = iter(variables)
    return [next(in_order) if event.type == VARIABLE else event for event in events]


def _is_same(expected: Event, found: RecordedEvent) -> bool:
    if (expected.type, expected.element_id, expected.activity_id) != (found.type, found.element_id, found.activity_id):
        return False
    if canonical_json(expected.body) != canonical_json(found.body):
        return False
    return found.is_erased or canonical_json(expected.personal or {}) == canonical_json(found.personal or {})


def _different(cause: RecordedEvent, expected: Event, found: RecordedEvent | None) -> Difference:
    return Difference(
        N_("After “%(cause)s” of %(at)s the history says %(recorded)s, the replay %(replayed)s."),
        {
            "cause": cause.type,
            "at": cause.at.isoformat(),
            "recorded": "-" if found is None else _told(found.type, found.element_id, found.body, found.personal),
            "replayed": _told(expected.type, expected.element_id, expected.body, expected.personal),
        },
    )


def _told(
    event_type: str, element_id: str | None, body: Mapping[str, object], personal: Mapping[str, object] | None
) -> str:
    content = canonical_json({**body, **(personal or {})}).decode()
    return " ".join(part for part in (event_type, element_id, content) if part)
