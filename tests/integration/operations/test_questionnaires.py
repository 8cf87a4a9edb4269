"""Questionnaires are changed by managers; each change is a version, and earlier ones stay as they were."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.models import Questionnaire, QuestionnaireVersion
from app.models.questionnaire import Question, questionnaires_for, questions_of
from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_reading import read_events
from app.operations.questionnaires import QuestionnaireHead, change_questionnaire, create_questionnaire
from tests.integration.operations.dealership import NOW, Dealership

MANAGER, ADVISOR = Actor("dan"), Actor("ada")
HEAD = QuestionnaireHead("After a repair", "维修后回访", "repair_3dc")
WAITED = Question("waited", "yes_no", "Did you wait long?", "等候时间长吗？", good_answer="no", problem_kind="on_time")


def newest(session: Session) -> QuestionnaireVersion:
    return questionnaires_for(session, "repair_3dc", 1)[0][1]


def change(
    session: Session, questions: list[Question], *, actor: Actor = MANAGER, base: int = 1, **more: object
) -> None:
    head = replace(HEAD, **more)  # type: ignore[arg-type]
    change_questionnaire(
        session, "repair_3dc", head, questions, base_version=base, reason="asked for", actor=actor, now=NOW
    )


def test_a_change_is_a_new_version_with_its_reason(dealership: Dealership) -> None:
    session = dealership.session
    first = newest(session)
    before = questions_of(first)
    change(session, [WAITED, replace(before[0], is_active=False), *before[1:]])
    second = newest(session)
    assert (second.number, second.reason, second.created_by) == (2, "asked for", "dan")
    assert [question.id for question in questions_of(second)][:2] == ["waited", "reception"]
    session.expire_all()
    assert questions_of(session.get_one(QuestionnaireVersion, first.id)) == before
    event = read_events(session, CONFIGURATION_STREAM)[-1]
    assert (event.type, event.body["version"], event.reason) == ("questionnaire_changed", 2, "asked for")


def test_what_is_not_offered_is_not_chosen_from(dealership: Dealership) -> None:
    session = dealership.session
    change(session, [WAITED], is_active=False)
    assert questionnaires_for(session, "repair_3dc", 1) == []
    create_questionnaire(
        session, replace(HEAD, occasion="", level=1), [WAITED], reason="new", actor=MANAGER, now=NOW
    )
    assert [one.occasion for one, _ in questionnaires_for(session, "repair_3dc", 1)] == [""]
    assert [one.id for one, _ in questionnaires_for(session, "quarter_repair", 3)] == ["level_3"]


def test_questions_that_cannot_be_counted_are_refused(dealership: Dealership) -> None:
    for wrong in (
        [replace(WAITED, is_active=False)],
        [WAITED, WAITED],
        [replace(WAITED, text_zh=" ")],
        [replace(WAITED, text="x" * 301)],
        [replace(WAITED, id="quality", kind="score_10", good_answer=None, good_from=8)],
        [replace(WAITED, kind="essay")],
        [replace(WAITED, good_answer=None)],
        [replace(WAITED, kind="score_5", good_answer=None, good_from=6)],
        [replace(WAITED, problem_kind="weather")],
    ):
        with pytest.raises(InvalidInput):
            change(dealership.session, wrong)
    assert newest(dealership.session).number == 1


def test_only_managers_change_it_and_nobody_over_another(dealership: Dealership) -> None:
    session = dealership.session
    with pytest.raises(NotAllowed):
        change(session, [WAITED], actor=ADVISOR)
    with pytest.raises(Conflict):
        change(session, [WAITED], base=7)
    with pytest.raises(InvalidInput):
        change(session, [WAITED], occasion="christmas")
    with pytest.raises(NotFound):
        change_questionnaire(session, "x", HEAD, [WAITED], base_version=1, reason="r", actor=MANAGER, now=NOW)
    assert session.get_one(Questionnaire, "repair_3dc").current_version == 1
