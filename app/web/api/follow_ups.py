"""The plan of follow-ups: listed and counted by month, week or day, changed with a reason, and what was made of it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta

from app.extensions import db
from app.i18n import N_
from app.models.follow_up_plan_list import NOBODY, plan_counts, visible_cases
from app.operations.follow_up_changes import Change, call_off_follow_ups, move_follow_ups, plan_again
from app.reports.planned_calls import CUTS, MadeRow, made_rows
from app.web.api.shapes import Cursor, Day, MonthText, Next, Reason, Received, Shape, SiteId
from app.web.api.subjects import Subject, Told
from app.web.current import current_actor, current_person, current_time
from app.web.follow_ups.made import calls_behind, calls_of_month, month_asked
from app.web.follow_ups.plan import calls_shown
from app.web.follow_ups.shown import ALL, chosen_site, day_of, shown_part
from app.web.permissions import Permission

FOLLOW_UPS = Subject(
    "follow-ups", N_("Plan of follow-ups"),
    N_("Planned calls to customers after a visit. Levels: 1 is called by CR advisors, 2 by customer service, 3 by the "
       "general manager's office."),
)  # fmt: skip
MOST_AT_ONCE = 500

Ids = Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(min_length=1, max_length=MOST_AT_ONCE)]
Caller = Annotated[str, Meta(max_length=64, description=N_("The id of a person; - for those nobody calls yet"))]
Cut = Literal["occasion", "week", "caller"]
Made = Literal["due", "started", "in_time", "late", "not_made", "called_off", "pending", "skipped"]


class WantedPart(Received, frozen=True):
    """Which part of the plan, by the same words as the address of its page."""

    site: SiteId = ""
    month: Annotated[MonthText, Meta(description=N_("The month; without month and week this month"))] | None = None
    week: Annotated[Day, Meta(description=N_("A day of the week"))] | None = None
    level: Annotated[int, Meta(ge=1, le=3, description=N_("Of which level; without it the person's own"))] | None = None
    occasion: Annotated[str, Meta(max_length=40, description=N_("Of one occasion only"))] = ""


class WantedFollowUps(WantedPart, frozen=True):
    """Which of its calls."""

    day: Annotated[str, Meta(pattern=r"^(all|(19|20|21)\d{2}-\d{2}-\d{2})$",
                             description=N_("A day, or “all” days of the month or week"))] = "all"  # fmt: skip
    caller: Caller = ""
    state: Literal["", "planned", "started", "closed", "skipped"] = ""
    after: Cursor | None = None


class FollowUp(Shape, frozen=True):
    """A planned call."""

    id: str
    day: date
    first_day: date
    last_day: date
    occasion: str
    state: str
    skip_reason: str | None
    skip_remark: str | None
    caller: str | None
    is_fixed: Annotated[bool, Meta(description=N_("Somebody put it there: spreading leaves it"))]
    case: Annotated[str | None, Meta(description=N_("The case of the call, if the person may see it"))]
    order_number: str
    customer: str
    plate: str | None
    vin: str


class FollowUpList(Shape, frozen=True):
    """A page of calls."""

    follow_ups: list[FollowUp]
    next: Next


class FollowUpCount(Shape, frozen=True):
    """How many calls of a state are planned for a day and caller."""

    day: date
    caller: str | None
    state: str
    count: int


class FollowUpCounts(Shape, frozen=True):
    """The numbers of a part of the plan."""

    site: str
    level: int
    first: date
    last: date
    counts: list[FollowUpCount]


class OfSite(Received, frozen=True):
    """The site whose plan it is."""

    site: SiteId = ""


class Chosen(Received, frozen=True):
    """Some planned calls of the site, and why they change."""

    ids: Ids
    reason: Reason


class Moving(Received, frozen=True):
    """Where they go: another day, another caller or both."""

    ids: Ids
    reason: Reason
    day: Day | None = None
    caller: Annotated[str, Meta(max_length=64, description=N_("The id of a person; - for whoever takes it"))] | None = (
        None
    )


class ChangedCount(Shape, frozen=True):
    """How many differ now."""

    changed: int


class OfMonth(Received, frozen=True):
    """A month of a site."""

    site: SiteId = ""
    month: MonthText = ""


class MadeCut(Shape, frozen=True):
    """The figures of one occasion, week or caller."""

    key: str
    counts: dict[str, int]


class PlannedAndMade(Shape, frozen=True):
    """What was planned for a month, and what was made of it, cut in three ways."""

    site: str
    month: str
    total: dict[str, int]
    by: dict[Cut, list[MadeCut]]


class WantedCalls(OfMonth, frozen=True):
    """The calls that a figure counts."""

    figure: Made = "due"
    cut: Cut | Literal[""] = ""
    key: Annotated[str, Meta(max_length=64, description=N_("The row of the cut"))] = ""


class FollowUpIds(Shape, frozen=True):
    """Ids of planned calls."""

    ids: list[str]


@FOLLOW_UPS.offers(
    "GET", "/follow-ups", Permission.SEE_PLAN, "plan",
    Told(N_("List planned calls"), N_("By day. Empty where the person's groups do not see calls of this level."),
         refuses=(404,)),
)  # fmt: skip
def list_follow_ups(query: WantedFollowUps) -> FollowUpList:
    """The calls behind the numbers of the plan."""
    page = calls_shown(shown_part(default_day=ALL), query.after)
    if page is None:
        return FollowUpList([], None)
    cases = visible_cases(db.session(), current_person().id, page.rows)
    return FollowUpList([_shape(row, row.instance_id in cases) for row in page.rows], page.next_cursor)


@FOLLOW_UPS.offers(
    "GET", "/follow-ups/counts", Permission.SEE_PLAN, "plan",
    Told(N_("Count planned calls by day, caller and state"), refuses=(404,)),
)  # fmt: skip
def count_follow_ups(query: WantedPart) -> FollowUpCounts:  # noqa: ARG001  # read by `shown_part`
    """The numbers of the plan."""
    shown = shown_part()
    counts = [
        FollowUpCount(one.day, one.caller_id, one.state, one.count) for one in plan_counts(db.session(), shown.whole)
    ]
    return FollowUpCounts(shown.site.id, shown.level, shown.start, shown.last, counts)


@FOLLOW_UPS.offers(
    "POST", "/follow-ups/move", Permission.CHANGE_PLAN, "plan",
    Told(N_("Move planned calls"), N_("All or none. They stay there when the plan is spread again."), refuses=(404,)),
)  # fmt: skip
def move(query: OfSite, body: Moving) -> ChangedCount:  # noqa: ARG001  # read by `chosen_site`
    """Another day or caller."""
    caller = {NOBODY: ""}.get(body.caller or "", body.caller)
    change = Change(day_of(body.day) if body.day else None, caller)
    return ChangedCount(move_follow_ups(db.session(), _site(), body.ids, change, **_why(body.reason)))


@FOLLOW_UPS.offers(
    "POST", "/follow-ups/call-off", Permission.CHANGE_PLAN, "plan",
    Told(N_("Call off planned calls"), N_("All or none."), refuses=(404,)),
)  # fmt: skip
def call_off(query: OfSite, body: Chosen) -> ChangedCount:  # noqa: ARG001
    """Out of the plan."""
    return ChangedCount(call_off_follow_ups(db.session(), _site(), body.ids, **_why(body.reason)))


@FOLLOW_UPS.offers(
    "POST", "/follow-ups/plan-again", Permission.CHANGE_PLAN, "plan",
    Told(N_("Plan skipped calls again"), N_("Those that still may not be made stay skipped."), refuses=(404,)),
)  # fmt: skip
def plan_calls_again(query: OfSite, body: Chosen) -> ChangedCount:  # noqa: ARG001
    """Back into the plan."""
    return ChangedCount(plan_again(db.session(), _site(), body.ids, **_why(body.reason)))


@FOLLOW_UPS.offers(
    "GET", "/follow-ups/made", Permission.SEE_PLAN, "plan",
    Told(N_("Compare planned and made calls of a month"), refuses=(404,)),
)  # fmt: skip
def planned_and_made(query: OfMonth) -> PlannedAndMade:  # noqa: ARG001  # read by `chosen_site` and `month_asked`
    """Due, begun, in time, late, not made, called off; by occasion, week and caller."""
    site, month = chosen_site(), month_asked()
    found, today = calls_of_month(site, month)
    zone = ZoneInfo(site.zone)
    whole = made_rows(found, lambda _: "", today, zone)
    by: Mapping[Any, list[MadeCut]] = {
        cut: [_cut(row) for row in made_rows(found, key, today, zone)] for cut, key in CUTS.items()
    }
    return PlannedAndMade(site.id, str(month), {**whole[0].counts} if whole else {}, {**by})


@FOLLOW_UPS.offers(
    "GET", "/follow-ups/made/calls", Permission.SEE_PLAN, "plan",
    Told(N_("List the calls behind such a figure"), refuses=(404,)),
)  # fmt: skip
def calls_of_figure(query: WantedCalls) -> FollowUpIds:
    """Their ids."""
    return FollowUpIds(calls_behind(chosen_site(), month_asked(), query.figure, query.cut, query.key))


def _site() -> str:
    return chosen_site(Permission.CHANGE_PLAN).id


def _why(reason: str) -> dict[str, Any]:
    return {"reason": reason, "actor": current_actor(), "now": current_time()}


def _cut(row: MadeRow) -> MadeCut:
    return MadeCut(row.key, dict(row.counts))


def _shape(row: Any, is_case_visible: bool) -> FollowUp:
    return FollowUp(
        id=row.id, day=row.planned_on, first_day=row.first_on, last_day=row.latest_on, occasion=row.occasion,
        state=row.state, skip_reason=row.skip_reason, skip_remark=row.skip_remark, caller=row.advisor_id,
        is_fixed=row.is_fixed, case=row.instance_id if is_case_visible else None, order_number=row.order_number,
        customer=row.customer, plate=row.plate, vin=row.vin,
    )  # fmt: skip
