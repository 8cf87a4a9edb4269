"""Customer and vehicle files: found by name, phone, plate, VIN or order number; made by hand; exported."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.customer_search import VERIFICATIONS, find_customers, is_known_elsewhere, vehicles_without_holder
from app.models.display_names import site_names
from app.operations.customer_creation import create_file
from app.operations.customer_export import export_customers
from app.spreadsheets.writing import csv_file
from app.web.case_facts import polite_name
from app.web.current import current_actor, current_person, current_time
from app.web.customer_parts import can_merge
from app.web.customer_words import VERIFICATIONS as STATES
from app.web.customer_words import choices_of, label_of
from app.web.downloads import download
from app.web.permissions import Permission, permissions_of, requires, sites_with
from app.web.rate_limits import within_limit
from app.web.searched_words import searched_words
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, attempt, typed

blueprint = Blueprint("customers", __name__, url_prefix="/customers")

FORM_FIELDS = ("name", "title", "phone", "plate", "vin", "make", "model", "origin")


@blueprint.get("")
@requires(Permission.READ_CUSTOMERS)
def index() -> str:
    """The files one may know of; of what other sites hold only that the number asked for is known."""
    words, person = searched_words(), current_person()
    verification = request.args.get("verification", "")
    verification = verification if verification in VERIFICATIONS else ""
    page = find_customers(db.session(), person.id, words, verification=verification, after=request.args.get("after"))
    allowed = permissions_of(person)
    following: dict[str, Any] = {"q": words, "verification": verification, "after": page.next_cursor}
    return render_template(
        "customers/list.html",
        page=page,
        words=words,
        verification=verification,
        states=STATES,
        lone_vehicles=vehicles_without_holder(db.session(), person.id, words) if words else (),
        is_known_elsewhere=bool(words) and is_known_elsewhere(db.session(), person.id, words),
        polite_name=polite_name,
        can_merge=can_merge(),
        can_create=Permission.CHANGE_CUSTOMERS in allowed,
        can_export=Permission.EXPORT_CUSTOMERS in allowed,
        next_url=url_for("customers.index", **following) if page.next_cursor else None,
    )


@blueprint.get("/new")
@requires(Permission.CHANGE_CUSTOMERS)
def new() -> ResponseReturnValue:
    """The form of a new file."""
    return _new_page()


@blueprint.post("/new")
@requires(Permission.CHANGE_CUSTOMERS)
def create() -> ResponseReturnValue:
    """Make the file, or lead to the one there is."""
    made: list[str] = []

    def action() -> None:
        values = {name: typed(name) for name in FORM_FIELDS}
        created = create_file(db.session(), values, site_id=typed("site_id"), actor=current_actor(), now=current_time())
        made.append(created.customer.id)

    refusal = attempt(action)
    if refusal:
        return _new_page(refusal)
    return redirect(url_for("customer_page.show", customer_id=made[0]), 303)


@blueprint.post("/export")
@requires(Permission.EXPORT_CUSTOMERS)
def export() -> Response:
    """The customers of one's sites as a table to take along; who took it is written down, for each of them."""
    within_limit("export")
    rows = export_customers(db.session(), actor=current_actor(), now=current_time())
    titles = [label_of(name) for name in ("name", "title", "phone", "grade", "plate", "vin", "make", "model")]
    header = [*titles, gettext("Checked"), gettext("Must not be contacted"), gettext("Being called")]
    return download(csv_file([header, *rows]), "customers.csv", "text/csv")


def _new_page(refusal: AppError | None = None) -> ResponseReturnValue:
    person = current_person()
    mine = sites_with(person, Permission.CHANGE_CUSTOMERS)
    home = person.home_site_id if person.home_site_id in mine else None
    form = TypedForm({"site_id": home, "phone": request.args.get("phone", "")}, refusal)
    text = render_template(
        "customers/new.html",
        form=form,
        sites=sorted(site_names(db.session(), mine).items(), key=lambda pair: pair[1]),
        choices_of=choices_of,
        label_of=label_of,
    )
    return text, form.status
