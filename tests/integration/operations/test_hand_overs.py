"""An employee leaves: everything open is handed over in one step, and the account is closed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import InvalidInput, NotAllowed, NotFound
from app.models import Draft, HandOverItem, Incident, Membership, User, UserTask, UserTaskCandidate, WebSession
from app.models.api_token import tokens_of
from app.models.open_work import groups_left_empty, hand_over_rows, open_work
from app.operations.actor import SYSTEM, Actor
from app.operations.administration import LastAdministrator, OwnAccount
from app.operations.api_tokens import NewToken, create_api_token
from app.operations.delegation import delegate_user_task
from app.operations.drafts import save_draft
from app.operations.hand_overs import hand_over_work
from app.operations.history import CONFIGURATION_STREAM, case_stream
from app.operations.history_reading import read_events
from app.operations.sign_in import start_session
from app.operations.substitution import SubstitutionTerms, name_substitute
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later

WHY = "leaves at the end of the month"


@pytest.fixture
def boss(session: Session) -> Actor:
    """Administers both sites."""
    session.add(User(id="boss", display_name="Boss", created_at=NOW, home_site_id="main"))
    session.flush()
    session.add_all(Membership(user_id="boss", group_id="admin", site_id=site) for site in ("main", "outlet"))
    session.commit()
    return Actor("boss")


def carry_out(session: Session, sessions: sessionmaker[Session], successor: str | None, boss: Actor) -> str:
    order = hand_over_work(session, "ada", successor_id=successor, reason=WHY, actor=boss, now=NOW)
    session.commit()
    run_due(sessions, later(seconds=1))
    session.expire_all()
    return order


def states(session: Session, order: str) -> dict[str, tuple[str, str | None]]:
    rows = session.scalars(select(HandOverItem).where(HandOverItem.hand_over_id == order))
    return {row.user_task_id: (row.state, row.to_id) for row in rows}


def test_all_open_work_goes_to_the_successor_with_its_draft(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    task_id = dealership.claim(case, "check", "ada")
    save_draft(session, task_id, {"remark": "half a sentence"}, base_revision=2, actor=Actor("ada"), now=NOW)
    start_session(session, "ada", "", NOW)
    create_api_token(session, NewToken("reports", ["read"], 30), actor=Actor("ada"), now=NOW)
    assert open_work(session, "ada", NOW).assigned == 1
    order = carry_out(session, sessions, "bea", boss)
    user_task = session.get_one(UserTask, task_id)
    assert user_task.assignee_id == "bea"
    assert states(session, order) == {task_id: ("done", "bea")}
    draft = session.get_one(Draft, (task_id, "bea"))
    assert json.loads(draft.content) == {"remark": "half a sentence"}
    assert draft.base_revision == user_task.revision
    assert session.get(Draft, (task_id, "ada")) is not None
    assert not session.get_one(User, "ada").is_active
    assert session.scalars(select(Membership).where(Membership.user_id == "ada")).all() == []
    assert session.scalars(select(WebSession)).all() == []
    assert tokens_of(session, "ada") == []
    [event] = [one for one in read_events(session, case_stream(case.id)) if one.type == "user_task_handed_over"]
    assert (event.actor_id, event.body["from"], event.body["to"], event.reason) == ("boss", "ada", "bea", WHY)
    configured = {one.type: one for one in read_events(session, CONFIGURATION_STREAM)}
    assert configured["work_handed_over"].body["successor"] == "bea"
    assert configured["memberships_changed"].body["removed"] == ["cr_advisor@main"]
    assert configured["user_disabled"].reason == WHY


def test_without_a_successor_it_goes_back_to_its_groups(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    task_id = dealership.claim(case, "check", "ada")
    order = carry_out(session, sessions, None, boss)
    assert states(session, order) == {task_id: ("done", None)}
    assert session.scalars(select(UserTaskCandidate.is_claimable)).all() == [True]
    dealership.claim(case, "check", "bea")


def test_successor_of_another_site_gets_nothing_there(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    task_id = dealership.claim(case, "check", "ada")
    assert states(session, carry_out(session, sessions, "far", boss)) == {task_id: ("done", None)}


def test_rows_that_name_the_person_name_the_successor(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    dealership.add_candidate(case, "check", "user", "ada")
    session.commit()
    assert open_work(session, "ada", NOW).named == 1
    carry_out(session, sessions, "cam", boss)
    rows = session.scalars(select(UserTaskCandidate).where(UserTaskCandidate.kind == "user"))
    assert [(row.candidate_id, row.is_claimable) for row in rows] == [("cam", True)]
    dealership.claim(case, "check", "cam")


def test_substitutions_of_either_side_end(dealership: Dealership, session: Session, boss: Actor) -> None:
    for principal, substitute in (("ada", "bea"), ("two", "ada")):
        terms = SubstitutionTerms(NOW.date(), NOW.date() + timedelta(days=5))
        name_substitute(session, principal, substitute, terms, reason="away", actor=boss, now=NOW)
    assert open_work(session, "ada", NOW).substitutions == 2
    hand_over_work(session, "ada", successor_id="bea", reason=WHY, actor=boss, now=NOW)
    assert open_work(session, "ada", NOW).substitutions == 0


def test_nobody_left_to_do_it_is_an_incident(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    task_id = dealership.claim(case, "check", "ada")
    for person in ("bea", "two", "dual"):
        session.get_one(User, person).is_active = False
    session.flush()
    assert groups_left_empty(session, "ada") == [("cr_advisor", "main", 0)]
    carry_out(session, sessions, None, boss)
    [incident] = session.scalars(select(Incident).where(Incident.is_open))
    assert (incident.kind, incident.activity_id) == ("nobody_can_do", task_id)


def test_question_somebody_was_asked_goes_back_to_who_asked(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    task_id = dealership.claim(case, "check", "bea")
    delegate_user_task(session, task_id, "ada", actor=Actor("bea"), now=NOW)
    assert states(session, carry_out(session, sessions, "two", boss)) == {task_id: ("done", "bea")}
    user_task = session.get_one(UserTask, task_id)
    assert (user_task.owner_id, user_task.delegation) == (None, None)


def test_question_the_person_asked_is_owed_to_the_successor(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    task_id = dealership.claim(case, "check", "ada")
    delegate_user_task(session, task_id, "bea", actor=Actor("ada"), now=NOW)
    session.commit()
    assert open_work(session, "ada", NOW).asked_of_others == 1
    carry_out(session, sessions, "two", boss)
    user_task = session.get_one(UserTask, task_id)
    assert (user_task.assignee_id, user_task.owner_id, user_task.delegation) == ("bea", "two", "pending")


def test_what_ended_meanwhile_is_left_alone(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session], boss: Actor
) -> None:
    case = dealership.start()
    task_id = dealership.claim(case, "check", "ada")
    order = hand_over_work(session, "ada", successor_id="bea", reason=WHY, actor=boss, now=NOW)
    session.get_one(UserTask, task_id).state = "cancelled"
    session.commit()
    run_due(sessions, later(seconds=1))
    session.expire_all()
    assert states(session, order) == {task_id: ("ended", None)}
    assert [row.state for row in hand_over_rows(session, order, "boss")] == ["ended"]


def test_w09_hand_over_needs_a_reason_and_the_right_person(
    dealership: Dealership, session: Session, boss: Actor
) -> None:
    with pytest.raises(InvalidInput):
        hand_over_work(session, "ada", successor_id=None, reason=" ", actor=boss, now=NOW)
    with pytest.raises(OwnAccount):
        hand_over_work(session, "boss", successor_id=None, reason=WHY, actor=boss, now=NOW)
    for nobody in ("ada", "gone", "eve", "dual"):
        with pytest.raises(InvalidInput):
            hand_over_work(session, "ada", successor_id=nobody, reason=WHY, actor=boss, now=NOW)
    with pytest.raises(NotFound):
        hand_over_work(session, "ada", successor_id="nobody", reason=WHY, actor=boss, now=NOW)
    with pytest.raises((NotAllowed, NotFound)):
        hand_over_work(session, "ada", successor_id=None, reason=WHY, actor=Actor("bea"), now=NOW)
    with pytest.raises(LastAdministrator):
        hand_over_work(session, "boss", successor_id=None, reason=WHY, actor=SYSTEM, now=NOW)
