"""Several user tasks of a view at once: claimed, or put into somebody's hands.

Each is changed in a transaction of its own, so that one refusal stops no other; the page says what became of each.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.display_names import definition_names, user_names
from app.models.inbox import LONGEST_PAGE, InboxRow, View, inbox_page
from app.models.people import people_at
from app.operations.authority import LEADERS
from app.operations.user_task_claims import assign_user_task, claim_user_task
from app.web.clock_times import ClockTimes
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import HumanTime
from app.web.languages import locale
from app.web.navigation import VIEW_LOOKS, current_view
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction
from app.web.user_task_detail import find_place

OWN: View = "mine"
OFFERED: tuple[View, ...] = ("claimable", OWN, "overdue")

blueprint = Blueprint("inbox_several", __name__, url_prefix="/inbox/several")


@dataclass(frozen=True, slots=True)
class Row:
    """A user task to tick."""

    id: str
    title: str
    step: str
    case_number: str
    who: str
    due: HumanTime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one of those ticked."""

    title: str
    text: str
    is_done: bool


@blueprint.get("")
@requires(Permission.WORK)
def index() -> str:
    """The user tasks of a view, to tick."""
    return _page([])


@blueprint.post("")
@requires(Permission.WORK)
@commits_itself  # a transaction for each user task
def change() -> ResponseReturnValue:
    """Claim or assign those ticked, one after the other."""
    wanted = list(dict.fromkeys(request.form.getlist("id")))[:LONGEST_PAGE]
    action, assignee = request.form.get("action", ""), request.form.get("assignee", "")
    problem = _problem(wanted, action, assignee)
    if problem:
        return _page([], problem), 422
    return _page([_changed(user_task_id, _operation(user_task_id, action, assignee)) for user_task_id in wanted])


def _problem(wanted: list[str], action: str, assignee: str) -> str:
    if action not in ("claim", "assign"):
        return gettext("Choose what to do with the tasks.")
    if not wanted:
        return gettext("Tick at least one task.")
    return gettext("Choose a person.") if action == "assign" and not assignee else ""


def _operation(user_task_id: str, action: str, assignee: str) -> Callable[[], None]:
    actor, now, reason = current_actor(), current_time(), request.form.get("reason", "").strip() or None
    if action == "claim":
        return lambda: claim_user_task(db.session(), user_task_id, actor=actor, now=now)
    return lambda: assign_user_task(db.session(), user_task_id, assignee, reason=reason, actor=actor, now=now)


def _changed(user_task_id: str, operation: Callable[[], None]) -> Verdict:
    title = gettext("Task")
    try:
        with write_transaction():
            place = find_place(user_task_id)  # strangers learn nothing
            title = f"{place.instance.case_number} · {place.instance.title}"
            operation()
    except AppError as refusal:
        return Verdict(title, gettext(refusal.msgid, **refusal.params), is_done=False)
    return Verdict(title, "", is_done=True)


def _page(verdicts: list[Verdict], problem: str = "") -> str:
    person, view, process_key = current_person(), current_view(), request.values.get("process")
    led = {site for group, site in person.memberships if group in LEADERS}
    if view == OWN and not led:
        view = "claimable"  # one's own can only be assigned
    page = inbox_page(db.session(), person.id, view, now=current_time(), process_key=process_key, limit=LONGEST_PAGE)
    return render_template(
        "inbox/several.html",
        view=view,
        views=[(key, gettext(VIEW_LOOKS[key][1])) for key in OFFERED if led or key != OWN],
        may_claim=view != OWN,
        process_key=process_key,
        title=gettext(VIEW_LOOKS[view][1]),
        rows=_rows(page.rows),
        has_more=page.next_cursor is not None,
        people=people_at(db.session(), sorted(led)) if led else [],
        verdicts=verdicts,
        done=sum(verdict.is_done for verdict in verdicts),
        problem=problem,
        ticked=frozenset(request.form.getlist("id")) if problem else frozenset(),
        assignee=request.form.get("assignee", ""),
        reason=request.form.get("reason", ""),
    )


def _rows(found: tuple[InboxRow, ...]) -> list[Row]:
    """Those that are open: what is done can be given to nobody."""
    names = definition_names(db.session(), {row.definition_id for row in found})
    people = user_names(db.session(), {row.assignee_id for row in found})
    times = ClockTimes(current_time(), current_person().zone, locale())
    return [
        Row(
            id=row.id,
            title=row.title,
            step=names[row.definition_id].element(row.element_id, row.name, locale()),
            case_number=row.case_number,
            who=people.get(row.assignee_id or "", row.assignee_id or ""),
            due=times.due(row),
        )
        for row in found
        if row.state == "open"
    ]
