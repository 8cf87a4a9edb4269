"""What the tests of the operations stand on: sites, people, processes, and short words for what people do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import create_engine_for, session_factory, writing
from app.models import Customer, Group, Membership, Site, User, UserTask, UserTaskCandidate
from app.models.prepared import table_of
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.groups import ensure_default_groups
from app.operations.history_sealing import seal_history
from app.operations.process_instances import start_process
from app.operations.record import Recorded
from app.operations.rows import insert_rows
from app.operations.search_index import follow_history
from app.operations.user_tasks import claim_user_task, complete_user_task
from tests.snapshots import Place

RESOURCES = Path(__file__).parents[2] / "resources" / "operations"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CUSTOMER = "customer1"

PEOPLE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ada": (("cr_advisor", "main"),),
    "bea": (("cr_advisor", "main"),),
    "cam": (("customer_service", "main"),),
    "dan": (("customer_service_manager", "main"),),
    "eve": (("auditor", "main"),),
    "far": (("cr_advisor", "outlet"),),
    "own": (("process_owner", "main"),),
    "two": (("cr_advisor", "main"), ("customer_service", "main")),
    "dual": (("auditor", "main"), ("cr_advisor", "main")),
    "gone": (("cr_advisor", "main"),),
}


def resources(*names: str) -> dict[str, bytes]:
    return {name: (RESOURCES / name).read_bytes() for name in names}


ALL = resources("inquiry.bpmn", "answer.bpmn", "teller.bpmn", "check.form")


def found_at(place: Place) -> None:
    """Found it in a fresh database."""
    engines = create_engine_for(place.database_url), create_engine_for(place.keys_url, is_key_store=True)
    with writing(), session_factory(*engines)() as session:
        found_dealership(session)
    for engine in engines:
        engine.dispose()


def found_dealership(session: Session) -> "Dealership":
    session.add_all([Site(id="main", name="Main"), Site(id="outlet", name="Outlet", is_outlet=True)])
    ensure_default_groups(session)
    for person in PEOPLE:
        is_active = person != "gone"
        session.add(
            User(id=person, display_name=person.title(), created_at=NOW, home_site_id="main", is_active=is_active)
        )
    session.flush()
    for person, memberships in PEOPLE.items():
        session.add_all(Membership(user_id=person, group_id=group, site_id=site) for group, site in memberships)
    session.add(Customer(id=CUSTOMER, name="王小明", phone="10012345678", created_at=NOW, created_by="ada"))
    session.flush()
    assert session.get(Group, "cr_advisor")
    deploy(session, ALL, name="tests", reason="for the tests", actor=SYSTEM, now=NOW)
    session.commit()
    return Dealership(session)


@dataclass
class Dealership:
    """Short words for what people do; every call takes the time, `NOW` by default."""

    session: Session

    def start(self, person: str = "ada", now: datetime = NOW, **variables: object) -> Case:
        values = {"subject": "a noise", "customer_id": CUSTOMER, **variables}
        return start_process(self.session, "inquiry", values, site_id="main", actor=Actor(person), now=now)

    def start_at(self, site_id: str, now: datetime = NOW, **variables: object) -> Case:
        return start_process(self.session, "inquiry", variables, site_id=site_id, actor=SYSTEM, now=now)

    def open_user_tasks_of(self, case_id: str) -> dict[str, str]:
        """Element id -> id of the open user tasks of a case."""
        statement = select(UserTask.element_id, UserTask.id).where(
            UserTask.instance_id == case_id, UserTask.state == "open"
        )
        return dict(self.session.execute(statement).all())

    def user_task(self, case: Case, element_id: str) -> str:
        return self.open_user_tasks_of(case.id)[element_id]

    def add_candidate(self, case: Case, element_id: str, kind: str, candidate_id: str) -> None:
        user_task = self.session.get_one(UserTask, self.user_task(case, element_id))
        self.session.add(
            UserTaskCandidate(
                user_task_id=user_task.id, kind=kind, candidate_id=candidate_id, site_id=case.site_id,
                is_claimable=True, due_sort=user_task.due_sort,
            )
        )  # fmt: skip
        self.session.flush()

    def copy_user_task(self, case: Case, element_id: str, times: int) -> None:
        """Many open user tasks, quicker than so many cases."""
        statement = select(table_of(UserTask)).where(UserTask.id == self.user_task(case, element_id))
        row = self.session.execute(statement).one()._asdict()
        copies = [{**row, "id": f"copy{number:06d}"} for number in range(times)]
        insert_rows(self.session, UserTask, copies)
        candidate = {"kind": "group", "candidate_id": "cr_advisor", "site_id": case.site_id, "is_claimable": True}
        candidate |= {"due_sort": row["due_sort"]}
        insert_rows(self.session, UserTaskCandidate, [{**candidate, "user_task_id": copy["id"]} for copy in copies])

    def claim(self, case: Case, element_id: str, person: str, now: datetime = NOW) -> str:
        user_task_id = self.user_task(case, element_id)
        claim_user_task(self.session, user_task_id, actor=Actor(person), now=now)
        return user_task_id

    def complete(
        self, case: Case, element_id: str, person: str, now: datetime = NOW, **values: object
    ) -> Recorded:
        user_task_id = self.claim(case, element_id, person, now)
        return complete_user_task(
            self.session, user_task_id, values, revision=None, actor=Actor(person), now=now
        )


def later(**units: float) -> datetime:
    return NOW + timedelta(**units)


def follow(session: Session) -> None:
    """Bring the search index up to now, as the worker does every other second."""
    while seal_history(session, NOW):
        pass
    while follow_history(session, NOW):
        pass
