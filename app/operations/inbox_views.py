"""Views of the inbox that people save under a name, share with a group of their site, and begin with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed
from app.i18n import N_
from app.identifiers import new_id
from app.models import SavedFilter, User
from app.models.inbox import VIEWS
from app.models.saved_views import saved_views, sharing_of
from app.models.substitution_list import process_keys
from app.operations.actor import Actor
from app.operations.administration import ADMINISTRATORS
from app.operations.authority import LEADERS, groups_at, refuse_auditor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.saved_filters import FilterNotFound, checked_name, forget_filter, refuse_too_many
from app.operations.staffing import staffed_among
from app.operations.users import record_of_user

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class ViewContent:
    """What is saved: one of VIEWS, perhaps of one process, perhaps the words of a search.

    shared_with: (group, site) whose members see it too; nobody else where it is None.
    """

    name: str
    view: str
    process_key: str | None = None
    search: str = ""
    shared_with: tuple[str, str] | None = None


def save_view(session: Session, content: ViewContent, *, actor: Actor, now: datetime) -> str:
    """Save a new view of who acts; returns its id. Raises InvalidInput, NotAllowed, TooManyFilters."""
    refuse_too_many(session, actor)
    saved = SavedFilter(id=new_id(), owner_id=actor.user_id, saved_at=now, query="{}", properties="{}")
    _fill(session, saved, content, actor)
    session.add(saved)
    session.flush()
    _tell(session, saved, sharing_of(saved), actor, now)
    return saved.id


def change_view(session: Session, view_id: str, content: ViewContent, *, actor: Actor, now: datetime) -> None:
    """Give a view another name, content or group. Raises FilterNotFound, InvalidInput, NotAllowed."""
    saved = _changeable(session, view_id, actor)
    before = sharing_of(saved)
    _fill(session, saved, content, actor)
    saved.saved_at = now
    session.flush()
    after = sharing_of(saved)
    _tell(session, saved, after or before, actor, now, is_over=after is None)


def delete_view(session: Session, view_id: str, *, actor: Actor, now: datetime) -> None:
    """Throw a view away; whoever began with it begins with their own tasks again. Raises FilterNotFound, NotAllowed."""
    saved = _changeable(session, view_id, actor)
    _tell(session, saved, sharing_of(saved), actor, now, is_over=True, private="filter_deleted")
    forget_filter(session, saved)


def begin_with(session: Session, view_id: str | None, *, actor: Actor, now: datetime) -> None:
    """Have who acts begin with a view; None: with their own tasks again. Raises FilterNotFound."""
    if view_id is not None and view_id not in {view.id for view in saved_views(session, actor.user_id)}:
        raise FilterNotFound
    session.execute(update(User).where(User.id == actor.user_id).values(start_filter_id=view_id))
    record_of_user(session, "start_view_chosen", actor.user_id, actor, now, filter=view_id)


def _changeable(session: Session, view_id: str, actor: Actor) -> SavedFilter:
    """One's own, or for an administrator of the site a shared one; strangers do not learn that it exists."""
    query = select(SavedFilter).where(SavedFilter.id == view_id, SavedFilter.view.is_not(None))
    saved = session.scalars(query.with_for_update()).one_or_none()
    if saved is None:
        raise FilterNotFound
    if saved.owner_id == actor.user_id:
        return saved
    groups = groups_at(session, actor.user_id, saved.site_id) if saved.site_id else frozenset()
    refuse_auditor(groups)
    if ADMINISTRATORS in groups:
        return saved
    if saved.group_id in groups:
        raise NotAllowed(N_("Only its owner and administrators of the site may change this view."))
    raise FilterNotFound


def _fill(session: Session, saved: SavedFilter, content: ViewContent, actor: Actor) -> None:
    if content.shared_with and content.shared_with != sharing_of(saved):
        _require_may_share(session, content.shared_with, actor)
    if content.view not in VIEWS:
        text = N_("Choose one of the views of the inbox.")
        raise InvalidInput(text, fields={"view": text})
    if content.process_key and content.process_key not in process_keys(session):
        text = N_("This process does not exist (any more).")
        raise InvalidInput(text, fields={"process": text})
    if len(content.search) > LONGEST_SEARCH:
        text = N_("Search for fewer words: 200 characters at most.")
        raise InvalidInput(text, fields={"words": text})
    saved.name, saved.view, saved.process_key = checked_name(content.name), content.view, content.process_key or None
    saved.search = content.search.strip()
    saved.group_id, saved.site_id = content.shared_with or (None, None)


def _require_may_share(session: Session, shared_with: tuple[str, str], actor: Actor) -> None:
    group_id, site_id = shared_with
    groups = groups_at(session, actor.user_id, site_id)
    refuse_auditor(groups)
    if not groups & LEADERS:
        raise NotAllowed(N_("Only who leads at the site may share a view there."))
    if not staffed_among(session, {group_id}, site_id):
        text = N_("Nobody at this site is in the group “%(group)s”.")
        raise InvalidInput(text, fields={"shared_with": text}, group=group_id[:80])


def _tell(
    session: Session,
    saved: SavedFilter,
    shared_with: tuple[str, str] | None,
    actor: Actor,
    now: datetime,
    *,
    is_over: bool = False,
    private: str = "filter_saved",
) -> None:
    """Shared views are part of how a site works; private ones are nobody else's concern.

    Neither name nor words go into the history, which keeps everything: they may name a customer.
    """
    if shared_with is None:
        record_of_user(session, private, saved.owner_id, actor, now, filter=saved.id)
        return
    group_id, site_id = shared_with
    body = {
        "filter": saved.id, "user": saved.owner_id, "view": saved.view, "group": group_id,
        "processes": [saved.process_key] if saved.process_key else [],
    }  # fmt: skip
    kind = "inbox_view_withdrawn" if is_over else "inbox_view_shared"
    append_events(session, CONFIGURATION_STREAM, [Event(kind, body)], actor=actor, now=now, site_id=site_id)
