"""Several user tasks of a view at once: claimed, put into somebody's hands, given another due date.

What would become of each is shown first; then each is changed in a transaction of its own, and the page says what
became of it. Completing several is in `inbox_completions`.
"""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.display_names import definition_names, user_names
from app.models.inbox import LONGEST_PAGE, InboxRow, View, inbox_page
from app.models.people import people_at
from app.operations.authority import LEADERS
from app.operations.user_task_claims import assign_user_task, claim_user_task
from app.operations.user_task_editing import change_due_date
from app.web.clock_times import ClockTimes
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import HumanTime, clock_time, day
from app.web.languages import locale
from app.web.navigation import VIEW_LOOKS, current_view
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, requires
from app.web.searched_words import searched_words
from app.web.several_changes import Operation, Verdict, make_change, try_change
from app.web.texts import gettext
from app.web.transactions import commits_itself
from app.web.typed_forms import typed, typed_moment

OWN: View = "mine"
OFFERED: tuple[View, ...] = ("claimable", OWN, "overdue", "due_today")

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
class Wanted:
    """What to do with those ticked: what is said of it, and how; `problem` is why it cannot be begun."""

    text: str = ""
    operation: Operation | None = None
    problem: str = ""


@blueprint.get("")
@requires(Permission.WORK)
def index() -> str:
    """The user tasks of a view, to tick."""
    return several_page([])


@blueprint.post("/preview")
@requires(Permission.WORK)
@commits_itself  # keeps nothing: each change is tried and undone
def preview() -> ResponseReturnValue:
    """What would become of those ticked."""
    wanted = _wanted()
    if wanted.operation is None:
        return several_page([], wanted.problem), 422
    return render_template(
        "inbox/several_preview.html",
        verdicts=[try_change(user_task_id, wanted.operation) for user_task_id in ticked()],
        what=wanted.text,
        kept={name: typed(name) for name in ("action", "assignee", "due", "reason") if typed(name)},
        asked=asked(),
    )


@blueprint.post("")
@requires(Permission.WORK)
@commits_itself  # a transaction for each user task
def change() -> ResponseReturnValue:
    """Change those ticked, one after the other."""
    wanted = _wanted()
    if wanted.operation is None:
        return several_page([], wanted.problem), 422
    return several_page([make_change(user_task_id, wanted.operation) for user_task_id in ticked()])


def asked() -> dict[str, str | None]:
    """Which part of the inbox the page is about, for its addresses."""
    return {"view": current_view(), "process": request.args.get("process"), "q": searched_words() or None}


def ticked(name: str = "id") -> list[str]:
    """The ids that were ticked, each once."""
    return list(dict.fromkeys(request.form.getlist(name)))[:LONGEST_PAGE]


def _wanted() -> Wanted:
    if not ticked():
        return Wanted(problem=gettext("Tick at least one task."))
    actor, now = current_actor(), current_time()
    action, reason = typed("action"), typed("reason")
    if action == "claim":
        text = gettext("These will be yours.")
        return Wanted(text, lambda one: claim_user_task(db.session(), one.user_task.id, actor=actor, now=now))
    if action == "assign":
        return _wanted_assignee(typed("assignee"), reason or None)
    if action != "due":
        return Wanted(problem=gettext("Choose what to do with the tasks."))
    due_at, zone = typed_moment("due"), current_person().zone
    if due_at is None or not reason:
        return Wanted(problem=gettext("Choose a day and time and say why; the reason is kept in the history."))
    return Wanted(
        gettext("These will be due %(when)s.", when=f"{day(due_at, zone, locale())} {clock_time(due_at, zone)}"),
        lambda one: change_due_date(db.session(), one.user_task.id, due_at, reason=reason, actor=actor, now=now),
    )


def _wanted_assignee(assignee: str, reason: str | None) -> Wanted:
    if not assignee:
        return Wanted(problem=gettext("Choose a person."))
    actor, now = current_actor(), current_time()
    return Wanted(
        gettext("These will be with %(name)s.", name=name_of(assignee, actor_names([assignee]))),
        lambda one: assign_user_task(
            db.session(), one.user_task.id, assignee, reason=reason, actor=actor, now=now
        ),
    )  # fmt: skip


def several_page(verdicts: list[Verdict], problem: str = "") -> str:
    """The list to tick, below what became of those ticked before, or why nothing was begun."""
    person, view, place = current_person(), current_view(), asked()
    led = person.sites_in(LEADERS)
    page = inbox_page(
        db.session(), person.id, view, now=current_time(), process_key=place["process"], search=place["q"],
        limit=LONGEST_PAGE,
    )  # fmt: skip
    return render_template(
        "inbox/several.html",
        view=view,
        views=[(key, gettext(VIEW_LOOKS[key][1])) for key in OFFERED],
        may_claim=view != OWN,
        asked=place,
        title=gettext(VIEW_LOOKS[view][1]),
        rows=_rows(page.rows),
        has_more=page.next_cursor is not None,
        people=people_at(db.session(), sorted(led)) if led else [],
        verdicts=verdicts,
        done=sum(verdict.is_done for verdict in verdicts),
        problem=problem,
        ticked=frozenset(request.form.getlist("id")) if problem else frozenset(),
        typed={name: typed(name) for name in ("assignee", "due", "reason")} if problem else {},
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
