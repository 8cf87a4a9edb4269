"""Standing in for somebody: what is seen, done and counted, both names, days, circles, and who may name whom."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.errors import InvalidInput, NotAllowed
from app.models import Substitution, UserTask
from app.models.case_details import visible_instance
from app.models.inbox import counts_by_process, inbox_counts, inbox_page
from app.models.visibility import can_see_instance
from app.operations.actor import Actor
from app.operations.cases import Case, UserTaskNotFound
from app.operations.delegation import delegate_user_task, resolve_user_task
from app.operations.history import CONFIGURATION_STREAM, case_stream
from app.operations.history_reading import read_events
from app.operations.substitution import (
    SubstitutionNotFound,
    SubstitutionTerms,
    change_substitution,
    end_substitution,
    name_substitute,
    settle_substitution,
)
from app.operations.user_tasks import (
    UserTaskAssignedToOther,
    assign_user_task,
    claim_user_task,
    complete_user_task,
    save_draft,
    unclaim_user_task,
)
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later

INQUIRY = frozenset({"inquiry"})
TODAY = NOW.date()  # afternoon in Shanghai, the same day
VALUES = {"verdict": "send", "note": "x"}


def days(
    first: int = 0, last: int = 0, processes: frozenset[str] = frozenset(), includes_open: bool = True
) -> SubstitutionTerms:
    return SubstitutionTerms(TODAY + timedelta(days=first), TODAY + timedelta(days=last), processes, includes_open)


def name(session: Session, principal: str, substitute: str, terms: SubstitutionTerms, now: datetime = NOW) -> str:
    return name_substitute(session, principal, substitute, terms, actor=Actor(principal), now=now)


def view(session: Session, person: str, now: datetime = NOW) -> set[str]:
    return {row.id for row in inbox_page(session, person, "for_others", now=now).rows}


@pytest.fixture
def case(dealership: Dealership) -> Case:
    return dealership.start()


def test_the_substitute_sees_counts_claims_and_completes_with_both_names(
    session: Session, dealership: Dealership, case: Case
) -> None:
    user_task_id = dealership.user_task(case, "check")
    assert not can_see_instance(session, "dan", case.id)
    name(session, "ada", "dan", days())
    assert can_see_instance(session, "dan", case.id)
    assert visible_instance(session, "dan", case.id) is not None
    assert view(session, "dan") == {user_task_id}
    assert inbox_counts(session, "dan", NOW)["for_others"] == 1
    assert counts_by_process(session, "dan", "for_others", NOW) == {"inquiry": 1}
    assert inbox_counts(session, "dan", NOW)["mine"] == 0
    claim_user_task(session, user_task_id, actor=Actor("dan"), now=NOW)
    assert session.get_one(UserTask, user_task_id).assignee_id == "ada"
    save_draft(session, user_task_id, {"note": "half"}, base_revision=2, actor=Actor("dan"), now=NOW)
    complete_user_task(session, user_task_id, VALUES, revision=None, actor=Actor("dan"), now=NOW)
    events = {told.type: told for told in read_events(session, case_stream(case.id))}
    for event_type in ("user_task_claimed", "user_task_completed"):
        assert (events[event_type].actor_id, events[event_type].on_behalf_of_id) == ("dan", "ada")
    assert session.get_one(UserTask, user_task_id).ended_by == "dan"
    assert can_see_instance(session, "dan", case.id)  # took part


def test_what_one_may_claim_oneself_is_not_repeated_and_done_in_ones_own_name(
    session: Session, dealership: Dealership, case: Case
) -> None:
    name(session, "ada", "bea", days())
    assert view(session, "bea") == set()
    dealership.claim(case, "check", "bea")
    assert dealership.session.get_one(UserTask, dealership.user_task(case, "check")).assignee_id == "bea"


def test_what_the_principal_has_in_hand_is_done_by_a_colleague_of_the_same_group(
    session: Session, dealership: Dealership, case: Case
) -> None:
    user_task_id = dealership.claim(case, "check", "ada")
    with pytest.raises(UserTaskAssignedToOther):
        complete_user_task(session, user_task_id, VALUES, revision=None, actor=Actor("bea"), now=NOW)
    name(session, "ada", "bea", days())
    assert view(session, "bea") == {user_task_id}
    complete_user_task(session, user_task_id, VALUES, revision=None, actor=Actor("bea"), now=NOW)
    assert read_events(session, case_stream(case.id))[-1].on_behalf_of_id == "ada"


def test_it_begins_and_ends_by_itself_at_the_days_of_the_principals_site(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, case: Case
) -> None:
    user_task_id = dealership.claim(case, "check", "ada")
    name(session, "ada", "dan", days(1, 2))
    session.commit()
    morning = datetime(2026, 3, 2, 16, 0, tzinfo=NOW.tzinfo)  # midnight in Shanghai
    evening = morning + timedelta(days=2)
    moments = [(morning - timedelta(seconds=1), False), (morning, True), (evening - timedelta(seconds=1), True)]
    for moment, is_in_force in [*moments, (evening, False)]:
        run_due(sessions, moment)
        session.expire_all()
        assert view(session, "dan", moment) == ({user_task_id} if is_in_force else set())
        assert can_see_instance(session, "dan", case.id) is is_in_force
        session.rollback()
    with pytest.raises(UserTaskNotFound):
        complete_user_task(session, user_task_id, VALUES, revision=None, actor=Actor("dan"), now=evening)
    assert session.get_one(UserTask, user_task_id).assignee_id == "ada"


def test_acting_ends_with_the_moment_even_where_the_worker_is_late(
    session: Session, dealership: Dealership, case: Case
) -> None:
    user_task_id = dealership.claim(case, "check", "ada")
    name(session, "ada", "dan", days())
    with pytest.raises(NotAllowed):
        complete_user_task(session, user_task_id, VALUES, revision=None, actor=Actor("dan"), now=later(days=2))


def test_only_new_work_and_only_some_processes(session: Session, dealership: Dealership, case: Case) -> None:
    name(session, "ada", "dan", days(1, 3, includes_open=False))
    name(session, "ada", "cam", days(0, 3, processes=frozenset({"answer"})))
    tomorrow = later(days=1)
    newer = dealership.start(now=tomorrow)
    session.execute(update(Substitution).values(is_in_force=True))
    assert view(session, "dan", tomorrow) == {dealership.user_task(newer, "check")}
    assert not can_see_instance(session, "dan", case.id)
    assert can_see_instance(session, "dan", newer.id)
    assert view(session, "cam", tomorrow) == set()
    with pytest.raises(NotAllowed):  # sees the case as one of its readers
        claim_user_task(session, dealership.user_task(case, "check"), actor=Actor("cam"), now=tomorrow)
    with pytest.raises(UserTaskNotFound):
        claim_user_task(session, dealership.user_task(case, "check"), actor=Actor("dan"), now=tomorrow)


def test_a_substitutes_substitute_does_not_see_the_first_ones_work(
    session: Session, dealership: Dealership, case: Case
) -> None:
    name(session, "ada", "cam", days())
    name(session, "cam", "dan", days())
    assert view(session, "cam") == {dealership.user_task(case, "check")}
    assert view(session, "dan") == set()
    assert not can_see_instance(session, "dan", case.id)
    with pytest.raises(UserTaskNotFound):
        claim_user_task(session, dealership.user_task(case, "check"), actor=Actor("dan"), now=NOW)


def test_substitutes_return_hand_over_lend_and_answer_on_behalf(session: Session, dealership: Dealership) -> None:
    first = dealership.claim(dealership.start(), "check", "ada")
    name(session, "ada", "cam", days())
    unclaim_user_task(session, first, actor=Actor("cam"), now=NOW)
    claim_user_task(session, first, actor=Actor("cam"), now=NOW)
    delegate_user_task(session, first, "dan", actor=Actor("cam"), now=NOW)
    row = session.get_one(UserTask, first)
    assert (row.assignee_id, row.owner_id) == ("dan", "ada")
    name(session, "dan", "own", days())
    resolve_user_task(session, first, remark="so", actor=Actor("own"), now=NOW)
    session.expire_all()
    assert session.get_one(UserTask, first).assignee_id == "ada"
    assign_user_task(session, first, "bea", actor=Actor("cam"), now=NOW)
    told = {
        each.type: (each.actor_id, each.on_behalf_of_id)
        for each in read_events(session, case_stream(row.instance_id))
        if each.type.startswith("user_task_")
    }
    assert told["user_task_unclaimed"] == told["user_task_delegated"] == told["user_task_assigned"] == ("cam", "ada")
    assert told["user_task_resolved"] == ("own", "dan")


def test_on_whose_behalf_may_be_said_but_not_invented(session: Session, dealership: Dealership, case: Case) -> None:
    user_task_id = dealership.claim(case, "check", "ada")
    with pytest.raises(NotAllowed):
        claim_user_task(session, user_task_id, actor=Actor("own", on_behalf_of="ada"), now=NOW)
    name(session, "ada", "cam", days())
    complete_user_task(
        session, user_task_id, VALUES, revision=None, actor=Actor("cam", on_behalf_of="ada"), now=NOW
    )
    assert read_events(session, case_stream(case.id))[-1].actor_id == "cam"


@pytest.mark.parametrize(
    ("links", "closing"),
    [
        ([("ada", "bea", days())], ("bea", "ada", days())),
        ([("ada", "bea", days(0, 5))], ("bea", "ada", days(5, 9))),
        ([("ada", "bea", days()), ("bea", "cam", days())], ("cam", "ada", days())),
        ([("ada", "bea", days(processes=frozenset({"inquiry"})))], ("bea", "ada", days())),
    ],
)
def test_a_circle_is_refused(
    session: Session,
    dealership: Dealership,
    links: list[tuple[str, str, SubstitutionTerms]],
    closing: tuple[str, str, SubstitutionTerms],
) -> None:
    for principal, substitute, terms in links:
        name(session, principal, substitute, terms)
    with pytest.raises(InvalidInput, match="circle"):
        name(session, *closing)


@pytest.mark.parametrize(
    ("links", "closing"),
    [
        ([("ada", "bea", days(0, 2))], ("bea", "ada", days(3, 5))),  # one after the other
        ([("ada", "bea", days(0, 1)), ("bea", "cam", days(2, 3))], ("cam", "ada", days(0, 3))),  # never all at once
        ([("ada", "bea", days(processes=INQUIRY))], ("bea", "ada", days(processes=frozenset({"answer"})))),
        ([("ada", "bea", days()), ("ada", "cam", days())], ("bea", "cam", days())),
    ],
)
def test_what_only_looks_like_a_circle_is_allowed(
    session: Session,
    dealership: Dealership,
    links: list[tuple[str, str, SubstitutionTerms]],
    closing: tuple[str, str, SubstitutionTerms],
) -> None:
    for principal, substitute, terms in links:
        name(session, principal, substitute, terms)
    assert name(session, *closing)


def test_longer_days_may_not_close_a_circle_either(session: Session, dealership: Dealership) -> None:
    first = name(session, "ada", "bea", days(0, 2))
    name(session, "bea", "ada", days(3, 5))
    with pytest.raises(InvalidInput, match="circle"):
        change_substitution(session, first, days(0, 3), actor=Actor("ada"), now=NOW)


@pytest.mark.parametrize(
    ("principal", "substitute", "terms", "text"),
    [
        ("ada", "ada", days(), "themselves"),
        ("ada", "gone", days(), "Choose a person"),
        ("ada", "nobody", days(), "Choose a person"),
        ("ada", "eve", days(), "Auditors"),
        ("ada", "dual", days(), "Auditors"),
        ("ada", "far", days(), "colleague of your site"),
        ("ada", "bea", days(2, 1), "before the first"),
        ("ada", "bea", days(-5, -1), "over already"),
        ("ada", "bea", days(0, 400), "year"),
        ("ada", "bea", days(processes=frozenset({"unheard"})), "unheard"),
    ],
)
def test_what_makes_no_sense_is_refused(
    session: Session, dealership: Dealership, principal: str, substitute: str, terms: SubstitutionTerms, text: str
) -> None:
    with pytest.raises(InvalidInput, match=text):
        name(session, principal, substitute, terms)


def test_leaders_name_for_others_and_say_why(session: Session, dealership: Dealership) -> None:
    named = name_substitute(session, "ada", "far", days(), reason="ill", actor=Actor("own"), now=NOW)
    assert session.get_one(Substitution, named).reason == "ill"
    with pytest.raises(InvalidInput, match="reason"):
        name_substitute(session, "ada", "far", days(), actor=Actor("own"), now=NOW)
    for person in ("bea", "eve", "far"):
        with pytest.raises(NotAllowed):
            name_substitute(session, "ada", "cam", days(), reason="so", actor=Actor(person), now=NOW)


def test_it_is_changed_and_ended_any_time_and_all_of_it_is_recorded(
    session: Session, dealership: Dealership, case: Case
) -> None:
    named = name(session, "ada", "dan", days(0, 5))
    change_substitution(session, named, days(0, 9, processes=frozenset({"inquiry"})), actor=Actor("ada"), now=NOW)
    with pytest.raises(NotAllowed):
        end_substitution(session, named, actor=Actor("cam"), now=NOW)
    end_substitution(session, named, actor=Actor("dan"), now=later(hours=1))
    assert view(session, "dan", later(hours=1)) == set()
    assert not can_see_instance(session, "dan", case.id)
    with pytest.raises(InvalidInput, match="over"):
        end_substitution(session, named, actor=Actor("ada"), now=later(hours=2))
    with pytest.raises(SubstitutionNotFound):
        end_substitution(session, "none", actor=Actor("ada"), now=NOW)
    *_, made, changed, ended = read_events(session, CONFIGURATION_STREAM)
    assert [each.type for each in (made, changed, ended)] == [
        "substitution_named", "substitution_changed", "substitution_ended",
    ]
    assert changed.body["old"]["last_day"] == (TODAY + timedelta(days=5)).isoformat()
    assert changed.body["new"]["processes"] == ["inquiry"]
    assert ended.actor_id == "dan"


def test_one_that_was_ended_does_not_come_back_by_its_job(session: Session, dealership: Dealership) -> None:
    named = name(session, "ada", "dan", days(1, 2))
    end_substitution(session, named, actor=Actor("ada"), now=NOW)
    settle_substitution(session, named, now=later(days=1))
    assert session.get_one(Substitution, named).is_in_force is False


def test_the_zone_of_the_principals_site_decides(session: Session, dealership: Dealership) -> None:
    one_day = SubstitutionTerms(date(2026, 3, 3), date(2026, 3, 3))
    named = session.get_one(Substitution, name(session, "ada", "bea", one_day))
    assert (named.starts_at.hour, named.ends_at.hour) == (16, 16)
    assert named.ends_at - named.starts_at == timedelta(days=1)
