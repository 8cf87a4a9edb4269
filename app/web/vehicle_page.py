"""The page of a vehicle's file: card, holders, visits, cases, papers, history; and what may be changed there."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput
from app.extensions import db
from app.files import EXTENSIONS
from app.i18n import N_
from app.models import Customer, Vehicle
from app.models.customer_file_facts import cases_of, holdings_of, known_vehicle, papers_of, visits_of
from app.models.display_names import site_names
from app.models.filed_card import VEHICLE
from app.operations.card_fields import OF_VEHICLE, card_values, checked_text
from app.operations.card_requests import change_card
from app.operations.customer_authority import CardNotFound
from app.operations.customers import CustomerData, find_or_create_customer
from app.operations.vehicle_papers import remove_paper
from app.web.body_limits import receives_files
from app.web.card_view import card_view, may, vehicle_name
from app.web.case_facts import polite_name
from app.web.current import current_actor, current_person, current_time
from app.web.customer_history import file_history
from app.web.customer_parts import changed_text, do_posted_step, show_cases, show_visits
from app.web.customer_words import PAPERS, choices_of, label_of
from app.web.file_list import size_text
from app.web.looks import log_look
from app.web.paper_list import show_papers
from app.web.past_moments import past_moment
from app.web.permissions import Permission, requires
from app.web.rate_limits import within_limit
from app.web.receiving_files import receiving_files
from app.web.texts import gettext
from app.web.transactions import commits_itself
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("vehicle_page", __name__, url_prefix="/vehicles/<vehicle_id>")


@blueprint.get("")
@requires(Permission.READ_CUSTOMERS)
def show(vehicle_id: str) -> ResponseReturnValue:
    """The file of one vehicle."""
    vehicle = known_file(vehicle_id)
    log_look(vehicle.holder_id)
    return _page(vehicle_id)


@blueprint.post("/card")
@requires(Permission.CHANGE_CUSTOMERS)
def change(vehicle_id: str) -> ResponseReturnValue:
    """Correct the card (a new plate, a new insurance), or ask for it where the card is filed."""
    values = {name: typed(name) for name in OF_VEHICLE if name in request.form and name != "holder"}
    return _change(vehicle_id, "card", lambda: values)


@blueprint.post("/holder")
@requires(Permission.CHANGE_CUSTOMERS)
def holder(vehicle_id: str) -> ResponseReturnValue:
    """The vehicle was sold: somebody known by name and phone has it now, or somebody new."""
    return _change(
        vehicle_id, "holder", lambda: new_holder(vehicle_id, *(_needed(field) for field in ("name", "phone")))
    )


@blueprint.post("/step")
@requires(Permission.READ_CUSTOMERS)
def step(vehicle_id: str) -> ResponseReturnValue:
    """Check or file the card, or note that it was held against the papers."""
    known_file(vehicle_id)
    do_posted_step(VEHICLE, vehicle_id)
    return redirect(url_for("vehicle_page.show", vehicle_id=vehicle_id), 303)


@blueprint.post("/papers")
@requires(Permission.CHANGE_CUSTOMERS)
@receives_files
@commits_itself  # receiving takes as long as the sender's line: the file is stored first, its row written then
def add_paper(vehicle_id: str) -> ResponseReturnValue:
    """Put papers into the file."""
    within_limit("upload")
    known_file(vehicle_id)
    uploads = [upload for upload in request.files.getlist("file") if upload.filename]
    if not uploads:
        return _page(vehicle_id, "paper", InvalidInput(N_("Choose a file first.")))
    for upload in uploads:
        try:
            receiving_files().receive_paper(upload, vehicle_id, typed("paper"))
        except AppError as refusal:
            db.session.rollback()
            flash(f"{upload.filename}: {gettext(refusal.msgid, **refusal.params)}", "error")
        else:
            flash(gettext("The paper “%(name)s” is in the file.", name=upload.filename), "message")
    return redirect(url_for("vehicle_page.show", vehicle_id=vehicle_id, _anchor="papers"), 303)


@blueprint.post("/papers/<attachment_id>/remove")
@requires(Permission.CHANGE_CUSTOMERS)
def take_paper_out(vehicle_id: str, attachment_id: str) -> ResponseReturnValue:
    """Destroy a paper; the history keeps its name and hash."""
    known_file(vehicle_id)

    def action() -> None:
        remove_paper(db.session(), attachment_id, typed("reason"), actor=current_actor(), now=current_time())

    refusal = attempt(action)
    return answer_form(
        refusal, gettext("The paper was removed."), url_for("vehicle_page.show", vehicle_id=vehicle_id),
        lambda why: _page(vehicle_id, "paper", why),
    )  # fmt: skip


def new_holder(vehicle_id: str, name: str, phone: str) -> dict[str, str]:
    """The change of the card by which somebody has the vehicle, found by name and phone or made."""
    data = CustomerData(name, "", checked_text(db.session(), "phone", phone))
    site_id = known_file(vehicle_id).site_id
    found = find_or_create_customer(db.session(), data, site_id=site_id, actor=current_actor(), now=current_time())
    return {"holder": found.id}


def _needed(name: str) -> str:
    if not typed(name):
        raise InvalidInput(N_("Fill in this field."), fields={name: N_("Fill in this field.")})
    return typed(name)


def known_file(vehicle_id: str) -> Vehicle:
    """The vehicle of a file that the person may know of. Raises CardNotFound."""
    found = known_vehicle(db.session(), current_person().id, vehicle_id)
    if found is None:
        raise CardNotFound
    return found


def _change(vehicle_id: str, form: str, values: Callable[[], dict[str, str]]) -> ResponseReturnValue:
    known_file(vehicle_id)
    outcome: list[str] = []

    def action() -> None:
        outcome.append(
            change_card(
                db.session(), VEHICLE, vehicle_id, values(), typed("reason"), actor=current_actor(), now=current_time()
            )
        )

    refusal = attempt(action)
    return answer_form(
        refusal, "" if refusal else changed_text(outcome[0]), url_for("vehicle_page.show", vehicle_id=vehicle_id),
        lambda why: _page(vehicle_id, form, why),
    )  # fmt: skip


def _page(vehicle_id: str, posted: str = "", refusal: AppError | None = None) -> ResponseReturnValue:
    vehicle, person = known_file(vehicle_id), current_person()
    values: dict[str, Any] = dict(card_values(db.session(), vehicle))
    forms = {
        name: TypedForm(told, refusal if name == posted else None, is_posted=name == posted)
        for name, told in {"card": values, "holder": {}, "paper": {}}.items()
    }
    holdings = holdings_of(db.session(), person.id, vehicle.id)
    known = [holding.customer_id for holding in holdings if holding.name is not None]
    limits = receiving_files().limits
    text = render_template(
        "customers/vehicle.html",
        vehicle=vehicle,
        name=vehicle_name(vehicle),
        card=card_view(vehicle),
        forms=forms,
        holder=db.session().get(Customer, vehicle.holder_id) if vehicle.holder_id in known else None,
        is_held_elsewhere=vehicle.holder_id is not None and vehicle.holder_id not in known,
        polite_name=polite_name,
        holdings=[(holding, past_moment(holding.since)) for holding in holdings],
        visits=show_visits(visits_of(db.session(), person.id, vehicle_id=vehicle.id)),
        cases=show_cases(cases_of(db.session(), person.id, vehicle_id=vehicle.id)),
        papers=show_papers(
            papers_of(db.session(), person.id, vehicle.id), can_review=may(vehicle, Permission.REVIEW_CUSTOMERS)
        ),
        paper_kinds=[(kind, gettext(text)) for kind, text in PAPERS.items()],
        accept=",".join(f".{extension}" for extension in EXTENSIONS),
        accepted=gettext(
            "%(kinds)s; at most %(size)s each", kinds=", ".join(EXTENSIONS), size=size_text(limits.largest)
        ),
        history=file_history(known or [vehicle.id], vehicle.id),
        site=site_names(db.session(), {vehicle.site_id}).get(vehicle.site_id, "") if vehicle.site_id else "",
        choices_of=choices_of,
        label_of=label_of,
    )
    return text, refusal.http_status if refusal else 200
