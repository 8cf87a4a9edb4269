"""What people asked for of filed cards, and nobody decided yet."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models import CardRequest, Vehicle
from app.models.card_lists import open_requests
from app.models.paging import ListPage
from app.operations.card_requests import decide_request, withdraw_request
from app.operations.customer_authority import CardNotFound, existing_card
from app.web.card_view import ShownRequest, show_request, vehicle_name
from app.web.current import current_actor, current_person, current_time
from app.web.customer_parts import can_merge
from app.web.looks import log_looks
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.typed_forms import answer_form, attempt, typed

blueprint = Blueprint("customer_requests", __name__, url_prefix="/customers/requests")

DONE = {
    "approve": N_("Approved."),
    "reject": N_("Rejected; the card stays as it is."),
    "withdraw": N_("Taken back."),
}


@dataclass(frozen=True, slots=True)
class ListedRequest:
    """A request with the card it is about."""

    request: ShownRequest
    name: str
    url: str
    is_vehicle: bool


@blueprint.get("")
@requires(Permission.READ_CUSTOMERS)
def index() -> str:
    """What waits for a decision, the oldest first."""
    page = _open()
    log_looks({row.subject_id for _, _, row in page.rows})
    return _shown(page)


@blueprint.post("/<request_id>")
@requires(Permission.CHANGE_CUSTOMERS)
def decide(request_id: str) -> ResponseReturnValue:
    """Approve, reject or take back."""
    decision = typed("decision")
    if decision not in DONE:
        raise InvalidInput(N_("Choose one of the list."))

    def action() -> None:
        actor, now = current_actor(), current_time()
        if decision == "withdraw":
            withdraw_request(db.session(), request_id, actor=actor, now=now)
        else:
            decide_request(db.session(), request_id, is_approved=decision == "approve", actor=actor, now=now)

    return answer_form(attempt(action), gettext(DONE[decision]), url_for("customer_requests.index"), _refused)


def _open() -> ListPage:
    return open_requests(db.session(), current_person().id, after=request.args.get("after"))


def _refused(refusal: AppError) -> ResponseReturnValue:
    return _shown(_open(), gettext(refusal.msgid, **refusal.params)), refusal.http_status


def _shown(page: ListPage, problem: str = "") -> str:
    listed = [_listed(row[2]) for row in page.rows]
    return render_template(
        "customers/requests.html",
        requests=[one for one in listed if one is not None],
        problem=problem,
        can_merge=can_merge(),
        next_url=url_for("customer_requests.index", after=page.next_cursor) if page.next_cursor else None,
    )


def _listed(row: CardRequest) -> ListedRequest | None:
    try:
        card = existing_card(db.session(), row.card_kind, row.card_id)
    except CardNotFound:
        return None
    if isinstance(card, Vehicle):
        url = url_for("vehicle_page.show", vehicle_id=card.id)
        return ListedRequest(show_request(row, card), vehicle_name(card), url, is_vehicle=True)
    url = url_for("customer_page.show", customer_id=card.id)
    return ListedRequest(show_request(row, card), card.name, url, is_vehicle=False)
