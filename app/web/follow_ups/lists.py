"""Lists that customers are picked from: supplied, sampled, confirmed (B2.四.3-4)."""

import secrets
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import FollowUpList, Site
from app.models.follow_up_candidates import entries_of, newest_lists
from app.operations.authority import groups_at
from app.operations.follow_up_authority import PICKERS, SUPPLIERS, lists_seen
from app.operations.follow_up_due_lists import list_days
from app.operations.follow_up_lists import LEVEL_SAMPLED, LISTED, ListFilter, add_orders, locked_list, supply_list
from app.operations.follow_up_picks import confirm_list, pick_at_random, pick_by_hand, withdraw_list
from app.operations.follow_up_settings import plan_settings
from app.web.current import current_actor, current_day, current_person, current_time
from app.web.follow_ups import words
from app.web.follow_ups.due import due_lines
from app.web.follow_ups.grid import short_day
from app.web.follow_ups.shown import chosen_site, day_of, plan_sites
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, is_read_only, permissions_of, requires
from app.web.texts import gettext, ngettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("follow_up_lists", __name__, url_prefix="/plan/lists")
NEWEST, LARGEST_SEED = 30, 1_000_000


@blueprint.get("")
@requires(Permission.USE_LISTS)
def index() -> ResponseReturnValue:
    """The lists of a site and the form to supply one."""
    return _index_page(chosen_site(Permission.USE_LISTS))


@blueprint.post("")
@requires(Permission.USE_LISTS)
def supply() -> ResponseReturnValue:
    """Supply a list."""
    site, made = chosen_site(Permission.USE_LISTS), []
    refusal = attempt(
        lambda: made.append(
            supply_list(
                db.session(), site.id, typed("occasion"), _typed_filter(), actor=current_actor(), now=current_time()
            )
        )
    )
    url = url_for("follow_up_lists.show", list_id=made[0].id) if made else ""
    return answer_form(refusal, gettext("The list is supplied."), url, lambda why: _index_page(site, why))


@blueprint.get("/<list_id>")
@requires(Permission.USE_LISTS)
def show(list_id: str) -> ResponseReturnValue:
    """The visits of a list, and what is picked."""
    return _page(_existing(list_id))


@blueprint.post("/<list_id>")
@requires(Permission.USE_LISTS)
def change(list_id: str) -> ResponseReturnValue:
    """Add orders, draw a sample, pick by hand, confirm, or withdraw."""
    listed, done = _existing(list_id), []
    refusal = attempt(lambda: done.append(_act(list_id, request.form.get("action", ""))))
    url = url_for("follow_up_lists.show", list_id=list_id)
    return answer_form(refusal, done[0] if done else "", url, lambda why: _page(listed, why))


def _act(list_id: str, action: str) -> str:
    """Do it and return what to say."""
    session, actor, now = db.session(), current_actor(), current_time()
    if action == "add":
        added = add_orders(session, locked_list(session, list_id), _orders(), typed("ground"), actor=actor, now=now)
        return ngettext("%(num)d visit added.", "%(num)d visits added.", added)
    if action == "draw":
        drawn = pick_at_random(session, list_id, _count(), _seed(), actor=actor, now=now)
        return ngettext("%(num)d visit drawn.", "%(num)d visits drawn.", drawn)
    if action == "withdraw":
        withdraw_list(session, list_id, reason=typed("reason"), actor=actor, now=now)
        return gettext("The list is withdrawn.")
    if action not in ("pick", "confirm"):
        raise InvalidInput(N_("Choose what to do with the list."))
    marks = (pair for pair in request.form.items() if pair[0].startswith("ground-"))
    grounds = {name.removeprefix("ground-"): value for name, value in marks}
    pick_by_hand(session, list_id, request.form.getlist("id"), grounds, actor=actor, now=now)
    if action == "pick":
        return gettext("The choice is kept.")
    states = confirm_list(session, list_id, actor=actor, now=now)
    return ngettext("%(num)d call planned.", "%(num)d calls planned.", states["planned"])


def _typed_filter() -> ListFilter:
    return ListFilter(
        _day("first_day"), _day("last_day"), _amount("amount_from"), typed("words"), tuple(_orders()),
    )  # fmt: skip


def _day(name: str) -> date:
    try:
        return day_of(typed(name))
    except InvalidInput as error:
        raise InvalidInput(error.msgid, fields={name: error.msgid}, **error.params) from error


def _amount(name: str) -> Decimal | None:
    if not typed(name):
        return None
    try:
        return Decimal(typed(name)).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        refusal = N_("Type an amount such as 5000.")
        raise InvalidInput(refusal, fields={name: refusal}) from error


def _orders() -> list[str]:
    """Order numbers, one a line or with commas between them; each once, in their order."""
    text = typed("order_numbers").replace(",", " ").replace("，", " ").replace("、", " ")
    return list(dict.fromkeys(text.split()))


def _count() -> int:
    refusal = N_("Type how many to draw.")
    if not typed("count").isdecimal():
        raise InvalidInput(refusal, fields={"count": refusal})
    return int(typed("count")[:6])


def _seed() -> int:
    """The seed that was typed, so that a sample can be drawn again, or a new one."""
    if not typed("seed"):
        return secrets.randbelow(LARGEST_SEED)
    if not typed("seed").isdecimal() or int(typed("seed")[:9]) >= LARGEST_SEED:
        refusal = N_("A seed is a number below 1,000,000.")
        raise InvalidInput(refusal, fields={"seed": refusal})
    return int(typed("seed"))


def _existing(list_id: str) -> FollowUpList:
    found = db.session.get(FollowUpList, list_id)
    if found is None or found.occasion not in lists_seen(db.session(), current_person().id, found.site_id):
        raise NotFound(N_("There is no such list."))
    return found


def _may(site_id: str, allowed: frozenset[str]) -> bool:
    person = current_person()
    return not is_read_only(person) and bool(groups_at(db.session(), person.id, site_id) & allowed)


def _index_page(site: Site, refusal: AppError | None = None) -> ResponseReturnValue:
    may_supply = [key for key in LISTED if _may(site.id, SUPPLIERS[key])]
    asked = request.args.get("occasion", "")
    first, last = list_days(asked if asked in LISTED else next(iter(LISTED)), current_day(current_person().zone))
    form = TypedForm({"occasion": asked, "first_day": first.isoformat(), "last_day": last.isoformat()}, refusal)
    lists = newest_lists(db.session(), site.id, lists_seen(db.session(), current_person().id, site.id), NEWEST)
    text = render_template(
        "plan/lists.html",
        site=site,
        form=form,
        lists=lists,
        due=due_lines(site),
        names=actor_names(one.supplied_by for one in lists),
        name_of=name_of,
        occasions=LISTED,
        choices=[(key, gettext(LISTED[key].label)) for key in may_supply],
        sites=plan_sites(Permission.USE_LISTS),
        **_common(),
    )
    return text, form.status


def _page(listed: FollowUpList, refusal: AppError | None = None) -> ResponseReturnValue:
    rows = entries_of(db.session(), listed.id)
    settings = plan_settings(db.session(), listed.site_id)
    form = TypedForm({"count": str(min(settings.sample_size, len(rows)))}, refusal)
    is_open = listed.state == "supplied"
    text = render_template(
        "plan/list.html",
        listed=listed,
        site=db.session.get_one(Site, listed.site_id),
        form=form,
        rows=rows,
        ticked=set(form.chosen("id")) if refusal else {row.visit_id for row in rows if row.picked},
        occasion=LISTED[listed.occasion],
        is_of_calls=LISTED[listed.occasion].level == LEVEL_SAMPLED,
        may_supply=is_open and _may(listed.site_id, SUPPLIERS[listed.occasion]),
        may_pick=is_open and _may(listed.site_id, PICKERS[listed.occasion]),
        names=actor_names((listed.supplied_by, listed.decided_by)),
        name_of=name_of,
        grounds=[("", gettext("No mark")), *((key, gettext(text)) for key, text in words.GROUNDS.items())],
        **_common(),
    )
    return text, form.status


def _common() -> dict[str, Any]:
    allowed = permissions_of(current_person())
    zone = current_person().zone
    return {
        "words": words,
        "short_day": short_day,
        "day_in_zone": lambda moment: short_day(moment.astimezone(zone).date()),
        "may_set": Permission.SET_PLAN in allowed,
        "may_see_plan": Permission.SEE_PLAN in allowed,
    }
