"""The inbox: the list of user tasks by view, and its pieces for live refresh and further pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.extensions import db
from app.models.inbox import View, inbox_page
from app.models.saved_views import SavedView, start_view
from app.web.answers import wants_partial
from app.web.current import current_person, current_time
from app.web.inbox_rows import RowContext, RowGroup, group_rows
from app.web.languages import locale
from app.web.navigation import VIEW_LOOKS, Entry, current_view, navigation
from app.web.permissions import Permission, is_read_only, requires
from app.web.saved_view_links import address_of, current_saved_view, may_change
from app.web.searched_words import searched_words
from app.web.stale_notice import stale_notice
from app.web.texts import gettext, ngettext

blueprint = Blueprint("inbox", __name__)

PAGE = 50
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EmptyState:
    """What an empty list says, and where to go instead."""

    icon: str
    title: str
    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class InboxList:
    """The list pane."""

    view: View
    title: str
    total_text: str
    search: str | None
    groups: list[RowGroup]
    chips: list[Entry]
    more_url: str | None
    more_rows_url: str | None
    refresh_url: str
    without_search_url: str
    saved_url: str  # to change the saved view that is shown, or to save what is shown
    is_saved: bool
    several_url: str
    empty: EmptyState | None  # where there are rows


@blueprint.get("/")
@requires(Permission.WORK)
def home() -> Response:
    """The page to begin with: the inbox with the view the person chose, for auditors the cases."""
    if is_read_only(current_person()):
        return redirect(url_for("cases.index"))
    chosen = start_view(db.session(), current_person().id)
    return redirect(address_of(chosen) if chosen else url_for("inbox.index"))


@blueprint.get("/inbox")
@requires(Permission.WORK)
def index() -> str:
    """A view of the inbox; nothing is open beside it yet."""
    return render_template("inbox/page.html", inbox=inbox_list(), detail=None)


@blueprint.get("/inbox/rows")
@requires(Permission.WORK)
def rows() -> str | Response:
    """The rows alone: the next page (`after`), or the shown ones afresh together with the counts."""
    if not wants_partial():
        return redirect(url_for("inbox.index", **_asked()))
    if request.args.get("after"):
        return render_template("inbox/_rows.html", inbox=inbox_list())
    stale = stale_notice(request.args.get("open"), request.args.get("revision", type=int))
    return render_template("inbox/_refresh.html", inbox=inbox_list(open_id=request.args.get("open")), stale=stale)


def inbox_list(open_id: str | None = None) -> InboxList:
    """The list pane that the request's address asks for; `open_id` is the user task open beside it."""
    person, now, view = current_person(), current_time(), current_view()
    process_key, search = request.args.get("process"), searched_words() or None
    shown = min(max(request.args.get("shown", PAGE, type=int), PAGE), MOST_SHOWN)
    page = inbox_page(
        db.session(),
        person.id,
        view,
        now=now,
        process_key=process_key,
        search=search,
        after=request.args.get("after"),
        limit=shown,
    )
    context = RowContext(view, process_key, person.id, open_id, now, person.zone, locale())
    saved = current_saved_view()
    wanted: dict[str, Any] = {"view": view, "process": process_key, "q": search, "saved": saved.id if saved else None}
    following = {**wanted, "after": page.next_cursor}
    return InboxList(
        view=view,
        title=saved.name if saved else gettext(VIEW_LOOKS[view][1]),
        total_text=_total(view, len(page.rows), is_all=not (page.next_cursor or process_key or search)),
        search=search,
        groups=group_rows(page.rows, context, has_more=page.next_cursor is not None),
        chips=_chips(view, process_key),
        more_url=url_for("inbox.index", **following) if page.next_cursor else None,
        more_rows_url=url_for("inbox.rows", **following) if page.next_cursor else None,
        refresh_url=url_for("inbox.rows", **wanted),
        without_search_url=url_for("inbox.index", view=view, process=process_key),
        saved_url=_saved_url(saved, wanted),
        is_saved=saved is not None,
        several_url=url_for("inbox_several.index", view=view, process=process_key, q=search),
        empty=None if page.rows else _empty_state(view, search),
    )


def _saved_url(saved: SavedView | None, wanted: dict[str, Any]) -> str:
    if saved is None:
        return "" if is_read_only(current_person()) else url_for("saved_views.new", **wanted)
    return url_for("saved_views.edit", view_id=saved.id) if may_change(saved) else ""


def _asked() -> dict[str, Any]:
    return dict(request.args)


def _total(view: View, shown: int, *, is_all: bool) -> str:
    """How many there are; where only a part is shown, the count of the whole view from the navigation."""
    if is_all:
        return ngettext("%(num)d task", "%(num)d tasks", shown)
    count = next((entry.count for entry in navigation().views if entry.key == view), "")
    return gettext("%(shown)d of %(count)s", shown=shown, count=count) if count else str(shown)


def _chips(view: View, process_key: str | None) -> list[Entry]:
    processes = navigation().processes
    if len(processes) < 2 and not process_key:
        return []
    everything = Entry(url_for("inbox.index", view=view), gettext("All"), is_current=not process_key)
    return [everything, *processes]


def _empty_state(view: View, search: str | None) -> EmptyState:
    if search:
        return EmptyState(
            "search",
            gettext("Nothing found in this list"),
            gettext("Cases that are closed or with other people are found among all cases."),
            url_for("cases.index", q=search, state="all"),
            gettext("Search all cases"),
        )
    return _EMPTY_STATES[view]()


def _nothing_mine() -> EmptyState:
    return EmptyState(
        "inbox", gettext("Nothing waits for you"), gettext("Take something from what your groups may do."),
        url_for("inbox.index", view="claimable"), gettext("See what is to claim"),
    )  # fmt: skip


def _nothing_due_today() -> EmptyState:
    return EmptyState(
        "clock", gettext("Nothing is due today"), gettext("A good moment for what is due later."),
        url_for("inbox.index", view="mine"), gettext("See my tasks"),
    )  # fmt: skip


_EMPTY_STATES: Mapping[View, Callable[[], EmptyState]] = {
    "mine": _nothing_mine,
    "claimable": lambda: EmptyState(
        "hand", gettext("Nothing to claim"), gettext("Everything your groups may do is in somebody's hands.")
    ),
    "overdue": lambda: EmptyState("circle-check", gettext("Nothing is overdue"), gettext("Everything is on time.")),
    "due_today": _nothing_due_today,
    "sleeping": lambda: EmptyState(
        "moon", gettext("Nothing is sleeping"),
        gettext("Tasks with an appointment sleep here and wake up in time by themselves."),
    ),
    "for_others": lambda: EmptyState(
        "users", gettext("Nothing to do for others"),
        gettext("What those have or may claim for whom you stand in is listed here."),
    ),
    "delegated": lambda: EmptyState(
        "circle-check", gettext("No answer is owed to you"),
        gettext("Tasks you delegate to somebody for an answer wait here until it is given."),
    ),
    "started_by_me": lambda: EmptyState(
        "send", gettext("No open task in a case you started"),
        gettext("When you start a process you can follow here where it is."),
    ),
    "done": lambda: EmptyState(
        "circle-check", gettext("Nothing done yet"), gettext("What you submit is listed here.")
    ),
}  # fmt: skip
