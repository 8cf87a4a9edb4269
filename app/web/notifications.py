"""What the person is told: the bell in the top bar and the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models.display_names import definition_names
from app.models.notification_list import MOST_COUNTED, notification_page, notifications_by_id, unread_count
from app.operations.notification_kinds import KIND_BY_KEY, SHOWN_BY_DEFAULT
from app.operations.notification_words import NotificationWords, words_of
from app.operations.notifications import mark_all_read, mark_read
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale
from app.web.people_names import actor_names
from app.web.permissions import signed_in

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")


@dataclass(frozen=True, slots=True)
class ShownNotification:
    """A line of the list."""

    id: str
    icon: str
    words: NotificationWords
    when: HumanTime
    is_unread: bool


@blueprint.get("")
@signed_in
def index() -> str:
    """All that the person was told, the newest first."""
    page = notification_page(db.session(), current_person().id, SHOWN_BY_DEFAULT, after=request.args.get("after"))
    more = url_for("notifications.index", after=page.next_cursor) if page.next_cursor else ""
    return render_template("notifications/list.html", shown=_shown(page.rows), more_url=more)


@blueprint.get("/bell")
@signed_in
def bell() -> str:
    """The number at the bell; asked for by the page itself, so that no other page waits for it."""
    count = unread_count(db.session(), current_person().id, SHOWN_BY_DEFAULT)
    text = f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
    return render_template("notifications/_bell.html", count=count, text=text)


@blueprint.post("/<notification_id>/open")
@signed_in
def follow(notification_id: str) -> ResponseReturnValue:
    """Read one, and go where it leads."""
    rows = notifications_by_id(db.session(), current_person().id, [notification_id])
    if not rows:
        raise NotFound(N_("This notification does not exist."))
    mark_read(db.session(), notification_id, actor=current_actor(), now=current_time())
    return redirect(_shown(rows)[0].words.link, 303)


@blueprint.post("/<notification_id>/read")
@signed_in
def read(notification_id: str) -> ResponseReturnValue:
    """Read one and stay in the list."""
    mark_read(db.session(), notification_id, actor=current_actor(), now=current_time())
    return redirect(url_for("notifications.index"), 303)


@blueprint.post("/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Read all that was there when the list was shown."""
    mark_all_read(db.session(), request.form.get("newest", ""), actor=current_actor(), now=current_time())
    return redirect(url_for("notifications.index"), 303)


def _shown(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ShownNotification]:
    people = actor_names({row.actor_id for row in rows})
    names = definition_names(db.session(), {row.definition_id for row in rows if row.definition_id})
    now, zone = current_time(), current_person().zone
    return [
        ShownNotification(
            id=row.id,
            icon=KIND_BY_KEY[row.kind].icon,
            words=words_of(row, people, names, locale()),
            when=describe_moment(row.created_at, now, zone, locale()),
            is_unread=row.read_at is None,
        )
        for row in rows
    ]
