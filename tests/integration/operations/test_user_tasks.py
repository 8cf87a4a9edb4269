import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowed
from app.models import Draft, InstanceState, ProcessInstance, UserTask, UserTaskCandidate, Variable
from app.models.queries_user_task import find_draft, user_task_rights
from app.operations.actor import Actor
from app.operations.authority import LEADERS, AuditorsChangeNothing
from app.operations.cases import UserTaskNotFound
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.user_tasks import (
    UserTaskAlreadyCompleted,
    UserTaskAssignedToOther,
    UserTaskChanged,
    UserTaskNotClaimed,
    assign_user_task,
    claim_user_task,
    complete_user_task,
    discard_draft,
    save_draft,
    unclaim_user_task,
)
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later


def _candidates(session: Session, user_task_id: str) -> dict[str, bool]:
    statement = select(UserTaskCandidate.candidate_id, UserTaskCandidate.is_claimable)
    return dict(session.execute(statement.where(UserTaskCandidate.user_task_id == user_task_id)).all())


def test_start_opens_the_first_user_task(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    assert case.case_number == "IN-2026-000001"
    assert case.title == "About a noise"
    assert case.customer_id == CUSTOMER
    row = session.get_one(UserTask, dealership.user_task(case, "check"))
    assert (row.name, row.form_key, row.due_at, row.assignee_id) == ("Check", "check", later(days=1), None)
    assert _candidates(session, row.id) == {"cr_advisor": True}
    assert session.get_one(ProcessInstance, case.id).revision == 1


def test_case_numbers_count_by_process_and_year_of_the_site(session: Session, dealership: Dealership) -> None:
    dealership.start()
    new_year_in_shanghai = NOW.replace(year=2026, month=12, day=31, hour=17)
    assert dealership.start().case_number == "IN-2026-000002"
    assert dealership.start(now=new_year_in_shanghai).case_number == "IN-2027-000001"


def test_claim_has_one_winner_and_says_who(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.claim(case, "check", "bea")
    dealership.claim(case, "check", "bea")
    assert _candidates(session, user_task_id) == {"cr_advisor": False}
    with pytest.raises(UserTaskAssignedToOther, match="bea") as refused:
        claim_user_task(session, user_task_id, actor=Actor("ada"), now=NOW)
    assert refused.value.current.assignee_id == "bea"


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ("dan", UserTaskNotFound),  # not in the group, takes no part: may not even know
        ("far", UserTaskNotFound),  # in the group, but of another site
        ("own", NotAllowed),  # sees the case, but it is not meant for process owners
        ("eve", AuditorsChangeNothing),
        ("dual", AuditorsChangeNothing),
    ],
)
def test_others_cannot_claim(session: Session, dealership: Dealership, person: str, error: type[Exception]) -> None:
    user_task_id = dealership.user_task(dealership.start(), "check")
    with pytest.raises(error):
        claim_user_task(session, user_task_id, actor=Actor(person), now=NOW)
    with pytest.raises(error):
        complete_user_task(session, user_task_id, {}, revision=None, actor=Actor(person), now=NOW)
    with pytest.raises(error):
        save_draft(session, user_task_id, {}, base_revision=1, actor=Actor(person), now=NOW)


def test_unclaim_by_the_assignee_or_a_leader(session: Session, dealership: Dealership) -> None:
    user_task_id = dealership.claim(dealership.start(), "check", "ada")
    with pytest.raises(NotAllowed):
        unclaim_user_task(session, user_task_id, actor=Actor("bea"), now=NOW)
    unclaim_user_task(session, user_task_id, actor=Actor("own"), now=NOW)
    assert _candidates(session, user_task_id) == {"cr_advisor": True}
    unclaim_user_task(session, user_task_id, actor=Actor("own"), now=NOW)
    claim_user_task(session, user_task_id, actor=Actor("bea"), now=NOW)
    unclaim_user_task(session, user_task_id, actor=Actor("bea"), now=NOW)
    assert session.get_one(UserTask, user_task_id).revision == 5


def test_assign_hands_over(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.claim(case, "check", "ada")
    with pytest.raises(NotAllowed, match="cam"):
        assign_user_task(session, user_task_id, "cam", actor=Actor("ada"), now=NOW)
    with pytest.raises(NotAllowed, match="gone"):
        assign_user_task(session, user_task_id, "gone", actor=Actor("own"), now=NOW)
    with pytest.raises(AuditorsChangeNothing):
        assign_user_task(session, user_task_id, "eve", actor=Actor("own"), now=NOW)
    assign_user_task(session, user_task_id, "bea", reason="on leave", actor=Actor("ada"), now=NOW)
    with pytest.raises(NotAllowed):
        assign_user_task(session, user_task_id, "ada", actor=Actor("ada"), now=NOW)
    assign_user_task(session, user_task_id, "cam", actor=Actor("own"), now=NOW)
    events = [event for event in read_events(session, case_stream(case.id)) if event.type == "user_task_assigned"]
    assert [(event.body["old_assignee"], event.body["assignee"], event.reason) for event in events] == [
        ("ada", "bea", "on leave"),
        ("bea", "cam", None),
    ]


def test_complete_writes_everything(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    recorded = dealership.complete(case, "check", "ada", verdict="later", note="call back", score=7)
    assert recorded.opened == (dealership.user_task(case, "later"),)
    row = session.get_one(UserTask, user_task_id)
    assert (row.state, row.ended_by, row.ended_at) == ("completed", "ada", NOW)
    assert _candidates(session, user_task_id) == {"cr_advisor": False}
    values = dict(session.execute(select(Variable.name, Variable.value)).all())
    assert values["verdict"] == '"later"'
    assert values["score"] == '["n", "7"]'
    assert session.get_one(UserTask, recorded.opened[0]).follow_up_at == later(days=3)


def test_completing_twice_tells_both_versions(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.claim(case, "check", "ada")
    complete_user_task(session, user_task_id, {"verdict": "later"}, revision=2, actor=Actor("ada"), now=NOW)
    with pytest.raises(UserTaskAlreadyCompleted, match="ada") as refused:
        complete_user_task(session, user_task_id, {"verdict": "end"}, revision=2, actor=Actor("ada"), now=NOW)
    assert refused.value.current.state == "completed"
    assert refused.value.submitted == {"verdict": "end"}


def test_stale_page_is_refused(session: Session, dealership: Dealership) -> None:
    user_task_id = dealership.claim(dealership.start(), "check", "ada")
    with pytest.raises(UserTaskChanged) as refused:
        complete_user_task(session, user_task_id, {"verdict": "x"}, revision=1, actor=Actor("ada"), now=NOW)
    assert refused.value.current.revision == 2


def test_unclaimed_user_task_is_completed_only_where_asked(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    ada = Actor("ada")
    with pytest.raises(UserTaskNotClaimed):
        complete_user_task(session, user_task_id, {"verdict": "end"}, revision=1, actor=ada, now=NOW)
    complete_user_task(
        session, user_task_id, {"verdict": "end"}, revision=1, is_claimed_implicitly=True, actor=ada, now=NOW
    )
    types = [event.type for event in read_events(session, case_stream(case.id))]
    assert types.index("user_task_claimed") < types.index("user_task_completed")
    ended = session.get_one(ProcessInstance, case.id)
    assert (ended.state, ended.end_event_id, ended.ended_at) == ("completed", "end", NOW)
    assert session.get(InstanceState, case.id) is None


def test_drafts_are_kept_per_person_until_completion(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    save_draft(session, user_task_id, {"note": "one"}, base_revision=1, actor=Actor("ada"), now=NOW)
    save_draft(session, user_task_id, {"note": "two"}, base_revision=1, actor=Actor("ada"), now=NOW)
    save_draft(session, user_task_id, {"note": "other"}, base_revision=1, actor=Actor("bea"), now=NOW)
    kept = find_draft(session, user_task_id, "ada")
    assert kept is not None
    assert kept.content == {"note": "two"}
    discard_draft(session, user_task_id, actor=Actor("bea"))
    assert find_draft(session, user_task_id, "bea") is None
    dealership.complete(case, "check", "ada", verdict="end")
    assert session.scalars(select(Draft)).all() == []
    with pytest.raises(UserTaskAlreadyCompleted):
        save_draft(session, user_task_id, {}, base_revision=1, actor=Actor("ada"), now=NOW)


def test_rights_shown_are_the_rights_granted(session: Session, dealership: Dealership) -> None:
    user_task_id = dealership.user_task(dealership.start(), "check")

    def rights(person: str) -> tuple[bool, ...]:
        found = user_task_rights(session, person, user_task_id, leaders=LEADERS)
        return found.can_see, found.can_claim, found.can_complete, found.can_unclaim, found.can_assign

    assert rights("bea") == (True, True, False, False, False)
    assert rights("dan") == (False, False, False, False, False)
    assert rights("eve") == (True, False, False, False, False)
    assert rights("dual") == (True, False, False, False, False)
    assert rights("own") == (True, False, False, False, True)
    claim_user_task(session, user_task_id, actor=Actor("bea"), now=NOW)
    assert rights("bea") == (True, False, True, True, True)
    assert rights("ada") == (True, False, False, False, False)
