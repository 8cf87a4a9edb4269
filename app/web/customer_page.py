"""The page of a customer: card, vehicles, visits, cases, wishes, history; and what may be changed there."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.errors import AppError, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models import Customer
from app.models.customer_file_facts import (
    cases_of,
    consents_of,
    known_customer,
    merged_into,
    merges_into,
    planned_for,
    vehicles_of,
    visits_of,
)
from app.models.display_names import site_names
from app.models.duplicates import has_possible_twin
from app.models.filed_card import CUSTOMER
from app.operations.card_fields import OWN, SEALED, card_values
from app.operations.card_requests import change_card, regain_contact, request_removal
from app.operations.customer_authority import MERGERS, CardNotFound
from app.operations.customer_export import copy_for_customer
from app.operations.customer_wishes import change_consent, set_do_not_contact
from app.web.card_view import card_view, may, vehicle_name
from app.web.case_facts import polite_name
from app.web.current import current_actor, current_person, current_time
from app.web.customer_history import file_history
from app.web.customer_parts import (
    changed_text,
    do_posted_step,
    show_cases,
    show_consents,
    show_planned,
    show_visits,
)
from app.web.customer_words import choices_of, label_of
from app.web.downloads import download
from app.web.looks import log_look
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("customer_page", __name__, url_prefix="/customers/<customer_id>")

REMOVALS = ("deletion", "lost_contact")


@blueprint.get("")
@requires(Permission.READ_CUSTOMERS)
def show(customer_id: str) -> ResponseReturnValue:
    """The file; who was merged into another leads there."""
    existing = open_file(customer_id)
    if existing is None:
        return redirect(url_for("customer_page.show", customer_id=merged_into(db.session(), customer_id)))
    log_look(customer_id)
    return _page(customer_id)


@blueprint.post("/card")
@requires(Permission.CHANGE_CUSTOMERS)
def change(customer_id: str) -> ResponseReturnValue:
    """Correct the card, or ask for it where the card is filed."""
    outcome: list[str] = []

    def action() -> None:
        values = {name: typed(name) for name in (*OWN, *SEALED) if name in request.form}
        outcome.append(
            change_card(
                db.session(), CUSTOMER, customer_id, values, typed("reason"), actor=current_actor(), now=current_time()
            )
        )

    return _answer(customer_id, "card", action, lambda: changed_text(outcome[0]))


@blueprint.post("/step")
@requires(Permission.READ_CUSTOMERS)
def step(customer_id: str) -> ResponseReturnValue:
    """Check or file the card, or note that it was held against the papers."""
    if open_file(customer_id) is None:
        raise CardNotFound
    do_posted_step(CUSTOMER, customer_id)
    return redirect(url_for("customer_page.show", customer_id=customer_id), 303)


@blueprint.post("/consent")
@requires(Permission.CHANGE_CUSTOMERS)
def consent(customer_id: str) -> ResponseReturnValue:
    """What the customer said about being called."""

    def action() -> None:
        state, source = typed("state"), typed("source")
        change_consent(db.session(), customer_id, state, source, actor=current_actor(), now=current_time())

    return _answer(customer_id, "consent", action, lambda: gettext("What the customer wants is written down."))


@blueprint.post("/do-not-contact")
@requires(Permission.CHANGE_CUSTOMERS)
def do_not_contact(customer_id: str) -> ResponseReturnValue:
    """Whether anybody of the company may contact the customer."""

    def action() -> None:
        set_do_not_contact(
            db.session(), customer_id, is_do_not_contact=is_ticked("is_do_not_contact"), actor=current_actor(),
            now=current_time(),
        )  # fmt: skip

    return _answer(customer_id, "consent", action, lambda: gettext("What the customer wants is written down."))


@blueprint.post("/removal")
@requires(Permission.CHANGE_CUSTOMERS)
def removal(customer_id: str) -> ResponseReturnValue:
    """Ask for the deletion of the data, or for "lost contact"."""

    def action() -> None:
        kind = typed("kind")
        if kind not in REMOVALS:
            raise InvalidInput(N_("Choose one of the list."), fields={"kind": N_("Choose one of the list.")})
        request_removal(
            db.session(), customer_id, "deletion" if kind == "deletion" else "lost_contact", typed("reason"),
            actor=current_actor(), now=current_time(),
        )  # fmt: skip

    return _answer(customer_id, "removal", action, lambda: changed_text("requested"))


@blueprint.post("/contact-again")
@requires(Permission.CHANGE_CUSTOMERS)
def contact_again(customer_id: str) -> ResponseReturnValue:
    """Somebody given up as lost is back."""

    def action() -> None:
        regain_contact(db.session(), customer_id, actor=current_actor(), now=current_time())

    return _answer(customer_id, "removal", action, lambda: gettext("The customer is in contact again."))


@blueprint.post("/copy")
@requires(Permission.EXPORT_CUSTOMERS)
def copy(customer_id: str) -> Response:
    """All that the file says, for the customer who asked for it."""
    told = copy_for_customer(db.session(), customer_id, actor=current_actor(), now=current_time())
    return download(orjson.dumps(told, option=orjson.OPT_INDENT_2), "customer.json", "application/json")


def open_file(customer_id: str) -> Customer | None:
    """The customer; None who was merged into one whom the person may know of. Raises CardNotFound."""
    found = known_customer(db.session(), current_person().id, customer_id)
    if found is not None and found.merged_into_id is None:
        return found
    into = found.merged_into_id if found else merged_into(db.session(), customer_id)
    if into is None or known_customer(db.session(), current_person().id, into) is None:
        raise CardNotFound
    return None


def _answer(customer_id: str, form: str, action: Callable[[], None], done: Callable[[], str]) -> ResponseReturnValue:
    if open_file(customer_id) is None:
        raise CardNotFound
    refusal = attempt(action)
    return answer_form(
        refusal, "" if refusal else done(), url_for("customer_page.show", customer_id=customer_id),
        lambda why: _page(customer_id, form, why),
    )  # fmt: skip


def _page(customer_id: str, posted: str = "", refusal: AppError | None = None) -> ResponseReturnValue:
    customer, person = open_file(customer_id), current_person()
    if customer is None:
        abort(404)
    values: Mapping[str, Any] = card_values(db.session(), customer)
    stored: dict[str, Mapping[str, Any]] = {"card": values, "removal": {}, "consent": {}}
    forms = {
        name: TypedForm(told, refusal if name == posted else None, is_posted=name == posted)
        for name, told in stored.items()
    }
    can_merge = may(customer, Permission.MERGE_CUSTOMERS)
    merges = merges_into(db.session(), customer.id)
    text = render_template(
        "customers/customer.html",
        customer=customer,
        polite=polite_name(customer.name, customer.title),
        card=card_view(customer),
        forms=forms,
        vehicles=vehicles_of(db.session(), customer.id),
        vehicle_name=vehicle_name,
        visits=show_visits(visits_of(db.session(), person.id, customer_id=customer.id)),
        cases=show_cases(cases_of(db.session(), person.id, customer_id=customer.id)),
        planned=show_planned(planned_for(db.session(), person.id, customer.id)),
        consents=show_consents(consents_of(db.session(), customer.id)),
        history=file_history([customer.id, *(merge.other_id for merge in merges)]),
        merges=merges if can_merge else (),
        has_twin=can_merge and has_possible_twin(db.session(), person.id, MERGERS, customer),
        site=site_names(db.session(), {customer.site_id}).get(customer.site_id, "") if customer.site_id else "",
        can_export=may(customer, Permission.EXPORT_CUSTOMERS),
        choices_of=choices_of,
        label_of=label_of,
    )
    return text, refusal.http_status if refusal else 200
