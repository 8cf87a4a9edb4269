"""Files that may be of one customer, side by side: merged, or kept apart for good; a merge undone."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models import Customer
from app.models.customer_file_facts import vehicles_of, visits_of
from app.models.duplicates import PairPage, possible_pairs
from app.operations.card_fields import OWN, SEALED, card_values
from app.operations.customer_authority import MERGERS
from app.operations.customer_merge import keep_apart, merge_customers, undo_merge
from app.operations.customers import consent_state
from app.web.card_view import vehicle_name
from app.web.current import current_actor, current_person, current_time
from app.web.customer_words import CONSENTS, REASONS, VERIFICATIONS, label_of, value_of
from app.web.looks import log_looks
from app.web.past_moments import past_moment
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.typed_forms import answer_form, attempt, typed

blueprint = Blueprint("customer_duplicates", __name__, url_prefix="/customers/duplicates")


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the comparison."""

    label: str
    first: str
    second: str

    @property
    def is_same(self) -> bool:
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Two files side by side."""

    first: Customer
    second: Customer
    reasons: list[str]
    rows: list[Compared]


@blueprint.get("")
@requires(Permission.MERGE_CUSTOMERS)
def index() -> str:
    """The pairs nobody decided on yet."""
    page = _pairs()
    log_looks({customer.id for pair in page.rows for customer in (pair.first, pair.second)})
    return _shown(page)


@blueprint.post("/merge")
@requires(Permission.MERGE_CUSTOMERS)
def merge() -> ResponseReturnValue:
    """Let everything of one file go over to the other."""
    kept, other = typed("kept"), typed("other")
    refusal = attempt(lambda: merge_customers(db.session(), kept, other, actor=current_actor(), now=current_time()))
    done, url = gettext("Merged. It can be undone on this page."), url_for("customer_page.show", customer_id=kept)
    return answer_form(refusal, done, url, _refused)


@blueprint.post("/keep-apart")
@requires(Permission.MERGE_CUSTOMERS)
def apart() -> ResponseReturnValue:
    """Two people after all."""
    first, second = typed("kept"), typed("other")
    refusal = attempt(lambda: keep_apart(db.session(), first, second, actor=current_actor(), now=current_time()))
    done = gettext("Noted: these are two customers.")
    return answer_form(refusal, done, url_for("customer_duplicates.index"), _refused)


@blueprint.post("/undo/<pair_id>")
@requires(Permission.MERGE_CUSTOMERS)
def undo(pair_id: str) -> ResponseReturnValue:
    """Take a merge apart again."""
    other = undo_merge(db.session(), pair_id, actor=current_actor(), now=current_time())
    flash(gettext("The merge is undone; this file is its own again."), "message")
    return redirect(url_for("customer_page.show", customer_id=other), 303)


def _pairs() -> PairPage:
    return possible_pairs(db.session(), current_person().id, MERGERS, after=request.args.get("after"))


def _refused(refusal: AppError) -> ResponseReturnValue:
    return _shown(_pairs(), gettext(refusal.msgid, **refusal.params)), refusal.http_status


def _shown(page: PairPage, problem: str = "") -> str:
    return render_template(
        "customers/duplicates.html",
        pairs=[
            ShownPair(pair.first, pair.second, [gettext(REASONS[reason]) for reason in pair.reasons] or [
                gettext("nearly the same phone")
            ], _compared(pair.first, pair.second))
            for pair in page.rows
        ],
        problem=problem,
        next_url=url_for("customer_duplicates.index", after=page.next_cursor) if page.next_cursor else None,
    )  # fmt: skip


def _compared(first: Customer, second: Customer) -> list[Compared]:
    mine, theirs = card_values(db.session(), first), card_values(db.session(), second)
    rows = [
        Compared(label_of(name), value_of(name, mine[name]), value_of(name, theirs[name]))
        for name in (*OWN, *SEALED)
        if mine[name] or theirs[name]
    ]
    about, beside = _about(first), _about(second)
    return [*rows, *(Compared(label, text, beside[label]) for label, text in about.items())]


def _about(customer: Customer) -> dict[str, str]:
    """What the card does not say, by label."""
    vehicles = vehicles_of(db.session(), customer.id)
    visits = visits_of(db.session(), current_person().id, customer_id=customer.id)
    consent = consent_state(db.session(), customer.id)
    contact = gettext("must not be contacted") if customer.is_do_not_contact else ""
    return {
        gettext("Vehicles"): ", ".join(vehicle_name(vehicle) for vehicle in vehicles),
        gettext("Visits"): ", ".join(visit.order_number for visit in visits[:4]),
        gettext("Being called"): contact or (gettext(CONSENTS[consent][0]) if consent else gettext("nobody asked yet")),
        gettext("Checked"): gettext(VERIFICATIONS[customer.verification][0]),
        gettext("Made"): past_moment(customer.created_at).text,
    }
