"""An employee leaves: what is open in the person's name, who gets it, and what became of each piece."""

import json

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import HandOver, User
from app.models.display_names import definition_names
from app.models.open_work import (
    groups_left_empty,
    hand_over_counts,
    hand_over_rows,
    open_work,
)
from app.models.people import find_person, people_at
from app.operations.administration import sites_of_account
from app.operations.hand_overs import hand_over_work
from app.operations.memberships import memberships_of
from app.web.admin.reach import my_sites, person_at_my_sites
from app.web.current import current_actor, current_person, current_time
from app.web.element_names import element_name
from app.web.group_places import names_of_groups_at
from app.web.human_times import describe_moment
from app.web.languages import locale
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, attempt, typed

blueprint = Blueprint("hand_overs", __name__, url_prefix="/admin")


@blueprint.get("/users/<user_id>/hand-over")
@requires(Permission.ADMINISTER)
def form(user_id: str) -> ResponseReturnValue:
    """What is open, before anything happens."""
    return _page(person_at_my_sites(user_id))


@blueprint.post("/users/<user_id>/hand-over")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def order(user_id: str) -> ResponseReturnValue:
    """Close the account and have everything handed over."""
    person_at_my_sites(user_id)
    ordered: list[str] = []

    def action() -> None:
        hand_over_id = hand_over_work(
            db.session(), user_id, successor_id=typed("successor") or None, reason=typed("reason"),
            actor=current_actor(), now=current_time(),
        )  # fmt: skip
        ordered.append(hand_over_id)

    refusal = attempt(action)
    if refusal:
        return _page(person_at_my_sites(user_id), refusal)
    flash(gettext("The account is closed. The open work is handed over one by one."))
    return redirect(url_for("hand_overs.show", hand_over_id=ordered[0]), 303)


@blueprint.get("/hand-overs/<hand_over_id>")
@requires(Permission.ADMINISTER)
def show(hand_over_id: str) -> ResponseReturnValue:
    """What became of each user task."""
    found = db.session.get(HandOver, hand_over_id)
    memberships = [text.partition("@")[::2] for text in json.loads(found.memberships)] if found else []
    at = {site for _, site in memberships}
    if found is None or not (at & my_sites() or find_person(db.session(), found.user_id, my_sites())):
        raise NotFound(N_("This does not exist, or you may not see it."))
    person, now = current_person(), current_time()
    rows = hand_over_rows(db.session(), hand_over_id, person.id)
    names = definition_names(db.session(), {row.definition_id for row in rows})
    people = actor_names({found.user_id, found.successor_id, found.ordered_by, *(row.to_id for row in rows)})
    return render_template(
        "admin/hand_over_result.html",
        order=found,
        rows=[(row, element_name(names[row.definition_id], row.element_id) or row.name) for row in rows],
        counts=hand_over_counts(db.session(), hand_over_id),
        name_of=lambda user_id: name_of(user_id, people),
        refusals={row.user_task_id: _refusal(row.refusal) for row in rows},
        groups=names_of_groups_at(memberships),
        when=describe_moment(found.ordered_at, now, person.zone, locale()),
    )


def _page(user: User, refusal: AppError | None = None) -> ResponseReturnValue:
    session, sites = db.session(), my_sites()
    own = sites_of_account(session, user)
    empty = groups_left_empty(session, user.id)
    labels = names_of_groups_at((group, site) for group, site, _count in empty)
    shown = TypedForm({}, refusal)
    text = render_template(
        "admin/hand_over.html",
        user=user,
        form=shown,
        work=open_work(session, user.id, current_time()),
        groups=names_of_groups_at(sorted(memberships_of(session, user.id))),
        empty=list(zip(labels, (count for _group, _site, count in empty), strict=True)),
        successors=[one for one in people_at(session, own & sites) if one[0] != user.id],
        may_do_it=own <= sites and user.id != current_person().id,
    )
    return text, shown.status


def _refusal(text: str) -> str:
    found = json.loads(text)
    return gettext(found[0], **found[1]) if found else ""
