"""User tasks lent for an answer: who may, whose they stay, what the history says."""

import pytest
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed
from app.models import UserTask
from app.models.inbox import inbox_counts, inbox_page
from app.models.queries_user_task import find_draft
from app.models.visibility import can_see_instance
from app.operations.actor import Actor
from app.operations.authority import AuditorsChangeNothing
from app.operations.cases import UserTaskNotFound
from app.operations.delegation import UserTaskNotDelegated, delegate_user_task, resolve_user_task
from app.operations.history import case_stream
from app.operations.history_reading import read_events_about
from app.operations.user_tasks import (
    UserTaskAlreadyCompleted,
    UserTaskAssignedToOther,
    UserTaskDelegated,
    assign_user_task,
    complete_user_task,
    save_draft,
    unclaim_user_task,
)
from tests.integration.operations.dealership import NOW, Dealership, later

QUESTION, ANSWER = "Which noise did he mean?", "The one of the left mirror."


@pytest.fixture
def lent(dealership: Dealership, session: Session) -> str:
    """A user task that Ada has and has asked Cam about."""
    user_task_id = dealership.claim(dealership.start(), "check", "ada")
    delegate_user_task(session, user_task_id, "cam", question=QUESTION, actor=Actor("ada"), now=NOW)
    return user_task_id


def _row(session: Session, user_task_id: str) -> tuple[str | None, str | None, str | None]:
    session.expire_all()
    row = session.get_one(UserTask, user_task_id)
    return row.assignee_id, row.owner_id, row.delegation


def _values() -> dict[str, object]:
    return {"verdict": "send", "note": "x"}


def test_a_delegated_user_task_is_with_the_delegate_and_stays_its_owners(session: Session, lent: str) -> None:
    assert _row(session, lent) == ("cam", "ada", "pending")
    assert [row.id for row in inbox_page(session, "cam", "mine", now=NOW).rows] == [lent]
    assert [row.id for row in inbox_page(session, "ada", "delegated", now=NOW).rows] == [lent]
    assert inbox_page(session, "ada", "mine", now=NOW).rows == ()
    counts = inbox_counts(session, "ada", NOW)
    assert (counts["delegated"], counts["mine"]) == (1, 0)


def test_the_delegate_cannot_complete_it_and_learns_what_to_do(session: Session, lent: str) -> None:
    with pytest.raises(UserTaskDelegated, match="give the task back") as refused:
        complete_user_task(session, lent, _values(), revision=None, actor=Actor("cam"), now=NOW)
    assert refused.value.submitted["note"] == "x"
    with pytest.raises(UserTaskDelegated):
        unclaim_user_task(session, lent, actor=Actor("cam"), now=NOW)
    with pytest.raises(UserTaskDelegated):
        assign_user_task(session, lent, "bea", actor=Actor("cam"), now=NOW)


def test_the_owner_waits_for_the_answer(session: Session, lent: str) -> None:
    with pytest.raises(UserTaskAssignedToOther, match="cam"):
        complete_user_task(session, lent, _values(), revision=None, actor=Actor("ada"), now=NOW)


def test_resolved_it_is_the_owners_again_with_the_draft_of_before(session: Session, dealership: Dealership) -> None:
    user_task_id = dealership.claim(dealership.start(), "check", "ada")
    save_draft(session, user_task_id, {"note": "begun"}, base_revision=2, actor=Actor("ada"), now=NOW)
    delegate_user_task(session, user_task_id, "cam", question=QUESTION, actor=Actor("ada"), now=NOW)
    resolve_user_task(session, user_task_id, remark=ANSWER, actor=Actor("cam"), now=later(hours=1))
    assert _row(session, user_task_id) == ("ada", "ada", "resolved")
    draft = find_draft(session, user_task_id, "ada")
    assert draft is not None
    assert draft.content == {"note": "begun"}
    complete_user_task(session, user_task_id, _values(), revision=None, actor=Actor("ada"), now=later(hours=2))
    assert session.get_one(UserTask, user_task_id).ended_by == "ada"


def test_the_history_has_both_names_and_what_they_wrote(session: Session, lent: str) -> None:
    resolve_user_task(session, lent, remark=ANSWER, actor=Actor("cam"), now=later(hours=1))
    case_id = session.get_one(UserTask, lent).instance_id
    *_, asked, answered = read_events_about(session, case_stream(case_id), lent)
    assert (asked.type, asked.actor_id, asked.body["assignee"]) == ("user_task_delegated", "ada", "cam")
    assert (answered.type, answered.actor_id, answered.body["assignee"]) == ("user_task_resolved", "cam", "ada")
    assert asked.personal == {"remark": QUESTION}
    assert answered.personal == {"remark": ANSWER}


def test_a_delegate_may_ask_in_turn_and_the_answer_goes_to_the_owner(session: Session, lent: str) -> None:
    delegate_user_task(session, lent, "dan", actor=Actor("cam"), now=NOW)
    assert _row(session, lent) == ("dan", "ada", "pending")
    resolve_user_task(session, lent, remark=ANSWER, actor=Actor("dan"), now=NOW)
    assert _row(session, lent) == ("ada", "ada", "resolved")


def test_the_owner_may_take_it_back_without_an_answer(session: Session, lent: str) -> None:
    resolve_user_task(session, lent, actor=Actor("ada"), now=NOW)
    assert _row(session, lent) == ("ada", "ada", "resolved")
    with pytest.raises(UserTaskNotDelegated):
        resolve_user_task(session, lent, actor=Actor("ada"), now=NOW)


def test_an_answer_is_demanded_of_the_delegate(session: Session, lent: str) -> None:
    with pytest.raises(InvalidInput, match="answer"):
        resolve_user_task(session, lent, remark="  ", actor=Actor("cam"), now=NOW)
    with pytest.raises(InvalidInput, match="too long"):
        resolve_user_task(session, lent, remark="x" * 2001, actor=Actor("cam"), now=NOW)


@pytest.mark.parametrize(
    ("delegate", "error"),
    [
        ("far", NotAllowed),  # of another site
        ("gone", NotAllowed),
        ("eve", AuditorsChangeNothing),
        ("ada", InvalidInput),
        ("nobody", NotAllowed),
    ],
)
def test_it_is_lent_to_colleagues_of_the_site_only(
    session: Session, dealership: Dealership, delegate: str, error: type[Exception]
) -> None:
    user_task_id = dealership.claim(dealership.start(), "check", "ada")
    with pytest.raises(error):
        delegate_user_task(session, user_task_id, delegate, actor=Actor("ada"), now=NOW)


def test_only_its_assignee_lends_and_strangers_learn_nothing(session: Session, dealership: Dealership) -> None:
    user_task_id = dealership.claim(dealership.start(), "check", "ada")
    with pytest.raises(NotAllowed):
        delegate_user_task(session, user_task_id, "cam", actor=Actor("bea"), now=NOW)
    with pytest.raises(UserTaskNotFound):
        delegate_user_task(session, user_task_id, "cam", actor=Actor("far"), now=NOW)
    with pytest.raises(UserTaskNotFound):
        resolve_user_task(session, user_task_id, remark=ANSWER, actor=Actor("far"), now=NOW)


def test_an_owner_who_is_no_candidate_still_sees_the_case(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    assign_user_task(session, user_task_id, "dan", actor=Actor("own"), now=NOW)
    delegate_user_task(session, user_task_id, "ada", actor=Actor("dan"), now=NOW)
    assert can_see_instance(session, "dan", case.id)


def test_a_leader_who_assigns_it_anew_ends_the_delegation(session: Session, lent: str) -> None:
    assign_user_task(session, lent, "bea", actor=Actor("own"), now=NOW)
    assert _row(session, lent) == ("bea", None, None)
    with pytest.raises(UserTaskNotDelegated):
        resolve_user_task(session, lent, remark=ANSWER, actor=Actor("bea"), now=NOW)


def test_an_ended_user_task_is_not_lent(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    dealership.complete(case, "check", "ada", verdict="send", note="x")
    with pytest.raises(UserTaskAlreadyCompleted):
        delegate_user_task(session, user_task_id, "cam", actor=Actor("ada"), now=NOW)
