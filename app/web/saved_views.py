"""Saved views of the inbox: kept under a name, shared, changed, deleted, and chosen to begin with."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.display_names import newest_definition_names
from app.models.saved_views import SavedView, groups_with_members, sharing_of, start_view, views_shared_at
from app.operations.administration import ADMINISTRATORS
from app.operations.authority import LEADERS
from app.operations.inbox_views import ViewContent, begin_with, change_view, delete_view, save_view
from app.operations.saved_filters import FilterNotFound
from app.web.current import current_actor, current_person, current_time
from app.web.group_places import names_of_groups_at
from app.web.languages import locale
from app.web.navigation import VIEW_LOOKS, current_view
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, requires
from app.web.saved_view_links import address_of, may_change, my_saved_views
from app.web.substitution_views import process_choices
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("saved_views", __name__, url_prefix="/inbox/views")

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownView:
    """A line of the list."""

    id: str
    name: str
    url: str
    what: str
    group: str
    owner: str
    can_change: bool
    can_start: bool
    is_start: bool


@blueprint.get("")
@requires(Permission.WORK)
def index() -> str:
    """All that the person sees, and for administrators what is shared at their sites."""
    return render_template("inbox/views.html", views=_shown(_listed(), can_start={one.id for one in my_saved_views()}))


@blueprint.get("/new")
@requires(Permission.WORK)
def new() -> ResponseReturnValue:
    """The form to save what the address asks."""
    return _page(None)


@blueprint.post("")
@requires(Permission.WORK)
def create() -> ResponseReturnValue:
    """Save it."""
    refusal = attempt(lambda: save_view(db.session(), _content(), actor=current_actor(), now=current_time()))
    return answer_form(refusal, gettext("The view is saved."), url_for(".index"), lambda refused: _page(None, refused))


@blueprint.get("/<view_id>")
@requires(Permission.WORK)
def edit(view_id: str) -> ResponseReturnValue:
    """The form to change one."""
    return _page(_changeable(view_id))


@blueprint.post("/<view_id>")
@requires(Permission.WORK)
def change(view_id: str) -> ResponseReturnValue:
    """Give it another name, content or group."""
    saved = _changeable(view_id)
    refusal = attempt(lambda: change_view(db.session(), view_id, _content(), actor=current_actor(), now=current_time()))
    return answer_form(refusal, gettext("The view is saved."), url_for(".index"), lambda refused: _page(saved, refused))


@blueprint.post("/<view_id>/delete")
@requires(Permission.WORK)
def delete(view_id: str) -> ResponseReturnValue:
    """Throw it away."""
    delete_view(db.session(), view_id, actor=current_actor(), now=current_time())
    return _done(gettext("The view is deleted."))


@blueprint.post("/<view_id>/start")
@requires(Permission.WORK)
def start(view_id: str) -> ResponseReturnValue:
    """Begin with it, or not any more."""
    is_wanted = not is_ticked("no")
    begin_with(db.session(), view_id if is_wanted else None, actor=current_actor(), now=current_time())
    text = gettext("You begin with this view from now on.") if is_wanted else gettext("You begin with your own tasks.")
    return _done(text)


def _done(text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for(".index"), 303)


def _listed() -> list[SavedView]:
    seen = my_saved_views()
    administered = views_shared_at(db.session(), current_person().sites_in({ADMINISTRATORS}))
    return [*seen, *(one for one in administered if one not in seen)]


def _changeable(view_id: str) -> SavedView:
    found = next((one for one in _listed() if one.id == view_id and may_change(one)), None)
    if found is None:
        raise FilterNotFound
    return found


def _content() -> ViewContent:
    group, _, site = typed("shared_with").partition(" ")
    shared_with = (group, site) if group and site else None
    return ViewContent(typed("name"), typed("view"), typed("process") or None, typed("words"), shared_with)


def _page(saved: SavedView | None, refusal: AppError | None = None) -> ResponseReturnValue:
    asked = request.args
    stored: dict[str, str | list[str] | None] = (
        {
            "name": saved.name, "view": saved.view, "process": saved.process_key or "", "words": saved.search,
            "shared_with": " ".join(sharing_of(saved) or ()),
        }
        if saved
        else {"view": current_view(), "process": asked.get("process", ""), "words": asked.get("q", "")}
    )  # fmt: skip
    form = TypedForm(stored, refusal)
    text = render_template(
        "inbox/save_view.html",
        form=form,
        saved=saved,
        views=[(key, gettext(look[1])) for key, look in VIEW_LOOKS.items()],
        processes=[("", gettext("All")), *((one.key, one.name) for one in process_choices())],
        sharing=_sharing(saved),
    )
    return text, form.status


def _sharing(saved: SavedView | None) -> Choices:
    """With whom it can be shared: the groups of the sites where the person leads, and as it is now."""
    led = current_person().sites_in(LEADERS)
    pairs = groups_with_members(db.session(), led) if led else []
    now = sharing_of(saved) if saved else None
    if now and now not in pairs:
        pairs.append(now)
    return [(" ".join(pair), name) for pair, name in zip(pairs, names_of_groups_at(pairs), strict=True)]


def _shown(views: list[SavedView], can_start: set[str]) -> list[ShownView]:
    processes = newest_definition_names(db.session(), {one.process_key for one in views if one.process_key})
    people = actor_names({one.owner_id for one in views})
    begun = start_view(db.session(), current_person().id)
    pairs = dict.fromkeys(pair for one in views if (pair := sharing_of(one)))
    groups = dict(zip(pairs, names_of_groups_at(pairs), strict=True))
    return [
        ShownView(
            id=one.id,
            name=one.name,
            url=address_of(one) if one.id in can_start else "",
            what=_what(one, processes[one.process_key].process(locale()) if one.process_key in processes else ""),
            group=groups[pair] if (pair := sharing_of(one)) else "",
            owner="" if one.owner_id == current_person().id else name_of(one.owner_id, people),
            can_change=may_change(one),
            can_start=one.id in can_start,
            is_start=begun is not None and begun.id == one.id,
        )
        for one in views
    ]


def _what(saved: SavedView, process_name: str) -> str:
    looks: dict[str, str] = {key: gettext(look[1]) for key, look in VIEW_LOOKS.items()}
    words = gettext("search: %(words)s", words=saved.search) if saved.search else ""
    parts = (looks.get(saved.view, saved.view), process_name or saved.process_key or "", words)
    return " · ".join(part for part in parts if part)
