"""Who the token's person is, and what is in their inbox: listed, counted, claimed and given back."""

from typing import Annotated, Any

from msgspec import Meta

from app.extensions import db
from app.i18n import N_
from app.models.inbox import InboxRow, View, inbox_counts, inbox_page
from app.models.user_task import UserTask
from app.operations.cases import lock_case
from app.operations.user_tasks import claim_user_task, unclaim_user_task
from app.web.api.guards import Guard, telling_what_there_is
from app.web.api.shapes import Cursor, Moment, Next, Received, Shape, VersionedShape
from app.web.api.subjects import Subject, Told
from app.web.current import current_actor, current_person, current_time
from app.web.permissions import Permission, permissions_of
from app.web.user_task_detail import find_place

INBOX = Subject("inbox", N_("Inbox"), N_("The person's own user tasks, as on the page of the inbox."))
MOST_ROWS = 200


class Membership(Shape, frozen=True):
    """A group at a site."""

    group: str
    site: str


class Me(Shape, frozen=True):
    """Whose token it is."""

    id: str
    name: str
    memberships: list[Membership]
    permissions: list[str]


class CaseOfUserTask(Shape, frozen=True):
    """What a case is known by."""

    id: str
    number: str
    title: str


class ListedUserTask(Shape, frozen=True):
    """A user task of a list."""

    id: str
    name: str
    case: CaseOfUserTask
    process: str
    site: str
    state: str
    assignee: str | None
    due: Moment | None
    revision: int


class UserTaskList(Shape, frozen=True):
    """A page of a view."""

    user_tasks: list[ListedUserTask]
    next: Next


class UserTaskNow(VersionedShape, frozen=True):
    """What a claim changes."""

    id: str
    state: str
    assignee: str | None
    revision: int


Counts = Annotated[
    dict[str, Annotated[int, Meta(ge=0)]], Meta(description=N_("By view; exact to 1,000, and 1,001 stands for more"))
]


class InboxCounts(Shape, frozen=True):
    """How many user tasks each view holds."""

    views: Counts


class WantedUserTasks(Received, frozen=True):
    """Which of them."""

    view: Annotated[View, Meta(description=N_("Of which view; by due date"))] = "mine"
    after: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_ROWS, description=N_("How many at most"))] = 50


@INBOX.offers("GET", "/me", None, "read", Told(N_("Whose token this is")))
def me() -> Me:
    """The person, their groups and permissions."""
    person = current_person()
    groups = [Membership(group, site) for group, site in sorted(person.memberships)]
    return Me(person.id, person.display_name, groups, sorted(permissions_of(person)))


@INBOX.offers("GET", "/user-tasks", Permission.WORK, "read", Told(N_("List a view of the inbox")))
def list_user_tasks(query: WantedUserTasks) -> UserTaskList:
    """A page of a view, by due date."""
    page = inbox_page(
        db.session(), current_person().id, query.view, now=current_time(), after=query.after, limit=query.limit
    )
    return UserTaskList([_shape(row) for row in page.rows], page.next_cursor)


@INBOX.offers("GET", "/user-tasks/counts", Permission.WORK, "read", Told(N_("Count the views of the inbox")))
def count_user_tasks() -> InboxCounts:
    """The numbers beside the views."""
    return InboxCounts(dict(inbox_counts(db.session(), current_person().id, current_time()).items()))


@INBOX.offers(
    "POST", "/user-tasks/<user_task_id>/claim", Permission.WORK, "work", Told(N_("Claim a user task that nobody has"))
)
def claim_task_of_group(user_task_id: str, guard: Guard) -> UserTaskNow:
    """Take it."""
    guard.check(lambda: _locked(user_task_id))
    with telling_what_there_is(lambda: _now(find_place(user_task_id).user_task.id)):
        claim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
    return _now(user_task_id)


@INBOX.offers(
    "POST",
    "/user-tasks/<user_task_id>/unclaim",
    Permission.WORK,
    "work",
    Told(N_("Give a user task back to its group")),
)
def unclaim_task(user_task_id: str, guard: Guard) -> UserTaskNow:
    """Give it back."""
    find_place(user_task_id)  # leaders may take things out of hands, and see only what is theirs to see
    guard.check(lambda: _locked(user_task_id))
    with telling_what_there_is(lambda: _now(user_task_id)):
        unclaim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
    return _now(user_task_id)


def _locked(user_task_id: str) -> UserTaskNow:
    lock_case(db.session(), find_place(user_task_id).instance.id)
    return _now(user_task_id)


def _now(user_task_id: str) -> UserTaskNow:
    found: Any = db.session.get_one(UserTask, user_task_id, populate_existing=True)
    return UserTaskNow(found.id, found.state, found.assignee_id, found.revision)


def _shape(row: InboxRow) -> ListedUserTask:
    return ListedUserTask(
        id=row.id, name=row.name, case=CaseOfUserTask(row.instance_id, row.case_number, row.title),
        process=row.process_key, site=row.site_id, state=row.state, assignee=row.assignee_id, due=row.due_at,
        revision=row.revision,
    )  # fmt: skip
