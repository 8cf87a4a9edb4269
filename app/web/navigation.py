"""The navigation at the left of every page: views of the inbox with counts, processes, other places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask import g, request, url_for

from app.extensions import db
from app.i18n import N_
from app.models.display_names import group_names, newest_definition_names, site_names
from app.models.inbox import COUNTED_EXACTLY, VIEWS, View, counts_by_process, counts_for
from app.models.inbox_reader import inbox_reader
from app.models.saved_views import SavedView
from app.models.stand_ins import StandIn
from app.web.administration import my_admin_pages
from app.web.current import current_person, current_time, this_request
from app.web.languages import locale
from app.web.permissions import Permission, is_read_only, permissions_of
from app.web.saved_view_links import address_of, current_saved_view, my_saved_views
from app.web.texts import gettext, ngettext

COLORS = ("teal", "violet", "lime", "orange", "blue", "pink")
FIRST_VIEW: View = "mine"
# view -> icon, name, tone of the count
VIEW_LOOKS: dict[View, tuple[str, str, str]] = {
    "mine": ("inbox", N_("My tasks"), ""),
    "claimable": ("hand", N_("To claim"), ""),
    "overdue": ("triangle-alert", N_("Overdue"), "red"),
    "due_today": ("clock", N_("Due today"), "amber"),
    "sleeping": ("moon", N_("Sleeping"), ""),
    "for_others": ("users", N_("For others"), ""),
    "delegated": ("message-circle-question-mark", N_("Asked others"), ""),
    "started_by_me": ("send", N_("Started by me"), ""),
    "done": ("circle-check", N_("Done"), ""),
}
# The blueprints of customer and vehicle files.
CUSTOMER_PAGES = frozenset({
    "customers", "customer_page", "vehicle_page", "customer_checks", "customer_requests", "customer_duplicates",
})  # fmt: skip
# Shown only where there is something in them: most people never need them.
SELDOM_NEEDED: frozenset[View] = frozenset({"delegated", "for_others"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation; `key` is the view or process it shows, `go` names it for the keyboard."""

    url: str
    name: str
    key: str = ""
    icon: str = ""
    color: str = ""
    count: str = ""
    spoken_count: str = ""
    tone: str = ""
    go: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class MembershipPlace:
    """A site of the person with the groups the person is in there."""

    site: str
    groups: list[str]


@dataclass(frozen=True, slots=True)
class Navigation:
    """Everything the bar at the left shows."""

    views: list[Entry]
    processes: list[Entry]
    places: list[Entry]
    administration: list[Entry]
    memberships: list[MembershipPlace]
    stand_ins: Sequence[StandIn] = ()
    saved: Sequence[Entry] = ()

    @property
    def has_overview(self) -> bool:
        """Whether there is more of the administration than single pages that others may open too."""
        return Permission.ADMINISTER in permissions_of(current_person())


def navigation() -> Navigation:
    """The navigation for the signed-in person, computed once per request."""
    if "navigation" not in g:
        g.navigation = _build()
    found: Navigation = g.navigation
    return found


def current_view() -> View:
    """The view of the inbox that the request's address names; the first one where it names none."""
    asking = this_request()
    asked = asking.args.get("view") or asking.form.get("view")
    return next((view for view in VIEWS if view == asked), FIRST_VIEW)


def process_color(process_key: str) -> str:
    """The colour of a process's dot: the same on every page, whatever processes there are."""
    return COLORS[sha256(process_key.encode()).digest()[0] % len(COLORS)]


def count_text(count: int) -> str:
    """A count as people read it: exact to 1,000, then "1,000+"; nothing for zero."""
    if count > COUNTED_EXACTLY:
        return f"{COUNTED_EXACTLY:,}+"
    return str(count) if count else ""


def _build() -> Navigation:
    person, now = current_person(), current_time()
    reader = inbox_reader(db.session(), person.id, now)
    counts = counts_for(db.session(), reader)
    is_inbox = request.blueprint in ("inbox", "user_tasks")
    view, process_key, saved = current_view(), request.values.get("process"), current_saved_view()
    if is_read_only(person):  # nothing ever waits for somebody who only reads
        return Navigation([], [], list(_places()), list(_administration()), _memberships())
    views = [
        _view_entry(name, counts[name], is_current=is_inbox and name == view and saved is None)
        for name in VIEW_LOOKS
        if counts[name]
        or name not in SELDOM_NEEDED
        or (is_inbox and name == view)
        or (name == "for_others" and reader.stand_ins)
    ]
    by_process = counts_by_process(db.session(), person.id, view, now)
    names = newest_definition_names(db.session(), by_process)
    processes = [
        Entry(
            url=url_for("inbox.index", view=view, process=key),
            name=names[key].process(locale()) if key in names else key,
            key=key,
            color=process_color(key),
            count=count_text(count),
            spoken_count=_spoken(count),
            is_current=is_inbox and key == process_key and saved is None,
        )
        for key, count in by_process.items()
    ]
    administration, memberships = list(_administration()), _memberships()
    kept = [_saved_entry(one, counts, is_current=is_inbox and one == saved) for one in my_saved_views()]
    return Navigation(views, processes, list(_places()), administration, memberships, reader.stand_ins, kept)


def _saved_entry(saved: SavedView, counts: Mapping[View, int], *, is_current: bool) -> Entry:
    """With the count of its view where it is no more than that: others would have to be counted one by one."""
    is_counted = not saved.process_key and not saved.search and saved.view != "done"
    count = counts.get(saved.view, 0) if is_counted else 0
    return Entry(
        url=address_of(saved),
        name=saved.name,
        icon="users" if saved.group_id else "list-filter",
        count=count_text(count),
        spoken_count=_spoken(count),
        is_current=is_current,
    )


def _view_entry(view: View, count: int, *, is_current: bool) -> Entry:
    icon, name, tone = VIEW_LOOKS[view]
    shown = count if view != "done" else 0
    return Entry(
        url=url_for("inbox.index", view=view),
        name=gettext(name),
        key=view,
        icon=icon,
        count=count_text(shown),
        spoken_count=_spoken(shown),
        tone=tone,
        go="inbox" if view == FIRST_VIEW else "",
        is_current=is_current,
    )


def _spoken(count: int) -> str:
    return ngettext("%(num)d task", "%(num)d tasks", count)


def _places() -> Iterable[Entry]:
    is_here = request.blueprint
    yield Entry(url_for("cases.index"), gettext("Cases"), icon="folder-open", go="cases", is_current=is_here == "cases")
    allowed = permissions_of(current_person())
    if Permission.SEE_DASHBOARD in allowed:
        is_current = is_here == "dashboard"
        yield Entry(url_for("dashboard.show"), gettext("Dashboard"), icon="layout-dashboard", is_current=is_current)
    if Permission.READ_REPORTS in allowed:
        yield Entry(
            url_for("follow_up_reports.show"),
            gettext("Follow-up reports"),
            icon="chart-column",
            is_current=is_here == "follow_up_reports",
        )
        monthly = url_for("monthly_reports.index")
        yield Entry(monthly, gettext("Monthly reports"), icon="file-text", is_current=is_here == "monthly_reports")
    if Permission.CALL_CUSTOMERS in allowed:
        is_calling = (is_here or "").startswith("call_")
        is_queue = is_here == "call_queue"
        yield Entry("/calls", gettext("Today's calls"), icon="phone", is_current=is_queue)
        is_preparing = is_calling and not is_queue
        yield Entry("/calls/preparation", gettext("Prepare calls"), icon="list-checks", is_current=is_preparing)
    if Permission.EDIT_QUESTIONNAIRES in allowed:
        is_editing = is_here == "questionnaires"
        yield Entry("/questionnaires", gettext("Questionnaires"), icon="list-checks", is_current=is_editing)
    if Permission.READ_CUSTOMERS in allowed:
        yield Entry("/customers", gettext("Customers"), icon="id-card", is_current=is_here in CUSTOMER_PAGES)
    if Permission.SEE_PLAN in allowed:
        is_plan = request.path == "/plan" or request.path.startswith("/plan/")
        yield Entry("/plan", gettext("Follow-up plan"), icon="calendar-check", is_current=is_plan)
    elif Permission.USE_LISTS in allowed:
        is_list = is_here == "follow_up_lists"
        yield Entry("/plan/lists", gettext("Lists to pick from"), icon="list-checks", is_current=is_list)
    if Permission.IMPORT_VISITS in allowed:
        yield Entry("/imports", gettext("Imports"), icon="file-up", is_current=is_here == "imports")
    if Permission.CHANGE_CASES in allowed:
        yield Entry("/incidents", gettext("Incidents"), icon="triangle-alert", is_current=is_here == "incidents")
        yield Entry("/definitions", gettext("Processes"), icon="workflow", is_current=is_here == "definitions")


def _administration() -> Iterable[Entry]:
    for page in my_admin_pages():
        is_here = request.path == page.url or request.path.startswith(f"{page.url}/")
        yield Entry(page.url, gettext(page.name), icon=page.icon, is_current=is_here)


def _memberships() -> list[MembershipPlace]:
    memberships = sorted(current_person().memberships)
    groups = group_names(db.session(), {group for group, _ in memberships}, locale())
    sites = site_names(db.session(), {site for _, site in memberships})
    return [
        MembershipPlace(name, [groups.get(group, group) for group, at in memberships if at == site])
        for site, name in sorted(sites.items(), key=lambda pair: pair[1])
    ]
