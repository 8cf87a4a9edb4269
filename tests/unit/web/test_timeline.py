from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import feel
from app.forms.scope import FormScope
from app.operations.history_reading import RecordedEvent
from app.web.field_labels import FieldLabels
from app.web.timeline import steps_of, unchanged_answers
from app.web.timeline_words import CONSEQUENCES, HEADLINES, explain_incident, sentence, words_of

AT = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)


def event(kind: str, at: datetime = AT, **changes: object) -> RecordedEvent:
    fields: dict[str, object] = {
        "sequence": 1, "stream": "case:1", "stream_sequence": 1, "type": kind, "actor_id": "a", "on_behalf_of_id": None,
        "at": at, "site_id": "s", "instance_id": "1", "element_id": None, "activity_id": None, "body": {},
        "personal": None, "is_erased": False, "reason": None, "hash": b"",
    }
    return RecordedEvent(**{**fields, **changes})  # type: ignore[arg-type]


def test_what_follows_at_the_same_moment_belongs_to_the_step() -> None:
    later = AT + timedelta(minutes=1)
    events = [
        event("process_started"), event("variable_changed"), event("user_task_opened"),
        event("user_task_claimed", later), event("user_task_completed", later), event("variable_changed", later),
        event("incident_raised", later + timedelta(seconds=1)),
    ]
    kinds = [[part.type for part in step] for step in steps_of(events)]
    assert kinds == [
        ["process_started", "variable_changed", "user_task_opened"],
        ["user_task_claimed"],
        ["user_task_completed", "variable_changed"],
        ["incident_raised"],
    ]


@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize("kind", [*HEADLINES, *CONSEQUENCES, "incident_raised", "something_new"])
def test_every_event_has_a_sentence_without_open_places(kind: str) -> None:
    assert "%" not in sentence(event(kind), "Call customer")
    assert words_of(event(kind)).icon


@pytest.mark.usefixtures("in_language")
def test_an_incident_is_explained_until_its_person_is_erased() -> None:
    body = {"msgid": "The condition of %(place)s is %(type)s, not true or false."}
    told = event("incident_raised", body=body, personal={"params": {"place": "Data right?", "type": "number"}})
    assert explain_incident(told) == "The condition of Data right? is number, not true or false."
    erased = event("incident_raised", body=body, is_erased=True)
    assert explain_incident(erased) == "The details were erased with the person's data."


def test_an_answer_that_changed_nothing_is_still_told() -> None:
    """The customer was not satisfied twice: the second answer is as much part of the history as the first."""
    labels = FieldLabels(
        FormScope({}, feel.Environment(now=AT, zone=ZoneInfo("Asia/Shanghai")), "en"),
        {"verdict": "Satisfied?", "view": "View", "cost": "Cost", "note": "Note"},
        {("verdict", "no"): "Not satisfied"},
    )
    inputs = {"verdict": "no", "cost": ["n", "100"], "note": None, "caller_id": "a"}
    answered = event("user_task_completed", body={"inputs": inputs}, personal={"inputs": {"view": "x" * 5000}})
    told = unchanged_answers(answered, {"cost"}, labels)
    assert [(change.label, change.new, change.is_same) for change in told] == [
        ("Satisfied?", "Not satisfied", True), ("View", "x" * 5000, True),
    ]
    assert unchanged_answers(event("process_started", body={"inputs": inputs}), set(), labels) == []
