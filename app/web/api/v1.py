"""The first addresses for programs: who am I, what is in my inbox, claim and give back."""

from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from app.errors import InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models.inbox import VIEWS, InboxRow, inbox_page
from app.models.user_task import UserTask
from app.operations.user_tasks import claim_user_task, unclaim_user_task
from app.web.bearers import needs_scope, refuse_missing_scope
from app.web.current import current_actor, current_person, current_time
from app.web.permissions import Permission, permissions_of, requires, signed_in
from app.web.rate_limits import within_limit
from app.web.user_task_detail import find_place

blueprint = Blueprint("api_v1", __name__, url_prefix="/api/v1")

MOST_ROWS = 200


@blueprint.before_request
def _bounded() -> None:
    within_limit("api")
    refuse_missing_scope(current_app.view_functions[request.endpoint or ""])


@blueprint.get("/me")
@signed_in
@needs_scope("read")
def me() -> dict[str, Any]:
    """Whose token this is."""
    person = current_person()
    return {
        "id": person.id,
        "name": person.display_name,
        "memberships": [{"group": group, "site": site} for group, site in sorted(person.memberships)],
        "permissions": sorted(permissions_of(person)),
    }


@blueprint.get("/user-tasks")
@requires(Permission.WORK)
@needs_scope("read")
def user_tasks() -> dict[str, Any]:
    """A page of a view of the inbox, by due date. Parameters: view, after (the cursor before), limit."""
    view = next((view for view in VIEWS if view == request.args.get("view", "mine")), None)
    limit = request.args.get("limit", "50")
    if view is None or not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= MOST_ROWS:
        raise InvalidInput(
            N_("Give a view among %(views)s and a limit from 1 to %(most)s."), views=", ".join(VIEWS), most=MOST_ROWS
        )
    page = inbox_page(
        db.session(), current_person().id, view, now=current_time(), after=request.args.get("after"), limit=int(limit)
    )
    return {"userTasks": [_as_json(row) for row in page.rows], "next": page.next_cursor}


@blueprint.post("/user-tasks/<user_task_id>/claim")
@requires(Permission.WORK)
@needs_scope("work")
def claim(user_task_id: str) -> ResponseReturnValue:
    """Take a user task that nobody has."""
    claim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
    return _one(user_task_id)


@blueprint.post("/user-tasks/<user_task_id>/unclaim")
@requires(Permission.WORK)
@needs_scope("work")
def unclaim(user_task_id: str) -> ResponseReturnValue:
    """Give it back to its group."""
    find_place(user_task_id)  # leaders may take things out of hands, and see only what is theirs to see
    unclaim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
    return _one(user_task_id)


def _one(user_task_id: str) -> dict[str, Any]:
    found = db.session.get_one(UserTask, user_task_id, populate_existing=True)
    return {"id": found.id, "state": found.state, "assignee": found.assignee_id, "revision": found.revision}


def _as_json(row: InboxRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "case": {"id": row.instance_id, "number": row.case_number, "title": row.title},
        "process": row.process_key,
        "site": row.site_id,
        "state": row.state,
        "assignee": row.assignee_id,
        "due": row.due_at.isoformat() if row.due_at else None,
        "revision": row.revision,
    }
