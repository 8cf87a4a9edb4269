"""Cards that wait for being checked or filed, and those nobody held against the papers for a year: done in batches."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models.card_lists import CardPage, cards_not_checked_since, waiting_cards
from app.models.customer_access import FILE_READERS, working_sites
from app.models.filed_card import CUSTOMER, VEHICLE
from app.operations.file_steps import Step, StepResult, do_steps
from app.web.card_view import show_steps
from app.web.current import current_actor, current_person, current_time
from app.web.customer_parts import can_merge, step_of
from app.web.customer_words import label_of
from app.web.permissions import Permission, is_read_only, permissions_of, requires
from app.web.texts import gettext, ngettext

blueprint = Blueprint("customer_checks", __name__, url_prefix="/customers/checks")

KINDS = (VEHICLE, CUSTOMER)
YEAR = timedelta(days=365)
# What is done with a list, and the permission it takes.
NEEDED: dict[Step, Permission] = {
    "verified": Permission.REVIEW_CUSTOMERS,
    "filed": Permission.FILE_CUSTOMERS,
    "full_check": Permission.CHANGE_CUSTOMERS,
}


@blueprint.get("")
@requires(Permission.READ_CUSTOMERS)
def index() -> str:
    """A list of cards that wait for a step."""
    return _page(_kind(), _step())


@blueprint.post("")
@requires(Permission.READ_CUSTOMERS)
def do() -> ResponseReturnValue:
    """Do the step with what is ticked; each row says what became of it."""
    kind, step = _kind(), _step()
    ticked = request.form.getlist("card")
    if not ticked:
        flash(gettext("Tick the cards first."), "error")
        return redirect(url_for("customer_checks.index", kind=kind, step=step), 303)
    results = do_steps(db.session(), kind, ticked, step, actor=current_actor(), now=current_time())
    done = sum(result.refusal is None for result in results)
    refused = [result for result in results if result.refusal is not None]
    if not refused:
        flash(ngettext("%(num)d card done.", "%(num)d cards done.", done), "message")
        return redirect(url_for("customer_checks.index", kind=kind, step=step), 303)
    return _page(kind, step, done, refused)


def _page(kind: str, step: Step, done: int = 0, refused: list[StepResult] | None = None) -> str:
    person = current_person()
    page = _cards(kind, step)
    can_do = NEEDED[step] in permissions_of(person) and not is_read_only(person)
    following = {"kind": kind, "step": step, "after": page.next_cursor}
    return render_template(
        "customers/checks.html",
        kind=kind,
        step=step,
        page=page,
        steps={card_id: show_steps(steps) for card_id, steps in page.steps.items()},
        label_of=label_of,
        can_do=can_do,
        can_merge=can_merge(),
        done=done,
        refusals={
            result.card_id: gettext(result.refusal.msgid, **result.refusal.params)
            for result in refused or []
            if result.refusal is not None
        },
        next_url=url_for("customer_checks.index", **following) if page.next_cursor else None,  # type: ignore[arg-type]
    )


def _cards(kind: str, step: Step) -> CardPage:
    person, after = current_person(), request.args.get("after")
    sites = working_sites(db.session(), person.id, FILE_READERS)
    if step == "full_check":
        return cards_not_checked_since(db.session(), person.id, kind, current_time() - YEAR, sites, after=after)
    wanted = "unverified" if step == "verified" else "verified"
    return waiting_cards(db.session(), person.id, kind, wanted, sites, after=after)


def _kind() -> str:
    kind = request.values.get("kind", VEHICLE)
    if kind not in KINDS:
        raise InvalidInput(N_("Choose one of the list."))
    return kind


def _step() -> Step:
    return step_of(request.values.get("step", "verified"))
